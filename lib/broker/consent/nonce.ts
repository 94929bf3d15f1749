/**
 * Nonces that are valid once and for minutes, without a store. The broker authenticates each nonce with a MAC, so that it
 * need not remember those that nobody uses. That a nonce is used once follows from the append-only record that contains
 * the signature: the statement names the record, and the record refuses a nonce that it contains.
 */

import type { TicketSeal } from '../ports';
import { BrokerFault } from '../service/fault';
import { toBase64url } from './bytes';

/** Seconds in which a nonce must be used. */
export const NONCE_SECONDS = 300;

export interface IssuedNonce {
  readonly nonce: string;
  readonly ticket: string;
  readonly expiresAt: number;
}

/** Makes a nonce for a person. @throws {Unavailable} */
export async function issueNonce(
  tickets: TicketSeal,
  person: string,
  bytes: Uint8Array,
  now: number,
): Promise<IssuedNonce> {
  const nonce = toBase64url(bytes);
  const mac = await tickets.seal(now, recordOf(person, nonce, now));
  return { nonce, ticket: `${now}.${mac}`, expiresAt: now + NONCE_SECONDS };
}

/** Demands that the broker made a nonce for this person, minutes ago. @throws {BrokerFault} `consent-invalid` */
export async function demandNonce(
  tickets: TicketSeal,
  person: string,
  nonce: string,
  ticket: string,
  now: number,
): Promise<void> {
  const [, issued, mac] = /^(0|[1-9][0-9]{0,11})\.([\w-]{43})$/.exec(ticket) ?? [];
  const at = Number(issued);
  const fresh = mac !== undefined && at <= now + CLOCKS_APART && now < at + NONCE_SECONDS;
  if (fresh && (await tickets.holds(at, recordOf(person, nonce, at), mac))) return;
  throw new BrokerFault('consent-invalid', 'The nonce is not one that the broker made for you in the last minutes.');
}

/** Seconds by which the clocks of two instances of the function may differ. */
const CLOCKS_APART = 5;

function recordOf(person: string, nonce: string, at: number) {
  return ['consent nonce', person, nonce, at];
}
