/** Verifies the signatures in a lease's record without the broker, and determines whose key signed each decision. */
import type { Assertion } from '@leasehold/contract/consent';
import type { LeaseEvent } from '@leasehold/contract/event';
import { append, type FoldedLease, fold } from '../lease/fold';
import { decisionOf } from './decision';
import { verifySignature } from './signature';
import { type ConsentStatement, challengeOf, type Statement } from './statement';
import { keyName, SIGNATURE_WORDS, type TrustedKey, type VerifiedKeys } from './verify-keys';

/** One decision by a person, and its proof. */
export interface VerifiedDecision {
  readonly sequence: number;
  readonly statement: ConsentStatement;
  readonly proof:
    | { readonly kind: 'signed'; readonly key: TrustedKey; readonly counter: number }
    /** The decision is not signed. The broker recorded it after the person signed in with MFA. */
    | { readonly kind: 'unsigned' }
    | { readonly kind: 'invalid'; readonly because: string };
}

/**
 * Verifies every decision in a record whose chain was already verified.
 * @param events All events of the lease: {@link import('../lease/record').readRecord}.
 */
export async function verifyDecisions(
  events: readonly LeaseEvent[],
  verified: VerifiedKeys,
): Promise<readonly VerifiedDecision[]> {
  const found: VerifiedDecision[] = [];
  let lease: FoldedLease | undefined;
  for (const event of events) {
    const statement = lease && decisionOf(lease, event.body);
    if (statement !== undefined) {
      const { sequence, at, body } = event;
      const assertion = 'assertion' in body ? body.assertion : undefined;
      found.push({ sequence, statement, proof: await proofOf({ assertion, at, statement }, verified) });
    }
    lease = lease === undefined ? fold([event]) : append(lease, event);
  }
  return found;
}

/** Verifies the signature of a person over the statement that the verifier composed. */
export async function proofOf(
  {
    assertion,
    at,
    statement,
  }: { readonly assertion: Assertion | undefined; readonly at: number; readonly statement: Statement },
  { keys, broken }: VerifiedKeys,
): Promise<VerifiedDecision['proof']> {
  if (assertion === undefined) return { kind: 'unsigned' };
  const invalid = (because: string) => ({ kind: 'invalid', because }) as const;
  const { approver } = statement;
  const why = broken.get(approver);
  if (why !== undefined) return invalid(`The record of ${approver}'s keys is broken. ${why}`);
  const key = keys.get(keyName(approver, assertion.credential));
  if (key === undefined) return invalid(`The signing key is not in any verified record of ${approver}.`);
  if (at < key.registeredAt || at > (key.removedAt ?? Number.POSITIVE_INFINITY)) {
    return invalid('The signing key was not valid at the time of the signature.');
  }
  const { publicKey, relyingParty } = key.key;
  const challenge = challengeOf(assertion.nonce, statement);
  const result = await verifySignature(assertion, { publicKey, relyingParty, challenge });
  return result.kind === 'valid'
    ? { kind: 'signed', key, counter: result.counter }
    : invalid(SIGNATURE_WORDS[result.fault]);
}

/**
 * Decisions with a counter value that the same key used twice. A repeated value indicates a copy of the key, or a
 * replay. Keys that are synchronized between devices always send 0, so their decisions are not included.
 */
export function reusedCounters(decisions: readonly VerifiedDecision[]): readonly VerifiedDecision[] {
  const seen = new Set<string>();
  return decisions.filter(({ proof }) => {
    if (proof.kind !== 'signed' || proof.counter === 0) return false;
    const use = `${keyName(proof.key.person, proof.key.key.id)} ${proof.counter}`;
    if (seen.has(use)) return true;
    seen.add(use);
    return false;
  });
}
