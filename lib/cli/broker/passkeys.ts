/** Reads the records of people's passkeys, and verifies them on this machine. */

import { namedPeople } from '@leasehold/broker';
import {
  foldKeys,
  type KeyEvent,
  keysAt,
  type PersonKeys,
  type TrustedKey,
  usableCode,
  verifyKeys,
} from '@leasehold/broker/core';
import type { NonceAnswer, RelyingParty } from '@leasehold/contract/consent';
import { BrokerProblem } from '@leasehold/runtime/broker';
import type { OpenBroker } from './open';

/** The passkeys of one person. */
export type PersonPasskeys =
  | {
      readonly person: string;
      readonly kind: 'verified';
      readonly keys: PersonKeys['keys'];
      /** The one-time code that can be used now. */
      readonly code: PersonKeys['code'];
    }
  | { readonly person: string; readonly kind: 'broken'; readonly because: string };

/** The passkeys of several people. */
export interface VerifiedPasskeys {
  readonly environment: string;
  /** The console at which passkeys can be used. */
  readonly relyingParty: RelyingParty;
  readonly people: readonly PersonPasskeys[];
  /** The keys on which the trust in all other keys depends. */
  readonly roots: readonly TrustedKey[];
}

interface Received {
  readonly person: string;
  /** Undefined if the broker cannot read the record. */
  readonly events: readonly unknown[] | undefined;
  readonly unauthentic?: readonly number[] | undefined;
}

/** The passkeys of these people, verified up to the root. @throws BrokerProblem */
export async function fetchPasskeys(
  { client }: Pick<OpenBroker, 'client'>,
  names: readonly string[],
  { environment, relyingParty }: Pick<NonceAnswer, 'environment' | 'relyingParty'>,
  now: number,
  signal: AbortSignal,
): Promise<VerifiedPasskeys> {
  const received = new Map<string, Received>();
  for (let missing = names; missing.length > 0; ) {
    for (const name of missing) received.set(name, await recordOf(client, name, signal));
    const events = missing.flatMap((name) => received.get(name)?.events ?? []);
    missing = namedPeople(events).filter((name) => !received.has(name));
  }
  const records = [...received.values()].map((each) => ({ ...each, events: each.events ?? [] }));
  const { broken, roots } = await verifyKeys(records, environment);
  const people = names.map((person): PersonPasskeys => {
    const events = received.get(person)?.events;
    const because = events === undefined ? 'The broker cannot read the record.' : broken.get(person);
    if (events === undefined || because !== undefined) return { person, kind: 'broken', because: because ?? '' };
    const folded = foldKeys(person, environment, events as readonly KeyEvent[]);
    return { person, kind: 'verified', keys: folded.keys, code: usableCode(folded, now) };
  });
  return { environment, relyingParty, people, roots };
}

/** Whether one of these people has a passkey that can sign one-time codes at this console. */
export function canSignCodes({ people, relyingParty }: VerifiedPasskeys): boolean {
  return people.some(
    (each) => each.kind === 'verified' && each.keys.some((key) => key.administrator && isUsable(key, relyingParty)),
  );
}

/** Whether a key can be used at this console: it was not removed, and belongs to the console's address. */
export function isUsable(recorded: PersonKeys['keys'][number], relyingParty: RelyingParty): boolean {
  return (
    keysAt({ person: '', environment: '', keys: [recorded], unsigned: false, nonces: [] }, relyingParty).length > 0
  );
}

async function recordOf(client: OpenBroker['client'], person: string, signal: AbortSignal): Promise<Received> {
  try {
    const { events, unauthentic } = await client.keys(person, { signal });
    return { person, events, unauthentic };
  } catch (error) {
    const code = error instanceof BrokerProblem ? error.problem.code : undefined;
    if (code !== 'broken-record') throw error;
    return { person, events: undefined };
  }
}
