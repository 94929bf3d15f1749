/** Why an event cannot be appended to a lease. */
import type { ProblemCode } from '@leasehold/contract';
import { LeaseholdError } from '@leasehold/contract/error';
import { PROBLEM_WORDS } from '../problem-words';
import type { LeaseEvent } from './event';
import type { LeaseState } from './table';

export type LeaseFaultCode =
  /** Its number, its lease or its link to the event before is wrong: somebody else was first, or the list was edited. */
  | 'out-of-sequence'
  /** It cannot happen in the lease's state. */
  | 'wrong-state'
  /** It speaks of another grant than the one that stands. */
  | 'another-grant'
  /** The approver is not among those who may. */
  | 'not-an-approver'
  /** Nobody approves their own lease. */
  | 'own-lease'
  /** This approver has said yes already. */
  | 'said-already'
  /** Somebody else collects. */
  | 'not-the-requester'
  /** The minute in which a lost answer can be collected again is over. */
  | 'collected-already'
  /** The event contradicts what it rests on. */
  | 'malformed'
  /** It was not written by the broker's function. */
  | 'unauthentic';

/** The problem that a fault amounts to for a caller, who can fix nothing where the events themselves are wrong. */
const TOLD_AS: Readonly<Record<LeaseFaultCode, ProblemCode>> = {
  'out-of-sequence': 'version-conflict',
  'wrong-state': 'wrong-state',
  'another-grant': 'another-grant',
  'not-an-approver': 'not-an-approver',
  'own-lease': 'own-lease',
  'said-already': 'said-already',
  'not-the-requester': 'not-the-requester',
  'collected-already': 'collected-already',
  malformed: 'broken-record',
  unauthentic: 'broken-record',
};

/** An event that cannot be appended; for stored events, a list that cannot be trusted. */
export class LeaseFault extends LeaseholdError<LeaseFaultCode> {
  override readonly name = 'LeaseFault';

  constructor(
    code: LeaseFaultCode,
    message: string,
    /** The state in which it cannot happen. */
    readonly state?: LeaseState,
  ) {
    super({ code, message, hint: PROBLEM_WORDS[TOLD_AS[code]].hint });
  }
}

/** A stored list of events of which some were not written by the broker's function. */
export class Unauthentic extends LeaseFault {
  constructor(
    /** The whole list, as it is stored. */
    readonly events: readonly LeaseEvent[],
    /** Sequences of those that were written by somebody else. */
    readonly sequences: readonly number[],
  ) {
    super('unauthentic', `Events ${sequences.join(', ')} were not written by the broker's function.`);
  }
}
