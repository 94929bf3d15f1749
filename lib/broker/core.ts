/**
 * The part of the broker that browsers and auditors run: the fold of a lease, the hash chain, the statements that
 * people sign, and the verification of signatures. It does not import Node modules or an AWS SDK.
 */
export { canonicalJson, hashOf, type Json } from './canonical';
export {
  type AdministrationEvent,
  type AdministrationState,
  administrationStatement,
  administratorOf,
  noAdministration,
  REVOCATIONS,
  settingsRecordOf,
} from './consent/administration';
export { IncompleteRecord, type ReadAdministration, readAdministrationPages } from './consent/administration-pages';
export { fromBase64url, toBase64url } from './consent/bytes';
export { decisionOf } from './consent/decision';
export { exportText } from './consent/export-text';
export { KeyFault, type KeyFaultCode } from './consent/key-fault';
export {
  administratorKeysAt,
  CODE_SECONDS,
  creationStatement,
  foldKeys,
  isUsableAt,
  type KeyEvent,
  type KeyEventBody,
  keyRecordOf,
  keyStatement,
  keysAt,
  liveKeys,
  noKeys,
  type PersonKeys,
  type RecordedKey,
  thumbprint,
  usableCode,
} from './consent/key-record';
export { CODE_BYTES, codeHash, codeUntil, type OneTimeCode, oneTimeCode } from './consent/one-time-code';
export {
  canSignCodes,
  type PersonPasskeys,
  type PersonRecord,
  verifyPeople,
} from './consent/people-keys';
export { namedPeople, readPeopleRecords } from './consent/people-records';
export {
  type Expected,
  type SignatureFault,
  type SignatureResult,
  verifySignature,
} from './consent/signature';
export {
  type ConsentStatement,
  challengeOf,
  consentStatement,
  environmentKey,
  type KeyStatement,
  type PrincipalStatement,
  type RevocationStatement,
  type Statement,
  statementText,
} from './consent/statement';
export {
  type ReceivedAdministration,
  type VerifiedAct,
  type VerifiedAdministration,
  verifyAdministration,
} from './consent/verify-administration';
export { reusedCounters, type VerifiedDecision, verifyDecisions } from './consent/verify-decisions';
export { type VerifiedExport, type VerifiedLease, verifyExport } from './consent/verify-export';
export { type ReceivedKeys, type TrustedKey, type VerifiedKeys, verifyKeys } from './consent/verify-keys';
export { LONGEST_BLOCK } from './durations';
export { type Grant, grantHash } from './grant/grant';
export { isOwnLease } from './identity';
export { type EventBody, eventHash, type LeaseEvent } from './lease/event';
export { LeaseFault, type LeaseFaultCode } from './lease/fault';
export { append, type FoldedLease, fold, isCollectable, type Proposal, stateAt } from './lease/fold';
export { type LeaseRecord, readRecord } from './lease/record';
export { type Actor, actorsOf, LEASE_STATES, type LeaseState } from './lease/table';
export { type ApprovalRules, approvalWords, mayNeedApproval } from './words/approval';
export { type EventWords, eventWords, proofText } from './words/events';
export type { Fact } from './words/facts';
export {
  conditionWords,
  type GrantContext,
  grantFacts,
  UnshownGrant,
  type UntrustedText,
  untrustedTexts,
  type WaitingGrant,
  waitingFacts,
} from './words/grant';
export { type Choice, requestableFacts, rolePermissions } from './words/requestable';
