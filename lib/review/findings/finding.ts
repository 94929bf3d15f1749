/** The parts of a finding, and the input of a check. */
import { defined } from '@leasehold/contract/defined';
import { listInWords } from '@leasehold/contract/text';
import type { Catalogue } from '@leasehold/policy';
import type { DeclaredRole } from '../declared-roles';
import type { IdentityDiff } from '../diff/identity-diff';
import type { Place, PlannedAccess, ResourcePolicy, Watched } from '../model';
import type { ReviewFinding, Severity } from '../review';

/** A kind of finding. It is documented in `docs/findings/<id>.md`. */
export interface FindingKind {
  /** Stable kebab-case id. */
  readonly id: string;
  /** The problem, as a sentence without a full stop. */
  readonly title: string;
  /** The possible severities, with the usual severity first. */
  readonly severities: readonly [Severity, ...Severity[]];
  /** Why the finding matters: one sentence. */
  readonly why: string;
  /** How to fix the problem: one imperative sentence. */
  readonly hint: string;
}

/** An item that the plan changes, in its state before and after the change. */
export interface Change<T> {
  readonly key: string;
  readonly before: T | undefined;
  readonly after: T | undefined;
}

/** The input of the checks. It does not include unchanged parts of the plan. */
export interface ReviewContext {
  readonly access: PlannedAccess;
  /** Identities that are new, changed or removed. */
  readonly diffs: readonly IdentityDiff[];
  readonly resourcePolicies: readonly Change<ResourcePolicy>[];
  readonly watched: readonly Change<Watched>[];
  /** The ids of the plan's own accounts, with twelve digits each. */
  readonly accounts: ReadonlySet<string>;
  /** The subset of {@link accounts} that an existing resource, the deployed manifest or the user's input proves. */
  readonly proven: ReadonlySet<string>;
  /**
   * Accounts for which the plan's providers are the only evidence. These accounts do not count as the plan's own
   * accounts.
   */
  readonly claimed: ReadonlySet<string>;
  /** ARNs of the plan's own buckets, which contain no account. */
  readonly ownResources: Pick<ReadonlySet<string>, 'has'>;
  /** Roles as the definitions declare them. Empty if no definitions were read. */
  readonly declaredRoles: readonly DeclaredRole[];
  readonly catalogue: Catalogue;
  /** Maximum number of steps for one comparison. */
  readonly steps: number;
  /** The day of the review, for example `2026-11-22`. Waivers that end before this day have expired. */
  readonly today: string;
  /** Whether Leasehold generated the configuration. */
  readonly leasehold: boolean;
}

/** A check: the kinds of findings that it reports, and the function that produces the findings. */
export interface Check {
  readonly kinds: readonly FindingKind[];
  find(context: ReviewContext): Iterable<ReviewFinding>;
}

/** One occurrence of a finding. */
export interface Case {
  readonly place: Place;
  /** One sentence that contains the affected value. */
  readonly message: string;
  /** Key of the identity to which this occurrence applies. */
  readonly identity?: string;
  /** @default the usual severity of this kind of finding */
  readonly severity?: Severity;
  /** @default the hint of the finding kind */
  readonly hint?: string;
}

/** Creates the finding for an occurrence. */
export function finding(
  kind: FindingKind,
  { place, message, identity, severity, hint = kind.hint }: Case,
): ReviewFinding {
  const { id, why, severities } = kind;
  const about = defined({ identity });
  return { id, severity: severity ?? severities[0], place, message, why, hint, ...about };
}

/** The location in the plan of an identity or of one of its attributes. */
export function placeOf(diff: IdentityDiff, attribute?: string): Place {
  const place = diff.identity.place ?? diff.identity.policies[0]?.place ?? { address: diff.identity.name };
  return attribute === undefined ? place : { address: place.address, attribute };
}

/** An identity in words, for example `role hermes-dev-s3-deploy`. */
export function nameOf({ identity }: IdentityDiff): string {
  return `${identity.kind} ${identity.name}`;
}

/** The first entries of a list in words: `a, b and 3 more`. */
export function listOf(items: readonly string[], most = 5): string {
  return listInWords(items, { most });
}
