/** A program's side of the holder: the lease from its memory, or, where there is none, asked for and left there. */
import { createHash } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { Lease } from '@leasehold/runtime';
import { LeaseCredentials, type LeaseCredentialsProvider, LeaseError } from '@leasehold/runtime';
import { aborted } from '@leasehold/runtime/internal';
import { HolderError } from './error';
import { ownSocket, socketPath } from './folder';
import { type KeptLease, listen, readLease, readRefusal, say } from './wire';

/** A lease from the holder. */
export interface HeldLease {
  readonly id: string;
  readonly role: string;
  readonly expiresAt: Date;
  readonly credentials: LeaseCredentialsProvider;
}

/** How the holder is found. */
export interface HoldOptions {
  /** The folder of its socket, as {@link privateFolder} gives it. */
  readonly folder: string;
  /** Starts the holder's process; called when none is running. */
  readonly start: (folder: string) => void;
  /** Milliseconds for it to start. @default 30000 */
  readonly patience?: number;
  /** Milliseconds in which it says something. It says that one has to wait every five seconds. @default 20000 */
  readonly silence?: number;
  /** Ends the waiting. @default nothing does */
  readonly signal?: AbortSignal;
}

/** The key under which a lease is held: a hash of everything that it is asked for with, in whatever order. */
export function leaseKey(parts: Readonly<Record<string, unknown>>): string {
  return createHash('sha256')
    .update(JSON.stringify(ordered(parts)))
    .digest('hex');
}

/**
 * The lease under a key. Of all the programs that want it at once, one asks the human by `open`; the others wait for what
 * comes of it. A denial is remembered: the same request hears it again, and nobody is asked.
 * @throws HolderError before anybody is asked; LeaseError, what `open` throws, or what it threw for another program.
 */
export async function holdLease(key: string, open: () => Promise<Lease>, options: HoldOptions): Promise<HeldLease> {
  let opened: KeptLease | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const socket = await reach(options);
    const hangUp = () => socket.destroy();
    options.signal?.addEventListener('abort', hangUp, { once: true });
    try {
      const talk = conversation(socket, options.silence ?? SILENCE);
      say(socket, { get: key });
      let reply = await talk.next();
      while (reply?.waiting === true) reply = await talk.next();
      if (options.signal?.aborted) throw aborted();
      // The holder ended itself just now, or was ended: there is another, or there will be.
      if (!reply) continue;
      const lease = readLease(reply.lease);
      if (lease) return held(lease);
      const refused = readRefusal(reply.refused);
      if (refused) throw new LeaseError(refused.code, refused.message, refused.hint, refused.retryable);
      if (reply.open !== true) throw new HolderError('The holder answered with nothing that can be read.', ANEW);
      opened ??= await asked(open, socket);
      const lost = opened;
      say(socket, { put: lost });
      // The human has answered: a holder that fell silent meanwhile costs nobody the lease.
      if ((await talk.next().catch(() => ({ kept: true })))?.kept === true) return held(lost);
    } finally {
      options.signal?.removeEventListener('abort', hangUp);
      socket.destroy();
    }
  }
  // The human has answered: what cannot be kept is good all the same.
  if (opened) return held(opened);
  throw new HolderError('The holder ends as soon as it is reached.', ANEW);
}

const ATTEMPTS = 5;
const SILENCE = 20_000;
const SILENT =
  'See whether it was stopped (its process is named leasehold-holder); continue it with kill -CONT, or end it.';
const ANEW = 'End it (its process is named leasehold-holder) and try again.';

async function asked(open: () => Promise<Lease>, socket: Socket): Promise<KeptLease> {
  try {
    const lease = await open();
    const { accessKeyId, secretAccessKey, sessionToken } = await lease.credentials();
    const { id, role, expiresAt } = lease;
    return { id, role, expiresAt: expiresAt.toISOString(), accessKeyId, secretAccessKey, sessionToken };
  } catch (error) {
    // A request that was taken back says nothing of the others that wait for the same lease.
    if (error instanceof LeaseError && error.code !== 'aborted') {
      const { code, message, hint, retryable } = error;
      say(socket, { refused: { code, message, hint, retryable } });
      await new Promise<void>((resolve) => socket.end(resolve));
    }
    throw error;
  }
}

function held({ id, role, expiresAt, accessKeyId, secretAccessKey, sessionToken }: KeptLease): HeldLease {
  const end = new Date(expiresAt);
  const parts = new LeaseCredentials({ accessKeyId, secretAccessKey, sessionToken, expiresAt: end.getTime() });
  return { id, role, expiresAt: end, credentials: async () => parts };
}

/** A connection to the holder, which is started when there is none. */
async function reach({ folder, start, patience = 30_000, signal }: HoldOptions): Promise<Socket> {
  const path = socketPath(folder);
  const deadline = Date.now() + patience;
  let started = false;
  for (;;) {
    if (signal?.aborted) throw aborted();
    if (ownSocket(path)) {
      const socket = await connected(path);
      if (socket) return socket;
    }
    if (!started) start(folder);
    started = true;
    if (Date.now() > deadline) throw new HolderError('The holder does not start.', 'Look whether programs may start.');
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

function connected(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}

/** The lines of a connection one after another; `undefined` when it has ended. @throws HolderError for silence */
function conversation(socket: Socket, silence: number) {
  const lines: Readonly<Record<string, unknown>>[] = [];
  let wake = () => {};
  let over = false;
  const end = () => {
    over = true;
    wake();
  };
  socket.once('close', end);
  socket.once('error', end);
  listen(socket, (line) => {
    lines.push(line);
    wake();
  });
  return {
    next: async (): Promise<Readonly<Record<string, unknown>> | undefined> => {
      const deadline = Date.now() + silence;
      while (lines.length === 0 && !over) {
        if (Date.now() >= deadline) throw new HolderError('The holder is there and says nothing.', SILENT);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, deadline - Date.now());
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      return lines.shift();
    },
  };
}

/** The same value with the keys of its objects in one order. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, each]) => [name, ordered(each)]));
}
