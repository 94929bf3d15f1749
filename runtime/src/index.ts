/** `@leasehold/runtime`: leases an AWS role for a few minutes, for a stated reason. */
export {
  Approval,
  type ApprovalChannel,
  type ApprovalContext,
  type ApprovalOutcome,
  type ApprovalRequest,
  type Permission,
} from './approval';
export { type KeyIdentity, LeaseCredentials, type LeaseCredentialsProvider } from './credentials/lease-credentials';
export type { CredentialPlace } from './environment/credential-place';
export type { OwnCredentials } from './environment/own-credentials';
export { BrokerProblem, EnvironmentNotClean, LeaseExpired } from './errors';
export {
  agentLines,
  approvalLines,
  assertCleanEnvironment,
  configure,
  createLeaseClient,
  lease,
  leaseFor,
  permissionsOf,
  readManifest,
  toolsFor,
  withLease,
} from './functions';
export type {
  Attenuation,
  IntentOptions,
  Lease,
  LeaseClient,
  LeaseClientOptions,
  LeaseGrant,
  LeaseRequest,
  Narrowing,
  PendingLease,
} from './lease-client';
export { LeaseError, type LeaseErrorCode } from './lease-error';
export type {
  AgentEntry,
  BrokerEntry,
  BrokeredEntry,
  Manifest,
  ManifestPolicy,
  ParameterEntry,
  RoleEntry,
} from './manifest';
export type { AgentText } from './marked-text';
export type { RoleTool, RoleToolSchema, ToolOptions } from './tools-for';
