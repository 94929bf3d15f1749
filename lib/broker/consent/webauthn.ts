/**
 * Verifies passkeys in the broker: with `@simplewebauthn/server`, and with the independent verification that auditors
 * use. So no record contains a signature that an audit would reject. The library is loaded for the first signature, so
 * that it does not delay a cold start of the function.
 */
import type { Assertion, PublicKey, RelyingParty } from '@leasehold/contract/consent';
import { fromBase64url, toBase64url } from './bytes';
import { type Expected, type SignatureResult, verifySignature } from './signature';

/** Verifies an assertion with both implementations. Never throws, regardless of the assertion's bytes. */
export async function verifyTwice(assertion: Assertion, expected: Expected): Promise<SignatureResult> {
  const result = await verifySignature(assertion, expected);
  if (result.kind === 'invalid' || (await isAccepted(assertion, expected))) return result;
  return { kind: 'invalid', fault: 'malformed' };
}

/** Whether the library accepts an assertion. */
export async function isAccepted(
  { credential, clientData, authenticatorData, signature }: Assertion,
  { publicKey, challenge, relyingParty }: Expected,
): Promise<boolean> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  try {
    const { verified } = await verifyAuthenticationResponse({
      response: {
        id: credential,
        rawId: credential,
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON: clientData, authenticatorData, signature },
      },
      expectedChallenge: challenge,
      expectedOrigin: relyingParty.origin,
      expectedRPID: relyingParty.id,
      requireUserVerification: true,
      // The counter is passed as 0 because it is compared in the store, in one atomic step.
      credential: { id: credential, publicKey: await coseOf(publicKey), counter: 0 },
    });
    return verified;
  } catch {
    return false;
  }
}

/** The data that a browser returned when it created a passkey. */
export interface Creation {
  readonly credential: string;
  readonly clientData: string;
  readonly attestation: string;
}

/** A new passkey, as proven by the data of its creation. */
export interface Created {
  readonly publicKey: PublicKey;
  readonly counter: number;
  readonly synced: boolean;
}

/** COSE identifiers of the permitted algorithms: ES256 and RS256. */
export const ALGORITHMS = [-7, -257] as const;

/**
 * Verifies the creation of a passkey: origin, relying party, user verification and algorithm. Attestation is not
 * required, because any authenticator that verifies its user is accepted.
 * @returns undefined for anything else. Never throws, regardless of the bytes.
 */
export async function verifyCreation(
  { credential, clientData, attestation }: Creation,
  { challenge, relyingParty }: { readonly challenge: string; readonly relyingParty: RelyingParty },
): Promise<Created | undefined> {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        id: credential,
        rawId: credential,
        type: 'public-key',
        clientExtensionResults: {},
        response: { clientDataJSON: clientData, attestationObject: attestation },
      },
      expectedChallenge: challenge,
      expectedOrigin: relyingParty.origin,
      expectedRPID: relyingParty.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: [...ALGORITHMS],
    });
    if (!verified || registrationInfo.fmt !== 'none' || registrationInfo.credential.id !== credential) return undefined;
    const { credential: made, credentialDeviceType } = registrationInfo;
    const publicKey = await keyOf(made.publicKey);
    return publicKey && { publicKey, counter: made.counter, synced: credentialDeviceType === 'multiDevice' };
  } catch {
    return undefined;
  }
}

/** COSE labels. Source: https://www.rfc-editor.org/rfc/rfc9053#section-7 */
const KTY = 1;
const ALG = 3;

/** Converts a public key to COSE, which the library expects. */
async function coseOf(key: PublicKey): Promise<Uint8Array<ArrayBuffer>> {
  const { isoCBOR } = await import('@simplewebauthn/server/helpers');
  const bytes = (text: string) => fromBase64url(text) ?? new Uint8Array();
  const members: readonly (readonly [number, number | Uint8Array])[] =
    key.kty === 'EC'
      ? [
          [KTY, 2],
          [ALG, -7],
          [-1, 1],
          [-2, bytes(key.x)],
          [-3, bytes(key.y)],
        ]
      : [
          [KTY, 3],
          [ALG, -257],
          [-1, bytes(key.n)],
          [-2, bytes(key.e)],
        ];
  return Uint8Array.from(isoCBOR.encode(new Map(members)));
}

/** Converts a public key from COSE. Returns undefined for a key of another kind. */
async function keyOf(cose: Uint8Array): Promise<PublicKey | undefined> {
  const { isoCBOR } = await import('@simplewebauthn/server/helpers');
  const { publicKey: schema } = await import('@leasehold/contract/consent');
  const members = isoCBOR.decodeFirst<Map<number, unknown>>(Uint8Array.from(cose));
  const text = (label: number) => {
    const value = members.get(label);
    return ArrayBuffer.isView(value) ? toBase64url(value as Uint8Array) : '';
  };
  const [kind, curve] = [members.get(KTY), members.get(-1)];
  if (kind === 2 && curve !== 1) return undefined;
  const key =
    kind === 2 ? { kty: 'EC', crv: 'P-256', x: text(-2), y: text(-3) } : { kty: 'RSA', n: text(-1), e: text(-2) };
  return schema.safeParse(key).data;
}
