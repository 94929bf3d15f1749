/** All policies that apply to one request, by kind. */
import { refuse } from './error';
import { type Policy, readPolicy } from './policy';
import type { PolicyKind } from './policy-kind';
import type { EvaluationInput } from './request';
import { isRecord } from './shape';
import type { PreparedStatement } from './statement';

/**
 * The policies that apply to one request. An absent property means that the policy does not exist, for example no
 * boundary, no organization or no endpoint.
 */
export interface Policies {
  /** All inline and attached identity policies of the caller, including the policies of the caller's groups. */
  readonly identity: readonly Policy[];
  /** The caller's permissions boundary. */
  readonly boundary?: Policy;
  /**
   * The session policies of the call that created the session, inline and by ARN. At least one of these policies must
   * allow the request.
   */
  readonly session?: readonly Policy[];
  /**
   * The policies of the later `GetScopedCredentials` calls, in order. Each of these policies must allow the request.
   */
  readonly scopeDown?: readonly Policy[];
  /** The resource policy. Its kind is `trust` for a role that is assumed, otherwise `resource`. */
  readonly resource?: Policy;
  /**
   * The service control policies of the caller's account: one list for the organization's root, for each organizational
   * unit on the path, and for the account. Every level must allow. Absent for the management account, to which service
   * control policies do not apply.
   */
  readonly scps?: readonly (readonly Policy[])[];
  /**
   * The resource control policies of the resource's account, level by level. `RCPFullAWSAccess` is always attached and
   * need not be listed. Absent for the management account.
   */
  readonly rcps?: readonly (readonly Policy[])[];
  /** The policy of the VPC endpoint that received the request; absent if the endpoint has no policy. */
  readonly endpoint?: Policy;
}

/** {@link Policies} as documents, which are JSON texts or parsed values. `trust` is the trust policy of a role. */
export interface PolicyDocuments {
  readonly identity?: readonly unknown[];
  readonly boundary?: unknown;
  readonly session?: readonly unknown[];
  readonly scopeDown?: readonly unknown[];
  readonly resource?: unknown;
  readonly trust?: unknown;
  readonly scps?: readonly (readonly unknown[])[];
  readonly rcps?: readonly (readonly unknown[])[];
  readonly endpoint?: unknown;
}

/**
 * Checks and prepares documents once, so that they can be used for many requests. Throws `PolicyError`. The path in
 * the error starts with the key of the policy, for example `/identity/0/Statement/2/Action`.
 */
export function prepare(documents: PolicyDocuments): Policies {
  if (!isRecord(documents)) refuse({ code: 'wrong-type', path: [], got: documents, expected: 'an object of policies' });
  for (const key of Object.keys(documents)) {
    if (!KEYS.includes(key)) {
      refuse({ code: 'unknown-element', path: [key], got: key, expected: `one of ${KEYS.join(', ')}` });
    }
  }
  const { resource, trust, boundary, endpoint } = documents;
  if (resource !== undefined && trust !== undefined) {
    refuse({
      code: 'conflicting-elements',
      path: [],
      got: ['resource', 'trust'],
      expected: 'resource or trust, not both',
    });
  }
  const list = (key: 'identity' | 'session' | 'scopeDown', kind: PolicyKind) =>
    toList(documents[key] ?? [], [key]).map((document, index) => readPolicy(document, kind, [key, index]));
  const levels = (key: 'scps' | 'rcps', kind: PolicyKind) =>
    toList(documents[key] ?? [], [key]).map((level, depth) =>
      toList(level, [key, depth]).map((document, index) => readPolicy(document, kind, [key, depth, index])),
    );
  return Object.freeze({
    identity: list('identity', 'identity'),
    ...(boundary === undefined ? {} : { boundary: readPolicy(boundary, 'boundary', ['boundary']) }),
    ...(documents.session === undefined ? {} : { session: list('session', 'session') }),
    ...(documents.scopeDown === undefined ? {} : { scopeDown: list('scopeDown', 'session') }),
    ...(resource === undefined ? {} : { resource: readPolicy(resource, 'resource', ['resource']) }),
    ...(trust === undefined ? {} : { resource: readPolicy(trust, 'trust', ['trust']) }),
    ...(documents.scps === undefined ? {} : { scps: levels('scps', 'scp') }),
    ...(documents.rcps === undefined ? {} : { rcps: levels('rcps', 'rcp') }),
    ...(endpoint === undefined ? {} : { endpoint: readPolicy(endpoint, 'endpoint', ['endpoint']) }),
  });
}

