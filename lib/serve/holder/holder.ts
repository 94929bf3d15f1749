/** The server of the holder. It keeps leases, and records which program asks a person and which programs wait. */
import { lstatSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import { socketPath } from './folder';
import { Memory } from './memory';
import { bind, removeOwn } from './private-socket';
import { listen, type Reply, readLease, readRefusal, say } from './wire';

/** Options of a holder. */
export interface HolderOptions {
  /** The folder with the socket, as returned by {@link privateFolder}. */
  readonly folder: string;
  /**
   * Number of milliseconds after which the holder exits if no program is connected and it has no lease.
   * @default 2000
   */
  readonly idle?: number;
  /** Returns milliseconds since 1970. @default the system clock */
  readonly now?: () => number;
}

/** A running holder. */
export interface Holder {
  /** Resolves when the holder has ended, either by itself or because of {@link stop}. */
  readonly ended: Promise<void>;
  stop(): void;
}

/**
 * Starts the holder of this user.
 * @returns `undefined` if a holder is already running.
 * @throws HolderError if the holder's folder cannot be trusted.
 */
export async function startHolder(options: HolderOptions): Promise<Holder | undefined> {
  const { folder, idle = 2_000, now = Date.now } = options;
  const path = socketPath(folder);
  const server = await bind(path);
  if (!server) return undefined;
  const { ino } = lstatSync(path);
  return run(server, new Memory(now), { idle, now, left: () => removeOwn(path, ino) });
}

/**
 * Programs that need a lease with the same key. The first program asks a person, and the others wait for the result.
 */
type Queue = Socket[];

/** Maximum concurrent connections. */
const MOST_CONNECTIONS = 256;
/** Milliseconds between two keep-alive messages. */
const BEAT = 5_000;
/** A key is a SHA-256 hash. */
const KEY = /^[0-9a-f]{64}$/;

interface Surroundings {
  readonly idle: number;
  readonly now: () => number;
  readonly left: () => void;
}

function run(server: Server, memory: Memory, { idle, now, left }: Surroundings): Holder {
  const queues = new Map<string, Queue>();
  const sockets = new Set<Socket>();
  let stopped = false;
  const stop = () => {
    stopped = true;
    clearTimeout(timer);
    clearInterval(beat);
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  const ended = new Promise<void>((resolve) =>
    server.once('close', () => {
      left();
      resolve();
    }),
  );
  // Expired entries are removed when they expire, not at the next request.
  const rest = () => {
    if (stopped) return;
    clearTimeout(timer);
    const end = memory.nextEnd;
    const alone = end === undefined && sockets.size === 0;
    timer = setTimeout(
      alone ? () => (sockets.size === 0 ? stop() : rest()) : rest,
      end === undefined ? idle : end - now(),
    );
  };
  let timer = setTimeout(rest, 0);

  // Tells waiting programs that the holder is still running.
  const beat = setInterval(() => {
    for (const queue of queues.values()) for (const waiting of queue.slice(1)) say(waiting, { waiting: true });
  }, BEAT);

  const answerAll = (key: string, reply: Reply) => {
    for (const waiting of queues.get(key) ?? []) say(waiting, reply);
    queues.delete(key);
  };
  const leave = (key: string, socket: Socket) => {
    const queue = queues.get(key);
    const place = queue?.indexOf(socket) ?? -1;
    if (!queue || place < 0) return;
    queue.splice(place, 1);
    const [next] = queue;
    if (!next) queues.delete(key);
    else if (place === 0) say(next, { open: true });
  };

  server.maxConnections = MOST_CONNECTIONS;
  server.on('connection', (socket) => {
    let key: string | undefined;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      sockets.delete(socket);
      if (key !== undefined) leave(key, socket);
      rest();
    });
    const get = (asked: string) => {
      key = asked;
      const lease = memory.lease(asked);
      const refused = lease ? undefined : memory.refusal(asked);
      if (lease) return say(socket, { lease });
      if (refused) return say(socket, { refused });
      const queue = queues.get(asked);
      if (queue) return void queue.push(socket);
      queues.set(asked, [socket]);
      say(socket, { open: true });
    };
    const settle = (line: Readonly<Record<string, unknown>>) => {
      // Only the program that was instructed to ask a person may report the result.
      const asker = key !== undefined && queues.get(key)?.[0] === socket ? key : undefined;
      const lease = readLease(line.put);
      const refused = readRefusal(line.refused);
      if (asker === undefined || (!lease && !refused)) return socket.destroy();
      queues.set(asker, queues.get(asker)?.slice(1) ?? []);
      if (lease) {
        memory.keep(asker, lease);
        answerAll(asker, { lease });
      } else if (refused) {
        memory.refuse(asker, refused);
        answerAll(asker, { refused });
      }
      say(socket, { kept: true });
      rest();
    };
    listen(socket, (line) => {
      if (key === undefined && typeof line.get === 'string' && KEY.test(line.get)) get(line.get);
      else settle(line);
    });
  });
  return { ended, stop };
}
