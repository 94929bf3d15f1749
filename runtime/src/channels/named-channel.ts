/** An approval channel by its name, as `LEASEHOLD_APPROVE` and `--approve` write it. */
import type { ApprovalChannel } from '../approval';
import { invalidRequest } from '../errors';
import { clipped } from '../visible';

/**
 * `terminal`, `socket`, or `command:` and a program with its arguments: words that are split at spaces, or a JSON list of
 * texts where one of them holds a space. Each channel is loaded only when it is chosen.
 * @param approver Who answers at the terminal or through the program, where several may.
 * @throws LeaseError `invalid-request`
 */
export function channelNamed(text: string, approver?: string): ApprovalChannel {
  const [name = '', ...rest] = text.split(':');
  const who = approver === undefined ? {} : { approver };
  if (name === 'terminal' && rest.length === 0) {
    const { terminal }: typeof import('./terminal') = require('./terminal');
    return terminal(who);
  }
  if (name === 'socket' && rest.length === 0) {
    const { socket }: typeof import('./socket') = require('./socket');
    return socket();
  }
  const argv = name === 'command' ? programOf(rest.join(':')) : undefined;
  if (argv !== undefined) {
    const { command }: typeof import('./command') = require('./command');
    return command({ argv, ...who });
  }
  throw invalidRequest(
    `"${clipped(text, 100)}" is no way to ask a human from here`,
    'Give terminal, socket or command:PROGRAM; Slack, Telegram and webhooks are configured in a program of your own.',
  );
}

function programOf(text: string): [string, ...string[]] | undefined {
  const words = text.trimStart().startsWith('[') ? listOf(text) : text.split(' ').filter(Boolean);
  const [program, ...args] = words ?? [];
  return program === undefined || program === '' ? undefined : [program, ...args];
}

function listOf(json: string): readonly string[] | undefined {
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list) && list.every((word) => typeof word === 'string') ? list : undefined;
  } catch {
    return undefined;
  }
}
