/** The fixed title and hint of each problem code. */
import type { ProblemCode } from '@leasehold/contract';

const ASK_LESS = 'Ask for less, within the nearest scope; without one, tell a human what you cannot do.';
const OVER = 'Ask for a new lease, with its own reason, if the task still stands.';

/** The title of each problem, and the default hint for faults without a more specific one. */
export const PROBLEM_WORDS: Readonly<Record<ProblemCode, { readonly title: string; readonly hint: string }>> = {
  malformed: { title: 'Malformed request', hint: 'Send what the contract says: docs/openapi.json.' },
  'unsupported-media-type': { title: 'Unsupported media type', hint: 'Send `content-type: application/json`.' },
  'too-large-body': { title: 'Body too large', hint: 'Send at most 16 KiB.' },
  forbidden: { title: 'Forbidden', hint: 'Call as somebody who may.' },
  'not-found': { title: 'Not found', hint: 'Look at the id, and at who calls.' },
  'subject-invalid': {
    title: 'Subject not accepted',
    hint: "Pass the signed-in user's current token along, unchanged.",
  },
  'key-reused': { title: 'Idempotency key reused', hint: 'Make a new key for each lease.' },
  'version-conflict': { title: 'Changed meanwhile', hint: 'Read it again.' },
  'not-eligible': { title: 'Not eligible', hint: ASK_LESS },
  'invalid-request': { title: 'Not possible', hint: 'Ask for what the role takes.' },
  'over-budget': { title: 'Budget spent', hint: 'Stop asking, and wait; if the task cannot wait, tell a human.' },
  'outside-hours': { title: 'Outside hours', hint: 'Ask again in working hours.' },
  'reviewer-denied': { title: 'Denied by the reviewer', hint: ASK_LESS },
  'reviewer-failed': {
    title: 'No valid review',
    hint: 'Ask once more, in plain words; if it fails again, tell a human.',
  },
  'outside-envelope': { title: 'Outside the role', hint: ASK_LESS },
  'too-large': { title: 'Too large for a session', hint: 'Ask for fewer actions, or shorter values.' },
  'approver-denied': { title: 'Denied by a human', hint: 'Stop here; do not ask again for the same.' },
  'wrong-state': { title: 'Not in this state', hint: 'Look at the lease, and do what its state allows.' },
  'another-grant': { title: 'Another grant', hint: 'Look at the grant as it is now, and answer with its hash.' },
  'not-an-approver': { title: 'Not an approver', hint: 'Have one of its approvers answer.' },
  'own-lease': { title: 'Own lease', hint: 'Have somebody else answer.' },
  'said-already': { title: 'Said already', hint: 'Nothing more is needed of you.' },
  'not-the-requester': { title: 'Not the requester', hint: 'Collect as the one who asked.' },
  'collected-already': { title: 'Collected already', hint: OVER },
  lapsed: { title: 'Lapsed', hint: 'Ask again when an approver is there.' },
  expired: { title: 'Expired', hint: OVER },
  revoked: { title: 'Revoked', hint: 'Stop here, and ask a human why.' },
  'role-shut': { title: 'Role shut', hint: 'Wait, or ask a human why the role is shut.' },
  'broken-record': {
    title: 'Record broken',
    hint: 'Tell an administrator: `leasehold audit` shows where it breaks. Ask for a new lease.',
  },
  busy: { title: 'Busy', hint: 'Send the same request again.' },
  unavailable: { title: 'Unavailable', hint: 'Send the same request again, with the same idempotency key.' },
};
