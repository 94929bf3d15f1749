/**
 * The record of a person's keys: append-only events, numbered and chained like the events of a lease. The fold of the
 * record determines which events may follow. Signatures are not verified here, but by the broker before it appends, and
 * by `verifyKeys` offline.
 */
import type { Assertion, KeyEvent, KeyEventBody, Passkey, RelyingParty } from '@leasehold/contract/consent';
import { hashOf, type Json } from '../canonical';
import { eventHash, nextEvent } from '../lease/event';
import { KeyFault } from './key-fault';
import { signedChallenge } from './signature';
import { challengeOf, type KeyStatement } from './statement';

export type { KeyEvent, KeyEventBody } from '@leasehold/contract/consent';

/** Seconds for which a one-time code is valid. */
export const CODE_SECONDS = 86_400;
/** Number of wrong attempts after which the issued code is void. */
export const MOST_WRONG_CODES = 5;
/** Maximum number of keys of a person. */
export const MOST_KEYS = 10;

/** A key with the times of its events in the record. */
export interface RecordedKey {
  readonly key: Passkey;
  readonly registeredAt: number;
  /** Whether the key may sign codes and removals for other people. */
  readonly administrator: boolean;
  readonly removedAt?: number;
}

/** A one-time code that can still be used, or a code that is void because of too many wrong attempts. */
export interface IssuedCode {
  readonly hash: string;
  readonly until: number;
  readonly wrong: number;
  readonly administrator: boolean;
  readonly relyingParty: RelyingParty;
}

/** A person's keys, computed from the events in the record. */
export interface PersonKeys {
  readonly person: string;
  /** The environment, as returned by {@link import('./statement').environmentKey}. */
  readonly environment: string;
  /** Every key that was ever registered, in order. */
  readonly keys: readonly RecordedKey[];
  readonly code?: IssuedCode | undefined;
  /** True if the most recently issued code was not signed by anybody. */
  readonly unsigned: boolean;
  /** Nonces of the assertions in the record. */
  readonly nonces: readonly string[];
  readonly last?: KeyEvent;
}

/** Name of the record for a person. The name cannot be a lease id. */
export function keyRecordOf(person: string): string {
  return `keys#${person}`;
}

/** The keys of a person without events. */
export function noKeys(person: string, environment: string): PersonKeys {
  return { person, environment, keys: [], unsigned: false, nonces: [] };
}

/** The keys that were not removed. */
export function liveKeys({ keys }: PersonKeys): readonly Passkey[] {
  return keys.flatMap(({ key, removedAt }) => (removedAt === undefined ? [key] : []));
}

/** Whether a key can be used at this site: it was not removed, and belongs to the site's domain and origin. */
export function isUsableAt({ key, removedAt }: RecordedKey, { id, origin }: RelyingParty): boolean {
  return removedAt === undefined && key.relyingParty.id === id && key.relyingParty.origin === origin;
}

/** The keys that can be used at this site. If the site moved to another domain, the list is empty. */
export function keysAt({ keys }: Pick<PersonKeys, 'keys'>, site: RelyingParty): readonly Passkey[] {
  return keys.filter((each) => isUsableAt(each, site)).map(({ key }) => key);
}

/** The keys that can sign codes, and removals for other people, at this site. */
export function administratorKeysAt({ keys }: Pick<PersonKeys, 'keys'>, site: RelyingParty): readonly RecordedKey[] {
  return keys.filter((each) => each.administrator && isUsableAt(each, site));
}

/** The code that is usable at the given time, if such a code exists. */
export function usableCode({ code }: PersonKeys, now: number): IssuedCode | undefined {
  return code !== undefined && now < code.until && code.wrong < MOST_WRONG_CODES ? code : undefined;
}

/** Folds all events about a person's keys. @throws {KeyFault} if the list of events violates the rules */
export function foldKeys(person: string, environment: string, events: readonly KeyEvent[]): PersonKeys {
  return events.reduce(appendKey, noKeys(person, environment));
}

/** Creates the next event in the record of a person. */
export function nextKeyEvent({ person, last }: PersonKeys, now: number, body: KeyEventBody): KeyEvent {
  return nextEvent(keyRecordOf(person), last, now, body);
}

/** Identifies a public key: its RFC 7638 thumbprint, in hexadecimal digits. */
export function thumbprint(publicKey: Passkey['publicKey']): string {
  return hashOf(publicKey as unknown as Json);
}

/** A change that somebody signs. */
type Signed = Exclude<KeyEventBody, { type: 'code-refused' }>;
/** A change without its signature. */
type Unsigned<B> = B extends KeyEventBody ? Omit<B, 'assertion'> : never;

/**
 * The text that a person signs to authorize the next event of a record. The text covers all data in the event.
 * @returns undefined for an event that nobody signs
 */
export function keyStatement(keys: PersonKeys, body: Unsigned<Signed>): KeyStatement;
export function keyStatement(keys: PersonKeys, body: Unsigned<KeyEventBody>): KeyStatement | undefined;
export function keyStatement(
  { person, environment, last }: PersonKeys,
  body: Unsigned<KeyEventBody>,
): KeyStatement | undefined {
  if (body.type === 'code-refused') return undefined;
  const { type: decision, ...said } = body;
  const { by: approver = person, assertion: _, ...scope } = said as Partial<Extract<KeyEventBody, { by: string }>>;
  const previous = last === undefined ? '' : eventHash(last);
  return {
    profile: 'leasehold.keys/1',
    decision,
    person,
    scope: scope as KeyStatement['scope'],
    approver,
    environment,
    previous,
  };
}

