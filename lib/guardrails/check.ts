/** Runs all guardrails over all definitions, and applies the waivers. */
import { defined } from '@leasehold/contract/defined';
import type { Definitions, Environment, Finding, MixedAccess, Role, Waiver } from '@leasehold/definitions';
import { type Catalogue, loadCatalogue } from '@leasehold/policy';
import type { Complaint, Guardrail } from './guardrail';
import { draftGuardrails, guardrails } from './list';
import { type Found, inFileOrder, merge } from './order';
import { servicesNamed } from './reading';
import { mixedAccess } from './rules/mixed-access';
import { idleWaiver, type PlacedWaiver, type ReadWaiver, readWaiver } from './waivers';

export interface CheckOptions {
  /** The day on which the waivers must be valid, `YYYY-MM-DD`, UTC. */
  readonly today: string;
}

/** A finding that a waiver suppresses. Suppressed findings are reported in every run. */
export interface WaivedFinding {
  readonly guardrail: string;
  /** Name of the role; undefined for a finding about an environment or the project. */
  readonly role?: string;
  readonly because: string;
  /** The last day on which the waiver is valid. */
  readonly until: string;
  readonly finding: Finding;
}

export interface Checked {
  /** Findings that no waiver suppresses, in file order, without duplicates. */
  readonly findings: readonly Finding[];
  /** Findings that waivers suppress, in file order. */
  readonly waived: readonly WaivedFinding[];
}

/**
 * Checks the definitions against every guardrail. Loads only the parts of AWS's action catalogue for services that
 * occur in the definitions.
 * @throws TypeError if `today` is not a day
 */
export async function checkDefinitions(definitions: Definitions, { today }: CheckOptions): Promise<Checked> {
  // With an invalid date, every waiver would count as valid.
  if (!/^\d{4}-\d{2}-\d{2}$/.test(today)) throw new TypeError(`today must be YYYY-MM-DD, got ${today}`);
  const roles = definitions.environments.flatMap((environment) => environment.roles);
  const catalogue = await withNearServices(new Set(roles.flatMap(servicesNamed)));
  const run = new Run(definitions, catalogue, today);
  for (const guardrail of guardrails) run.check(guardrail);
  return run.result();
}

/**
 * Checks a draft: definitions with placeholders for values that could not be resolved. Runs only guardrails that
 * examine a single value or statement, and reports only errors, because other findings may be caused by the missing
 * values.
 */
export async function checkDraft(draft: Definitions, { today }: CheckOptions): Promise<readonly Finding[]> {
  const roles = draft.environments.flatMap((environment) => environment.roles);
  const catalogue = await withNearServices(new Set(roles.flatMap(servicesNamed)));
  const run = new Run(draft, catalogue, today);
  for (const guardrail of draftGuardrails) run.check(guardrail);
  return run.result().findings.filter(({ id, severity }) => severity === 'error' && DRAFTED.has(id));
}

const DRAFTED: ReadonlySet<string> = new Set(draftGuardrails.map(({ id }) => id));

/** The catalogue of the named services, and of services whose names are similar to a misspelled service name. */
async function withNearServices(named: ReadonlySet<string>): Promise<Catalogue> {
  const catalogue = await loadCatalogue(named);
  const near = catalogue.unknownServices().flatMap((name) => catalogue.nearestService(name) ?? []);
  return near.length === 0 ? catalogue : loadCatalogue([...named, ...near]);
}

/** The origin of a finding. */
interface Origin {
  readonly environment: Environment | undefined;
  readonly role?: Role;
}

interface Aside {
  readonly waiver?: PlacedWaiver;
  readonly role?: string;
}

class Run {
  readonly #definitions: Definitions;
  readonly #catalogue: Catalogue;
  readonly #waivers: WaiverBook;
  readonly #found: Found<Aside>[] = [];
  readonly #waived: Found<Aside>[] = [];

  constructor(definitions: Definitions, catalogue: Catalogue, today: string) {
    this.#definitions = definitions;
    this.#catalogue = catalogue;
    this.#waivers = new WaiverBook(definitions, today);
  }

