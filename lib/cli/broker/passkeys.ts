/** Reads the records of people's passkeys, and verifies them on this machine. */
import {
  type PersonPasskeys,
  type PersonRecord,
  readPeopleRecords,
  type TrustedKey,
  verifyPeople,
} from '@leasehold/broker/core';
import type { NonceAnswer, RelyingParty } from '@leasehold/contract/consent';
import { BrokerProblem } from '@leasehold/runtime/broker';
import type { OpenBroker } from './open';

/** The passkeys of several people. */
export interface VerifiedPasskeys {
  readonly environment: string;
  /** The console in which passkeys can be used. */
  readonly relyingParty: RelyingParty;
  readonly people: readonly PersonPasskeys[];
  /** The keys on which the trust in all other keys depends. */
  readonly roots: readonly TrustedKey[];
}

/** The passkeys of these people, verified up to the root key. @throws BrokerProblem */
export async function fetchPasskeys(
  client: OpenBroker['client'],
  names: readonly string[],
  { environment, relyingParty }: Pick<NonceAnswer, 'environment' | 'relyingParty'>,
  now: number,
  signal: AbortSignal,
): Promise<VerifiedPasskeys> {
  const received = await readPeopleRecords(names, (name) => recordOf(client, name, signal));
  const { people, roots } = await verifyPeople([...received.values()], environment, now);
  return { environment, relyingParty, people: people.filter(({ person }) => names.includes(person)), roots };
}

/** Names of the people whom the broker lists for administrators. */
export async function peopleOf(client: OpenBroker['client'], signal: AbortSignal): Promise<readonly string[]> {
  const { principals } = await client.principals({ signal });
  return principals.filter(({ kind }) => kind === 'person').map(({ name }) => name);
}

async function recordOf(client: OpenBroker['client'], person: string, signal: AbortSignal): Promise<PersonRecord> {
  try {
    const { events, unauthentic } = await client.keys(person, { signal });
    return { person, events, unauthentic };
  } catch (error) {
    if (!(error instanceof BrokerProblem) || error.problem.code !== 'broken-record') throw error;
    return { person, events: undefined };
  }
}
