/** Reasons why an event cannot be appended to a lease. */
import type { ProblemCode } from '@leasehold/contract';
import { LeaseholdError } from '@leasehold/contract/error';
import { PROBLEM_WORDS } from '../problem-words';
import type { LeaseEvent } from './event';
import type { LeaseState } from './table';

export type LeaseFaultCode =
  /**
   * The event has a wrong number, lease id or hash link, because another writer appended an event first or somebody
   * edited the list.
   */
  | 'out-of-sequence'
  /** The event is not possible in the current state of the lease. */
  | 'wrong-state'
  /** The event refers to a grant other than the current one. */
  | 'another-grant'
  /** The approver is not among the permitted approvers. */
  | 'not-an-approver'
  /** The approver requested the lease. Nobody may approve their own lease. */
  | 'own-lease'
  /** This approver has already approved. */
  | 'said-already'
  /** The lease is collected by a caller who did not request it. */
  | 'not-the-requester'
  /**
   * The lease was first collected more than a minute ago, so it cannot be collected again, even if the response was
   * lost.
   */
  | 'collected-already'
  /** The approval must be signed with a passkey. */
  | 'consent-required'
  /** The signature is for a different statement, or its nonce was used before. */
  | 'consent-invalid'
  /** The event contradicts the events before it. */
  | 'malformed'
  /** The broker's function did not write the event. */
  | 'unauthentic';

/**
 * Maps a fault to the problem code that is reported to callers. A caller cannot correct faults in the events
 * themselves.
 */
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

/** The error for an event that cannot be appended, or for a stored list of events that cannot be trusted. */
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

/** The error for a stored list with events that the broker's function did not write. */
export class Unauthentic extends LeaseFault {
  constructor(
    /** The whole stored list. */
    readonly events: readonly LeaseEvent[],
    /** Sequence numbers of the events that another AWS principal wrote. */
    readonly sequences: readonly number[],
  ) {
    super('unauthentic', `Events ${sequences.join(', ')} were not written by the broker's function.`);
  }
}
