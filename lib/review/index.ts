/**
 * Reviews a Terraform plan: reports what each identity could do that it cannot do now, and which of these new
 * permissions are dangerous.
 */
export type { DeclaredHanding, DeclaredRole } from './declared-roles';
export { plannedAccess } from './estate';
export { findingKinds } from './findings/list';
export { loadPlan, PlanError, readPlan } from './plan';
export { type FindingGroup, type GroupedMessage, groupFindings } from './render/groups';
export { reviewJson } from './render/json';
export { isReviewName, reviewMarkdown, worstOf } from './render/markdown';
export { addressOf, shownJson } from './render/plan-text';
export { reviewSarif, type SourceLine } from './render/sarif';
export { type StatementRow, statementRows } from './render/statement-rows';
export {
  type AccessChange,
  type ComparedStatements,
  type IdentityReview,
  type Review,
  type ReviewFinding,
  SEVERITIES,
  type Severity,
} from './review';
export { reviewPlan } from './review-plan';
