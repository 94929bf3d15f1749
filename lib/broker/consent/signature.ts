/**
 * Verifies an assertion with standard cryptography only: no WebAuthn library, no AWS, no Node. Auditors and the console
 * use this implementation. The broker also verifies with `@simplewebauthn/server`, so that two implementations must
 * agree. Source: https://www.w3.org/TR/webauthn-3/#sctn-verifying-assertion
 */

import type { Assertion, PublicKey, RelyingParty } from '@leasehold/contract/consent';
import { strictJson } from '@leasehold/contract/strict-json';
import { sha256 } from '@noble/hashes/sha2';
import { fromBase64url, joined, sameBytes } from './bytes';

/** Reasons why an assertion is not a valid signature. */
export type SignatureFault =
  /** The bytes of the assertion cannot be read. */
  | 'malformed'
  /** The assertion was made in a WebAuthn ceremony other than authentication. */
  | 'another-ceremony'
  /** The assertion signs a different statement or a different nonce. */
  | 'another-statement'
  | 'another-origin'
  /** The assertion was made in a frame on a page of another origin. */
  | 'framed'
  | 'another-relying-party'
  /** The person did not confirm on the device. */
  | 'user-absent'
  /** The device did not verify the person by PIN or biometrics. */
  | 'user-not-verified'
  /** The signature does not match the key. */
  | 'wrong-signature';

/** The values that a signature must match. */
export interface Expected {
  readonly publicKey: PublicKey;
  /**
   * The challenge in base64url: {@link import('./statement').challengeOf} for the statement that the verifier composed.
   */
  readonly challenge: string;
  readonly relyingParty: RelyingParty;
}

/**
 * The result of a verification. If the signature is valid, the caller must compare its counter with the last accepted
 * counter.
 */
export type SignatureResult =
  | { readonly kind: 'valid'; readonly counter: number }
  | { readonly kind: 'invalid'; readonly fault: SignatureFault };

/** Verifies an assertion. Never throws, regardless of the assertion's bytes. */
export async function verifySignature(assertion: Assertion, expected: Expected): Promise<SignatureResult> {
  try {
    const fault = clientDataFault(assertion, expected) ?? authenticatorFault(assertion, expected.relyingParty);
    if (fault !== undefined) return { kind: 'invalid', fault };
    const data = fromBase64url(assertion.authenticatorData) as Uint8Array;
    const clientData = fromBase64url(assertion.clientData) as Uint8Array;
    const valid = await isSigned(expected.publicKey, assertion.signature, joined(data, sha256(clientData)));
    return valid ? { kind: 'valid', counter: counterOf(data) } : { kind: 'invalid', fault: 'wrong-signature' };
  } catch {
    return { kind: 'invalid', fault: 'malformed' };
  }
}

/**
 * The challenge that an assertion signed, according to its client data.
 * @returns undefined if the client data cannot be read
 */
export function signedChallenge(assertion: Pick<Assertion, 'clientData'>): string | undefined {
  const challenge = clientDataOf(assertion)?.challenge;
  return typeof challenge === 'string' ? challenge : undefined;
}

/**
 * WebAuthn steps 11 to 14: checks the type, the challenge and the origin, and checks that the request was not made in a
 * frame on a page of another origin.
 */
function clientDataFault(assertion: Assertion, { challenge, relyingParty }: Expected): SignatureFault | undefined {
  const told = clientDataOf(assertion);
  if (told === undefined) return 'malformed';
  if (told.type !== 'webauthn.get') return 'another-ceremony';
  if (told.challenge !== challenge) return 'another-statement';
  if (told.origin !== relyingParty.origin) return 'another-origin';
  const { crossOrigin = false, topOrigin } = told;
  return crossOrigin === false && topOrigin === undefined ? undefined : 'framed';
}

