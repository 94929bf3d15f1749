/** Selects an approval channel by name, for `LEASEHOLD_APPROVE` and `--approve`. */

import { clipped } from '@leasehold/contract/text';
import type { ApprovalChannel } from '../approval';
import { invalidRequest } from '../errors';
import { CHANNELS } from './registry';

/**
 * `terminal`, `socket`, or `command:` followed by a program with its arguments: words separated by spaces, or a JSON
 * list of strings where one of them contains a space. A channel is loaded only when it is selected.
 * @param approver Who answers at the terminal or through the program, where several may.
 * @throws LeaseError `invalid-request`
 */
export function channelNamed(text: string, approver?: string): ApprovalChannel {
  const [name = '', ...rest] = text.split(':');
  const entry = CHANNELS.find((channel) => channel.name === name);
  const opened = entry?.byName?.open(rest.length === 0 ? undefined : rest.join(':'), approver);
  if (opened !== undefined) return opened;
  const written = CHANNELS.flatMap(({ byName }) => byName?.written ?? []);
  throw invalidRequest(
    `"${clipped(text, 100)}" is no way to ask a human from here`,
    `Give ${written.slice(0, -1).join(', ')} or ${written.at(-1)}; Slack, Telegram and webhooks are configured in a program of your own.`,
  );
}
