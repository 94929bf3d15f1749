/** The result of reviewing a plan. Renderers read only this data. */
import type { AccessLevel, Statement } from '@leasehold/policy';
import type { Place } from './model';

/** Severities, from the lowest to the highest. */
export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** A fact that a reviewer should consider. */
export interface ReviewFinding {
  /** Stable kebab-case id. The page of the finding is `docs/findings/<id>.md`. */
  readonly id: string;
  readonly severity: Severity;
  readonly place: Place;
  /** The finding: one sentence that contains the value. */
  readonly message: string;
  /** Why the finding matters: one sentence. */
  readonly why: string;
  /** How to fix the problem: one imperative sentence. */
  readonly hint: string;
  /** Key of the identity to which the finding applies. */
  readonly identity?: string;
}

/** Access at one access level that an identity gained or lost in one service. */
export interface AccessChange {
  readonly service: string;
  readonly level: AccessLevel | 'unknown';
  /** Action names, sorted. Patterns if the catalogue does not contain the actions. */
  readonly actions: readonly string[];
  /** The resource patterns on which the actions are allowed. Sorted. */
  readonly resources: readonly string[];
}

/** How one identity's permissions changed. */
export type PermissionChange =
  | { readonly kind: 'same' }
  | { readonly kind: 'narrowed' }
  /**
   * `witness` is an example of a new permission, for example `s3:DeleteObject on arn:aws:s3:::hermes-prod-deploy/*`.
   */
  | { readonly kind: 'widened'; readonly witness: string }
  /** The permissions could not be compared. This case counts as widened. */
  | { readonly kind: 'unknown'; readonly why: string };

/** One identity before and after the plan. */
export interface IdentityReview {
  readonly key: string;
  readonly kind: 'user' | 'role' | 'group';
  readonly name: string;
  readonly place?: Place;
  readonly state: 'new' | 'changed' | 'removed' | 'same';
  readonly permissions: PermissionChange;
  readonly gained: readonly AccessChange[];
  readonly lost: readonly AccessChange[];
  /** How the trust policy changed, as sentences. Empty if it did not change. */
  readonly trust: readonly string[];
  /** Changes to the boundary, session duration, groups and exclusivity, as sentences. */
  readonly other: readonly string[];
}

/** The statements of one policy that changed, in pairs of old and new. */
export interface ComparedStatements {
  readonly place: Place;
  /** The old statement is absent if the statement is new. The new statement is absent if the statement was removed. */
  readonly pairs: readonly { readonly before: Statement | undefined; readonly after: Statement | undefined }[];
}

/** Which identities can reach which resources: the nodes and edges of the Mermaid graphs. */
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
  /** The verdict: one sentence for the first line, for example "1 role gains write access; 2 findings, worst high". */
  readonly verdict: string;
  readonly worst: Severity | undefined;
  /**
   * The identities: changed identities first, then new identities, then removed identities. Unchanged identities are
   * not listed.
   */
  readonly identities: readonly IdentityReview[];
  /** The findings, sorted by severity (worst first), then by address. */
  readonly findings: readonly ReviewFinding[];
  /** The changed statements of trust policies and resource policies for which there is a finding. */
  readonly statements: readonly ComparedStatements[];
  /** Parts that could not be read. They count as widened. */
  readonly unknowns: readonly { readonly place: Place; readonly why: string }[];
  readonly graph: { readonly before: AccessGraph; readonly after: AccessGraph };
  readonly terraform: string;
  /** Counts for the footer. */
  readonly seen: { readonly resources: number; readonly identities: number; readonly policies: number };
}
