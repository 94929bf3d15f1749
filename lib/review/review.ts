/** What a review of a plan says. Renderers read this and nothing else. */
import type { AccessLevel, Statement } from '@leasehold/policy';
import type { Place } from './model';

/** From the least to the most. */
export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Something that a reviewer should know. */
export interface ReviewFinding {
  /** Stable kebab-case id; its page is `docs/findings/<id>.md`. */
  readonly id: string;
  readonly severity: Severity;
  readonly place: Place;
  /** What: one sentence that names the value. */
  readonly message: string;
  /** Why it matters: one sentence. */
  readonly why: string;
  /** How to fix it: one imperative sentence. */
  readonly hint: string;
  /** Key of the identity that it is about. */
  readonly identity?: string;
}

/** Access gained or lost in one service at one level. */
export interface AccessChange {
  readonly service: string;
  readonly level: AccessLevel | 'unknown';
  /** Sorted action names, patterns where the catalogue does not know them. */
  readonly actions: readonly string[];
  /** Resource patterns on which; sorted. */
  readonly resources: readonly string[];
}

/** What became of one identity's permissions. */
export type PermissionChange =
  | { readonly kind: 'same' }
  | { readonly kind: 'narrowed' }
  /** `witness` is one thing that it can do now, for example `s3:DeleteObject on arn:aws:s3:::hermes-prod-deploy/*`. */
  | { readonly kind: 'widened'; readonly witness: string }
  /** Counts as widened. */
  | { readonly kind: 'unknown'; readonly why: string };

/** One identity before and after. */
export interface IdentityReview {
  readonly key: string;
  readonly kind: 'user' | 'role' | 'group';
  readonly name: string;
  readonly place?: Place;
  readonly state: 'new' | 'changed' | 'removed' | 'same';
  readonly permissions: PermissionChange;
  readonly gained: readonly AccessChange[];
  readonly lost: readonly AccessChange[];
  /** How the trust changed, in sentences; empty when it did not. */
  readonly trust: readonly string[];
  /** Boundary, session length, groups, exclusivity: sentences. */
  readonly other: readonly string[];
}

/** Statements of one policy that differ, old beside new. */
export interface ComparedStatements {
  readonly place: Place;
  /** A side is absent where the statement is new or gone. */
  readonly pairs: readonly { readonly before: Statement | undefined; readonly after: Statement | undefined }[];
}

/** Who can reach what: nodes and edges of the Mermaid graphs. */
export interface AccessGraph {
  readonly nodes: readonly {
    readonly id: string;
    readonly label: string;
    readonly kind: 'principal' | 'role' | 'service';
  }[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly label: string }[];
}

/** The review of one plan. */
export interface Review {
  /** One sentence for the first line, for example "1 role gains write access; 2 findings, worst high". */
  readonly verdict: string;
  readonly worst: Severity | undefined;
  /** Changed identities first, then new ones, then removed; unchanged ones are not listed. */
  readonly identities: readonly IdentityReview[];
  /** Worst first, then by address. */
  readonly findings: readonly ReviewFinding[];
  /** What differs in the trusts and resource policies that findings are about. */
  readonly statements: readonly ComparedStatements[];
  /** What could not be read, and counts as widened. */
  readonly unknowns: readonly { readonly place: Place; readonly why: string }[];
  readonly graph: { readonly before: AccessGraph; readonly after: AccessGraph };
  readonly terraform: string;
  /** Counts for the footer. */
  readonly seen: { readonly resources: number; readonly identities: number; readonly policies: number };
}
