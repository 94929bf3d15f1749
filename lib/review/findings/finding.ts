/** What a finding is made of, and what a check is given. */
import type { Catalogue } from '@leasehold/policy';
import type { IdentityDiff } from '../diff/identity-diff';
import type { Place, PlannedAccess, ResourcePolicy, Watched } from '../model';
import type { ReviewFinding, Severity } from '../review';

/** A kind of finding. Its page is `docs/findings/<id>.md`. */
export interface FindingKind {
  /** Stable, kebab-case. */
  readonly id: string;
  /** What is wrong, as a sentence without a full stop. */
  readonly title: string;
  /** The severities that it is reported at, the usual one first. */
  readonly severities: readonly [Severity, ...Severity[]];
  /** Why it matters: one sentence. */
  readonly why: string;
  /** How to fix it: one imperative sentence. */
  readonly hint: string;
}

/** Something that the plan changes, on both sides. */
export interface Change<T> {
  readonly key: string;
  readonly before: T | undefined;
  readonly after: T | undefined;
}

/** What the checks look at. Whatever the plan leaves as it is, is no part of it. */
export interface ReviewContext {
  readonly access: PlannedAccess;
  /** Identities that are new, changed or removed. */
  readonly diffs: readonly IdentityDiff[];
  readonly resourcePolicies: readonly Change<ResourcePolicy>[];
  readonly watched: readonly Change<Watched>[];
  /** Accounts that are the plan's own, twelve digits. */
  readonly accounts: ReadonlySet<string>;
  readonly catalogue: Catalogue;
  /** Steps that one comparison may take. */
  readonly steps: number;
  /** `2026-11-22`: waivers that end before it have run out. */
  readonly today: string;
  /** Whether the configuration was made by Leasehold. */
  readonly leasehold: boolean;
}

/** A check: the kinds of finding it reports, and how it finds them. */
export interface Check {
  readonly kinds: readonly FindingKind[];
  find(context: ReviewContext): Iterable<ReviewFinding>;
}

/** What is said of one case of a kind. */
export interface Case {
  readonly place: Place;
  /** One sentence that names the value. */
  readonly message: string;
  /** Key of the identity that it is about. */
  readonly identity?: string;
  /** @default the usual one of the kind */
  readonly severity?: Severity;
  /** @default that of the kind */
  readonly hint?: string;
}

/** The finding of a case. */
export function finding(
  kind: FindingKind,
  { place, message, identity, severity, hint = kind.hint }: Case,
): ReviewFinding {
  const { id, why, severities } = kind;
  const about = identity === undefined ? {} : { identity };
  return { id, severity: severity ?? severities[0], place, message, why, hint, ...about };
}

/** Where an identity stands, or something of it. */
export function placeOf(diff: IdentityDiff, attribute?: string): Place {
  const place = diff.identity.place ?? diff.identity.policies[0]?.place ?? { address: diff.identity.name };
  return attribute === undefined ? place : { address: place.address, attribute };
}

/** An identity in words, for example `role hermes-dev-s3-deploy`. */
export function nameOf({ identity }: IdentityDiff): string {
  return `${identity.kind} ${identity.name}`;
}

/** Some of a list in words: `a, b and 3 more`. */
export function listOf(items: readonly string[], most = 5): string {
  const shown = items.slice(0, most);
  const more = items.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
