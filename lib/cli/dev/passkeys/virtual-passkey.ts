/**
 * A passkey in software, for tests and demos without a browser. It works like the virtual authenticators of browsers,
 * with the user verified at each signature. Source: https://www.w3.org/TR/webauthn-3/#sctn-automation
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { type Assertion, type PublicKey, publicKey, type RelyingParty } from '@leasehold/contract/consent';
import { isoCBOR } from '@simplewebauthn/server/helpers';

/** What `navigator.credentials.create` returns to the console. Binary values are base64url. */
export interface Creation {
  readonly credential: string;
  readonly clientData: string;
  readonly attestation: string;
}

/** Flags "user present" and "user verified". Source: https://www.w3.org/TR/webauthn-3/#authdata-flags */
const VERIFIED = 0x05;
/** Flag "attested credential data included". */
const ATTESTED = 0x40;
/**
 * Length in bytes of the AAGUID, the id of the authenticator's model. Without attestation, all bytes of the AAGUID are
 * zero.
 */
const MODEL_BYTES = 16;

/** An ES256 key pair with a signature counter. The private key is in memory only. */
export class VirtualPasskey {
  /** Id of the passkey. */
  readonly id = randomBytes(32).toString('base64url');
  readonly publicKey: PublicKey;
  readonly #site: RelyingParty;
  readonly #key: KeyObject;
  #signatures = 0;

  /** @param site The console in which the passkey is used. */
  constructor(site: RelyingParty) {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#site = site;
    this.#key = pair.privateKey;
    this.publicKey = publicKey.parse(pair.publicKey.export({ format: 'jwk' }));
  }

  /** The public key and the challenge, without attestation. */
  create(challenge: string): Creation {
    const attested = Buffer.concat([Buffer.alloc(MODEL_BYTES), length(this.id), bytes(this.id), this.#cose()]);
    const attestation = new Map<string, string | Uint8Array | Map<string, string>>([
      ['fmt', 'none'],
      ['attStmt', new Map<string, string>()],
      ['authData', this.#data(VERIFIED | ATTESTED, attested)],
    ]);
    return {
      credential: this.id,
      clientData: this.#clientData('webauthn.create', challenge).toString('base64url'),
      attestation: Buffer.from(isoCBOR.encode(attestation)).toString('base64url'),
    };
  }

  /** Signs a challenge. Each signature increases the counter. @param nonce The nonce with which the challenge begins. */
  sign(challenge: string, nonce: string): Assertion {
    this.#signatures += 1;
    const clientData = this.#clientData('webauthn.get', challenge);
    const data = this.#data(VERIFIED);
    return {
      type: 'webauthn.assertion/1',
      credential: this.id,
      clientData: clientData.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: sign('sha256', Buffer.concat([data, sha256(clientData)]), this.#key).toString('base64url'),
      nonce,
    };
  }

  #clientData(type: string, challenge: string): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.#site.origin, crossOrigin: false }));
  }

  #data(flags: number, attested = Buffer.alloc(0)): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.#signatures);
    return Buffer.concat([sha256(Buffer.from(this.#site.id)), Buffer.from([flags]), counter, attested]);
  }

  /** The public key in COSE. Source: https://www.rfc-editor.org/rfc/rfc9053#section-7.1 */
  #cose(): Buffer {
    const key = this.publicKey;
    if (key.kty !== 'EC') throw new TypeError('the key is not on the curve P-256');
    const members = new Map<number, number | Uint8Array>([
      [1, 2], // key type: elliptic curve
      [3, -7], // algorithm: ES256
      [-1, 1], // curve: P-256
      [-2, bytes(key.x)],
      [-3, bytes(key.y)],
    ]);
    return Buffer.from(isoCBOR.encode(members));
  }
}

function bytes(base64url: string): Buffer {
  return Buffer.from(base64url, 'base64url');
}

/** The number of bytes, as two bytes. */
function length(base64url: string): Buffer {
  const two = Buffer.alloc(2);
  two.writeUInt16BE(bytes(base64url).length);
  return two;
}

function sha256(data: Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}
