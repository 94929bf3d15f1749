/**
 * Determines, from CloudTrail events, which permissions of the leases were used, and proposes narrower roles.
 * Read-only.
 */
export { TrailError, type TrailErrorCode } from './error';
export { type Gathered, type GatherOptions, gather, type Progress } from './gather';
export { lakeUnits } from './lake/folder';
export type { LakeQuery } from './lake/query';
export {
  type DefinitionFile,
  type Proposal,
  type ProposeOptions,
  propose,
  type RefusedChange,
} from './propose/propose';
export type { Kept, Removal, StatementRemoval } from './propose/removals';
export { folderUnits } from './read/folder';
export { earliestLookup, type LookupOptions, lookupUnits } from './read/lookup';
export type { ProblemKind, TrailProblem } from './read/problem';
export { type BucketOptions, bucketUnits } from './read/s3';
export type { StreamReader } from './read/stream';
export { accountInPath, type SourceKind, type TrailUnit } from './read/unit';
export type { Unpacked } from './read/unpack';
export type { RoleInEnvironment } from './record/attribution';
export type { ClaimOptions } from './report/claims';
export { askedAndGranted, usageJson } from './report/json';
export {
  joinLeaseRecords,
  type LeaseRecord,
  type LeaseRecords,
  readLeaseRecords,
  recordsOf,
  type VerifyRecord,
} from './report/records';
export { type EventDataStore, type NamedText, Recorders, readRecorders, type Selectors } from './report/selectors';
export { type EntryStatus, type EntryUsage, type RoleUsage, usageOf } from './report/usage';
export { type Coverage, gaps } from './tally/coverage';
export { StateFile } from './tally/state-file';
export type { DenialTally, LeaseTally, RoleTally } from './tally/tally';
export type { Use } from './tally/use';
