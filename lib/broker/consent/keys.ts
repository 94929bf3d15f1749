/**
 * Manages people's passkeys: codes, registration, removal and listing. Each change is an event in the person's own
 * record.
 */
import type {
  Consent,
  IssueCodeBody,
  KeyRecord,
  NonceAnswer,
  Passkey,
  RegisterKeyBody,
  RemoveKeyBody,
} from '@leasehold/contract/consent';
import { LeaseFault, Unauthentic } from '../lease/fault';
import type { Caller } from '../service/caller';
import { demandMfaSession } from '../service/consent';
import type { Deps } from '../service/deps';
import { BrokerFault } from '../service/fault';
import { consentPorts, demandSignature, demandSignatureBy, once, readKeysOf } from './demand';
import { KeyFault } from './key-fault';
import {
  administratorKeysAt,
  appendKey,
  creationStatement,
  type KeyEvent,
  type KeyEventBody,
  keyStatement,
  nextKeyEvent,
  type PersonKeys,
  usableCode,
} from './key-record';
import { issueNonce } from './nonce';
import { codeHash } from './one-time-code';
import { challengeOf, environmentKey } from './statement';
import { verifyCreation } from './webauthn';

/** Issues a nonce for the caller's next signature. */
export async function nonce(deps: Deps, caller: Caller): Promise<NonceAnswer> {
  const { tickets, newNonce, relyingParty } = consentPorts(deps);
  const issued = await issueNonce(tickets, caller.name, newNonce(), deps.clock());
  return { ...issued, relyingParty, person: caller.name, environment: environmentKey(deps.environment) };
}

/**
 * The record of a person's keys, with which anyone can verify the person's signatures. The record is returned even if
 * it fails verification.
 * @throws {BrokerFault}
 */
export async function keys(deps: Deps, name: string): Promise<KeyRecord> {
  const { keys: store } = consentPorts(deps);
  demandPerson(deps, name);
  try {
    return { person: name, events: stored(await store.read(name)) };
  } catch (error) {
    if (error instanceof Unauthentic) {
      return { person: name, events: stored(error.events), unauthentic: [...error.sequences] };
    }
    if (!(error instanceof LeaseFault)) throw error;
    throw new BrokerFault('broken-record', `The record of ${name}'s keys cannot be read.`, {}, { cause: error });
  }
}

/**
 * Records a one-time code for a person's first passkey. The broker receives only the hash of the code. The request
 * must be signed with an administrator's passkey, if an administrator already has a passkey.
 * @throws {BrokerFault}
 */
export async function issueCode(
  deps: Deps,
  caller: Caller,
  name: string,
  { code, until, administrator, consent }: IssueCodeBody,
): Promise<KeyRecord> {
  const { relyingParty } = consentPorts(deps);
  demandPerson(deps, name);
  const signed = once();
  return change(deps, name, async (person) => {
    const body = { type: 'code-issued', by: caller.name, code, until, administrator, relyingParty } as const;
    if (consent === undefined) {
      await demandFirstAdministrator(deps, caller, name, administrator);
      return body;
    }
    await signed(() => demandAdministrator(deps, caller, consent, keyStatement(person, body)));
    return { ...body, assertion: consent.assertion };
  });
}

/** Registers a passkey of the caller. @throws {BrokerFault} */
export async function registerKey(
  deps: Deps,
  caller: Caller,
  name: string,
  { creation, label, code, consent }: RegisterKeyBody,
): Promise<KeyRecord> {
  const { relyingParty } = consentPorts(deps);
  if (name !== caller.name) throw new BrokerFault('forbidden', 'People register their own passkeys.');
  const hash = code === undefined ? undefined : codeHash(code);
  const signed = once();
  let wrong = false;
  const record = await change(deps, name, async (person, now) => {
    if (hash !== undefined) {
      const usable = usableCode(person, now);
      if (usable === undefined) throw codeRefused();
      wrong = usable.hash !== hash;
      if (wrong) return { type: 'code-refused' };
    }
    const challenge = challengeOf(consent.assertion.nonce, creationStatement(person));
    const made = await verifyCreation(creation, { challenge, relyingParty });
    if (made === undefined) throw new BrokerFault('enrolment-refused', 'The new passkey cannot be verified.');
    const key: Passkey = { id: creation.credential, label, relyingParty, ...made };
    const body = { type: 'key-registered', key, ...(hash === undefined ? {} : { code: hash }) } as const;
    const statement = keyStatement(person, body);
    await signed(() =>
      hash === undefined
        ? demandSignature(deps, person, consent, statement)
        : demandSignatureBy(deps, name, key, consent, statement),
    );
    return { ...body, assertion: consent.assertion };
  });
  // The wrong attempt is recorded before the caller learns of it, so that an attacker gains nothing by guessing in
  // parallel.
  if (wrong) throw codeRefused();
  return record;
}

