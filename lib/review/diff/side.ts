/**
 * Everything that affects an identity on one side of a plan: its own policies, the policies of its groups, and its
 * boundary.
 */

import type { PolicyDocuments } from '@leasehold/policy';
import { many, type PolicyDocument } from '@leasehold/policy';
import { type Estate, type Identity, type Place, type PlacedPolicy, unreadIn } from '../model';
import { sameValue } from './equal-values';

/** One side of an identity. */
export interface Side {
  readonly identity: Identity;
  /** Policies of the identity and of its groups. */
  readonly policies: readonly PlacedPolicy[];
  /** The documents of the policies that can be read. */
  readonly documents: readonly PolicyDocument[];
  readonly boundary: PolicyDocument | undefined;
  /** The parts that cannot be read. */
  readonly unknown: readonly Unreadable[];
}

export interface Unreadable {
  readonly place: Place;
  readonly why: string;
  readonly policy: PlacedPolicy;
}

/**
 * Both sides of an identity. If the plan refers to a policy identically on both sides but does not contain its text,
 * the policy is omitted from both sides.
 */
export interface Pair {
  readonly before: Side | undefined;
  readonly after: Side | undefined;
  /** Names of policies that are on both sides and that could not be read. */
  readonly alike: readonly string[];
}

/**
 * Reads both sides of an identity. An identity that the plan does not manage exists on both sides, even if only one
 * side shows a policy of it. So a removed deny statement counts as lost, and the first policy of such an identity is
 * compared with an empty policy.
 */
export function pairOf(one: Identity | undefined, other: Identity | undefined, estates: Estates): Pair {
  const [before, after] = [one ?? unshown(other), other ?? unshown(one)];
  const [earlier, later] = [before && allPolicies(before, estates.before), after && allPolicies(after, estates.after)];
  const shared = new Set(earlier && later ? namedOnBoth(earlier, later) : []);
  const sharedBoundary = namedOnBoth(boundaryOf(before), boundaryOf(after)).length > 0;
  return {
    before: before && sideOf(before, earlier ?? [], shared, sharedBoundary),
    after: after && sideOf(after, later ?? [], shared, sharedBoundary),
    alike: [...shared],
  };
}

export interface Estates {
  readonly before: Estate;
  readonly after: Estate;
}

/**
 * The permissions of a side in the form that `compare` accepts. If a side allows nothing, an allow statement is added
 * for a call that everyone may make.
 */
export function permissionsOf(side: Side | undefined): PolicyDocuments {
  if (side === undefined) return { identity: [NOTHING] };
  const identity = side.documents.length === 0 ? [NOTHING] : side.documents;
  return side.boundary === undefined ? { identity } : { identity, boundary: side.boundary };
}

/** A call that everyone may make, and that returns the caller's own identity. Allowing this call has no effect. */
export const NOTHING: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:GetCallerIdentity', Resource: '*' }],
};

/** Whether an identity's policies, boundary and groups are identical on both sides. */
export function samePermissions(pair: Pair): boolean {
  const { before, after } = pair;
  if (before === undefined || after === undefined) return false;
  if (before.unknown.length > 0 || after.unknown.length > 0) return false;
  return sameValue(before.documents, after.documents) && sameValue(before.boundary, after.boundary);
}

function sideOf(
  identity: Identity,
  policies: readonly PlacedPolicy[],
  shared: ReadonlySet<string>,
  sharedBoundary: boolean,
): Side {
  const documents: PolicyDocument[] = [];
  const unknown: Unreadable[] = [];
  for (const policy of policies) {
    if (policy.document.kind === 'known') {
      if (many(policy.document.value.Statement).length > 0) documents.push(policy.document.value);
      const why = policy.document.lacks;
      if (why !== undefined) unknown.push({ place: policy.place, why, policy });
    } else if (policy.arn === undefined || !shared.has(policy.arn)) {
      unknown.push({ place: policy.place, why: policy.document.why, policy });
    }
  }
  const { boundary } = identity;
  const whyBoundary = unreadIn(boundary?.document);
  if (boundary !== undefined && whyBoundary !== undefined && !sharedBoundary) {
    unknown.push({ place: boundary.place, why: whyBoundary, policy: boundary });
  }
  return {
    identity,
    policies,
    documents,
    boundary: boundary?.document.kind === 'known' ? boundary.document.value : undefined,
    unknown,
  };
}

/**
 * A placeholder for an identity outside the plan. It is used on the side on which the plan does not show the identity.
 */
function unshown(identity: Identity | undefined): Identity | undefined {
  if (identity === undefined || identity.place !== undefined) return undefined;
  const { key, kind, name, account, arn } = identity;
  return { key, kind, name, account, arn, policies: [], groups: [], exclusive: { inline: false, attached: false } };
}

function allPolicies(identity: Identity, estate: Estate): readonly PlacedPolicy[] {
  if (identity.groups.length === 0) return identity.policies;
  const ofGroups = identity.groups.flatMap((key) => {
    const group = estate.identities.get(key);
    if (group === undefined) return [];
    return group.place === undefined ? [...group.policies, unreadGroup(identity, group)] : group.policies;
  });
  return [...identity.policies, ...ofGroups];
}

/**
 * A placeholder for the policies of a group that the plan does not manage. The plan shows at most some of these
 * policies.
 */
function unreadGroup({ place, name }: Identity, { name: group }: Identity): PlacedPolicy {
  return {
    place: { address: place?.address ?? name, attribute: 'groups' },
    group,
    document: { kind: 'unknown', why: `the group ${group} is not managed by this plan` },
  };
}

function boundaryOf(identity: Identity | undefined): readonly PlacedPolicy[] {
  return identity?.boundary === undefined ? [] : [identity.boundary];
}

/**
 * ARNs of policies that are referred to both before and after the change, but whose text the plan does not contain. The
 * plan does not change these policies.
 */
function namedOnBoth(before: readonly PlacedPolicy[], after: readonly PlacedPolicy[]): string[] {
  const named = (policies: readonly PlacedPolicy[]) =>
    policies.flatMap(({ arn, document, place }) =>
      arn !== undefined && document.kind === 'unknown' && onlyNamed(place) ? [[arn, document.why] as const] : [],
    );
  const earlier = new Map(named(before));
  return named(after).flatMap(([arn, why]) => (earlier.get(arn) === why ? [arn] : []));
}

/** Whether a location in the plan is that of a policy attachment instead of the policy itself. */
function onlyNamed({ attribute }: Place): boolean {
  return attribute === undefined || !/policy$|json$/.test(attribute) || attribute === 'permissions_boundary';
}
