/** The fixed title and hint of each problem code. */
import type { ProblemCode } from '@leasehold/contract';

const ASK_LESS =
  'Request only permissions that are within the nearest scope in this response. If the response contains no nearest scope, report to a human what you cannot do.';
const OVER = 'If the task still needs a lease, request a new lease and state a new reason.';

/** The title for each problem code, and a general hint for faults without a specific hint. */
export const PROBLEM_WORDS: Readonly<Record<ProblemCode, { readonly title: string; readonly hint: string }>> = {
  malformed: { title: 'Malformed request', hint: 'Send a request in the form that docs/openapi.json describes.' },
  'unsupported-media-type': { title: 'Unsupported media type', hint: 'Send `content-type: application/json`.' },
  'too-large-body': { title: 'Body too large', hint: 'Send at most 16 KiB.' },
  'sign-in-invalid': { title: 'Sign-in not accepted', hint: 'Sign in again.' },
  forbidden: { title: 'Forbidden', hint: 'Use an identity that is allowed to make this call.' },
  'not-found': { title: 'Not found', hint: 'Check the id in the request, and check the identity of the caller.' },
  'subject-invalid': {
    title: 'Subject not accepted',
    hint: "Pass the signed-in user's current token along, unchanged.",
  },
  'key-reused': { title: 'Idempotency key reused', hint: 'Use a new key for each lease.' },
  'version-conflict': { title: 'Changed in the meantime', hint: 'Read the current version, then try again.' },
  'consent-required': {
    title: 'Signature required',
    hint: 'Sign the decision or change with a passkey that you have enrolled.',
  },
  'consent-invalid': {
    title: 'Signature not accepted',
    hint: 'Get a new nonce, read the record again, and sign the current content of the record.',
  },
  'enrolment-refused': {
    title: 'Passkey not registered',
    hint: 'Sign with a passkey that you have already registered, or ask an administrator for a new one-time code.',
  },
  'last-key': {
    title: 'Last key of an administrator',
    hint: 'First register another administrator passkey.',
  },
  'not-eligible': { title: 'Not eligible', hint: ASK_LESS },
  'invalid-request': { title: 'Not possible', hint: 'Send the parameters that the role accepts.' },
  'over-budget': {
    title: 'Budget spent',
    hint: 'Stop and wait. If the task cannot wait, report that problem to a human.',
  },
  'outside-hours': { title: 'Outside hours', hint: 'Request it again in working hours.' },
  'reviewer-denied': { title: 'Denied by the reviewer', hint: ASK_LESS },
  'reviewer-failed': {
    title: 'No valid review',
    hint: 'Request the lease once more, and state the reason in plain words. If the new request fails too, report the failure to a human.',
  },
  'outside-envelope': { title: 'Outside the role', hint: ASK_LESS },
  'too-large': { title: 'Too large for a session', hint: 'Request fewer actions, or shorter values.' },
  'approver-denied': { title: 'Denied by a human', hint: 'Stop here. Do not request the same again.' },
  'wrong-state': {
    title: 'Not in this state',
    hint: 'Read the lease, and do only what the state of the lease permits.',
  },
  'another-grant': { title: 'Another grant', hint: 'Read the current grant, and include its hash in your answer.' },
  'not-an-approver': { title: 'Not an approver', hint: 'Ask an approver of the lease to answer the request.' },
  'own-lease': { title: 'Own lease', hint: 'Ask another approver to answer.' },
  'said-already': {
    title: 'Already answered',
    hint: 'You have already answered this lease. No further action is needed.',
  },
  'not-the-requester': { title: 'Not the requester', hint: 'Collect the lease with the identity that requested it.' },
  'collected-already': { title: 'Already collected', hint: OVER },
  lapsed: { title: 'Lapsed', hint: 'Request the lease again when an approver is available.' },
  expired: { title: 'Expired', hint: OVER },
  revoked: { title: 'Revoked', hint: 'Stop here, and ask a human why.' },
  'role-shut': { title: 'Role shut', hint: 'Wait, or ask a human why the role is blocked.' },
  'broken-record': {
    title: 'Record broken',
    hint: 'Tell an administrator: `leasehold audit` shows where it breaks. Request a new lease.',
  },
  busy: { title: 'Busy', hint: 'Send the same request again.' },
  unavailable: { title: 'Unavailable', hint: 'Send the same request again, with the same idempotency key.' },
};
