/**
 * Telegram on this machine: the Bot API's methods, envelopes and errors that the channel meets, and people who write.
 * Source: https://core.telegram.org/bots/api
 */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const TOKEN = `123456:${'A'.repeat(35)}`;

export interface Call {
  readonly method: string;
  readonly parameters: Readonly<Record<string, unknown>> & { readonly text?: string; readonly chat_id?: number };
}

/** An error that a call is answered with. */
export interface Fault {
  readonly error_code: number;
  readonly description: string;
  readonly parameters?: { readonly retry_after: number };
}

export class TelegramDouble {
  /** Every call but the polls, in order. */
  readonly calls: Call[] = [];
  readonly polls: Readonly<Record<string, unknown>>[] = [];
  /** Method → faults of its next calls. */
  readonly faults: Record<string, Fault[]> = {};
  /** Texts that stand in the chats, by `chat/message`. */
  readonly chat = new Map<string, string>();
  /** Called when a message was stored and before its sender hears so. */
  beforeAnswer: (message: number) => void = () => {};
  nextUpdate = 1000;
  #nextMessage = 1;
  #updates: { readonly update_id: number }[] = [];
  #held: { readonly response: ServerResponse; readonly offset: number } | undefined;
  readonly #server: Server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const [, bot, method = ''] = (incoming.url ?? '').split('/');
      const parameters = JSON.parse(Buffer.concat(chunks).toString() || '{}');
      if (bot === `bot${TOKEN}`) this.#answer(method, parameters, response);
      else fail(response, { error_code: 401, description: 'Unauthorized' });
    });
  });

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** A human writes a reply. Gives the id of their message. */
  reply(from: number, to: { readonly chat: number; readonly message: number }, text: string): number {
    const message_id = this.#nextMessage++;
    this.chat.set(`${to.chat}/${message_id}`, text);
    this.update({
      message: {
        message_id,
        from: { id: from, is_bot: false, first_name: 'Human' },
        chat: { id: to.chat, type: 'group' },
        date: 1,
        text,
        reply_to_message: { message_id: to.message, chat: { id: to.chat, type: 'group' }, date: 1 },
      },
    });
    return message_id;
  }

  /** A human presses a button. */
  press(from: number, data: string): void {
    this.update({
      callback_query: { id: 'cb1', from: { id: from, is_bot: false, first_name: 'Human' }, chat_instance: '1', data },
    });
  }

  /** Something happens; polls hear of it together with whatever happens before the next turn of the loop. */
  update(what: object, update_id: number = this.nextUpdate++): void {
    this.#updates.push({ update_id, ...what });
    setImmediate(() => this.#deliver());
  }

  /** Updates that nobody confirmed. */
  get unconfirmed(): number {
    return this.#updates.length;
  }

  callsOf(method: string): readonly Call[] {
    return this.calls.filter((call) => call.method === method);
  }

  #answer(method: string, parameters: Record<string, unknown>, response: ServerResponse): void {
    if (method === 'getUpdates') this.polls.push(parameters);
    else this.calls.push({ method, parameters });
    const fault = this.faults[method]?.shift();
    if (fault !== undefined) fail(response, fault);
    else if (method === 'getUpdates') this.#poll(parameters, response);
    else if (method === 'sendMessage') this.#store(parameters, response);
    else this.#change(method, parameters, response);
  }

  #store({ chat_id, text }: Record<string, unknown>, response: ServerResponse): void {
    const message_id = this.#nextMessage++;
    this.chat.set(`${chat_id}/${message_id}`, String(text));
    this.beforeAnswer(message_id);
    succeed(response, { message_id, chat: { id: chat_id, type: 'group' }, date: 1, text });
  }

  #change(method: string, { chat_id, message_id, text }: Record<string, unknown>, response: ServerResponse): void {
    const key = `${chat_id}/${message_id}`;
    if (method === 'answerCallbackQuery') succeed(response, true);
    else if (method === 'editMessageText') {
      this.chat.set(key, String(text));
      succeed(response, { message_id });
    } else if (method === 'deleteMessage' && this.chat.delete(key)) succeed(response, true);
    else fail(response, { error_code: 400, description: 'Bad Request: message to delete not found' });
  }

  #poll({ offset = 0, timeout }: Record<string, unknown>, response: ServerResponse): void {
    if (this.#held !== undefined) {
      fail(this.#held.response, {
        error_code: 409,
        description:
          'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
      });
    }
    this.#held = { response, offset: Number(offset) };
    response.on('close', () => {
      if (this.#held?.response === response) this.#held = undefined;
    });
    // Once an offset is given, all before it are forgotten.
    if (Number(offset) > 0) this.#updates = this.#updates.filter(({ update_id }) => update_id >= Number(offset));
    this.#deliver();
    if (timeout === 0 && this.#held?.response === response) {
      this.#held = undefined;
      succeed(response, []);
    }
  }

  #deliver(): void {
    if (this.#held === undefined || this.#updates.length === 0) return;
    const { response } = this.#held;
    this.#held = undefined;
    succeed(response, this.#updates);
  }
}

function succeed(response: ServerResponse, result: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ok: true, result }));
}

function fail(response: ServerResponse, fault: Fault): void {
  response
    .writeHead(fault.error_code, { 'content-type': 'application/json' })
    .end(JSON.stringify({ ok: false, ...fault }));
}
