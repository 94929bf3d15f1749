/** `@leasehold/runtime`: lease one AWS role, for one reason, for minutes. */
export { Approval, type ApprovalChannel, type ApprovalRequest, type Permission } from './approval';
export { approvalLines } from './approval-text';
export { type KeyIdentity, LeaseCredentials, type LeaseCredentialsProvider } from './credentials/lease-credentials';
export {
  assertCleanEnvironment,
  EnvironmentNotClean,
  type OwnCredentials,
} from './environment/assert-clean-environment';
export type { CredentialPlace } from './environment/credential-place';
export { LeaseError, type LeaseErrorCode, LeaseExpired } from './errors';
export { createLeaseClient } from './lease/create-lease-client';
export { configure, lease, withLease } from './lease/default-client';
export type {
  Attenuation,
  Grant,
  Lease,
  LeaseClient,
  LeaseClientOptions,
  LeaseRequest,
  Narrowing,
} from './lease-client';
export type { AgentEntry, Manifest, ManifestPolicy, ParameterEntry, RoleEntry } from './manifest';
export { permissionsOf } from './permissions';
export { readManifest } from './read-manifest';
