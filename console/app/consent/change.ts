/** Signs changes of people's passkeys, and removes passkeys. */
import {
  administratorKeysAt,
  type KeyEventBody,
  keyStatement,
  keysAt,
  type PersonKeys,
  type Statement,
} from '@leasehold/broker/core';
import type { NonceAnswer } from '@leasehold/contract';
import type { Consent } from '@leasehold/contract/consent';
import { PageRefusal } from '../api/errors.ts';
import { keysOf, nonceFor, type Signer, sign } from './sign.ts';

/** A change without its signature. */
type Change<T extends KeyEventBody['type']> = Omit<Extract<KeyEventBody, { type: T }>, 'assertion'>;

/** Signs a change of another person's passkeys. @throws {PageRefusal} */
export function signAsAdministrator(
  signer: Signer,
  nonce: NonceAnswer,
  before: PersonKeys,
  change: Change<'code-issued'> | Change<'key-removed'>,
): Promise<Consent> {
  return consentAsAdministrator(signer, nonce, keyStatement(before, change));
}

/** Signs with one of the administrator's own keys that may sign for other people. @throws {PageRefusal} */
export async function consentAsAdministrator(
  signer: Signer,
  nonce: NonceAnswer,
  statement: Statement,
): Promise<Consent> {
  const own = await keysOf(signer, nonce);
  const permitted = administratorKeysAt(own, nonce.relyingParty).map(({ key }) => key);
  if (keysAt(own, nonce.relyingParty).length > 0 && permitted.length === 0) {
    throw new PageRefusal(
      'Your passkeys are not permitted to sign changes for other people.',
      'Ask another administrator to remove your passkeys, then enrol again as an administrator.',
    );
  }
  return { assertion: await sign(nonce, statement, permitted), ticket: nonce.ticket };
}

/**
 * Removes a passkey: the signer's own, or, for administrators, that of another person.
 * @param owner The person whose passkey it is.
 * @param environment The environment that the page shows.
 * @throws {PageRefusal}
 */
export async function removePasskey(
  signer: Signer,
  owner: string,
  environment: string,
  { key, because }: { readonly key: string; readonly because: string },
): Promise<void> {
  const { broker, as, person: by } = signer;
  const nonce = await nonceFor(signer, environment);
  const before = await keysOf({ ...signer, person: owner }, nonce);
  const change = { type: 'key-removed', key, by, because } as const;
  const consent =
    owner === by
      ? {
          assertion: await sign(nonce, keyStatement(before, change), keysAt(before, nonce.relyingParty)),
          ticket: nonce.ticket,
        }
      : await signAsAdministrator(signer, nonce, before, change);
  await broker('removeKey', { as, path: { principal: owner }, body: { key, because, consent } });
}
