/**
 * The records of what administrators do: one for each principal, and one for the revocations of more than one lease.
 * They are append-only events, numbered and chained like the events of a lease. Signatures are not verified here, but by
 * the broker before it appends, and by `verifyAdministration` offline.
 */
import type { AdministrationBody, AdministrationEvent } from '@leasehold/contract/administration';
import { eventHash, nextEvent } from '../lease/event';
import { KeyFault } from './key-fault';
import { signedChallenge } from './signature';
import { challengeOf, type PrincipalStatement, type RevocationStatement } from './statement';

export type { AdministrationBody, AdministrationEvent } from '@leasehold/contract/administration';

/** What a record contains so far. */
export interface AdministrationState {
  /** Name of the record: {@link settingsRecordOf}, or {@link REVOCATIONS}. */
  readonly record: string;
  /** The environment, as returned by {@link import('./statement').environmentKey}. */
  readonly environment: string;
  /** Nonces of the assertions in the record. */
  readonly nonces: readonly string[];
  readonly last?: AdministrationEvent;
}

/** Name of the record of the revocations of more than one lease. It cannot be a lease id. */
export const REVOCATIONS = 'revocations';

const SETTINGS = 'settings#';

/** Name of the record of a principal's settings. It cannot be a lease id. */
export function settingsRecordOf(principal: string): string {
  return `${SETTINGS}${principal}`;
}

/** The principal whose settings a record contains. Undefined for another record. */
export function principalOf(record: string): string | undefined {
  return record.startsWith(SETTINGS) ? record.slice(SETTINGS.length) : undefined;
}

/** A record without events. */
export function noAdministration(record: string, environment: string): AdministrationState {
  return { record, environment, nonces: [] };
}

/** Folds all events of a record. @throws {KeyFault} if the list of events violates the rules */
export function foldAdministration(
  record: string,
  environment: string,
  events: readonly AdministrationEvent[],
): AdministrationState {
  return events.reduce(appendAdministration, noAdministration(record, environment));
}

/** Creates the next event of a record. */
export function nextAdministration(
  { record, last }: AdministrationState,
  now: number,
  body: AdministrationBody,
): AdministrationEvent {
  return nextEvent(record, last, now, body);
}

/** Name of the person who caused an event, without the prefix `approver` or `administrator`. */
export function administratorOf({ by }: Pick<AdministrationBody, 'by'>): string {
  return by.replace(/^(approver|administrator) /, '');
}

/** An event without its signature. */
type Unsigned<B> = B extends AdministrationBody ? Omit<B, 'assertion'> : never;

/**
 * The statement that a person signs for the next event of a record.
 * @returns undefined if the event does not belong in this record
 */
export function administrationStatement(
  { record, environment, last }: AdministrationState,
  body: Unsigned<AdministrationBody>,
): PrincipalStatement | RevocationStatement | undefined {
  const approver = administratorOf(body);
  if (body.type === 'leases-revoked') {
    if (record !== REVOCATIONS) return undefined;
    const { scope, because } = body;
    return {
      profile: 'leasehold.revocation/1',
      decision: 'revoke',
      scope: { ...scope, because },
      approver,
      environment,
    };
  }
  const principal = principalOf(record);
  if (principal === undefined) return undefined;
  const { before, after, version } = body;
  return {
    profile: 'leasehold.principal/1',
    decision: 'set',
    principal,
    scope: { before, policy: after.policy, groups: after.groups, version },
    approver,
    environment,
    previous: last === undefined ? '' : eventHash(last),
  };
}

/** The record after one more event. @throws {KeyFault} for an event that cannot be appended */
export function appendAdministration(state: AdministrationState, event: AdministrationEvent): AdministrationState {
  const { record, last, nonces } = state;
  const follows =
    event.lease === record &&
    event.sequence === (last?.sequence ?? 0) + 1 &&
    event.at >= (last?.at ?? 0) &&
    event.previous === (last === undefined ? '' : eventHash(last));
  if (!follows) throw new KeyFault('out-of-sequence', `Event ${event.sequence} does not follow the previous event.`);
  const { assertion, ...body } = event.body;
  const statement = administrationStatement(state, body as Unsigned<AdministrationBody>);
  if (statement === undefined) throw new KeyFault('malformed', `Event ${event.sequence} belongs to another record.`);
  if (assertion === undefined) return { ...state, last: event };
  if (signedChallenge(assertion) !== challengeOf(assertion.nonce, statement)) {
    throw new KeyFault('another-statement', 'The statement signed with the passkey does not match this change.');
  }
  if (nonces.includes(assertion.nonce)) throw new KeyFault('nonce-used', 'The nonce was used before.');
  return { ...state, nonces: [...nonces, assertion.nonce], last: event };
}
