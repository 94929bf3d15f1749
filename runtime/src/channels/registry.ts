/**
 * The registry of approval channels, with one entry for each channel. These are derived from the registry or tested
 * against it: the variables that a program with a lease must not see, the channels of the command line, the table in
 * docs/approval-channels.md, and the package's entry points. An entry loads no code of its channel before the channel
 * is opened.
 */
import { defined } from '@leasehold/contract/defined';
import type { ApprovalChannel } from '../approval';
import type { CommandOptions } from './command';
import type { SlackOptions } from './slack';
import type { SocketOptions } from './socket';
import type { TelegramOptions } from './telegram';
import type { TerminalOptions } from './terminal';
import type { WebhookOptions } from './webhook';

/**
 * The kind of option: `plain` if the option is not secret; otherwise, the environment variables that usually contain
 * the secret.
 */
export type ChannelOption = 'plain' | { readonly secretIn: readonly [variable: string, ...others: string[]] };

/** Defines how a channel is selected by name in `--approve` and `LEASEHOLD_APPROVE`. */
export interface ChannelByName {
  /** The syntax, for example `command:PROGRAM`. */
  readonly written: string;
  /**
   * Opens the channel. Returns undefined if `rest` is invalid.
   * @param rest The text after the first colon; undefined if there is no colon.
   * @param approver The approver who answers, needed if there are several approvers.
   */
  readonly open: (rest: string | undefined, approver: string | undefined) => ApprovalChannel | undefined;
}

/** One approval channel. */
export interface ChannelEntry {
  /**
   * Name of the channel on the command line. Its folder, its entry point `@leasehold/runtime/NAME` and its function
   * have the same name.
   */
  readonly name: string;
  /** The people that the channel asks, for the documentation. */
  readonly asks: string;
  /** The requirements of the channel, for the documentation. */
  readonly needs: string;
  /** All options of the channel, each classified as secret or not secret. */
  readonly options: Readonly<Record<string, ChannelOption>>;
  /** Prefixes of environment variables that only tools for the channel's medium read. */
  readonly variablesOf?: readonly string[];
  /** How to select the channel by name. Absent for a channel that needs more configuration than a name can contain. */
  readonly byName?: ChannelByName;
}

/** An entry that lists exactly the options of the channel. The compiler reports a missing option. */
type EntryOf<Options> = ChannelEntry & {
  readonly options: { readonly [Name in keyof Required<Options>]: ChannelOption };
};

const terminal: EntryOf<TerminalOptions> = {
  name: 'terminal',
  asks: "the person at the agent's terminal",
  needs: 'a terminal',
  options: { approver: 'plain', input: 'plain', output: 'plain' },
  byName: {
    written: 'terminal',
    open: (rest, approver) => {
      if (rest !== undefined) return undefined;
      const { terminal: by }: typeof import('./terminal') = require('./terminal');
      return by(defined({ approver }));
    },
  },
};

const socket: EntryOf<SocketOptions> = {
  name: 'socket',
  asks: 'a human on the same machine, with `leasehold approve`',
  needs: 'a Unix system',
  options: { directory: 'plain' },
  byName: {
    written: 'socket',
    open: (rest) => {
      if (rest !== undefined) return undefined;
      const { socket: by }: typeof import('./socket') = require('./socket');
      return by();
    },
  },
};

const command: EntryOf<CommandOptions> = {
  name: 'command',
  asks: 'a program that prints a code',
  needs: 'the program',
  options: { argv: 'plain', approver: 'plain', denied: 'plain', cwd: 'plain', env: 'plain' },
  byName: {
    written: 'command:PROGRAM',
    open: (rest, approver) => {
      const argv = programOf(rest ?? '');
      if (argv === undefined) return undefined;
      const { command: by }: typeof import('./command') = require('./command');
      return by({ argv, ...defined({ approver }) });
    },
  },
};

const slack: EntryOf<SlackOptions> = {
  name: 'slack',
  asks: 'people in Slack',
  needs: 'a Slack app, its SDK',
  options: {
    botToken: { secretIn: ['SLACK_BOT_TOKEN'] },
    appToken: { secretIn: ['SLACK_APP_TOKEN'] },
    to: 'plain',
    approvers: 'plain',
    apiUrl: 'plain',
  },
  variablesOf: ['SLACK_'],
};

const telegram: EntryOf<TelegramOptions> = {
  name: 'telegram',
  asks: 'people in Telegram',
  needs: 'a bot',
  options: { botToken: { secretIn: ['TELEGRAM_BOT_TOKEN'] }, chats: 'plain', approvers: 'plain', apiUrl: 'plain' },
  variablesOf: ['TELEGRAM_'],
};

const webhook: EntryOf<WebhookOptions> = {
  name: 'webhook',
  asks: 'another system',
  needs: 'somebody to write it',
  options: {
    url: 'plain',
    // Earlier examples used the second name.
    secret: { secretIn: ['LEASEHOLD_WEBHOOK_SECRET', 'APPROVAL_SECRET'] },
    listen: 'plain',
    answerUrl: 'plain',
  },
};

/** Every channel, in the order of the documentation. */
export const CHANNELS: readonly ChannelEntry[] = [terminal, socket, command, slack, telegram, webhook];

/**
 * Whether an environment variable configures an approval channel: the variable contains a secret of the channel, or is
 * read by tools for the channel's medium.
 */
export function configuresChannel(variable: string): boolean {
  const name = variable.toUpperCase();
  return CHANNELS.some(
    (channel) =>
      secretVariables(channel).includes(name) || channel.variablesOf?.some((start) => name.startsWith(start)) === true,
  );
}

/** The environment variables that contain a channel's secrets. */
export function secretVariables({ options }: ChannelEntry): readonly string[] {
  return Object.values(options).flatMap((option) => (option === 'plain' ? [] : option.secretIn));
}

/**
 * A program with its arguments: words separated by spaces, or a JSON list of strings if one of the words contains a
 * space.
 */
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
