/**
 * The IAM policy language: documents, ARNs, globs, the action catalogue, quotas. Imports no other package of Leasehold.
 */
export {
  type ActionAccess,
  accessOf,
  accessUnder,
  escalation,
  identityRead,
  needsNoPermission,
  runsSql,
  sensitiveRead,
  sensitiveReadsAmong,
} from './access';
export { type ActionPattern, compileActionPattern, hasWildcard, parseActionPattern } from './action-pattern';
export { type Arn, formatArn, isArn, isKnownRegion, parseArn, partitionOf } from './arn';
export { overlaps, resourcePattern } from './arn-overlap';
export { loadCatalogue, loadCatalogueFor, loadWholeCatalogue } from './catalogue';
export type {
  AccessLevel,
  ActionInfo,
  Catalogue,
  ConditionKeyInfo,
  ConditionKeyLookup,
  ConditionKeyType,
  ResourceTypeInfo,
} from './catalogue-types';
export {
  type Comparison,
  type Containment,
  compare,
  insideBoundary,
  insideEnvelope,
  type Permissions,
  type Widened,
} from './compare/compare';
export { type GainedAction, type GainOptions, type Gains, gainedActions, type UndecidedAction } from './compare/gains';
export type { CompareOptions } from './compare/options';
export { API_NAMES, type ApiName } from './data/api-names';
export { DOCUMENT_QUOTAS, type DocumentKind, type DocumentQuota } from './data/document-quotas';
export { ESCALATIONS } from './data/escalation';
export type { EscalationEntry, EscalationKind } from './data/escalation-entry';
export {
  COUNT_QUOTAS,
  DURATION_QUOTAS,
  type DurationQuota,
  type Quota,
  TEXT_QUOTAS,
  type TextQuota,
} from './data/iam-quotas';
export { IDENTITY_SERVICES } from './data/identity-reads';
export { isPartition, type Partition } from './data/partition';
export { servicesTaking } from './data/passed-services';
export type { SensitiveKind, SensitiveReadEntry } from './data/sensitive-reads';
export { SENSITIVE_READS } from './data/sensitive-reads';
export { servicesMeant } from './data/service-aliases';
export type { SourcedAction } from './data/sources';
export { SQL_WITHOUT_USER, type SqlAction } from './data/sql';
export {
  type ConditionBlock,
  type ConditionValue,
  many,
  type OneOrMany,
  oneOrMany,
  type PolicyDocument,
  type PrincipalBlock,
  type Statement,
} from './document';
export {
  type Context,
  type Explanation,
  evaluate,
  explain,
  type FaultCode,
  type FaultSource,
  isDerivedKey,
  keysRead,
  type Lack,
  type Mismatch,
  nameOf,
  type Outcome,
  type Policies,
  type Policy,
  type PolicyDocuments,
  PolicyError,
  type PolicyKind,
  type PolicyRef,
  type Principal,
  parsePolicy,
  prepare,
  type Request,
  type ServiceRule,
  type StatementNote,
  type StatementRef,
  sessionArn,
  type Verdict,
  variablesIn,
} from './evaluate';
export { inRange, type Range, readRange } from './evaluate/values';
export {
  compileGlob,
  compileTokens,
  foldAscii,
  type GlobMatcher,
  type GlobOptions,
  type GlobToken,
  parseGlob,
} from './glob';
export { Memory } from './memory';
export { nearest } from './nearest';
export { type OperatorForm, readOperatorForm } from './operator-form';
export { type Packed, packedPercent, packsWithin } from './packed-size';
export { type PermittedAction, type PermittingStatement, type Powers, powersIn } from './powers';
export { checkSize, type DocumentLike, policySize, refusedCharacters, type SizeCheck } from './quotas';
