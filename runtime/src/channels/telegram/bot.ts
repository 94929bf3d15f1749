/** A client for the part of Telegram's Bot API that this channel uses. Source: https://core.telegram.org/bots/api */

import { setTimeout as sleep } from 'node:timers/promises';
import { defined } from '@leasehold/contract/defined';
import { clipped } from '@leasehold/contract/text';
import { channelFailed } from '../question';
import { demandSafeUrl } from '../safe-url';

/** An event in a chat. Each field is validated where it is used. */
export interface Update {
  readonly update_id: number;
  readonly message?: Message;
  readonly callback_query?: {
    readonly id: string;
    readonly from: { readonly id: number };
    readonly data?: string;
  };
}

export interface Message {
  readonly message_id: number;
  readonly from?: { readonly id: number };
  readonly chat: { readonly id: number };
  readonly text?: string;
  readonly reply_to_message?: { readonly message_id: number };
}

/**
 * The error for a failed call. The error does not contain any part of the call, because the call's URL contains the
 * bot's token.
 */
export class BotError extends Error {
  override readonly name = 'BotError';

  constructor(
    /** Telegram's error code. 0 if Telegram could not be reached. */
    readonly status: number,
    message: string,
    /** Number of seconds after which Telegram permits a retry. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }

  /** Whether the same call can succeed later. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** Timeout of a call in milliseconds, and seconds for which a poll waits for an update. */
const PATIENCE = 15_000;
const POLL_SECONDS = 50;
/** Maximum number of attempts for a call that Telegram throttles. */
const ATTEMPTS = 4;

/** Calls the Bot API. */
export class Bot {
  readonly #base: string;

  /** @throws LeaseError `channel-failed` for an invalid token */
  constructor(token: string, apiUrl: string) {
    if (!/^\d+:[\w-]{20,}$/.test(token)) {
      throw channelFailed('this is not a Telegram bot token', 'Use the token that @BotFather issued.', false);
    }
    this.#base = `${demandSafeUrl(apiUrl, 'Telegram').replace(/\/$/, '')}/bot${token}/`;
  }

  /** Sends text as one preformatted block, in which markup, links and mentions have no effect. */
  async send(chat: number | string, text: string, more: object = {}, signal?: AbortSignal): Promise<Message> {
    return (await this.#patiently('sendMessage', { chat_id: chat, ...preformatted(text), ...more }, signal)) as Message;
  }

  /** Replaces the text of a message and removes its buttons. */
  async edit(chat: number, message: number, text: string): Promise<void> {
    await this.#patiently('editMessageText', { chat_id: chat, message_id: message, ...preformatted(text) });
  }

  async remove(chat: number, message: number): Promise<void> {
    await this.#patiently('deleteMessage', { chat_id: chat, message_id: message });
  }

  async answerButton(id: string, text: string): Promise<void> {
    await this.#patiently('answerCallbackQuery', { callback_query_id: id, text, show_alert: true });
  }

  /** Waits for new updates and returns them. */
  async poll(offset: number | undefined, signal: AbortSignal): Promise<readonly Update[]> {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(POLL_SECONDS * 1000 + PATIENCE)]);
    const updates = await this.#call('getUpdates', { offset, timeout: POLL_SECONDS, allowed_updates: KINDS }, patience);
    return Array.isArray(updates) ? (updates as readonly Update[]) : [];
  }

  /** Confirms the updates that were read. Telegram keeps unconfirmed updates for a day. */
  async forget(offset: number): Promise<void> {
    const patience = AbortSignal.timeout(PATIENCE);
    await this.#call('getUpdates', { offset, timeout: 0, limit: 1, allowed_updates: KINDS }, patience);
  }

  /** Makes a call. Retries if Telegram states a delay. */
  async #patiently(method: string, parameters: object, signal?: AbortSignal): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#call(method, parameters, AbortSignal.timeout(PATIENCE));
      } catch (error) {
        const wait = error instanceof BotError && attempt < ATTEMPTS ? error.retryAfter : undefined;
        if (wait === undefined) throw error;
        await sleep(wait * 1000, undefined, defined({ signal }));
      }
    }
  }

  async #call(method: string, parameters: object, signal: AbortSignal): Promise<unknown> {
    const answer = await fetch(this.#base + method, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(parameters),
      redirect: 'error',
      signal,
    })
      .then(async (response) => ({ status: response.status, body: (await response.json()) as Answer }))
      // The error is dropped, because it may contain the URL with the token.
      .catch(() => undefined);
    if (answer === undefined) throw new BotError(0, 'Telegram cannot be reached');
    const { status, body } = answer;
    if (body.ok === true) return body.result;
    const code = typeof body.error_code === 'number' ? body.error_code : status;
    const said = typeof body.description === 'string' ? clipped(body.description, 200) : 'no reason given';
    const wait = body.parameters?.retry_after;
    throw new BotError(code, `Telegram answered ${code}: ${said}`, typeof wait === 'number' ? wait : undefined);
  }
}

const KINDS = ['message', 'callback_query'];

interface Answer {
  readonly ok?: unknown;
  readonly result?: unknown;
  readonly error_code?: unknown;
  readonly description?: unknown;
  readonly parameters?: { readonly retry_after?: unknown };
}

/**
 * Inside `pre`, Telegram does not interpret mentions, links, hashtags or commands. Lengths are UTF-16 code units, as in
 * JavaScript.
 */
function preformatted(text: string): object {
  return {
    text,
    entities: [{ type: 'pre', offset: 0, length: text.length }],
    link_preview_options: { is_disabled: true },
  };
}