function clientDataOf({ clientData }: Pick<Assertion, 'clientData'>): Readonly<Record<string, unknown>> | undefined {
  const bytes = fromBase64url(clientData);
  if (bytes === undefined) return undefined;
  try {
    const told = strictJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    return typeof told === 'object' && told !== null ? (told as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

/** Length of authenticator data without extensions: hash of the relying party id, flags, counter. */
const SHORTEST_DATA = 37;
const FLAGS_AT = 32;
const COUNTER_AT = 33;
const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
/** Flag for attested credential data, which occurs only at registration. */
const ATTESTED = 0x40;
const EXTENSIONS = 0x80;

/** WebAuthn steps 15 to 17: checks the relying party, and that the person was present and verified. */
function authenticatorFault({ authenticatorData }: Assertion, { id }: RelyingParty): SignatureFault | undefined {
  const data = fromBase64url(authenticatorData);
  const flags = data?.[FLAGS_AT];
  if (data === undefined || flags === undefined || data.length < SHORTEST_DATA) return 'malformed';
  const extended = (flags & EXTENSIONS) !== 0;
  if ((flags & ATTESTED) !== 0 || extended !== data.length > SHORTEST_DATA) return 'malformed';
  if (!sameBytes(data.subarray(0, FLAGS_AT), sha256(new TextEncoder().encode(id)))) return 'another-relying-party';
  if ((flags & USER_PRESENT) === 0) return 'user-absent';
  return (flags & USER_VERIFIED) === 0 ? 'user-not-verified' : undefined;
}

function counterOf(data: Uint8Array): number {
  return new DataView(data.buffer, data.byteOffset).getUint32(COUNTER_AT);
}

/**
 * WebAuthn step 20: checks the signature. Each type of key has exactly one algorithm, so the assertion cannot choose
 * the algorithm.
 */
async function isSigned(publicKey: PublicKey, signature: string, data: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const bytes = fromBase64url(signature);
  if (bytes === undefined) return false;
  const algorithm = ALGORITHMS[publicKey.kty];
  const { subtle } = globalThis.crypto;
  const key = await subtle.importKey('jwk', { ...publicKey }, algorithm.key, false, ['verify']);
  const raw = publicKey.kty === 'EC' ? pairOf(bytes) : bytes;
  return raw !== undefined && subtle.verify(algorithm.verify, key, raw, data);
}

const ALGORITHMS = {
  EC: { key: { name: 'ECDSA', namedCurve: 'P-256' }, verify: { name: 'ECDSA', hash: 'SHA-256' } },
  RSA: {
    key: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    verify: { name: 'RSASSA-PKCS1-v1_5' },
  },
} as const satisfies Readonly<Record<PublicKey['kty'], object>>;

/** Length in bytes of each of the two numbers in a P-256 signature. */
const NUMBER = 32;

/**
 * Converts an ECDSA signature from DER, which WebAuthn uses, to the concatenation of its two numbers.
 * @returns undefined unless the signature is the canonical DER encoding of two positive numbers
 */
function pairOf(der: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return undefined;
  const first = numberAt(der, 2);
  const second = first && numberAt(der, first.end);
  if (first === undefined || second === undefined || second.end !== der.length) return undefined;
  return joined(first.value, second.value);
}

function numberAt(der: Uint8Array, at: number): { readonly value: Uint8Array; readonly end: number } | undefined {
  const length = der[at + 1];
  if (der[at] !== 0x02 || length === undefined || length === 0 || length > NUMBER + 1) return undefined;
  const bytes = der.subarray(at + 2, at + 2 + length);
  const [first = 0x80, second = 0] = bytes;
  const padded = first === 0 && length > 1;
  if (bytes.length !== length || first >= 0x80 || (padded && second < 0x80)) return undefined;
  const digits = padded ? bytes.subarray(1) : bytes;
  if (digits.length > NUMBER) return undefined;
  return { value: joined(new Uint8Array(NUMBER - digits.length), digits), end: at + 2 + length };
}
