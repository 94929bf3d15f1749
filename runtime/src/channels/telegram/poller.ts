/** Uses long polling in a single loop, because Telegram permits only one reader of a bot's updates. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { LeaseError } from '../../lease-error';
import { channelFailed } from '../question';
import { type Bot, BotError, type Update } from './bot';

/**
 * Number of consecutive conflicts that indicate another process. The last poll of this process may also cause a few
 * conflicts.
 */
const MOST_CONFLICTS = 3;
/** Milliseconds to wait after a failed poll. The wait is doubled after each further failure, up to the maximum. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;

/** Reads updates until it is stopped. */
export class Poller {
  readonly #bot: Bot;
  readonly #stop = new AbortController();
  readonly #loop: Promise<void>;
  #offset: number | undefined;

  /**
   * @param heard Receives the updates one after the other.
   * @param failed Receives the reason why no more updates can be received.
   */
  constructor(bot: Bot, heard: (update: Update) => Promise<void>, failed: (error: LeaseError) => void) {
    this.#bot = bot;
    this.#loop = this.#run(heard).catch((error: unknown) => failed(fatal(error)));
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
    if (this.#offset !== undefined) await this.#bot.forget(this.#offset);
  }

  async #run(heard: (update: Update) => Promise<void>): Promise<void> {
    let conflicts = 0;
    let pause = FIRST_PAUSE;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        const updates = await this.#bot.poll(this.#offset, signal);
        conflicts = 0;
        pause = FIRST_PAUSE;
        for (const update of [...updates].sort((a, b) => a.update_id - b.update_id)) {
          // This is not the highest id seen so far: after a week without updates, Telegram continues from a different
          // number.
          this.#offset = update.update_id + 1;
          await heard(update);
        }
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof BotError)) throw error;
        conflicts += error.status === 409 ? 1 : 0;
        const conflict = error.status === 409 && conflicts < MOST_CONFLICTS && !/webhook/i.test(error.message);
        if (!error.passing && !conflict) throw error;
        await sleep((error.retryAfter ?? 0) * 1000 || pause, undefined, { signal }).catch(() => {});
        pause = Math.min(pause * 2, LONGEST_PAUSE);
      }
    }
  }
}

/** Converts a Telegram error to a channel error. */
export function fatal(error: unknown): LeaseError {
  if (!(error instanceof BotError))
    return channelFailed('the Telegram channel failed', 'Look at the cause.', false, error);
  const { status, message } = error;
  return channelFailed(message, HINTS[status] ?? 'Read the message of Telegram.', error.passing, error);
}

const HINTS: Readonly<Record<number, string>> = {
  0: 'See that this machine reaches Telegram.',
  400: 'Check that the chat exists and that the bot is a member of the chat.',
  401: 'Use the token that @BotFather issued.',
  403: 'Ask the approver to start a chat with the bot, or add the bot to the group.',
  404: 'Use the token that @BotFather issued.',
  409: 'Use a separate bot without a webhook for this agent, because only one process can read the updates of a bot.',
};
