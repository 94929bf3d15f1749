/**
 * The Slack message for an approver: plain text only, so that an agent's text cannot contain markup, links or mentions.
 * Source: https://docs.slack.dev/reference/block-kit/blocks
 */
import type { KnownBlock, ModalView } from '@slack/web-api';
import type { ApprovalRequest } from '../../approval';
import { approvalLines } from '../../approval-text';
import { chunks } from '../chunks';
import type { PendingApproval } from '../question';

/** Ids of buttons and inputs. */
export const APPROVE = 'leasehold-approve';
export const DENY = 'leasehold-deny';
export const CODE = 'leasehold-code';

/** Maximum number of characters in a section. Slack accepts 3,000. */
const LONGEST_SECTION = 2_900;
/** Maximum number of sections in a request. Slack accepts 50 blocks in a message, and the buttons are one block. */
const MOST_SECTIONS = 45;

/** The summary that notifications show. */
export function headline({ role, project, environment }: ApprovalRequest): string {
  return escaped(`A lease of ${role} in ${project} ${environment} is waiting for an approver.`);
}

/**
 * The entire request as sections.
 * @throws LeaseError `channel-failed` if the request is too long to be shown in full
 */
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

/**
 * The form in which the approver types the code. The form repeats the request, so that the approver sees which request
 * the code approves.
 */
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

/**
 * Escapes the only three characters that Slack decodes in every text. Source:
 * https://docs.slack.dev/messaging/formatting-message-text
 */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
