/** `@leasehold/runtime`: lease one AWS role, for one reason, for minutes. */

export { Approval, type ApprovalChannel, type ApprovalRequest, type Permission } from './approval';
export { approvalLines } from './approval-text';
export { LeaseError, type LeaseErrorCode } from './errors';
export type {
  Attenuation,
  Grant,
  Lease,
  LeaseClient,
  LeaseClientOptions,
  LeaseRequest,
  Narrowing,
} from './lease-client';
export type { AgentEntry, Manifest, RoleEntry } from './manifest';
