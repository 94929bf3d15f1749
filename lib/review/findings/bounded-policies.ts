/**
 * Recognizes policies that cannot permit anything, regardless of their content: the boundary of each identity that has
 * the policy permits nothing beyond what the identity's other policies permit. Anyone who may change such a policy can
 * only reduce permissions.
 */
import type { PolicyDocument } from '@leasehold/policy';
import { widens } from '../diff/demands';
import { NOTHING } from '../diff/side';
import type { Identity, PlacedPolicy } from '../model';
import type { ReviewContext } from './finding';
import type { Gained } from './powers';

/**
 * Whether an action is gained only on given policies through which no identity could gain anything. False for a policy
 * that the plan does not attach to any identity or that the plan uses as a boundary. Also false if a value cannot be
 * read or the result cannot be proven.
 */
export function isOnBoundedPolicies(
  { action, resources }: Gained,
  policies: ReadonlySet<string>,
  context: ReviewContext,
): boolean {
  if (!WRITES_POLICY.has(action.toLowerCase()) || resources.length === 0) return false;
  return resources.every((arn) => policies.has(arn) && isBounded(arn, context));
}

/** Actions that change the document of a managed policy. */
const WRITES_POLICY: ReadonlySet<string> = new Set([
  'iam:createpolicyversion',
  'iam:deletepolicyversion',
  'iam:setdefaultpolicyversion',
]);

function isBounded(arn: string, context: ReviewContext): boolean {
  if (/[*?$]/.test(arn)) return false;
  const identities = [...context.access.after.identities.values()];
  if (identities.some(({ boundary }) => boundary?.arn === arn)) return false;
  const having = identities.filter(({ policies }) => policies.some((policy) => policy.arn === arn));
  return having.length > 0 && having.every((identity) => isBoundedFor(arn, identity, context));
}

/** Whether an identity would not gain anything even if the policy allowed everything. */
function isBoundedFor(
  arn: string,
  { kind, boundary, policies, groups, exclusive }: Identity,
  { catalogue, steps }: ReviewContext,
): boolean {
  if (kind !== 'role' || groups.length > 0 || !exclusive.attached) return false;
  const limit = boundary && documentOf(boundary);
  const others = policies.filter((policy) => policy.arn !== arn).map(documentOf);
  if (limit === undefined || others.some((document) => document === undefined)) return false;
  const identity = [NOTHING, ...others.filter((document) => document !== undefined)];
  return !widens(
    { identity, boundary: limit },
    { identity: [...identity, EVERYTHING], boundary: limit },
    { catalogue, steps },
  );
}

const EVERYTHING: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

/** The document of a policy. `undefined` if a part of it cannot be read. */
function documentOf({ document }: PlacedPolicy): PolicyDocument | undefined {
  return document.kind === 'known' && document.lacks === undefined ? document.value : undefined;
}