/** The statement for creating a passkey: the registration of a new key in this record. */
export function creationStatement({ person, environment, last }: PersonKeys): KeyStatement {
  const previous = last === undefined ? '' : eventHash(last);
  const profile = 'leasehold.keys/1';
  return { profile, decision: 'key-registered', person, scope: {}, approver: person, environment, previous };
}

/** The record after one more event. @throws {KeyFault} for an event that cannot be appended */
export function appendKey(keys: PersonKeys, event: KeyEvent): PersonKeys {
  const { last } = keys;
  const follows =
    event.lease === keyRecordOf(keys.person) &&
    event.sequence === (last?.sequence ?? 0) + 1 &&
    event.at >= (last?.at ?? 0) &&
    event.previous === (last === undefined ? '' : eventHash(last));
  if (!follows) throw new KeyFault('out-of-sequence', `Event ${event.sequence} does not follow the previous event.`);
  const { body } = event;
  const assertion = 'assertion' in body ? body.assertion : undefined;
  if (assertion !== undefined) demandBinding(keys, body, assertion);
  const nonces = assertion === undefined ? keys.nonces : [...keys.nonces, assertion.nonce];
  return { ...keys, ...after(keys, body, event.at), nonces, last: event };
}

/** Throws unless the assertion covers exactly this change, and the nonce is new in this record. */
function demandBinding(keys: PersonKeys, body: KeyEventBody, assertion: Assertion): void {
  const statement = keyStatement(keys, body);
  if (statement === undefined || signedChallenge(assertion) !== challengeOf(assertion.nonce, statement)) {
    throw new KeyFault('another-statement', 'The statement signed with the passkey does not match this change.');
  }
  if (keys.nonces.includes(assertion.nonce)) throw new KeyFault('nonce-used', 'The nonce was used before.');
}

function after(keys: PersonKeys, body: KeyEventBody, at: number): Partial<PersonKeys> {
  switch (body.type) {
    case 'code-issued':
      return issued(keys, body, at);
    case 'code-refused': {
      const code = usableCode(keys, at);
      if (code === undefined) throw new KeyFault('no-code', 'There is no code that could be wrong.');
      return { code: { ...code, wrong: code.wrong + 1 } };
    }
    case 'key-registered':
      return registered(keys, body, at);
    case 'key-removed':
      return removed(keys, body, at);
  }
}

function issued(
  keys: PersonKeys,
  { code, until, assertion, administrator, relyingParty }: Extract<KeyEventBody, { type: 'code-issued' }>,
  at: number,
): Partial<PersonKeys> {
  if (keysAt(keys, relyingParty).length > 0) {
    throw new KeyFault(
      'has-key',
      'A person who has a key must sign the next key with that key; a code can register only the first key.',
    );
  }
  if (until <= at || until > at + CODE_SECONDS) throw new KeyFault('malformed', 'A code is valid for at most a day.');
  return { code: { hash: code, until, wrong: 0, administrator, relyingParty }, unsigned: assertion === undefined };
}

function registered(
  keys: PersonKeys,
  { key, code, assertion }: Extract<KeyEventBody, { type: 'key-registered' }>,
  at: number,
): Partial<PersonKeys> {
  if (keys.keys.some((known) => known.key.id === key.id)) {
    throw new KeyFault(
      'key-exists',
      'This passkey was registered before. A removed passkey cannot be registered again.',
    );
  }
  if (liveKeys(keys).length >= MOST_KEYS)
    throw new KeyFault('too-many-keys', `A person has at most ${MOST_KEYS} keys.`);
  const administrator = code === undefined ? bySigner(keys, key, assertion) : byCode(keys, key, code, assertion, at);
  return { keys: [...keys.keys, { key, registeredAt: at, administrator }], code: undefined };
}

/** An additional key gets the rights of the key that signed it. */
function bySigner(keys: PersonKeys, { relyingParty }: Passkey, { credential }: Assertion): boolean {
  const [signer] = keys.keys.filter(({ key }) => key.id === credential);
  if (signer === undefined || !isUsableAt(signer, relyingParty)) {
    throw new KeyFault('no-such-key', 'A further key must be signed by a key of the same person.');
  }
  return signer.administrator;
}

function byCode(keys: PersonKeys, key: Passkey, hash: string, { credential }: Assertion, at: number): boolean {
  if (keysAt(keys, key.relyingParty).length > 0) {
    throw new KeyFault('has-key', 'A further key must be signed by an earlier key, not by a code.');
  }
  const code = usableCode(keys, at);
  const { id, origin } = key.relyingParty;
  if (code?.hash !== hash || code.relyingParty.id !== id || code.relyingParty.origin !== origin) {
    throw new KeyFault('no-code', 'The code is wrong, used, or too old.');
  }
  if (credential !== key.id)
    throw new KeyFault(
      'no-such-key',
      'The first key of a person must sign a statement that the key belongs to that person.',
    );
  return code.administrator;
}

function removed(
  keys: PersonKeys,
  { key: id, by, assertion }: Extract<KeyEventBody, { type: 'key-removed' }>,
  at: number,
): Partial<PersonKeys> {
  const live = liveKeys(keys);
  if (!live.some((key) => key.id === id)) throw new KeyFault('no-such-key', 'There is no such key to remove.');
  if (by === keys.person && !live.some((key) => key.id === assertion.credential)) {
    throw new KeyFault('no-such-key', 'A removal must be signed by a key that has not been removed.');
  }
  return { keys: keys.keys.map((each) => (each.key.id === id ? { ...each, removedAt: at } : each)) };
}
