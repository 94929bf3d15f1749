/** The protocol of the holder's socket: one JSON message per line. */

import type { Socket } from 'node:net';
import { strictJson } from '@leasehold/contract/strict-json';
import type { LeaseErrorCode } from '@leasehold/runtime';
import { onLine } from '@leasehold/runtime/internal';

/** A kept lease with its credentials. Never printed or written to disk. */
export interface KeptLease {
  readonly id: string;
  readonly role: string;
  /** ISO 8601. */
  readonly expiresAt: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** The reason why there is no lease. */
export interface KeptRefusal {
  readonly code: LeaseErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly retryable: boolean;
}

/** A message from a program to the holder. The key is a hash of all parts of the request. */
export type HolderRequest =
  | { readonly get: string }
  | { readonly put: KeptLease }
  /** A person or AWS denied the request. */
  | { readonly refused: KeptRefusal };

/** A message from the holder to a program. */
export type Reply =
  | { readonly lease: KeptLease }
  | { readonly refused: KeptRefusal }
  /**
   * Another program is asking a person, so this program must wait for the result. The message is repeated every few
   * seconds.
   */
  | { readonly waiting: true }
  /** There is no lease, so the program must ask a person and report the result. */
  | { readonly open: true }
  | { readonly kept: true };

/** Maximum length of a line in bytes. A session token is a few thousand bytes long. */
const LONGEST = 64 * 1024;

export function say(socket: Socket, line: HolderRequest | Reply): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(line)}\n`);
}

/** Calls `hear` with each line. An invalid line ends the connection. */
export function listen(socket: Socket, hear: (line: Readonly<Record<string, unknown>>) => void): void {
  onLine(socket, LONGEST, (line) => {
    const value = parsed(line);
    if (value === undefined) socket.destroy();
    else hear(value);
  });
}

/** The lease in a line; `undefined` if a part of the lease is invalid. */
export function readLease(value: unknown): KeptLease | undefined {
  if (!isRecord(value)) return undefined;
  const { id, role, expiresAt, accessKeyId, secretAccessKey, sessionToken } = value;
  const lease = { id, role, expiresAt, accessKeyId, secretAccessKey, sessionToken };
  const texts = Object.values(lease).every((each) => typeof each === 'string');
  return texts && !Number.isNaN(Date.parse(String(expiresAt))) ? (lease as KeptLease) : undefined;
}

/** The refusal in a line; `undefined` if a part of the refusal is invalid. */
export function readRefusal(value: unknown): KeptRefusal | undefined {
  if (!isRecord(value)) return undefined;
  const { code, message, hint, retryable } = value;
  const texts = [code, message, hint].every((each) => typeof each === 'string');
  return texts ? ({ code, message, hint, retryable: retryable === true } as KeptRefusal) : undefined;
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = strictJson(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
