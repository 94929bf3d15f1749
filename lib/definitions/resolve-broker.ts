/** Resolves the broker document into the broker of each environment. */
import { defined } from '@leasehold/contract/defined';
import { many } from '@leasehold/policy';
import { ADDRESS, addressProblem, below } from './address';
import type { Checked } from './checked';
import { type Complaint, type Complaints, EnvironmentComplaints, shown } from './complaints';
import type { Broker, Budget, Path, TokenIssuer } from './model';
import { type ResolvedEnvironment, resolveApproval } from './resolve-environment';
import { type PeopleContext, resolveConsole, resolvePeople } from './resolve-people';
import { resolveReviewer } from './resolve-reviewer';
import { type BrokerOverrideYaml, type BrokerYaml, DEFAULT_BUDGETS, type SubjectYaml } from './schema-broker';
import { seconds } from './schema-parts';
import type { ProjectYaml } from './schema-project';
import { resolveTemplate } from './template';
import { type EnvironmentOverride, overridden, present, whereItHolds } from './where';

/** Adds the broker to each environment in which a broker is deployed. */
export function withBroker(
  document: Checked<BrokerYaml>,
  project: Checked<ProjectYaml>,
  environments: readonly ResolvedEnvironment[],
  known: readonly string[],
  complaints: Complaints,
): readonly ResolvedEnvironment[] {
  const told = new EnvironmentComplaints();
  const places = whereItHolds<BrokerOverrideYaml>(document, environments, known, complaints);
  const resolved = new Map<string, ResolvedEnvironment>();
  for (const place of places) {
    const { home } = place;
    const { environment } = home;
    const broker = new Resolution(document, place, told, project.whole).broker();
    const yaml = { ...document.yaml, ...present(place.override) };
    // The value in the project document takes precedence, and was resolved with the project.
    const own = project.yaml.environments[environment.name]?.approval;
    if (own !== undefined && place.override.approval !== undefined)
      twice(document, project, environment.name, complaints);
    const approval = own === undefined ? resolveApproval(yaml.approval) : environment.approval;
    resolved.set(environment.name, { ...home, environment: { ...environment, approval, broker } });
  }
  told.flush(complaints, places.length);
  return environments.map((home) => resolved.get(home.environment.name) ?? home);
}

/** Reports an approval that is defined in two places of equal precedence. */
function twice(
  document: Checked<BrokerYaml>,
  project: Checked<ProjectYaml>,
  environment: string,
  complaints: Complaints,
): void {
  const path = ['environments', environment, 'approval'];
  const { file, line, column } = project.places.key(path);
  complaints.add(document.places.key(path), {
    id: 'two-approvals',
    message: `The project also defines how many humans are asked in \`${environment}\`, at ${file}:${line}:${column}.`,
    hint: 'Keep one of the two.',
  });
}

class Resolution {
  private readonly yaml: BrokerYaml;

  constructor(
    private readonly document: Checked<BrokerYaml>,
    private readonly place: EnvironmentOverride<BrokerOverrideYaml>,
    private readonly told: EnvironmentComplaints,
    private readonly projectIsWhole: boolean,
  ) {
    this.yaml = { ...document.yaml, ...present(place.override) };
  }

  broker(): Broker {
    const { reviewer: written, budgets = {}, hours, revoke, people: signingIn, console: domain } = this.yaml;
    const { places } = this.document;
    const { override, home } = this.place;
    const { name } = home.environment;
    const reviewer =
      written &&
      resolveReviewer(written, {
        environment: home.environment,
        put: (key, text) => this.put(text, ['reviewer', key]),
        address: (key, text) => this.address(text, ['reviewer', key]),
        complain: (key, complaint) => this.complain(['reviewer', key], complaint),
      });
    const people = signingIn && resolvePeople(signingIn, this.peopleContext());
    const console = domain && resolveConsole(domain, this.peopleContext());
    return {
      ...defined({ reviewer, people, console }),
      budgets: {
        requests: budgetOf(budgets.requests, DEFAULT_BUDGETS.requests),
        denials: budgetOf(budgets.denials, DEFAULT_BUDGETS.denials),
      },
      ...defined({ hours }),
      subjects: this.subjects(),
      ...defined({ revoke }),
      locate: (path) => places.value(overridden(path, override, name)),
    };
  }

