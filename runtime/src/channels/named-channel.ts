/** An approval channel by its name, as `LEASEHOLD_APPROVE` and `--approve` write it. */

import { clipped } from '@leasehold/contract/text';
import type { ApprovalChannel } from '../approval';
import { invalidRequest } from '../errors';
import { CHANNELS } from './registry';

/**
 * `terminal`, `socket`, or `command:` and a program with its arguments: words that are split at spaces, or a JSON list of
 * texts where one of them holds a space. Each channel is loaded only when it is chosen.
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
