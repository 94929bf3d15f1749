/** The protocol of a login's socket: one JSON message per line, a request and its answer. */
import type { Socket } from 'node:net';
import { strictJson } from '@leasehold/contract/strict-json';
import { onLine } from '@leasehold/runtime/internal';
import type { IssuerMetadata, Revocation, SignedIn, SignedInAccount } from './oidc';

/** The data that the process of a login receives through a pipe at its start. */
export interface Handover extends SignedIn {
  /** A random id that lets the program that started the process recognize it. */
  readonly id: string;
  /** Address of the broker for which the person signed in. */
  readonly broker: string;
  readonly folder: string;
  readonly metadata: IssuerMetadata;
}

/** The facts about a login that anybody who can connect to the socket may read. They include no token. */
export interface LoginFacts extends SignedInAccount {
  readonly id: string;
  readonly broker: string;
  readonly issuer: string;
}

/** What a program can ask for. */
export type LoginRequest = { readonly ask: 'facts' | 'token' | 'end' };

/** The answer. `over` means that the issuer no longer accepts the sign-in. */
export type LoginReply =
  | { readonly facts: LoginFacts }
  | { readonly token: string; readonly facts: LoginFacts }
  | { readonly over: LoginFacts }
  | { readonly unavailable: string }
  | { readonly ended: Revocation; readonly facts: LoginFacts };

/** Maximum length of a line in bytes. */
const LONGEST = 64 * 1024;

export function send(socket: Socket, message: LoginRequest | LoginReply): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`);
}

/** Calls `hear` with each message. An invalid line ends the connection. */
export function receive(socket: Socket, hear: (message: Readonly<Record<string, unknown>>) => void): void {
  onLine(socket, LONGEST, (line) => {
    const message = parsed(line);
    if (message === undefined) socket.destroy();
    else hear(message);
  });
}

/** The facts in a message, if all of them are valid. */
export function readFacts(value: unknown): LoginFacts | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { id, broker, issuer, sub, name } = value as Readonly<Record<string, unknown>>;
  const facts = { id, broker, issuer, sub, name };
  return Object.values(facts).every((each) => typeof each === 'string') ? (facts as LoginFacts) : undefined;
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = strictJson(line);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
