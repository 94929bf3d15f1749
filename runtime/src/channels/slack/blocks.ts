/**
 * What an approver sees in Slack: plain text only, so that nothing an agent wrote is marked up, linked or mentions anybody.
 * Source: https://docs.slack.dev/reference/block-kit/blocks
 */
import type { KnownBlock, ModalView } from '@slack/web-api';
import type { ApprovalRequest } from '../../approval';
import { approvalLines } from '../../approval-text';
import { chunks } from '../chunks';
import type { PendingApproval } from '../question';

/** Ids of what can be pressed and sent. */
export const APPROVE = 'leasehold-approve';
export const DENY = 'leasehold-deny';
export const CODE = 'leasehold-code';

/** Characters of a section: Slack takes 3,000. */
const LONGEST_SECTION = 2_900;
/** Sections of a request: Slack takes 50 blocks a message, and the buttons are one. */
const MOST_SECTIONS = 45;

/** The message as notifications show it. */
export function headline({ role, project, environment }: ApprovalRequest): string {
  return escaped(`A lease of ${role} in ${project} ${environment} waits for an approver.`);
}

/** The whole request as sections. @throws LeaseError `channel-failed` when it is too long to be shown whole */
export function sections(request: ApprovalRequest): KnownBlock[] {
  const lines = approvalLines(request).map(escaped);
  return chunks(lines, LONGEST_SECTION, MOST_SECTIONS).map(section);
}

export function section(text: string): KnownBlock {
  return { type: 'section', text: plain(text) };
}

export function buttons({ key }: PendingApproval): KnownBlock {
  return {
    type: 'actions',
    elements: [
      { type: 'button', action_id: APPROVE, value: key, style: 'primary', text: plain('Enter a code…') },
      { type: 'button', action_id: DENY, value: key, style: 'danger', text: plain('Deny') },
    ],
  };
}

/** The form that takes the code. It shows the request once more: what stands there is what the code is for. */
export function form({ key, request }: PendingApproval): ModalView {
  return {
    type: 'modal',
    callback_id: CODE,
    private_metadata: key,
    title: plain('Approve a lease'),
    submit: plain('Approve'),
    close: plain('Cancel'),
    blocks: [
      ...sections(request),
      {
        type: 'input',
        block_id: CODE,
        label: plain('Code of your device'),
        element: {
          type: 'plain_text_input',
          action_id: CODE,
          min_length: 6,
          max_length: 7,
          focus_on_load: true,
          placeholder: plain('six digits'),
        },
      },
    ],
  };
}

function plain(text: string) {
  return { type: 'plain_text', text, emoji: false } as const;
}

/** Slack decodes these three, and only these, in every text. Source: https://docs.slack.dev/messaging/formatting-message-text */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
