/**
 * Nonces that are valid once and for some minutes, without a store. The broker authenticates each nonce with a MAC, so
 * it need not store nonces that nobody uses. Each nonce can be used only once, because the append-only record that the
 * signature belongs to rejects a nonce that it already contains.
 */

import type { TicketSeal } from '../ports';
import { BrokerFault } from '../service/fault';
import { toBase64url } from './bytes';
import { NONCE_SECONDS } from './statement';

export interface IssuedNonce {
  readonly nonce: string;
  readonly ticket: string;
  readonly expiresAt: number;
}

/** Creates a nonce for a person. @throws {Unavailable} */
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

/**
 * Requires that the broker created the nonce for this person within the last few minutes.
 * @throws {BrokerFault} `consent-invalid`
 */
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
  throw new BrokerFault('consent-invalid', 'The broker did not create this nonce for you in the last few minutes.');
}

/** Maximum difference, in seconds, between the clocks of two function instances. */
const CLOCKS_APART = 5;

function recordOf(person: string, nonce: string, at: number) {
  return ['consent nonce', person, nonce, at];
}
