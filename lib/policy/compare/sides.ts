/** Reads the two sides of a comparison from documents. */
import { append } from '@leasehold/contract/any-length';
import type { PolicyDocument } from '../document';
import { refuse, show } from '../evaluate/error';
import { type Policies, type PolicyDocuments, prepare } from '../evaluate/policies';
import type { Policy } from '../evaluate/policy';
import { isRecord } from '../evaluate/shape';
import type { PreparedStatement } from '../evaluate/statement';
import type { Layer, Region } from './decide';
import type { Knowledge } from './knowledge';
import { type Rule, toRules } from './rule';

/**
 * The policies that can be compared: one identity policy, several attached identity policies, or all policies that
 * apply to a caller (`identity` with `boundary`, `session`, `scopeDown`, `scps`, `rcps`) or to a resource (`trust` or
 * `resource`).
 */
export type Permissions = PolicyDocument | readonly PolicyDocument[] | PolicyDocuments;

/** One side of a comparison, after validation. */
export interface Side {
  readonly policies: Policies;
  /** `resource` if the policies contain principals, otherwise `caller`. */
  readonly kind: 'caller' | 'resource';
}

/**
 * Validates one side.
 * @throws PolicyError for a malformed document, and for a side without any policy that could allow a request.
 */
export function readSide(permissions: Permissions): Side {
  const policies = prepare(toDocuments(permissions));
  return { policies, kind: policies.resource === undefined ? 'caller' : 'resource' };
}

/** The reason why two sides cannot be compared; `undefined` if the two sides can be compared. */
export function notComparable(before: Side, after: Side): string | undefined {
  const mixed =
    before.kind === after.kind ? undefined : "A caller's policies cannot be compared with a resource's policy.";
  return oddity(before) ?? oddity(after) ?? mixed;
}

function oddity({ policies, kind }: Side): string | undefined {
  if (policies.endpoint !== undefined) return 'Policies of VPC endpoints are not compared.';
  const spaced = statementsOf(policies).flatMap(({ action }) => action.patterns.filter((text) => text.includes(' ')));
  if (spaced.length > 0)
    return `The action ${show(spaced[0])} contains a space, and AWS does not document what such an action matches.`;
  const { identity, boundary, session, scopeDown, scps } = policies;
  const own = identity.length > 0 || boundary !== undefined || session !== undefined || scopeDown !== undefined;
  if (kind === 'caller' || !(own || scps !== undefined)) return undefined;
  return "A caller's policies and a resource's policy cannot be compared together; compare each separately.";
}

/**
 * Whether the boundary was removed. A Deny statement with `NotPrincipal` in a resource policy always applies to a
 * caller with a boundary. Without the boundary, the statement may no longer apply.
 */
export function boundaryDropped(before: Side, after: Side): boolean {
  return before.policies.boundary !== undefined && after.policies.boundary === undefined;
}

/** The requests that one side permits. */
export function regionOf({ policies, kind }: Side, knowledge: Knowledge): Region {
  const rules = (list: readonly Policy[]) =>
    list.flatMap((policy) => policy.statements.flatMap((statement) => toRules(statement, policy.version, knowledge)));
  const layers: Layer[] = [];
  const denies: Rule[] = [];
  const add = (name: string, list: readonly Policy[]) => {
    const all = rules(list);
    append(
      denies,
      all.filter(({ effect }) => effect === 'Deny'),
    );
    layers.push({ name, allows: all.filter(({ effect }) => effect === 'Allow') });
  };
  if (kind === 'caller') add('identity', policies.identity);
  else if (policies.resource !== undefined) add('resource', [policies.resource]);
  if (policies.boundary !== undefined) add('boundary', [policies.boundary]);
  // An empty list of session policies limits nothing.
  if (policies.session !== undefined && policies.session.length > 0) add('session', policies.session);
  for (const [index, policy] of (policies.scopeDown ?? []).entries()) add(`scope-down ${index}`, [policy]);
  for (const [index, level] of (policies.scps ?? []).entries()) add(`scp ${index}`, level);
  // Resource control policies apply only to some services, and AWS may change the list, so these rules are uncertain.
  const uncertain = rules(policies.rcps?.flat() ?? []).filter(({ effect }) => effect === 'Deny');
  return { layers, denies, uncertain };
}

/**
 * The policies whose Allow statements grant access: the caller's identity policies, or the resource policy. All other
 * policies only limit.
 */
export function grantingPolicies({ policies, kind }: Side): readonly Policy[] {
  if (kind === 'caller') return policies.identity;
  return policies.resource === undefined ? [] : [policies.resource];
}

/** All statements of all policies. */
export function statementsOf(policies: Policies): readonly PreparedStatement[] {
  return policiesOf(policies).flatMap(({ statements }) => statements);
}

/** All policies, of any kind. */
export function policiesOf(policies: Policies): readonly Policy[] {
  const { identity, boundary, session = [], scopeDown = [], resource, scps = [], rcps = [] } = policies;
  const single = [boundary, resource].filter((policy) => policy !== undefined);
  return [...identity, ...single, ...session, ...scopeDown, ...scps.flat(), ...rcps.flat()];
}

/**
 * Whether an ARN pattern has a `*` at the end of one of its first five parts. According to the IAM documentation, such
 * a `*` can match across colons; according to the S3 documentation, it cannot.
 */
export function hasRunOns(policies: Policies): boolean {
  return statementsOf(policies).some(({ resource, conditions }) => {
    const values = conditions.flatMap((test) => (test.operator.includes('Arn') ? test.values : []));
    return [...(resource?.patterns ?? []).map(({ whole }) => whole), ...values].some((text) => RUN_ON.test(text));
  });
}

const RUN_ON = /^(?:[^:]*:){0,4}[^:]*\*:/;

function toDocuments(permissions: Permissions): PolicyDocuments {
  if (Array.isArray(permissions)) return { identity: permissions };
  if (!isRecord(permissions) || 'Statement' in permissions) return { identity: [permissions] };
  const documents = permissions as PolicyDocuments;
  if (['identity', 'resource', 'trust'].every((key) => documents[key as keyof PolicyDocuments] === undefined)) {
    refuse({ code: 'missing-element', path: [], got: permissions, expected: 'identity, trust or resource policies' });
  }
  return documents;
}
