/** The IAM policy language: documents, ARNs, globs, the action catalogue, quotas. Depends on nothing else of Leasehold. */
export { type ActionPattern, compileActionPattern, hasWildcard, parseActionPattern } from './action-pattern';
export { type Arn, formatArn, isArn, isKnownRegion, type Partition, parseArn, partitionOf } from './arn';
export { loadCatalogue, loadWholeCatalogue } from './catalogue';
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
  type ConditionBlock,
  type ConditionValue,
  many,
  type OneOrMany,
  type PolicyDocument,
  type PrincipalBlock,
  type Statement,
} from './document';
export {
  compileGlob,
  compileTokens,
  foldAscii,
  type GlobMatcher,
  type GlobOptions,
  type GlobToken,
  parseGlob,
} from './glob';