  private peopleContext(): PeopleContext {
    return {
      environment: this.place.home.environment,
      projectIsWhole: this.projectIsWhole,
      put: (text, path) => this.put(text, path),
      address: (text, path, query) => this.address(text, path, query),
      exact: (text, path) => this.audience(text, path),
      complain: (path, complaint) => this.complain(path, complaint),
    };
  }

  /**
   * Only one entry per issuer is permitted. With two entries, their order would decide which one a token must match.
   */
  private subjects(): readonly TokenIssuer[] {
    const issuers: TokenIssuer[] = [];
    for (const [index, yaml] of (this.yaml.subjects ?? []).entries()) {
      const issuer = this.subject(yaml, ['subjects', index]);
      if (issuer === undefined) continue;
      if (issuers.some((other) => other.issuer === issuer.issuer)) {
        this.complain(['subjects', index, 'issuer'], {
          id: 'duplicate-issuer',
          message: `An earlier entry in this list already accepts tokens from ${shown(issuer.issuer)}.`,
          hint: 'Write one entry per issuer, with all its `audiences`.',
        });
      } else issuers.push(issuer);
    }
    return issuers;
  }

  private subject(yaml: SubjectYaml, path: Path): TokenIssuer | undefined {
    const issuer = this.address(yaml.issuer, [...path, 'issuer']);
    const audiences = many(yaml.audiences).map((text, index) => this.audience(text, [...path, 'audiences', index]));
    const written = yaml.jwks === undefined ? undefined : this.address(yaml.jwks, [...path, 'jwks'], true);
    const jwksUri = yaml.jwks === undefined ? issuer && below(issuer, '.well-known/jwks.json') : written;
    if (issuer === undefined || jwksUri === undefined) return undefined;
    return {
      issuer,
      audiences: audiences.filter((audience) => audience !== undefined).sort(),
      ...defined({ tokenUse: yaml.tokenUse }),
      algorithm: yaml.algorithm ?? 'RS256',
      jwksUri,
      claims: [...many(yaml.claims)].sort(),
    };
  }

  /**
   * An audience is compared exactly, so a wildcard would match nothing, although it looks as if it matched everything.
   */
  private audience(text: string, path: Path): string | undefined {
    const audience = this.put(text, path);
    if (audience === undefined || !/[*?]/.test(audience)) return audience;
    this.complain(path, {
      id: 'wrong-value',
      message: `${shown(audience)} contains a wildcard, and values of a token are compared to the letter.`,
      expected: 'the value that the issuer writes into its tokens',
      hint: 'Write each value that is meant.',
    });
    return undefined;
  }

  private address(text: string, path: Path, query = false): string | undefined {
    const address = this.put(text, path);
    const problem = address === undefined ? undefined : addressProblem(address, query);
    if (address === undefined || problem === undefined) return address;
    this.complain(path, {
      id: 'address-format',
      message: `${shown(address)} ${problem}.`,
      expected: ADDRESS,
      hint: 'Write the complete address, for example `https://login.example.com`.',
    });
    return undefined;
  }

  private put(text: string, path: Path): string | undefined {
    return resolveTemplate(text, this.place.home.scope, undefined, ({ piece, ...complaint }) =>
      this.told.add(this.document.places.within(this.path(path), piece), complaint, this.name),
    );
  }

  private complain(path: Path, complaint: Complaint): void {
    this.told.add(this.document.places.value(this.path(path)), complaint, this.name);
  }

  private path(path: Path): Path {
    return overridden(path, this.place.override, this.name);
  }

  private get name(): string {
    return this.place.home.environment.name;
  }
}

function budgetOf(yaml: { limit?: number | undefined; window?: string | undefined } = {}, limit: number): Budget {
  return { limit: yaml.limit ?? limit, windowSeconds: seconds(yaml.window ?? DEFAULT_BUDGETS.window) };
}
