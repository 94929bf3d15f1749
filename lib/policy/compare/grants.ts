/**
 * By whose word a request may be permitted. A caller's own policies are not the only ones: a resource's policy that
 * names the caller permits within one account what the caller's own policies do not, and only an explicit deny, or a
 * limit that such a grant does not escape, holds it back.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
 */
import { parsePolicy } from '../evaluate/policy';
import type { Layer, Region } from './decide';
import { knowNothing } from './knowledge';
import { type Rule, toRules } from './rule';

/**
 * - `own`: the policies that are compared grant it.
 * - `role`: a resource's policy that names the role of a session; boundary and session policies limit that.
 * - `self`: a resource's policy that names the very caller, past boundary and session policies.
 * - `caller`: for policies of resources: the caller's own policies, where the resource's policy has no deny.
 */
export type GrantSource = 'own' | 'role' | 'self' | 'caller';

/** What both sides leave to one kind of grant. */
export interface Pass {
  readonly grant: GrantSource;
  readonly before: Region;
  readonly after: Region;
}

/** The kinds of grant to a caller that the policies compared can differ about. */
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

/** The kinds of grant about which two policies of a resource can differ. */
export function resourcePasses(before: Region, after: Region, ownPolicies: boolean): readonly Pass[] {
  const own: Pass = { grant: 'own', before, after };
  if (!ownPolicies) return [own];
  return [own, { grant: 'caller', before: leave(before, () => false), after: leave(after, () => false) }];
}

/** What a grant to the role does not escape. */
const LIMITS = /^(boundary|session)$/;
/** What no grant escapes. */
const CEILINGS = /^(scope-down|scp) /;

/** The region if something else granted everything, and only these layers limited it. */
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
 * What every caller may do, whatever its policies say: `sts:GetCallerIdentity` needs no permission, and an explicit deny
 * does not forbid it. So a policy that allows it adds nothing.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export const FREE: readonly Rule[] = rulesOf('sts:GetCallerIdentity');
