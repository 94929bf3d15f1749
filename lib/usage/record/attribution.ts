/**
 * Finds the lease that made a call. A record counts for a role only under two conditions: the trail of the role's
 * account recorded the call, and the session issuer is the role's complete ARN, including the path. A role of the same
 * name in another project or account does not count, and neither does a role name in a request. Source:
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
import { textOf as matching, NAME_ALPHABET } from '@leasehold/contract/text';
import type { Environment, Role } from '@leasehold/definitions';
import { agentArn, brokerRoleArn, LEASE_ID_PREFIX, roleArn, roleName, stackName } from '@leasehold/documents';
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
  /** A field is missing, so it is unknown whether the record is a call that was made with a lease of the role. */
  | { readonly kind: 'unclear'; readonly of: RoleInEnvironment }
  | { readonly kind: 'other' };

/** The session names that STS accepts. Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const SESSION = matching(NAME_ALPHABET, 2, 64);

const OTHER: Attribution = { kind: 'other' };
const FOREIGN: Attribution = { kind: 'foreign' };

export class Attributor {
  readonly roles: readonly RoleInEnvironment[];
  readonly #byArn: ReadonlyMap<string, RoleInEnvironment>;
  readonly #byName: ReadonlyMap<string, readonly RoleInEnvironment[]>;
  readonly #needles: readonly Buffer[];
  readonly #accounts: ReadonlySet<string>;
  readonly #callers: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(environments: readonly Environment[]) {
    this.roles = environments.flatMap((environment) =>
      environment.roles.map((role) => ({ role, environment, key: `${environment.name}/${role.name}` })),
    );
    this.#byArn = new Map(this.roles.map((each) => [roleArn(each.role, each.environment), each]));
    const byName = new Map<string, readonly RoleInEnvironment[]>();
    for (const each of this.roles) {
      const name = roleName(each.role, each.environment);
      byName.set(name, [...(byName.get(name) ?? []), each]);
    }
    this.#byName = byName;
    // The paths and names of the roles, and thus all their ARNs, contain the name of the stack.
    this.#needles = [...new Set(environments.map(stackName))].map((name) => Buffer.from(name));
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
    const found = arn === undefined ? this.#named(record, issuer) : this.#byArn.get(arn);
    if (found === undefined) {
      return this.#byName.has(textOf(field(issuer, 'userName')) ?? '') ? FOREIGN : OTHER;
    }
    const { account, partition } = found.environment;
    const name = roleName(found.role, found.environment);
    const session = sessionIn(textOf(field(record.identity, 'principalId')));
    const sessionArn = (id: string) => `arn:${partition}:sts::${account}:assumed-role/${name}/${id}`;
    const own = textOf(field(record.identity, 'arn'));
    const fields: readonly (readonly [found: string | undefined, expected: string])[] = [
      [arn, roleArn(found.role, found.environment)],
      [record.recipient, account],
      [textOf(field(record.identity, 'type')), 'AssumedRole'],
      [textOf(field(record.identity, 'accountId')), account],
      [textOf(field(issuer, 'accountId')), account],
      [textOf(field(issuer, 'type')), 'Role'],
      // Without a session in `principalId`, only the start of the ARN can be compared.
      session === undefined ? [own?.slice(0, sessionArn('').length), sessionArn('')] : [own, sessionArn(session)],
    ];
    if (fields.some(([text, expected]) => text !== undefined && text !== expected)) return FOREIGN;
    if (session === undefined || fields.some(([text]) => text === undefined)) return { kind: 'unclear', of: found };
    return { kind: 'call', of: found, session };
  }

  /** The role whose name a record without the ARN of its session issuer contains. */
  #named({ identity }: TrailRecord, issuer: unknown): RoleInEnvironment | undefined {
    const own = textOf(field(identity, 'arn'));
    const [, account, name] = /^arn:[a-z-]+:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(own ?? '') ?? [];
    const named = this.#byName.get(name ?? textOf(field(issuer, 'userName')) ?? '');
    return named?.find(({ environment }) => environment.account === account) ?? named?.[0];
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
