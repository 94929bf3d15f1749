/**
 * Verifies a record of administrators' actions without calling the broker, and determines whose key signed each event.
 */
import { administrationEvent } from '@leasehold/contract/administration';
import {
  type AdministrationEvent,
  type AdministrationState,
  administrationStatement,
  appendAdministration,
  noAdministration,
} from './administration';
import { KeyFault } from './key-fault';
import { proofOf, type VerifiedDecision } from './verify-decisions';
import type { VerifiedKeys } from './verify-keys';

/** The record as it was received, unverified. */
export interface ReceivedAdministration {
  readonly record: string;
  readonly events: readonly unknown[];
  /** Sequence numbers of the events that, as the broker reports, its function did not write. */
  readonly unauthentic?: readonly number[] | undefined;
}

/** One event, and the proof of the person's decision. */
export interface VerifiedAct {
  readonly event: AdministrationEvent;
  readonly proof: VerifiedDecision['proof'];
}

/** The result for one record. */
export interface VerifiedAdministration {
  /** The events up to the first one that is not valid. */
  readonly acts: readonly VerifiedAct[];
  /** The record after these events. The next statement depends on it. */
  readonly state: AdministrationState;
  /** Why the record is broken, in one sentence. Undefined for an unbroken hash chain. */
  readonly because?: string;
  /** Whether the chain is unbroken and every signature in it is valid. Events without a signature count as valid. */
  readonly valid: boolean;
}

/** Verifies a record. Never throws. */
export async function verifyAdministration(
  { record, events, unauthentic = [] }: ReceivedAdministration,
  environment: string,
  keys: VerifiedKeys,
): Promise<VerifiedAdministration> {
  const acts: VerifiedAct[] = [];
  let state = noAdministration(record, environment);
  for (const each of events) {
    const place = acts.length + 1;
    try {
      if (!administrationEvent.safeParse(each).success) {
        throw new KeyFault('malformed', `Event ${place} of ${record} cannot be read.`);
      }
      if (unauthentic.includes(place)) {
        throw new KeyFault('unauthentic', `Event ${place} was not written by the broker's function.`);
      }
      // The event as it was received, because the hash covers the received event.
      const event = each as AdministrationEvent;
      const next = appendAdministration(state, event);
      acts.push({ event, proof: await proofOfAct(state, event, keys) });
      state = next;
    } catch (error) {
      const because = error instanceof KeyFault ? error.message : `Event ${place} cannot be read.`;
      return { acts, state, because, valid: false };
    }
  }
  return { acts, state, valid: acts.every(({ proof }) => proof.kind !== 'invalid') };
}

async function proofOfAct(
  state: AdministrationState,
  { at, body }: AdministrationEvent,
  keys: VerifiedKeys,
): Promise<VerifiedDecision['proof']> {
  const { assertion, ...unsigned } = body;
  const statement = administrationStatement(state, unsigned as Parameters<typeof administrationStatement>[1]);
  if (statement === undefined) return { kind: 'invalid', because: 'There is nothing to sign.' };
  const proof = await proofOf({ assertion, at, statement }, keys);
  // Only the key of an administrator may change principals. An approver may revoke.
  if (body.type === 'principal-set' && proof.kind === 'signed' && !proof.key.administrator) {
    return { kind: 'invalid', because: `${statement.approver} was not an administrator.` };
  }
  return proof;
}
