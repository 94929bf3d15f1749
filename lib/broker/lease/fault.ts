/** Why an event cannot be appended to a lease. */
import type { ProblemCode } from '@leasehold/contract';
import { LeaseholdError } from '@leasehold/contract/error';
import { PROBLEM_WORDS } from '../problem-words';
import type { LeaseEvent } from './event';
import type { LeaseState } from './table';

export type LeaseFaultCode =
  /**
   * Its number, its lease or its link to the event before is wrong: another writer was first, or the list was edited.
   */
  | 'out-of-sequence'
  /** The event is not possible in the lease's state. */
  | 'wrong-state'
  /** It refers to another grant than the current one. */
  | 'another-grant'
  /** The approver is not among the permitted approvers. */
  | 'not-an-approver'
  /** Nobody approves their own lease. */
  | 'own-lease'
  /** This approver has already approved. */
  | 'said-already'
  /** Someone other than the requester collects. */
  | 'not-the-requester'
  /** The minute in which a lost answer can be collected again is over. */
  | 'collected-already'
  /** The approval must be signed with a passkey. */
  | 'consent-required'
  /** The signature is for another statement, or its nonce was used before. */
  | 'consent-invalid'
  /** The event contradicts the events before it. */
  | 'malformed'
  /** The broker's function did not write it. */
  | 'unauthentic';

/** The problem that a fault is reported as. A caller can do nothing about faults in the events themselves. */
const TOLD_AS: Readonly<Record<LeaseFaultCode, ProblemCode>> = {
  'out-of-sequence': 'version-conflict',
  'wrong-state': 'wrong-state',
  'another-grant': 'another-grant',
  'not-an-approver': 'not-an-approver',
  'own-lease': 'own-lease',
  'said-already': 'said-already',
  'not-the-requester': 'not-the-requester',
  'collected-already': 'collected-already',
  'consent-required': 'consent-required',
  'consent-invalid': 'consent-invalid',
  malformed: 'broken-record',
  unauthentic: 'broken-record',
};

/** An event that cannot be appended or, among stored events, a list that cannot be trusted. */
export class LeaseFault extends LeaseholdError<LeaseFaultCode> {
  override readonly name = 'LeaseFault';

  constructor(
    code: LeaseFaultCode,
    message: string,
    /** The state in which the event is not possible. */
    readonly state?: LeaseState,
  ) {
    super({ code, message, hint: PROBLEM_WORDS[TOLD_AS[code]].hint });
  }
}

/** A stored list of events of which the broker's function did not write some. */
export class Unauthentic extends LeaseFault {
  constructor(
    /** The whole stored list. */
    readonly events: readonly LeaseEvent[],
    /** Sequence numbers of the events that another principal wrote. */
    readonly sequences: readonly number[],
  ) {
    super('unauthentic', `Events ${sequences.join(', ')} were not written by the broker's function.`);
  }
}
