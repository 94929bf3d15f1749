/**
 * The kinds of policy that can permit a request. The caller's own policies are not the only ones. Within one account,
 * the policy of a resource can permit a caller that it names, even if the caller's own policies do not. Such a request
 * can be prevented only by an explicit deny, or by a limit that applies to the grant. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
 */
import { parsePolicy } from '../evaluate/policy';
import type { Layer, Region } from './decide';
import { knowNothing } from './knowledge';
import { type Rule, toRules } from './rule';

/**
 * Who grants.
 * - `own`: the compared policies.
 * - `role`: a resource's policy that names the role of a session. The boundary and session policies limit this grant.
 * - `self`: a resource's policy that names the caller itself. The boundary and session policies do not limit this
 * grant.
 * - `caller`: for resource policies: the caller's own policies, if the resource's policy contains no deny.
 */
export type GrantSource = 'own' | 'role' | 'self' | 'caller';

/** The two sides, restricted to one kind of grant. */
export interface Pass {
  readonly grant: GrantSource;
  readonly before: Region;
  readonly after: Region;
}

/** The kinds of grants to a caller that can make the results of the two sides differ. */
export function callerPasses(before: Region, after: Region, resourcePolicies: 'count' | 'ignore'): readonly Pass[] {
  const own: Pass = { grant: 'own', before, after };
  if (resourcePolicies === 'ignore') return [own];
  const pass = (grant: GrantSource, limits: (name: string) => boolean): Pass => ({
    grant,
    before: leave(before, limits),
    after: leave(after, limits),
  });
  const limited = before.layers.some(({ name }) => LIMITS.test(name));
  return [
    own,
    ...(limited ? [pass('role', (name) => LIMITS.test(name) || CEILINGS.test(name))] : []),
    pass('self', (name) => CEILINGS.test(name)),
  ];
}

/** The kinds of grants that can make the results of two resource policies differ. */
export function resourcePasses(before: Region, after: Region, ownPolicies: boolean): readonly Pass[] {
  const own: Pass = { grant: 'own', before, after };
  if (!ownPolicies) return [own];
  return [own, { grant: 'caller', before: leave(before, () => false), after: leave(after, () => false) }];
}

/** Limits that apply to a grant to the role. */
const LIMITS = /^(boundary|session)$/;
/** Limits that apply to every grant. */
const CEILINGS = /^(scope-down|scp) /;

/** The region if another policy grants everything, so that only the selected layers limit the caller. */
function leave(region: Region, limits: (name: string) => boolean): Region {
  const kept = region.layers.filter(({ name }) => limits(name));
  return { ...region, layers: [...kept, GRANTED] };
}

function rulesOf(action: string): readonly Rule[] {
  const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] };
  const { statements, version } = parsePolicy(document, 'identity');
  return statements.flatMap((statement) => toRules(statement, version, knowNothing()));
}

const GRANTED: Layer = { name: 'granted', allows: rulesOf('*') };

/**
 * Actions that every caller may perform regardless of policies: `sts:GetCallerIdentity` needs no permission, and an
 * explicit deny has no effect on it. A policy that allows this action therefore adds nothing. Source:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export const FREE: readonly Rule[] = rulesOf('sts:GetCallerIdentity');