/** Removes a passkey: the caller's own, or, for administrators, any person's. @throws {BrokerFault} */
export async function removeKey(
  deps: Deps,
  caller: Caller,
  name: string,
  { key, because, consent }: RemoveKeyBody,
): Promise<KeyRecord> {
  if (name !== caller.name && caller.kind !== 'administrator') {
    throw new BrokerFault(
      'forbidden',
      'People can remove only their own passkeys; administrators can remove any passkey.',
    );
  }
  demandPerson(deps, name);
  const signed = once();
  return change(deps, name, async (person) => {
    await demandNotLast(deps, person, key);
    const body = { type: 'key-removed', key, by: caller.name, because } as const;
    const statement = keyStatement(person, body);
    await signed(() =>
      name === caller.name
        ? demandSignature(deps, person, consent, statement)
        : demandAdministrator(deps, caller, consent, statement),
    );
    return { ...body, assertion: consent.assertion };
  });
}

/**
 * Requires a signature by an administrator, with a key that was registered as an administrator's key.
 * @throws {BrokerFault}
 */
export async function demandAdministrator(
  deps: Deps,
  caller: Caller,
  consent: Consent,
  statement: Parameters<typeof demandSignature>[3],
): Promise<void> {
  const own = await readKeysOf(deps, caller.name);
  const known = own.keys.find(({ key }) => key.id === consent.assertion.credential);
  if (caller.kind !== 'administrator' || known?.administrator === false) {
    throw new BrokerFault('consent-invalid', 'The passkey does not belong to an administrator.', {
      hint: 'Ask another administrator to remove your keys, then enrol again as an administrator.',
    });
  }
  await demandSignature(deps, own, consent, statement);
}

/**
 * Permits a code without a signature only for the first administrator's passkey, and only with the MFA of an IAM
 * session.
 * @throws {BrokerFault} `consent-required`
 */
async function demandFirstAdministrator(
  deps: Deps,
  caller: Caller,
  name: string,
  administrator: boolean,
): Promise<void> {
  if ((await administratorsWithKey(deps)).length > 0) {
    throw new BrokerFault('consent-required', 'A code must be signed with the passkey of an administrator.', {
      hint: 'Issue the code on the People page of the console, and sign the code with your passkey.',
    });
  }
  if (!administrator || !isAdministrator(deps, name)) {
    throw new BrokerFault(
      'consent-required',
      'The first code must be for an administrator, because nobody can sign codes for other people yet.',
      {
        hint: 'Issue the first code for an administrator, who then signs the codes for other people.',
      },
    );
  }
  demandMfaSession(caller, {
    detail: 'A sign-in alone issues no code.',
    hint: 'Issue the code for the first administrator with `leasehold passkeys code`, as your IAM user with MFA.',
  });
}

/** Refuses to remove the last key of the administrators, because nobody could then sign a code. */
async function demandNotLast(deps: Deps, person: PersonKeys, key: string): Promise<void> {
  const { relyingParty } = consentPorts(deps);
  const target = person.keys.find((each) => each.key.id === key);
  const own = administratorKeysAt(person, relyingParty);
  if (target === undefined || !own.includes(target) || own.length > 1) return;
  const others = (await administratorsWithKey(deps)).filter((name) => name !== person.person);
  if (others.length > 0) return;
  throw new BrokerFault('last-key', 'No other administrator has a passkey.');
}

/** Names of the administrators in the definitions who have an administrator's key. */
async function administratorsWithKey(deps: Deps): Promise<readonly string[]> {
  const { relyingParty } = consentPorts(deps);
  const all = deps.environment.principals.filter(({ administrator }) => administrator);
  const read = await Promise.all(all.map(({ name }) => readKeysOf(deps, name)));
  return read.filter((person) => administratorKeysAt(person, relyingParty).length > 0).map(({ person }) => person);
}

function isAdministrator({ environment }: Deps, name: string): boolean {
  return environment.principals.some((known) => known.name === name && known.administrator);
}

function demandPerson({ environment }: Deps, name: string): void {
  const person = environment.principals.some((known) => known.kind === 'person' && known.name === name);
  if (person || environment.approvers.includes(name)) return;
  throw new BrokerFault('not-found', 'The definitions know no such person.');
}

function codeRefused(): BrokerFault {
  return new BrokerFault('enrolment-refused', 'The code is wrong, used, or too old.');
}

const MOST_TRIES = 20;

/** Appends the event that `decide` returns. Starts again if another writer was first. @throws {BrokerFault} */
async function change(
  deps: Deps,
  name: string,
  decide: (person: PersonKeys, now: number) => Promise<KeyEventBody>,
): Promise<KeyRecord> {
  const { keys: store } = consentPorts(deps);
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const person = await readKeysOf(deps, name);
    const now = deps.clock();
    const event = nextKeyEvent(person, now, await decide(person, now));
    try {
      appendKey(person, event);
    } catch (error) {
      throw error instanceof KeyFault ? new BrokerFault(error.problem, error.message) : error;
    }
    if ((await store.append(event, name)) === 'appended') return keys(deps, name);
    await deps.backOff(tries);
  }
  throw new BrokerFault('busy', 'Others are changing the record.', { retryAfter: 1 });
}

function stored(events: readonly unknown[]): KeyRecord['events'] {
  return events as KeyEvent[] as KeyRecord['events'];
}
