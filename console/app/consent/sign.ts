/**
 * Signs a statement with a passkey of the person. The page composes the statement from the events that it verified and
 * shows, and computes the challenge itself: `nonce ‖ SHA-256(statement)`. The broker contributes 32 random bytes and
 * nothing else.
 */
import {
  challengeOf,
  decisionOf,
  type EventBody,
  type FoldedLease,
  foldKeys,
  type KeyEvent,
  keysAt,
  type PersonKeys,
  type Statement,
  verifySignature,
} from '@leasehold/broker/core';
import type { NonceAnswer } from '@leasehold/contract';
import type { Assertion, Consent, Passkey } from '@leasehold/contract/consent';
import { startAuthentication } from '@simplewebauthn/browser';
import type { Broker, Capacity } from '../api/client.ts';
import { PageRefusal } from '../api/errors.ts';

/**
 * A person who can sign, the client with which the page calls the broker, and the kind of caller that the person is.
 */
export interface Signer {
  readonly broker: Broker;
  readonly as: Capacity;
  /** The name that the page shows for the person. */
  readonly person: string;
}

/** The decision that the person signs: the event that records it, without the signature. */
export type Decision = Extract<EventBody, { type: 'approved' | 'denied' | 'revoked' }>;

/** Signs a decision about a lease. @throws {PageRefusal} */
export async function signDecision(signer: Signer, lease: FoldedLease, decision: Decision): Promise<Consent> {
  const statement = decisionOf(lease, decision);
  if (statement === undefined || statement.approver !== signer.person) {
    throw new PageRefusal('There is nothing to sign.', 'Reload the page.');
  }
  const nonce = await nonceFor(signer, statement.environment);
  const keys = await keysOf(signer, nonce);
  return { assertion: await sign(nonce, statement, keysAt(keys, nonce.relyingParty)), ticket: nonce.ticket };
}

/**
 * A nonce for this person on this page.
 * @param environment The environment that the page shows, for example that of the lease. Undefined to learn it from the
 *   broker.
 * @throws {PageRefusal} if the nonce is for another person, another site or another environment
 */
export async function nonceFor({ broker, as, person }: Signer, environment?: string): Promise<NonceAnswer> {
  const nonce = await broker('nonce', { as });
  const { relyingParty } = nonce;
  if (relyingParty.origin !== location.origin || relyingParty.id !== location.hostname) {
    throw new PageRefusal(
      `Passkeys of this broker are bound to ${relyingParty.origin}, but this page is at ${location.origin}.`,
      `Open the console at ${relyingParty.origin}.`,
    );
  }
  if (nonce.person !== person) {
    throw new PageRefusal(
      `The response of the broker is for ${nonce.person}, but ${person} is signed in on this page.`,
      'Reload the page.',
    );
  }
  if (environment !== undefined && nonce.environment !== environment) {
    throw new PageRefusal(
      `The response of the broker is for ${nonce.environment}, but this page shows ${environment}.`,
      'Sign nothing. Reload the page.',
    );
  }
  return nonce;
}

/** The record of a person's keys. Its hash chain is verified, but not its signatures. @throws KeyFault */
export async function keysOf(
  { broker, as, person }: Signer,
  { environment }: Pick<NonceAnswer, 'environment'>,
): Promise<PersonKeys> {
  const { events, unauthentic } = await broker('keys', { as, path: { principal: person } });
  if (unauthentic !== undefined) {
    throw new PageRefusal(
      `Some events in the passkey record of ${person} were not written by the broker.`,
      'Tell an administrator. Sign nothing.',
    );
  }
  // The events as received, because the hashes cover them.
  return foldKeys(person, environment, events as unknown as readonly KeyEvent[]);
}

/**
 * Has one of the keys sign a statement.
 * @param keys The keys that may sign. Empty: nothing is asked.
 * @throws {PageRefusal}
 */
export async function sign(nonce: NonceAnswer, statement: Statement, keys: readonly Passkey[]): Promise<Assertion> {
  if (keys.length === 0) {
    throw new PageRefusal('You have no passkey at this console.', 'Register one under Passkeys.');
  }
  const challenge = challengeOf(nonce.nonce, statement);
  const { relyingParty } = nonce;
  const { id, response } = await startAuthentication({
    optionsJSON: {
      challenge,
      rpId: relyingParty.id,
      allowCredentials: keys.map((key) => ({ id: key.id, type: 'public-key' })),
      userVerification: 'required',
      timeout: SIGNED_WITHIN,
    },
  });
  const assertion: Assertion = {
    type: 'webauthn.assertion/1',
    credential: id,
    clientData: response.clientDataJSON,
    authenticatorData: response.authenticatorData,
    signature: response.signature,
    nonce: nonce.nonce,
  };
  const key = keys.find((each) => each.id === id);
  const result = key && (await verifySignature(assertion, { publicKey: key.publicKey, challenge, relyingParty }));
  if (result?.kind === 'valid') return assertion;
  throw new PageRefusal(
    'The signature of the device covers data that this page did not send to the device.',
    'Nothing was sent. Tell an administrator.',
  );
}

/** Milliseconds that a person has for confirming on the device. */
const SIGNED_WITHIN = 120_000;
