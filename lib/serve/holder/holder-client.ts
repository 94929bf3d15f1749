/**
 * The client of the holder. It gets a lease from the holder's memory. If the holder does not have the lease, the
 * client requests the lease and stores it in the holder.
 */
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Lease } from '@leasehold/runtime';
import { LeaseCredentials, type LeaseCredentialsProvider, LeaseError } from '@leasehold/runtime';
import { aborted } from '@leasehold/runtime/internal';
import { HolderError } from './error';
import { ownSocket, socketPath } from './folder';
import { connected } from './private-socket';
import { type KeptLease, listen, readLease, readRefusal, say } from './wire';

/** A lease from the holder. */
export interface HeldLease {
  readonly id: string;
  readonly role: string;
  readonly expiresAt: Date;
  readonly credentials: LeaseCredentialsProvider;
}

/** Options for using the holder. */
export interface HoldOptions {
  /** The folder with the holder's socket, as returned by {@link privateFolder}. */
  readonly folder: string;
  /** Starts the holder's process. Called if no holder is running. */
  readonly start: (folder: string) => void;
  /**
   * Maximum number of milliseconds that the holder may take to start.
   * @default 30000
   */
  readonly patience?: number;
  /**
   * Maximum number of milliseconds without a message. While a program is waiting, the holder sends a message every five
   * seconds.
   * @default 20000
   */
  readonly silence?: number;
  /** A signal that cancels waiting for the lease. @default waiting is not cancelled */
  readonly signal?: AbortSignal;
}

/** The key for a lease: a hash of all parts of its request. The order of the parts does not matter. */
export function leaseKey(parts: Readonly<Record<string, unknown>>): string {
  return createHash('sha256')
    .update(JSON.stringify(ordered(parts)))
    .digest('hex');
}

/**
 * The lease for a key. If several programs need it at the same time, one program calls `open`, which asks a person, and
 * the others wait for the result. A denial is remembered: the same request is denied again, and nobody is asked.
 * @throws HolderError before anyone is asked; LeaseError, or the error of `open`, also if another program called
 * `open`.
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
      // The holder has just ended. Another holder is already running, or will be started.
      if (!reply) continue;
      const lease = readLease(reply.lease);
      if (lease) return held(lease);
      const refused = readRefusal(reply.refused);
      if (refused) throw new LeaseError(refused.code, refused.message, refused.hint, refused.retryable);
      if (reply.open !== true) throw new HolderError('The answer of the holder cannot be read.', ANEW);
      opened ??= await asked(open, socket);
      const lost = opened;
      say(socket, { put: lost });
      // A person has answered, so the lease must not be lost if the holder stopped responding.
      if ((await talk.next().catch(() => ({ kept: true })))?.kept === true) return held(lost);
    } finally {
      options.signal?.removeEventListener('abort', hangUp);
      socket.destroy();
    }
  }
  // A person has answered, so the lease is valid even if the holder cannot keep it.
  if (opened) return held(opened);
  throw new HolderError('The process leasehold-holder exits immediately after a client connects to it.', ANEW);
}

const ATTEMPTS = 5;
const SILENCE = 20_000;
const SILENT = 'Check whether the process leasehold-holder was stopped. Resume the process with kill -CONT, or end it.';
const ANEW = 'End the process leasehold-holder, and try again.';

async function asked(open: () => Promise<Lease>, socket: Socket): Promise<KeptLease> {
  try {
    const lease = await open();
    const { accessKeyId, secretAccessKey, sessionToken } = await lease.credentials();
    const { id, role, expiresAt } = lease;
    return { id, role, expiresAt: expiresAt.toISOString(), accessKeyId, secretAccessKey, sessionToken };
  } catch (error) {
    // A cancelled request does not decide for other programs that wait for the same lease.
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

/** Connects to the holder. Starts the holder if none is running. */
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

/**
 * The lines that a connection receives, in order. `undefined` at the end.
 * @throws HolderError if the holder does not respond
 */
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
        if (Date.now() >= deadline)
          throw new HolderError('The process leasehold-holder is running but does not respond.', SILENT);
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

/** A copy of the value with sorted object keys. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, each]) => [name, ordered(each)]));
}
