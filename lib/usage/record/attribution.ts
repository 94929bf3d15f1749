/**
 * Finds the lease that made a call. A record counts for a role only under two conditions: the trail of the role's
 * account recorded the call, and the session issuer is the role's complete ARN, including the path. A role of the same
 * name in another project or account does not count, and neither does a role name in a request. Source:
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
import { textOf as matching, NAME_ALPHABET } from '@leasehold/contract/text';
import type { Environment, Role } from '@leasehold/definitions';
import { agentArn, brokerRoleArn, LEASE_ID_PREFIX, roleArn, roleName, rolePath } from '@leasehold/documents';
import { deniedOn } from './denial';
import { field, listOf, type TrailRecord, textOf } from './record';

/** A role in one environment. */
export interface RoleInEnvironment {
  readonly role: Role;
  readonly environment: Environment;
  /** `environment/role`, unique in a project. */
  readonly key: string;
}

/** The relation of a record to the project's roles. */
export type Attribution =
  /** A call of a lease. */
  | { readonly kind: 'call'; readonly of: RoleInEnvironment; readonly session: string }
  /** A request to STS for a session of a role. `session` is empty if CloudTrail did not record the parameters. */
  | { readonly kind: 'request'; readonly of: RoleInEnvironment; readonly session: string; readonly granted: boolean }
  /** The record contains the name of a project role, but the call was not made under that role. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'other' };

/** The session names that STS accepts. Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const SESSION = matching(NAME_ALPHABET, 2, 64);

const OTHER: Attribution = { kind: 'other' };
const FOREIGN: Attribution = { kind: 'foreign' };

export class Attributor {
  readonly roles: readonly RoleInEnvironment[];
  readonly #byArn: ReadonlyMap<string, RoleInEnvironment>;
  readonly #names: ReadonlySet<string>;
  readonly #needles: readonly Buffer[];
  readonly #accounts: ReadonlySet<string>;
  readonly #callers: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(environments: readonly Environment[]) {
    this.roles = environments.flatMap((environment) =>
      environment.roles.map((role) => ({ role, environment, key: `${environment.name}/${role.name}` })),
    );
    this.#byArn = new Map(this.roles.map((each) => [roleArn(each.role, each.environment), each]));
    this.#names = new Set(this.roles.map(({ role, environment }) => roleName(role, environment)));
    this.#needles = [...new Set(environments.map((environment) => rolePath(environment)))].map((path) =>
      Buffer.from(`:role${path}`),
    );
    this.#accounts = new Set(environments.map(({ account }) => account));
    this.#callers = new Map(
      environments.map((environment) => [
        environment.name,
        new Set([
          ...environment.agents.map((agent) => agentArn(agent, environment)),
          ...(environment.broker === undefined ? [] : [brokerRoleArn(environment)]),
        ]),
      ]),
    );
  }

  /** Whether an account belongs to one of the environments. */
  hasAccount(account: string): boolean {
    return this.#accounts.has(account);
  }

  /**
   * Whether a record, given as bytes, can belong to a role. JSON strings can contain escapes, so a record with an
   * escape that could encode a letter or a slash is always parsed.
   */
  mayConcern(bytes: Buffer): boolean {
    if (this.#needles.some((needle) => bytes.includes(needle))) return true;
    return bytes.includes(BACKSLASH) && (bytes.includes(UNICODE_ESCAPE) || bytes.includes(SLASH_ESCAPE));
  }

  of(record: TrailRecord): Attribution {
    if (record.source === 'sts.amazonaws.com' && record.name === 'AssumeRole') {
      const arn = textOf(field(record.parameters, 'roleArn')) ?? deniedOn(record)?.resource;
      if (arn !== undefined && this.#byArn.has(arn)) return this.#request(record, arn);
    }
    const issuer = field(field(record.identity, 'sessionContext'), 'sessionIssuer');
    const arn = textOf(field(issuer, 'arn'));
    const found = arn === undefined ? undefined : this.#byArn.get(arn);
    if (found === undefined) {
      return this.#names.has(textOf(field(issuer, 'userName')) ?? '') ? FOREIGN : OTHER;
    }
    const { account, partition } = found.environment;
    const session = sessionIn(textOf(field(record.identity, 'principalId')));
    const name = roleName(found.role, found.environment);
    const ours =
      record.recipient === account &&
      textOf(field(record.identity, 'type')) === 'AssumedRole' &&
      textOf(field(record.identity, 'accountId')) === account &&
      textOf(field(issuer, 'accountId')) === account &&
      textOf(field(issuer, 'type')) === 'Role' &&
      session !== undefined &&
      textOf(field(record.identity, 'arn')) === `arn:${partition}:sts::${account}:assumed-role/${name}/${session}`;
    return ours ? { kind: 'call', of: found, session } : FOREIGN;
  }

  #request(record: TrailRecord, arn: string): Attribution {
    const found = this.#byArn.get(arn);
    const session = textOf(field(record.parameters, 'roleSessionName')) ?? '';
    if (found === undefined || (session !== '' && !SESSION.test(session))) return FOREIGN;
    const { account, name } = found.environment;
    if (record.recipient !== account || textOf(field(record.identity, 'accountId')) !== account) return FOREIGN;
    const granted =
      record.errorCode === undefined && field(record.response, 'assumedRoleUser') !== undefined && isLease(session);
    // Any identity can call STS. Only calls of identities that could be granted the role count as requests.
    const issuer = textOf(field(field(field(record.identity, 'sessionContext'), 'sessionIssuer'), 'arn'));
    const caller = issuer ?? textOf(field(record.identity, 'arn')) ?? '';
    const callers = this.#callers.get(name);
    if (!granted && callers?.has(caller) !== true) return FOREIGN;
    return { kind: 'request', of: found, session, granted };
  }
}

/** Whether a session name is a lease id. */
export function isLease(session: string): boolean {
  return session.startsWith(LEASE_ID_PREFIX) && session.length > LEASE_ID_PREFIX.length;
}

/** The session tags of a request for a session. */
export function tagsIn({ parameters }: TrailRecord): ReadonlyMap<string, string> {
  return new Map(
    listOf(field(parameters, 'tags')).flatMap((tag) => {
      const [key, value] = [textOf(field(tag, 'key')), textOf(field(tag, 'value'))];
      return key === undefined || value === undefined ? [] : [[key, value] as const];
    }),
  );
}

function sessionIn(principalId: string | undefined): string | undefined {
  const session = /^AROA[A-Z0-9]{4,124}:(.+)$/.exec(principalId ?? '')?.[1];
  return session !== undefined && SESSION.test(session) ? session : undefined;
}

const BACKSLASH = 0x5c;
const UNICODE_ESCAPE = Buffer.from('\\u');
const SLASH_ESCAPE = Buffer.from('\\/');
