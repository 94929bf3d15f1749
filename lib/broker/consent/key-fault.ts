/** Why an event cannot be appended to a person's record of keys. */
import type { ProblemCode } from '@leasehold/contract';
import { LeaseholdError } from '@leasehold/contract/error';
import { PROBLEM_WORDS } from '../problem-words';

export type KeyFaultCode =
  | 'out-of-sequence'
  | 'malformed'
  /** The assertion is for another statement. */
  | 'another-statement'
  | 'nonce-used'
  /** No code can be used: none was issued, or it was used, has expired, or was guessed at too often. */
  | 'no-code'
  /** The person has a key, which signs the next one. */
  | 'has-key'
  /** The passkey is or was registered. */
  | 'key-exists'
  | 'no-such-key'
  | 'too-many-keys'
  /** The broker's function did not write an event. */
  | 'unauthentic';

/** The problem that a fault is reported as. */
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

/** An event that cannot follow, or a stored list that cannot be trusted. */
export class KeyFault extends LeaseholdError<KeyFaultCode> {
  override readonly name = 'KeyFault';
  /** The problem that callers are told. */
  readonly problem: ProblemCode;

  constructor(code: KeyFaultCode, message: string) {
    super({ code, message, hint: PROBLEM_WORDS[TOLD_AS[code]].hint });
    this.problem = TOLD_AS[code];
  }
}
