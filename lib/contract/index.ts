/** The wire contract between the broker and its clients. Every object is closed: an unknown field is rejected. */

export {
  type AdministrationRecord,
  administrationRecord,
  type BudgetList,
  budgetList,
  type GroupList,
  groupList,
  type RevocationList,
  revocationList,
} from './administration';
export {
  type Collected,
  collected,
  consoleAddress,
  type PrincipalList,
  type PrincipalView,
  type Proposal,
  principalList,
  principalView,
  proposal,
  type RequestAnswer,
  type RevocationAnswer,
  type RoleList,
  type RoleReach,
  type RoleView,
  requestAnswer,
  revocationAnswer,
  roleList,
} from './answer';
export {
  type Consent,
  type IssueCodeBody,
  issueCodeBody,
  type KeyRecord,
  keyRecord,
  type NonceAnswer,
  nonceAnswer,
  type RegisterKeyBody,
  type RemoveKeyBody,
  registerKeyBody,
  removeKeyBody,
} from './consent';
export { CONSOLE_SETTINGS_PATH, type ConsoleSettings, consoleSettings } from './console-settings';
export type { StoredEvent } from './event';
export { EVERYWHERE, EXCHANGES, type Exchange } from './exchange';
export {
  type EventList,
  eventList,
  type LeaseList,
  type LeaseView,
  leaseList,
  leaseView,
} from './lease';
export { PROBLEM_CODES, PROBLEM_STATUS, type Problem, type ProblemCode, problem } from './problem';
export {
  type ApproveBody,
  approveBody,
  type DenyBody,
  denyBody,
  HASH,
  IDEMPOTENCY_KEY,
  LEASE_ID,
  type LeasesQuery,
  LONGEST_LIST,
  LONGEST_WAIT,
  leaseQuery,
  leasesQuery,
  PRINCIPAL_NAME,
  type PrincipalBody,
  type ProposeBody,
  principalBody,
  proposeBody,
  type RequestBody,
  type RevokeBody,
  type RevokeManyBody,
  recordQuery,
  requestBody,
  revokeBody,
  revokeManyBody,
} from './request';
export { reasonTag } from './text';
