/**
 * Reasons why an event cannot be appended to the record of a person's keys, or to the record of administrators'
 * actions.
 */
import type { ProblemCode } from '@leasehold/contract';
import { LeaseholdError } from '@leasehold/contract/error';
import { PROBLEM_WORDS } from '../problem-words';

export type KeyFaultCode =
  | 'out-of-sequence'
  | 'malformed'
  /** The assertion is for another statement. */
  | 'another-statement'
  | 'nonce-used'
  /**
   * There is no usable code: no code was issued, or the code was used, has expired, or is void because of too many
   * wrong attempts.
   */
  | 'no-code'
  /** The person already has a key. An additional key must be signed with an existing key. */
  | 'has-key'
  /** The passkey is already registered, or was registered earlier. */
  | 'key-exists'
  | 'no-such-key'
  | 'too-many-keys'
  /** An event was not written by the broker's function. */
  | 'unauthentic';

/** Maps a fault to the problem code that is reported to callers. */
const TOLD_AS: Readonly<Record<KeyFaultCode, ProblemCode>> = {
  'out-of-sequence': 'version-conflict',
  malformed: 'broken-record',
  'another-statement': 'consent-invalid',
  'nonce-used': 'consent-invalid',
  'no-code': 'enrolment-refused',
  'has-key': 'enrolment-refused',
  'key-exists': 'enrolment-refused',
  'no-such-key': 'consent-invalid',
  'too-many-keys': 'enrolment-refused',
  unauthentic: 'broken-record',
};

/** The error for an event that cannot be appended, or for a stored list of events that cannot be trusted. */
export class KeyFault extends LeaseholdError<KeyFaultCode> {
  override readonly name = 'KeyFault';
  /** The problem code that is reported to callers. */
  readonly problem: ProblemCode;

  constructor(code: KeyFaultCode, message: string) {
    super({ code, message, hint: PROBLEM_WORDS[TOLD_AS[code]].hint });
    this.problem = TOLD_AS[code];
  }
}
