/** Converts a refusal by the broker to the error codes of the runtime. */
import type { Problem, ProblemCode } from '@leasehold/contract';
import { clipped } from '@leasehold/contract/text';
import type { LeaseErrorCode } from '../lease-error';

/** Maximum number of characters in a sentence from the broker. The sentence may contain the output of a model. */
const LONGEST = 2000;

/** The code, message and hint of a problem, without terminal control characters. */
export function refusalOf({ code, detail, hint, retryable }: Problem): {
  readonly code: LeaseErrorCode;
  readonly message: string;
  readonly hint: string;
} {
  return { code: leaseCode(code, retryable), message: clipped(detail, LONGEST), hint: clipped(hint, LONGEST) };
}

/** If a token could not be verified because the issuer's keys were unreachable, the code is `unavailable`. */
function leaseCode(code: ProblemCode, retryable: boolean): LeaseErrorCode {
  return code === 'subject-invalid' && retryable ? 'unavailable' : LEASE_CODES[code];
}

const LEASE_CODES = {
  malformed: 'invalid-request',
  'unsupported-media-type': 'invalid-request',
  'too-large-body': 'invalid-request',
  'sign-in-invalid': 'denied',
  forbidden: 'denied',
  'not-found': 'invalid-request',
  'subject-invalid': 'denied',
  'key-reused': 'invalid-request',
  'version-conflict': 'invalid-request',
  'consent-required': 'denied',
  'consent-invalid': 'denied',
  'enrolment-refused': 'denied',
  'last-key': 'denied',
  'not-eligible': 'denied',
  'invalid-request': 'invalid-request',
  'over-budget': 'denied',
  'outside-hours': 'denied',
  'reviewer-denied': 'denied',
  'reviewer-failed': 'denied',
  'outside-envelope': 'denied',
  'too-large': 'invalid-request',
  'approver-denied': 'denied',
  'wrong-state': 'denied',
  'another-grant': 'denied',
  'not-an-approver': 'denied',
  'own-lease': 'denied',
  'said-already': 'denied',
  'not-the-requester': 'denied',
  'collected-already': 'denied',
  lapsed: 'lapsed',
  expired: 'expired',
  revoked: 'denied',
  'role-shut': 'denied',
  'broken-record': 'denied',
  busy: 'unavailable',
  unavailable: 'unavailable',
} as const satisfies Readonly<Record<ProblemCode, LeaseErrorCode>>;
