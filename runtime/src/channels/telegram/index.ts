/** `@leasehold/runtime/telegram`: a bot sends the request as a message, and the approver replies with the code. */
import type { Approval, ApprovalChannel } from '../../approval';
import { approvalLines } from '../../approval-text';
import { chunks } from '../chunks';
import { demandApprover, PendingApproval, REFUSALS, type Refusal } from '../question';
import { WhileUsed } from '../while-used';
import { Bot, type Message, type Update } from './bot';
import { fatal, Poller } from './poller';

/** The bot, the chats in which it asks, and the approvers. */
export interface TelegramOptions {
  /** The bot's token. No other program may read the bot's updates, so give each agent its own bot. */
  readonly botToken: string;
  /** Ids of the chats in which to ask: groups, or approvers who have started a chat with the bot. */
  readonly chats: readonly (number | string)[];
  /** Maps a Telegram user id to an approver. Other users are rejected. */
  readonly approvers: Readonly<Record<string, string>>;
  /** @default `https://api.telegram.org` */
  readonly apiUrl?: string;
}

/**
 * Asks in Telegram chats. An approver replies to the message with the code of their device, or presses Deny. The
 * reply is deleted if the bot has the permission to delete it. Only one process at a time can read the updates of a
 * bot.
 *
 * @example
 * ```ts
 * import { telegram } from '@leasehold/runtime/telegram';
 *
 * const approval = telegram({
 *   botToken: process.env.TELEGRAM_BOT_TOKEN ?? '',
 *   chats: [-1001234567890],
 *   approvers: { '4242': 'oncall' },
 * });
 * ```
 * @throws LeaseError `channel-failed` for what is no token, or a URL without TLS
 * @public
 */
export function telegram(options: TelegramOptions): ApprovalChannel {
  const desk = new Desk(options);
  return (request, { signal, ...known }) => desk.ask(new PendingApproval(request, signal, known));
}

/**
 * Maximum number of characters of a message. Telegram accepts 4,096; the remaining characters are reserved for the
 * outcome, which is added to the last message.
 */
const LONGEST_TEXT = 3_800;
const MOST_TEXTS = 10;
const HOW_TO_ANSWER = 'To approve, reply to this message with the six digits that your device shows.';

/** The requests that are pending in chats. */
class Desk {
  readonly #bot: Bot;
  readonly #chats: readonly (number | string)[];
  readonly #approvers: ReadonlyMap<string, string>;
  /** Pending requests. The map contains each request by its key and by each message that shows it. */
  readonly #questions = new Map<string, PendingApproval>();
  readonly #messages = new Map<string, PendingApproval>();
  readonly #sending = new Set<Promise<unknown>>();
  readonly #poller: WhileUsed<Poller>;

  constructor({ botToken, chats, approvers, apiUrl = 'https://api.telegram.org' }: TelegramOptions) {
    const bot = new Bot(botToken, apiUrl);
    this.#bot = bot;
    this.#chats = chats;
    this.#approvers = new Map(Object.entries(approvers));
    this.#poller = new WhileUsed(
      async () =>
        new Poller(
          bot,
          (update) => this.#hear(update),
          (error) => {
            for (const question of this.#questions.values()) question.fail(error);
          },
        ),
      (poller) => poller.stop(),
    );
  }

  async ask(question: PendingApproval): Promise<Approval> {
    demandApprover(question, this.#approvers.values(), 'Telegram');
    if (question.ending !== undefined) return question.answer;
    this.#questions.set(question.key, question);
    try {
      return await this.#poller.use(() => {
        const sent = this.#post(question).catch((error: unknown) => question.fail(fatal(error)));
        this.#sending.add(sent);
        sent.finally(() => this.#sending.delete(sent)).catch(() => {});
        return question.answer;
      });
    } finally {
      this.#questions.delete(question.key);
    }
  }

  /** Sends the request to every chat. One successfully sent message is sufficient. */
  async #post(question: PendingApproval): Promise<void> {
    const texts = chunks([...approvalLines(question.request), '', HOW_TO_ANSWER], LONGEST_TEXT, MOST_TEXTS);
    const sent = await Promise.allSettled(this.#chats.map((chat) => this.#postTo(chat, question, texts)));
    const failed = sent.find((each) => each.status === 'rejected');
    if (failed !== undefined && sent.every((each) => each.status === 'rejected')) throw failed.reason;
  }

  async #postTo(chat: number | string, question: PendingApproval, texts: readonly string[]): Promise<void> {
    const markup = { reply_markup: { inline_keyboard: [[{ text: 'Deny', callback_data: question.key }]] } };
    let last: Message | undefined;
    const names: string[] = [];
    for (const [index, text] of texts.entries()) {
      if (question.ending !== undefined) break;
      last = await this.#bot.send(chat, text, index === texts.length - 1 ? markup : {}, question.over);
      names.push(nameOf(last.chat.id, last.message_id));
      for (const name of names) this.#messages.set(name, question);
    }
    // The edit is not awaited, because the answer is already final.
    const told = last === undefined ? undefined : { chat: last.chat.id, message: last.message_id };
    question
      .whenOver()
      .then(async () => {
        for (const name of names) this.#messages.delete(name);
        const text = `${texts[names.length - 1] ?? ''}\n\n${await question.whenSettled()}`;
        if (told !== undefined) await this.#bot.edit(told.chat, told.message, text);
      })
      .catch(() => {});
  }

  /** Handles an update. Messages that are sent in reply are not awaited, and their failure is ignored. */
  async #hear({ message, callback_query: button }: Update): Promise<void> {
    if (button !== undefined) {
      const question = this.#questions.get(button.data ?? '');
      const refusal = question === undefined ? 'over' : question.deny(this.#approver(button.from));
      this.#bot.answerButton(button.id, refusal === undefined ? 'Denied.' : REFUSALS[refusal]).catch(() => {});
    }
    const replied = message?.reply_to_message?.message_id;
    if (message === undefined || replied === undefined || message.text === undefined) return;
    const name = nameOf(message.chat.id, replied);
    // A person's reply can arrive before the response to the call that sent the message. Only this response contains
    // the message's id.
    if (!this.#messages.has(name)) await Promise.allSettled(this.#sending);
    const question = this.#messages.get(name);
    if (question === undefined) return;
    const refusal = question.approve(this.#approver(message.from), message.text);
    // Every message with a code is deleted, regardless of its sender and of whether the code was accepted.
    if (/(\d\s*){6}/.test(message.text)) this.#bot.remove(message.chat.id, message.message_id).catch(() => {});
    if (refusal !== undefined) this.#tellRefused(message, refusal);
  }

  #tellRefused({ chat, message_id }: Message, refusal: Refusal): void {
    const reply = { reply_parameters: { message_id, allow_sending_without_reply: true } };
    this.#bot.send(chat.id, REFUSALS[refusal], reply).catch(() => {});
  }

  #approver(user: { readonly id: number } | undefined): string | undefined {
    return user === undefined ? undefined : this.#approvers.get(String(user.id));
  }
}

function nameOf(chat: number, message: number): string {
  return `${chat}/${message}`;
}