const KEYS = ['identity', 'boundary', 'session', 'scopeDown', 'resource', 'trust', 'scps', 'rcps', 'endpoint'];

function toList(value: unknown, path: readonly (string | number)[]): readonly unknown[] {
  return Array.isArray(value)
    ? value
    : refuse({ code: 'wrong-type', path, got: value, expected: 'a list of policies' });
}

/** Identifies a policy by its kind and its index among the policies of that kind. */
export interface PolicyRef {
  readonly kind: PolicyKind | 'scope-down';
  /** Index among the policies of the same kind (and level), starting at 0. */
  readonly index: number;
  /** The level of an SCP or RCP, starting at 0; `undefined` for any other policy. */
  readonly level: number | undefined;
}

/** Identifies a statement of a policy. */
export interface StatementRef extends PolicyRef {
  /** Index of the statement in its policy, starting at 0. */
  readonly statement: number;
  readonly sid: string | undefined;
}

/** The reference to a statement. */
export function refTo(ref: PolicyRef, statement: PreparedStatement): StatementRef {
  return { kind: ref.kind, index: ref.index, level: ref.level, statement: statement.index, sid: statement.sid };
}

/** A policy and its reference. */
export interface Source {
  readonly ref: PolicyRef;
  readonly policy: Policy;
}

/** The policies that AWS evaluates for this caller, in AWS's order. */
export function sourcesFor(policies: Policies, asked: EvaluationInput): Source[] {
  const { scps, rcps, endpoint, resource, identity, boundary, session, scopeDown } = policies;
  const sources: Source[] = [];
  if (scps !== undefined && boundByScps(asked)) addLevels(sources, 'scp', scps);
  if (rcps !== undefined && boundByRcps(asked)) addLevels(sources, 'rcp', rcps);
  if (endpoint !== undefined) add(sources, 'endpoint', endpoint, 0);
  if (resource !== undefined) add(sources, resource.kind, resource, 0);
  addAll(sources, 'identity', identity);
  if (boundary !== undefined) add(sources, 'boundary', boundary, 0);
  if (session !== undefined) addAll(sources, 'session', session);
  if (scopeDown !== undefined) addAll(sources, 'scope-down', scopeDown);
  return sources;
}

function add(sources: Source[], kind: PolicyRef['kind'], policy: Policy, index: number, level?: number): void {
  sources.push({ ref: { kind, index, level }, policy });
}

function addAll(sources: Source[], kind: PolicyRef['kind'], policies: readonly Policy[], level?: number): void {
  for (const [index, policy] of policies.entries()) add(sources, kind, policy, index, level);
}

function addLevels(sources: Source[], kind: 'scp' | 'rcp', levels: readonly (readonly Policy[])[]): void {
  for (const [level, policies] of levels.entries()) addAll(sources, kind, policies, level);
}

/**
 * Service control policies apply to users, roles and the root user of member accounts. Service control policies do not
 * apply to service-linked roles, AWS services or principals outside the organization. Source:
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 */
export function boundByScps(asked: EvaluationInput): boolean {
  return asked.names.account !== undefined && !isServiceLinked(asked);
}

/**
 * Resource control policies apply to everybody except service-linked roles.
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
 */
export function boundByRcps(asked: EvaluationInput): boolean {
  return !isServiceLinked(asked);
}

function isServiceLinked({ principal }: EvaluationInput): boolean {
  return principal.kind === 'session' && principal.roleArn.includes(':role/aws-service-role/');
}
