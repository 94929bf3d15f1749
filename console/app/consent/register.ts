/** Registers and reads passkeys of the person. */
import {
  challengeOf,
  codeHash,
  creationStatement,
  fromBase64url,
  isUsableAt,
  keyStatement,
  keysAt,
  liveKeys,
  type PersonKeys,
  toBase64url,
} from '@leasehold/broker/core';
import type { NonceAnswer } from '@leasehold/contract';
import { type Passkey, type PublicKey, publicKey } from '@leasehold/contract/consent';
import { type RegistrationResponseJSON, startRegistration } from '@simplewebauthn/browser';
import { PageRefusal } from '../api/errors.ts';
import { keysOf, nonceFor, type Signer, sign } from './sign.ts';

/** COSE identifiers of the permitted algorithms: ES256 and RS256. */
const ALGORITHMS = [-7, -257];

/**
 * Creates a passkey on the device and registers it.
 * @param environment The environment that the page shows.
 * @param code The one-time code. Only the first passkey needs it; each further passkey is signed by an earlier one.
 * @throws {PageRefusal}
 */
export async function registerPasskey(
  signer: Signer,
  environment: string,
  label: string,
  code: string | undefined,
): Promise<void> {
  const nonce = await nonceFor(signer, environment);
  const keys = await keysOf(signer, nonce);
  const own = keysAt(keys, nonce.relyingParty);
  const creation = await create(signer.person, nonce, keys, own);
  const key = await passkeyOf(creation, label, nonce);
  const body = {
    type: 'key-registered',
    key,
    ...(code === undefined ? {} : { code: codeHash(code) }),
  } as const;
  const assertion = await sign(nonce, keyStatement(keys, body), code === undefined ? own : [key]);
  await signer.broker('registerKey', {
    as: signer.as,
    path: { principal: signer.person },
    body: {
      label,
      creation: {
        credential: creation.id,
        clientData: creation.response.clientDataJSON,
        attestation: creation.response.attestationObject,
      },
      ...(code === undefined ? {} : { code }),
      consent: { assertion, ticket: nonce.ticket },
    },
  });
}

/** A person's passkeys. */
export interface Passkeys {
  /** The environment in which they sign. */
  readonly environment: string;
  /** The passkeys for this console, with the times of their recorded events. */
  readonly here: PersonKeys['keys'];
  /** Number of passkeys that belong to an earlier address of the console. */
  readonly elsewhere: number;
}

/** The passkeys of the person. @throws {PageRefusal} */
export async function passkeysOf(signer: Signer): Promise<Passkeys> {
  const nonce = await nonceFor(signer);
  const keys = await keysOf(signer, nonce);
  const here = keys.keys.filter((each) => isUsableAt(each, nonce.relyingParty));
  return { environment: nonce.environment, here, elsewhere: liveKeys(keys).length - here.length };
}

async function create(
  person: string,
  nonce: NonceAnswer,
  keys: PersonKeys,
  own: readonly Passkey[],
): Promise<RegistrationResponseJSON> {
  const challenge = challengeOf(nonce.nonce, creationStatement(keys));
  const made = await startRegistration({
    optionsJSON: {
      challenge,
      rp: { id: nonce.relyingParty.id, name: 'Leasehold' },
      // The same for every passkey of the person, so that a device keeps one for each person and environment.
      user: { id: toBase64url(await digest(`${nonce.environment} ${person}`)), name: person, displayName: person },
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ alg, type: 'public-key' })),
      excludeCredentials: own.map(({ id }) => ({ id, type: 'public-key' })),
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
      attestation: 'none',
    },
  });
  return made;
}

/** Positions in authenticator data. Source: https://www.w3.org/TR/webauthn-3/#sctn-authenticator-data */
const FLAGS_AT = 32;
const COUNTER_AT = 33;
/** Flag of a passkey that is, or may become, synchronized between devices. */
const BACKUP_ELIGIBLE = 0x08;

/** The passkey as the broker will record it. */
async function passkeyOf(
  { id, response }: RegistrationResponseJSON,
  label: string,
  { relyingParty }: NonceAnswer,
): Promise<Passkey> {
  const data = fromBase64url(response.authenticatorData ?? '');
  const flags = data?.[FLAGS_AT];
  const key = response.publicKey && (await jwkOf(response.publicKey, response.publicKeyAlgorithm));
  if (data === undefined || flags === undefined || !key) {
    throw new PageRefusal('The new passkey cannot be read.', 'Use another device or browser.');
  }
  const counter = new DataView(data.buffer, data.byteOffset).getUint32(COUNTER_AT);
  return { id, label, relyingParty, publicKey: key, counter, synced: (flags & BACKUP_ELIGIBLE) !== 0 };
}

async function jwkOf(spki: string, algorithm: number | undefined): Promise<PublicKey | undefined> {
  const bytes = fromBase64url(spki);
  if (bytes === undefined) return undefined;
  const kind =
    algorithm === -7 ? { name: 'ECDSA', namedCurve: 'P-256' } : { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('spki', bytes, kind, true, ['verify']);
  const { kty, crv, x, y, n, e } = await crypto.subtle.exportKey('jwk', key);
  return publicKey.safeParse(kty === 'EC' ? { kty, crv, x, y } : { kty, n, e }).data;
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}
