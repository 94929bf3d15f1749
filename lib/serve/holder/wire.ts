/** What is said over the holder's socket: lines of JSON. */
import type { Socket } from 'node:net';
import type { LeaseErrorCode } from '@leasehold/runtime';
import { onLine } from '@leasehold/runtime/internal';

/** A lease as it is kept: with its credentials. Never printed, never written. */
export interface KeptLease {
  readonly id: string;
  readonly role: string;
  /** ISO 8601. */
  readonly expiresAt: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Why there is no lease. */
export interface KeptRefusal {
  readonly code: LeaseErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly retryable: boolean;
}

/** From a program to the holder. The key stands for everything that the lease was asked for with. */
export type HolderRequest =
  | { readonly get: string }
  | { readonly put: KeptLease }
  /** The human, or AWS, said no. */
  | { readonly refused: KeptRefusal };

/** From the holder to a program. */
export type Reply =
  | { readonly lease: KeptLease }
  | { readonly refused: KeptRefusal }
  /** Another program asks: wait for its answer. Said again every few seconds. */
  | { readonly waiting: true }
  /** There is none: ask the human, and tell what came of it. */
  | { readonly open: true }
  | { readonly kept: true };

/** Bytes of a line: a session token has a few thousand at most. */
const LONGEST = 64 * 1024;

export function say(socket: Socket, line: HolderRequest | Reply): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(line)}\n`);
}

/** Calls `hear` with each line that comes. A line that cannot be read ends the connection. */
export function listen(socket: Socket, hear: (line: Readonly<Record<string, unknown>>) => void): void {
  onLine(socket, LONGEST, (line) => {
    const value = parsed(line);
    if (value === undefined) socket.destroy();
    else hear(value);
  });
}

/** The lease in a line, if every part of it is there. */
export function readLease(value: unknown): KeptLease | undefined {
  if (!isRecord(value)) return undefined;
  const { id, role, expiresAt, accessKeyId, secretAccessKey, sessionToken } = value;
  const lease = { id, role, expiresAt, accessKeyId, secretAccessKey, sessionToken };
  const texts = Object.values(lease).every((each) => typeof each === 'string');
  return texts && !Number.isNaN(Date.parse(String(expiresAt))) ? (lease as KeptLease) : undefined;
}

/** The refusal in a line, likewise. */
export function readRefusal(value: unknown): KeptRefusal | undefined {
  if (!isRecord(value)) return undefined;
  const { code, message, hint, retryable } = value;
  const texts = [code, message, hint].every((each) => typeof each === 'string');
  return texts ? ({ code, message, hint, retryable: retryable === true } as KeptRefusal) : undefined;
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
