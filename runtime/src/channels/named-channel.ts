/** Selects an approval channel by name, for `LEASEHOLD_APPROVE` and `--approve`. */

import { clipped, listInWords } from '@leasehold/contract/text';
import type { ApprovalChannel } from '../approval';
import { invalidRequest } from '../errors';
import { CHANNELS } from './registry';

/**
 * Selects a channel by its text: `terminal`, `socket`, or `command:` followed by a program with its arguments. The
 * arguments are words separated by spaces, or a JSON list of strings if one of them contains a space. A channel is
 * loaded only when it is selected.
 * @param approver The person who answers at the terminal or through the program, if there are several approvers.
 * @throws LeaseError `invalid-request`
 */
export function channelNamed(text: string, approver?: string): ApprovalChannel {
  const [name = '', ...rest] = text.split(':');
  const entry = CHANNELS.find((channel) => channel.name === name);
  const opened = entry?.byName?.open(rest.length === 0 ? undefined : rest.join(':'), approver);
  if (opened !== undefined) return opened;
  const written = CHANNELS.flatMap(({ byName }) => byName?.written ?? []);
  throw invalidRequest(
    `"${clipped(text, 100)}" is not an approval channel that can be named here`,
    `Use ${listInWords(written, { last: 'or' })}; Slack, Telegram and webhooks are configured in a program.`,
  );
}
