/** One identity before and after the plan: changes of its permissions, its trust and its other settings. */
import { defined } from '@leasehold/contract/defined';
import type { Catalogue } from '@leasehold/policy';
import { type Identity, type PlacedPolicy, unreadIn } from '../model';
import type { IdentityReview, PermissionChange } from '../review';
import { type ActionChanges, actionChanges, byServiceAndLevel, worstChange } from './access-change';
import { sameValue } from './equal-values';
import { otherChanges } from './other-changes';
import { type Pair, samePermissions, type Unreadable } from './side';
import { type TrustChange, trustChange, trustInWords } from './trust';

/** An identity that the plan affects. */
export interface IdentityDiff {
  readonly key: string;
  readonly before: Identity | undefined;
  readonly after: Identity | undefined;
  /** The identity after the plan. For a removed identity, the identity before the plan. */
  readonly identity: Identity;
  readonly pair: Pair;
  readonly state: IdentityReview['state'];
  readonly permissions: PermissionChange;
  readonly changes: ActionChanges;
  /**
   * The change of the trust policy. Undefined if the role is new or removed, or if the trust policy is unchanged or
   * cannot be read.
   */
  readonly trust: TrustChange | undefined;
  /**
   * Parts that cannot be read on the side after the plan. They count as widened. Parts that were already unreadable
   * and did not change are not included.
   */
  readonly unknown: readonly Unreadable[];
  readonly review: IdentityReview;
}

export interface DiffOptions {
  readonly catalogue: Catalogue;
  /** Maximum number of steps of one comparison. */
  readonly steps: number;
}

/** Compares both sides of an identity. */
export function diffIdentity(key: string, pair: Pair, options: DiffOptions): IdentityDiff | undefined {
  const [before, after] = [pair.before?.identity, pair.after?.identity];
  const identity = after ?? before;
  if (identity === undefined) return undefined;
  const unknown = unknownNow(pair);
  const same = samePermissions(pair);
  const changes = same ? NO_CHANGES : actionChanges(pair, options.catalogue, options.steps);
  const permissions = same ? SAME : permissionChange(pair, changes, unknown);
  const trust = trustOf(before, after, options);
  const words = trustWords(before, after, trust);
  const other = otherChanges(before, after);
  const quiet = permissions.kind === 'same' && words.length === 0 && other.length === 0;
  const state = stateOf(before, after, quiet);
  return {
    key,
    before,
    after,
    identity,
    pair,
    state,
    permissions,
    changes,
    trust,
    unknown,
    review: {
      key,
      kind: identity.kind,
      name: identity.name,
      ...defined({ place: identity.place }),
      state,
      permissions,
      gained: byServiceAndLevel(changes.gained),
      lost: byServiceAndLevel(changes.lost),
      trust: words,
      other,
    },
  };
}

/** An identity that the plan does not manage exists before and after the plan: it is never new and never removed. */
function stateOf(before: Identity | undefined, after: Identity | undefined, quiet: boolean): IdentityReview['state'] {
  const only = before === undefined ? after : after === undefined ? before : undefined;
  if (only !== undefined && only.place !== undefined) return before === undefined ? 'new' : 'removed';
  return quiet ? 'same' : 'changed';
}

const NO_CHANGES: ActionChanges = { gained: [], lost: [] };
const SAME: PermissionChange = { kind: 'same' };

function permissionChange(pair: Pair, changes: ActionChanges, unknown: readonly Unreadable[]): PermissionChange {
  const { before, after } = pair;
  if (after === undefined) return { kind: 'narrowed' };
  const [first] = unknown;
  if (first !== undefined) {
    return { kind: 'unknown', why: `${first.place.address}: ${first.why}` };
  }
  const gone = goneUnread(pair);
  if (gone !== undefined) {
    return {
      kind: 'unknown',
      why:
        gone.policy.group === undefined
          ? `nobody read ${gone.policy.arn ?? gone.place.address}, which may have denied, and it is gone`
          : `it leaves the group ${gone.policy.group}, which may have denied and is not managed by this plan`,
    };
  }
  const witness = witnessOf(changes);
  if (before === undefined) {
    return witness === undefined ? SAME : { kind: 'widened', witness };
  }
  const { wider, narrower, lost } = changes;
  if (wider?.kind === 'unknown') return { kind: 'unknown', why: wider.reason };
  if (wider?.kind === 'widened') return { kind: 'widened', witness: witness ?? wider.sentence };
  if (wider === undefined && witness !== undefined) return { kind: 'widened', witness };
  const less = narrower === undefined ? lost.length > 0 : narrower.kind === 'widened';
  return less ? { kind: 'narrowed' } : SAME;
}

/** The most dangerous action gained, for example `s3:DeleteObject on arn:aws:s3:::hermes-prod-deploy/*`. */
export function witnessOf({ gained }: ActionChanges): string | undefined {
  const worst = worstChange(gained.filter(({ certain, resources }) => certain && resources.length > 0));
  return worst === undefined ? undefined : `${worst.action} on ${worst.resources[0]}`;
}

/**
 * Parts that cannot be read on the side after the plan. A part that was already unreadable and did not change is not
 * included.
 */
function unknownNow({ before, after }: Pair): readonly Unreadable[] {
  const earlier = before?.unknown ?? [];
  return (after?.unknown ?? []).filter(
    ({ policy, place }) =>
      unreadIn(policy.document) !== undefined &&
      !earlier.some((known) => sameValue(known.policy, policy) && sameValue(known.place, place)),
  );
}

/**
 * A removed policy that could not be read, and that may therefore have contained a deny statement. An AWS-managed
 * policy is included only if its name indicates that it denies something.
 */
function goneUnread({ before, after }: Pair): Unreadable | undefined {
  if (after === undefined) return undefined;
  const left = new Set(after.policies.map(labelOf));
  return before?.unknown.find(({ policy }) => {
    if (policy === before.identity.boundary || left.has(labelOf(policy))) return false;
    return !/^arn:aws[\w-]*:iam::aws:policy\//.test(policy.arn ?? '') || /Deny|Quarantine/.test(policy.arn ?? '');
  });
}

/** A label that distinguishes a policy that was not read from other policies of the same identity. */
function labelOf({ arn, place, group }: PlacedPolicy): string {
  return arn ?? [place.address, place.attribute, group].join(' ');
}

function trustOf(
  before: Identity | undefined,
  after: Identity | undefined,
  { catalogue, steps }: DiffOptions,
): TrustChange | undefined {
  const [earlier, later] = [before?.trust?.document, after?.trust?.document];
  if (earlier?.kind !== 'known' || later?.kind !== 'known') return undefined;
  return trustChange(earlier.value, later.value, { catalogue, steps });
}

function trustWords(
  before: Identity | undefined,
  after: Identity | undefined,
  change: TrustChange | undefined,
): readonly string[] {
  if (change !== undefined) return change.words;
  const [earlier, later] = [before?.trust, after?.trust];
  if (later === undefined || sameValue(earlier?.document, later.document)) return [];
  if (later.document.kind === 'unknown') return [`The trust policy cannot be read: ${later.document.why}.`];
  if (earlier === undefined) return trustInWords(later.document.value);
  return ['Who could open it before cannot be read.', ...trustInWords(later.document.value)];
}
