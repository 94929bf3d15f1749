/**
 * Slack on this machine: the Web API's methods and Socket Mode as the SDK meets them, and people who press and type.
 * It refuses what Slack refuses: blocks and texts that are too many or too long, triggers that are used or unknown.
 * Source: https://docs.slack.dev/apis/events-api/using-socket-mode, https://docs.slack.dev/reference/methods
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { eventually } from '../support';

export const BOT_TOKEN = 'xoxb-1-bot';
export const APP_TOKEN = 'xapp-1-app';

type Values = Readonly<Record<string, string>>;

export interface Block {
  readonly type: string;
  readonly text?: { readonly type: string; readonly text: string; readonly emoji?: boolean };
  readonly elements?: readonly { readonly action_id: string; readonly value: string }[];
  readonly [more: string]: unknown;
}

export interface View {
  readonly callback_id: string;
  readonly private_metadata: string;
  readonly title: { readonly text: string };
  readonly blocks: readonly Block[];
}

/** A message that stands in a conversation. */
export interface Posted {
  readonly channel: string;
  readonly ts: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly values: Values;
}

/** A form that is open before somebody. */
export interface Form {
  readonly user: string;
  readonly view: View;
}

export class SlackDouble {
  readonly posted: Posted[] = [];
  /** What only one person sees. */
  readonly ephemeral: { readonly user: string; readonly text: string }[] = [];
  readonly forms: Form[] = [];
  /** Method → errors of its next calls. */
  readonly errors: Record<string, string[]> = {};
  /** Method → seconds of its next answers `429`. */
  readonly busy: Record<string, number[]> = {};
  /** Envelope id → what it was acknowledged with. */
  readonly acknowledged = new Map<string, Readonly<Record<string, unknown>>>();
  readonly sockets = new Set<WebSocket>();
  connections = 0;
  /** Whether connections are greeted. */
  greets = true;
  /** How many of the next connections are hung up on. */
  hangsUp = 0;
  readonly #triggers = new Map<string, string>();
  readonly #http: Server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => this.#answer(incoming, Buffer.concat(chunks).toString(), response));
  });
  readonly #ws = new WebSocketServer({ server: this.#http });

  async open(): Promise<string> {
    this.#ws.on('connection', (socket) => {
      this.sockets.add(socket);
      this.connections++;
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('message', (data) => {
        const { envelope_id, payload } = JSON.parse(String(data));
        this.acknowledged.set(envelope_id, payload);
      });
      if (this.hangsUp > 0) {
        this.hangsUp--;
        socket.close();
      } else if (this.greets)
        socket.send(JSON.stringify({ type: 'hello', num_connections: 1, connection_info: { app_id: 'A1' } }));
    });
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${this.#port}/api/`;
  }

  close(): void {
    for (const socket of this.sockets) socket.terminate();
    this.#ws.close();
    this.#http.closeAllConnections();
    this.#http.close();
  }

  /** Somebody presses a button of a message. */
  press(user: string, message: Posted, action: string): Promise<Readonly<Record<string, unknown>>> {
    const [button] = message.blocks
      .flatMap(({ elements }) => elements ?? [])
      .filter(({ action_id }) => action_id === action);
    const trigger_id = randomUUID();
    this.#triggers.set(trigger_id, user);
    return this.interact({
      type: 'block_actions',
      user: { id: user, username: 'human' },
      channel: { id: message.channel },
      message: { ts: message.ts },
      trigger_id,
      actions: [{ type: 'button', action_id: action, block_id: 'b', value: button?.value }],
    });
  }

  /** Somebody sends a form. */
  submit(user: string, { view }: Form, code: string): Promise<Readonly<Record<string, unknown>>> {
    const values = { 'leasehold-code': { 'leasehold-code': { type: 'plain_text_input', value: code } } };
    return this.interact({
      type: 'view_submission',
      user: { id: user },
      view: { ...view, id: 'V1', state: { values } },
    });
  }

  /** Hands a payload to one of the connections, and waits until it is acknowledged. */
  async interact(payload: object, envelope_id: string = randomUUID()): Promise<Readonly<Record<string, unknown>>> {
    const socket = await eventually(() => [...this.sockets][0]);
    this.acknowledged.delete(envelope_id);
    socket.send(JSON.stringify({ type: 'interactive', envelope_id, accepts_response_payload: true, payload }));
    return eventually(() => this.acknowledged.get(envelope_id));
  }

  /** Slack renews the connection. */
  refresh(): void {
    for (const socket of this.sockets) socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
  }

  get #port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  #answer(incoming: IncomingMessage, body: string, response: ServerResponse): void {
    const method = (incoming.url ?? '').replace('/api/', '');
    const say = (answer: object, status = 200, headers = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(answer));
    const wait = this.busy[method]?.shift();
    if (wait !== undefined) return void say({ ok: false, error: 'ratelimited' }, 429, { 'retry-after': String(wait) });
    const token = method === 'apps.connections.open' ? APP_TOKEN : BOT_TOKEN;
    const error = incoming.headers.authorization === `Bearer ${token}` ? this.errors[method]?.shift() : 'invalid_auth';
    say(error === undefined ? this.#call(method, Object.fromEntries(new URLSearchParams(body))) : { ok: false, error });
  }

  #call(method: string, values: Values): object {
    const blocks = JSON.parse(values.blocks ?? '[]') as Block[];
    const { channel = '', ts = `${this.posted.length + 1}.0`, text = '', user = '' } = values;
    if (blocks.length > 50 || blocks.some(tooLong)) return { ok: false, error: 'invalid_blocks' };
    switch (method) {
      case 'apps.connections.open':
        return { ok: true, url: `ws://127.0.0.1:${this.#port}/link/?ticket=${randomUUID()}&app_id=A1` };
      case 'chat.postMessage': {
        // A message to a user stands in a direct conversation with an id of its own.
        const message = { channel: channel.replace(/^U/, 'D'), ts, text, blocks, values };
        this.posted.push(message);
        return { ok: true, channel: message.channel, ts };
      }
      case 'chat.update': {
        const at = this.posted.findIndex((each) => each.ts === ts && each.channel === channel);
        if (at === -1) return { ok: false, error: 'message_not_found' };
        this.posted[at] = { channel, ts, text, blocks, values };
        return { ok: true, channel, ts };
      }
      case 'chat.postEphemeral':
        this.ephemeral.push({ user, text });
        return { ok: true };
      case 'views.open':
        return this.#openForm(values.trigger_id ?? '', JSON.parse(values.view ?? '{}'));
      default:
        return { ok: false, error: 'unknown_method' };
    }
  }

  #openForm(trigger: string, view: View): object {
    const user = this.#triggers.get(trigger);
    this.#triggers.delete(trigger);
    if (user === undefined) return { ok: false, error: 'expired_trigger_id' };
    if (view.title.text.length > 24 || view.blocks.length > 100 || view.blocks.some(tooLong)) {
      return { ok: false, error: 'invalid_arguments' };
    }
    this.forms.push({ user, view });
    return { ok: true, view: { id: 'V1' } };
  }
}

function tooLong({ text }: Block): boolean {
  return text !== undefined && (text.text.length > 3000 || text.text === '');
}