  check(guardrail: Guardrail): void {
    if (guardrail.over === 'project') {
      this.#take(guardrail, guardrail.check({ definitions: this.#definitions }), { environment: undefined });
      return;
    }
    for (const environment of this.#definitions.environments) {
      if (guardrail.over === 'environment') {
        this.#take(guardrail, guardrail.check({ environment }), { environment });
        continue;
      }
      for (const role of environment.roles) {
        const subject = { role, environment, catalogue: this.#catalogue };
        this.#take(guardrail, guardrail.check(subject), { environment, role });
      }
    }
  }

  result(): Checked {
    const names = this.#definitions.environments.map(({ name }) => name);
    const waivers = this.#waivers.findings();
    const findings = merge(this.#found, names).map(({ finding }) => finding);
    const same = ({ waiver, role }: Aside) => `${waiver?.at.file}:${waiver?.at.line}:${waiver?.at.column} ${role}`;
    return {
      findings: [...findings, ...merge(waivers, names).map(({ finding }) => finding)].sort(inFileOrder),
      waived: merge(this.#waived, names, same).flatMap(({ finding, with: { waiver, role } }) =>
        waiver === undefined ? [] : [{ ...told(waiver.waiver), ...defined({ role }), finding }],
      ),
    };
  }

  #take(guardrail: Guardrail, complaints: Iterable<Complaint>, origin: Origin): void {
    const { id, severity, page } = guardrail;
    for (const complaint of complaints) {
      const waiver = this.#waivers.use(guardrail, origin);
      const aside = defined({ waiver, role: origin.role?.name });
      const finding = { severity, ...complaint, id, page };
      const environments = origin.environment ? [origin.environment] : this.#definitions.environments;
      for (const { name } of environments) {
        (waiver ? this.#waived : this.#found).push({ environment: name, finding, with: aside });
      }
    }
  }
}

function told({ guardrail, because, until }: Waiver): Omit<WaivedFinding, 'finding'> {
  return { guardrail, because, until };
}

/** The waivers of all definitions, and which of them were used. A waiver is identified by its source position. */
class WaiverBook {
  readonly #definitions: Definitions;
  readonly #today: string;
  readonly #read = new Map<Waiver, ReadWaiver>();
  readonly #mixedRead = new Map<MixedAccess, ReadWaiver>();
  readonly #used = new Set<string>();

  constructor(definitions: Definitions, today: string) {
    this.#definitions = definitions;
    this.#today = today;
  }

  /** The waiver that suppresses a finding, if any. A role's own waivers take precedence over the project's waivers. */
  use(guardrail: Guardrail, { environment, role }: Origin): PlacedWaiver | undefined {
    const own = (role?.waivers ?? []).map((waiver, index) => this.#placed(waiver, index, role));
    const shared = (environment ?? this.#definitions.environments[0])?.waivers ?? [];
    const mixed = role === undefined ? [] : this.#mixed(environment).filter((read) => read.role === role.name);
    const all = [
      ...own,
      ...shared.map((waiver, index) => this.#placed(waiver, index, undefined, environment)),
      ...mixed,
    ];
    const found = all.find((read) => read.waiver.guardrail === guardrail.id && read.holds);
    if (found) this.#used.add(place(found));
    return found;
  }

  /** Findings about the waivers themselves. */
  findings(): readonly Found<Aside>[] {
    return this.#definitions.environments.flatMap((environment) => {
      const all = [
        ...environment.waivers.map((waiver, index) => this.#placed(waiver, index, undefined, environment)),
        ...this.#mixed(environment),
        ...environment.roles.flatMap((role) => role.waivers.map((waiver, index) => this.#placed(waiver, index, role))),
      ];
      return all.flatMap((read) => {
        const idle = read.holds && !this.#used.has(place(read)) ? [idleWaiver(read)] : [];
        return [...read.faults, ...idle].map((finding) => ({ environment: environment.name, finding, with: {} }));
      });
    });
  }

  /**
   * The roles that the project permits to both write and delete, as waivers of the guardrail that forbids this. A role
   * cannot waive this guardrail itself.
   */
  #mixed(environment: Environment | undefined): readonly ReadWaiver[] {
    return (environment?.mixedAccess ?? []).map((entry, index) => {
      const known = this.#mixedRead.get(entry);
      if (known !== undefined) return known;
      const { role, because, until } = entry;
      const waiver = { guardrail: mixedAccess.id, because, until };
      const at = (environment as Environment).locate(['mixedAccess', index]);
      const { unwaivable: _, ...allowed } = mixedAccess;
      const read = readWaiver({ waiver, role, at }, [allowed], this.#today);
      this.#mixedRead.set(entry, read);
      return read;
    });
  }

  #placed(waiver: Waiver, index: number, role: Role | undefined, environment?: Environment): ReadWaiver {
    const known = this.#read.get(waiver);
    if (known !== undefined) return known;
    const locate = role?.locate ?? (environment ?? this.#definitions.environments[0])?.locate;
    if (locate === undefined) throw new Error('a waiver without a project');
    const placed = { waiver, ...defined({ role: role?.name }), at: locate(['waivers', index]) };
    const read = readWaiver(placed, guardrails, this.#today);
    this.#read.set(waiver, read);
    return read;
  }
}

function place({ at, waiver }: PlacedWaiver): string {
  return `${at.file}:${at.line}:${at.column} ${waiver.guardrail}`;
}
