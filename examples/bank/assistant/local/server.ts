/** The assistant on this machine: a WebSocket server with the code of the functions in AWS. */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { ASSISTANT_PROTOCOL, type AssistantEvent, LONGEST_CLIENT_FRAME } from '@leasehold/contract/assistant';
import { type WebSocket, WebSocketServer } from 'ws';
import { type ConnectionDeps, receive } from '../core/connection';
import { MemoryStore } from '../core/memory-store';
import { runTurn, type TurnDeps } from '../core/turn';
import { type TokenVerifier, tokenInHeader } from '../core/verify-token';

export interface LocalAssistant {
  /** For example `ws://localhost:4181`. */
  readonly address: string;
  /** Begins to accept connections. */
  readonly serve: (parts: Served) => void;
  readonly stop: () => Promise<void>;
}

/** What is known when the broker runs. */
export interface Served extends Pick<TurnDeps, 'model' | 'runner'> {
  readonly verify: TokenVerifier;
  /** The origin of the console. A page of another origin is refused. */
  readonly origin: string;
}

/** Listens on the loopback interface. @param port 0 for a free one */
export async function startLocalAssistant(port: number): Promise<LocalAssistant> {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LONGEST_CLIENT_FRAME,
    handleProtocols: () => ASSISTANT_PROTOCOL,
  });
  const server = createServer((_, response) => response.writeHead(404).end());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const turns = new Set<Promise<void>>();
  const store = new MemoryStore();
  return {
    address: `ws://localhost:${(server.address() as AddressInfo).port}`,
    serve: (parts) => {
      const handle = handler(sockets, parts, turns, store);
      server.on('upgrade', (request, socket, head) => {
        handle(request, socket, head).catch(() => socket.destroy());
      });
    },
    stop: async () => {
      for (const socket of sockets.clients) socket.terminate();
      // A turn may wait for people, who will not answer any more.
      await store.stopAll();
      await Promise.all(turns);
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function handler(
  sockets: WebSocketServer,
  { verify, origin, model, runner }: Served,
  turns: Set<Promise<void>>,
  store: MemoryStore,
) {
  const open = new Map<string, WebSocket>();
  const conversations = new Map<string, string>();
  const send = async (connection: string, event: AssistantEvent) => open.get(connection)?.send(JSON.stringify(event));
  const deps: ConnectionDeps = {
    store,
    send,
    conversations: {
      get: async (connection) => conversations.get(connection),
      set: async (connection, conversation) => {
        if (conversations.has(connection)) return false;
        conversations.set(connection, conversation);
        return true;
      },
    },
    start: async (turn) => {
      const running = runTurn({ store, send, model, runner }, turn);
      turns.add(running);
      running.finally(() => turns.delete(running)).catch(() => undefined);
    },
  };
  return async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const token = tokenInHeader(request.headers['sec-websocket-protocol']);
    const signedIn = request.headers.origin === origin && token !== undefined ? await verify(token) : undefined;
    if (signedIn === undefined) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const id = randomBytes(12).toString('hex');
      open.set(id, webSocket);
      // Frames are handled one after the other, as they were sent.
      let handled = Promise.resolve();
      webSocket.on('message', (data, isBinary) => {
        const frame = isBinary ? '' : String(data);
        handled = handled.then(() => receive(deps, { id, ...signedIn }, frame)).catch(() => webSocket.terminate());
      });
      webSocket.on('error', () => webSocket.terminate());
      webSocket.on('close', () => {
        open.delete(id);
        conversations.delete(id);
      });
    });
  };
}
