/** The broker's refusals as problem details, for automated clients. */
import * as z from 'zod';
import { denialCode } from './event';

/** Machine-readable codes. Codes are added, never renamed. */
export const PROBLEM_CODES = [
  // Codes of requests for which no lease was created.
  'malformed',
  'unsupported-media-type',
  'too-large-body',
  'sign-in-invalid',
  'forbidden',
  'not-found',
  'subject-invalid',
  'key-reused',
  'version-conflict',
  // A passkey's signature, or the registration of a passkey.
  'consent-required',
  'consent-invalid',
  'enrolment-refused',
  'last-key',
  // Codes of leases that were denied; the denial is recorded.
  ...denialCode.options,
  // Codes of operations that are not possible in the lease's current state.
  'wrong-state',
  'another-grant',
  'not-an-approver',
  'own-lease',
  'said-already',
  'not-the-requester',
  'collected-already',
  'lapsed',
  'expired',
  'revoked',
  'role-shut',
  'broken-record',
  // Codes of errors that are not caused by the request.
  'busy',
  'unavailable',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/**
 * The HTTP status of each problem code. 401: the sign-in token is not accepted; 403: denied by a person, a rule or AWS;
 * 409: not possible in the lease's current state; 410: the lease has ended; 422: understood, but not possible; 429 and
 * 503 have a `Retry-After` header.
 */
export const PROBLEM_STATUS = {
  malformed: 400,
  'unsupported-media-type': 415,
  'too-large-body': 413,
  'sign-in-invalid': 401,
  forbidden: 403,
  'not-found': 404,
  'subject-invalid': 403,
  'key-reused': 422,
  'version-conflict': 409,
  'consent-required': 403,
  'consent-invalid': 403,
  'enrolment-refused': 403,
  'last-key': 409,
  'not-eligible': 403,
  'invalid-request': 422,
  'over-budget': 429,
  'outside-hours': 403,
  'reviewer-denied': 403,
  'reviewer-failed': 403,
  'outside-envelope': 403,
  'too-large': 422,
  'approver-denied': 403,
  'wrong-state': 409,
  'another-grant': 409,
  'not-an-approver': 403,
  'own-lease': 403,
  'said-already': 409,
  'not-the-requester': 403,
  'collected-already': 409,
  lapsed: 410,
  expired: 410,
  revoked: 410,
  'role-shut': 409,
  'broken-record': 500,
  busy: 503,
  unavailable: 503,
} as const satisfies Readonly<Record<ProblemCode, number>>;

/** Problem details: https://www.rfc-editor.org/rfc/rfc9457 */
export const problem = z.strictObject({
  type: z.string().describe('`https://leasehold.dev/problems/` and the code.'),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('One sentence.'),
  code: z.enum(PROBLEM_CODES),
  hint: z.string().describe('One imperative sentence that states what to do instead.'),
  retryable: z.boolean().describe('True if the same request can succeed later without any other change.'),
  /** Also sent as the header `Retry-After`. */
  retryAfter: z.int().optional().describe('Seconds.'),
  lease: z.string().optional(),
  nearest: z
    .strictObject({
      role: z.string(),
      actions: z.array(z.string()),
      parameters: z.record(z.string(), z.string()).describe('Permitted values: a pattern, or the list of values.'),
      seconds: z.int().describe('The longest lease.'),
    })
    .optional()
    .describe('The scope that is nearest to the requested scope, among all scopes that the requester could get.'),
});
export type Problem = z.infer<typeof problem>;
