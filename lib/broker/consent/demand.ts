/** Requires a person's signature before a decision or change is recorded. */
import type { Assertion, Consent } from '@leasehold/contract/consent';
import { LeaseFault } from '../lease/fault';
import type { ConsentPorts } from '../ports';
import type { Caller } from '../service/caller';
import type { Deps } from '../service/deps';
import { BrokerFault } from '../service/fault';
import { KeyFault } from './key-fault';
import { foldKeys, keysAt, type PersonKeys } from './key-record';
import { demandNonce } from './nonce';
import { type ConsentStatement, challengeOf, environmentKey, type Statement } from './statement';
import { SIGNATURE_WORDS } from './verify-keys';
import { verifyTwice } from './webauthn';

/** The ports for passkeys, if the environment uses passkeys. @throws {BrokerFault} `not-found` */
export function consentPorts({ consent }: Deps): ConsentPorts {
  if (consent !== undefined) return consent;
  throw new BrokerFault('not-found', 'This environment does not use passkeys.', {
    hint: 'In the broker’s definitions, define how people sign in.',
  });
}

/** Whether approvals and administrators' changes must be signed with a passkey. */
export function mustSign({ environment }: Pick<Deps, 'environment'>): boolean {
  return environment.broker?.people?.approveWith === 'passkey';
}

/** Reads the record of a person's keys. @throws {BrokerFault} `broken-record` */
export async function readKeysOf(deps: Deps, person: string): Promise<PersonKeys> {
  const { keys } = consentPorts(deps);
  try {
    return foldKeys(person, environmentKey(deps.environment), await keys.read(person));
  } catch (error) {
    if (!(error instanceof KeyFault || error instanceof LeaseFault)) throw error;
    throw new BrokerFault('broken-record', `The record of ${person}'s keys is broken.`, {}, { cause: error });
  }
}

/**
 * Requires that a person signed a statement with one of the person's keys. Checks the nonce, the key, both
 * verifications, and the counter. Call this function only once for each request, because a counter value is accepted
 * only once.
 * @param statement The statement that the broker itself composes. Undefined if there is nothing to sign.
 * @throws {BrokerFault} `consent-invalid`
 */
export async function demandSignature(
  deps: Deps,
  person: PersonKeys,
  { assertion, ticket }: Consent,
  statement: Statement | undefined,
): Promise<void> {
  const { relyingParty } = consentPorts(deps);
  const key = keysAt(person, relyingParty).find(({ id }) => id === assertion.credential);
  if (key === undefined) throw invalid(`The passkey does not belong to ${person.person}.`);
  await demandSignatureBy(deps, person.person, key, { assertion, ticket }, statement);
}

/** Same as {@link demandSignature}, but for a key that is not recorded yet. @throws {BrokerFault} `consent-invalid` */
export async function demandSignatureBy(
  deps: Deps,
  person: string,
  key: PersonKeys['keys'][number]['key'],
  { assertion, ticket }: Consent,
  statement: Statement | undefined,
): Promise<void> {
  const { relyingParty, tickets, keys } = consentPorts(deps);
  await demandNonce(tickets, person, assertion.nonce, ticket, deps.clock());
  if (statement === undefined) throw invalid('There is nothing to sign.');
  const challenge = challengeOf(assertion.nonce, statement);
  const result = await verifyTwice(assertion, { publicKey: key.publicKey, challenge, relyingParty });
  if (result.kind === 'invalid') throw invalid(SIGNATURE_WORDS[result.fault]);
  const grew = result.counter > key.counter || (result.counter === 0 && key.counter === 0);
  if (grew && (await keys.advance(person, key.id, result.counter))) return;
  throw invalid('The signature counter of the passkey did not increase: the passkey may have been copied.');
}

/** The signature of a decision about a lease. */
export interface SignedDecision {
  /** The part of the signature that the event contains. */
  readonly body: { readonly assertion?: Assertion };
  /** Verifies the signature, but only once, even if the append is tried several times. @throws {BrokerFault} */
  demand(statement: ConsentStatement | undefined): Promise<void>;
}

/**
 * Prepares the check of a decision's signature.
 * @param how.required Whether a decision without a signature is refused.
 * @throws {BrokerFault} `consent-required`
 */
export function demandDecision(
  deps: Deps,
  caller: Caller,
  consent: Consent | undefined,
  { required, lease }: { readonly required: boolean; readonly lease: string },
): SignedDecision {
  if (consent === undefined) {
    if (required) throw new BrokerFault('consent-required', 'This decision must be signed with a passkey.', { lease });
    return { body: {}, demand: async () => undefined };
  }
  const signed = once();
  const check = async (statement: ConsentStatement | undefined) =>
    demandSignature(deps, await readKeysOf(deps, caller.name), consent, statement);
  return {
    body: { assertion: consent.assertion },
    demand: (statement) => signed(() => check(statement)),
  };
}

/**
 * Ensures that a check runs only once, because a counter value is accepted only once. If the append is tried again, the
 * result of the first check is reused.
 */
export function once(): (check: () => Promise<void>) => Promise<void> {
  let result: Promise<void> | undefined;
  return (check) => {
    result ??= check();
    return result;
  };
}

function invalid(message: string): BrokerFault {
  return new BrokerFault('consent-invalid', message);
}
