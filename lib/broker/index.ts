/**
 * The broker's core as pure functions: no AWS, no clock, no randomness. Code outside the core cannot permit more than
 * the core decided.
 */
export { type BudgetLeft, budgetLeft } from './budget';
export { canonicalJson, hashOf, type Json } from './canonical';
export { REVOCATIONS, settingsRecordOf } from './consent/administration';
export { readAdministrationPages } from './consent/administration-pages';
export { exportText } from './consent/export-text';
export { namedPeople, readPeopleRecords } from './consent/people-records';
export { environmentKey } from './consent/statement';
export { type VerifiedAct, type VerifiedAdministration, verifyAdministration } from './consent/verify-administration';
export type { VerifiedDecision } from './consent/verify-decisions';
export { type VerifiedExport, type VerifiedLease, verifyExport } from './consent/verify-export';
export { type TrustedKey, type VerifiedKeys, verifyKeys } from './consent/verify-keys';
export { type Built, buildGrant, type GrantContext, type GrantProblem, type Selection } from './grant/build-grant';
export { type Grant, grantHash } from './grant/grant';
export { type Approver, isOwnLease, type Requester, type RequestIdentity, type Subject } from './identity';
export {
  type DenialCode,
  type EventBody,
  type EventType,
  eventHash,
  type LeaseEvent,
  nextEvent,
  type Review,
} from './lease/event';
export { LeaseFault, type LeaseFaultCode } from './lease/fault';
export { append, COLLECT_AGAIN, type FoldedLease, fold, type Proposal, stateAt } from './lease/fold';
export { type LeaseRecord, readRecord } from './lease/record';
export { type Actor, actorOf, actorsOf, LEASE_STATES, type LeaseState } from './lease/table';
export type { Answered, ReviewerPort, Telemetry } from './ports';
export { type BrokeredRole, boundValue, brokeredRoles, isEligible } from './rules';
export { answerSchema, type ReviewerAnswer, RISKS, readAnswer } from './verdict/answer';
export {
  type Granted,
  type Invalid,
  type Offer,
  type RequestedScope,
  type Validated,
  validate,
  withoutReviewer,
} from './verdict/validate';
