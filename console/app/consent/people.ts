/** What administrators do with other people's passkeys: see them, and issue one-time codes. */
import {
  CODE_BYTES,
  codeUntil,
  foldKeys,
  type KeyEvent,
  oneTimeCode,
  type PersonPasskeys,
  type PersonRecord,
  readPeopleRecords,
  type TrustedKey,
  usableCode,
  verifyPeople,
} from '@leasehold/broker/core';
import type { RelyingParty } from '@leasehold/contract/consent';
import { BrokerRefusal, PageRefusal } from '../api/errors.ts';
import { signAsAdministrator } from './change.ts';
import { keysOf, nonceFor, type Signer } from './sign.ts';

/** The passkeys of all people, verified up to the root key. */
export interface People {
  readonly environment: string;
  readonly relyingParty: RelyingParty;
  readonly people: readonly PersonPasskeys[];
  /** The keys on which the trust in all other keys depends. */
  readonly roots: readonly TrustedKey[];
}

/** A one-time code that only the administrator can see. */
export interface ShownCode {
  readonly code: string;
  readonly until: number;
}

/** Reads the records of everybody who can use passkeys, or who has one. @throws {PageRefusal} */
export async function readPeople(administrator: Signer): Promise<People> {
  const { environment, relyingParty } = await nonceFor(administrator);
  const { principals } = await administrator.broker('principals', { as: administrator.as });
  const persons = principals.filter(({ kind }) => kind === 'person');
  const names = persons.map(({ name }) => name);
  const received = await readPeopleRecords(names, (name) => recordOf(administrator, name));
  const now = Math.floor(Date.now() / 1000);
  const { people, roots } = await verifyPeople([...received.values()], environment, now);
  // A code is useful only for approvers and administrators. Passkeys of anybody else are shown, too.
  const useful = persons
    .filter(({ capacities }) => capacities.some((each) => each !== 'requester'))
    .map(({ name }) => name);
  const shown = people.filter(
    (each) =>
      useful.includes(each.person) ||
      (names.includes(each.person) && (each.kind === 'broken' || each.keys.some((key) => key.removedAt === undefined))),
  );
  return { environment, relyingParty, people: shown, roots };
}

/**
 * Issues a one-time code for a person's first passkey, signed with the administrator's passkey. The code is created
 * here; the broker receives only its hash.
 * @param environment The environment that the page shows.
 * @throws {PageRefusal}
 */
export async function issueCode(
  administrator: Signer,
  person: string,
  environment: string,
  { seconds, forAdministrator }: { readonly seconds: number; readonly forAdministrator: boolean },
): Promise<ShownCode> {
  const { broker, as, person: by } = administrator;
  const nonce = await nonceFor(administrator, environment);
  const before = await keysOf({ ...administrator, person }, nonce);
  const { code, hash } = oneTimeCode(crypto.getRandomValues(new Uint8Array(CODE_BYTES)));
  const body = { code: hash, until: codeUntil(nonce, seconds), administrator: forAdministrator };
  const { relyingParty } = nonce;
  const consent = await signAsAdministrator(administrator, nonce, before, {
    type: 'code-issued',
    by,
    relyingParty,
    ...body,
  });
  const { events } = await broker('issueCode', { as, path: { principal: person }, body: { ...body, consent } });
  const after = foldKeys(person, environment, events as unknown as readonly KeyEvent[]);
  if (usableCode(after, codeUntil(nonce, 0))?.hash !== hash) {
    throw new PageRefusal('The record of the broker does not contain the code that you signed.', 'Give nobody a code.');
  }
  return { code, until: body.until };
}

async function recordOf({ broker, as }: Signer, person: string): Promise<PersonRecord> {
  try {
    const { events, unauthentic } = await broker('keys', { as, path: { principal: person } });
    return { person, events, unauthentic };
  } catch (error) {
    if (!(error instanceof BrokerRefusal) || error.problem.code !== 'broken-record') throw error;
    return { person, events: undefined };
  }
}
