/** An authenticator in software: real ES256 or RS256 keys, and the bytes that a browser would send. */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { Assertion, Passkey, PublicKey, RelyingParty } from '@leasehold/contract/consent';
import { challengeOf, type Statement } from '../../../lib/broker/consent/statement';

export const PARTY: RelyingParty = { id: 'leases.example.com', origin: 'https://leases.example.com' };

/** What a test changes of an assertion before it is signed. */
export interface Twist {
  readonly challenge?: string;
  readonly origin?: string;
  readonly type?: string;
  readonly rpId?: string;
  readonly flags?: number;
  readonly counter?: number;
  readonly clientData?: Readonly<Record<string, unknown>>;
  readonly extension?: Buffer<ArrayBuffer>;
}

const UP_UV = 0x05;

export class Authenticator {
  readonly publicKey: PublicKey;
  counter = 0;
  readonly #key: KeyObject;

  constructor(
    readonly algorithm: 'ES256' | 'RS256' = 'ES256',
    readonly party: RelyingParty = PARTY,
    /** An authenticator chooses the id, so that it can copy another one's. */
    readonly id: string = randomBytes(32).toString('base64url'),
  ) {
    const pair =
      algorithm === 'ES256'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('rsa', { modulusLength: 2048 });
    this.#key = pair.privateKey;
    const jwk = pair.publicKey.export({ format: 'jwk' });
    this.publicKey = (
      algorithm === 'ES256' ? { kty: 'EC', crv: 'P-256', x: jwk.x, y: jwk.y } : { kty: 'RSA', n: jwk.n, e: jwk.e }
    ) as PublicKey;
  }

  passkey(overrides: Partial<Passkey> = {}): Passkey {
    const { id, publicKey, party } = this;
    return { id, publicKey, label: 'Laptop', counter: 0, synced: false, relyingParty: party, ...overrides };
  }

  /** Signs a statement as `navigator.credentials.get` would. */
  sign(statement: Statement, nonce = aNonce(), twist: Twist = {}): Assertion {
    return this.assert(nonce, { challenge: challengeOf(nonce, statement), ...twist });
  }

  assert(nonce: string, twist: Twist): Assertion {
    const { challenge = '', origin = this.party.origin, type = 'webauthn.get' } = twist;
    const clientData = Buffer.from(
      JSON.stringify({ type, challenge, origin, crossOrigin: false, ...twist.clientData }),
    );
    const data = this.#data(twist.rpId, twist.flags ?? UP_UV, twist.counter, twist.extension);
    const signed = Buffer.concat([data, sha256(clientData)]);
    return {
      type: 'webauthn.assertion/1',
      credential: this.id,
      clientData: clientData.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: sign('sha256', signed, this.#key).toString('base64url'),
      nonce,
    };
  }

  /** What `navigator.credentials.create` returns, with attestation `none`. */
  create(challenge: string, twist: Twist = {}) {
    const { origin = this.party.origin, type = 'webauthn.create' } = twist;
    const clientData = Buffer.from(
      JSON.stringify({ type, challenge, origin, crossOrigin: false, ...twist.clientData }),
    );
    const id = Buffer.from(this.id, 'base64url');
    const attested = Buffer.concat([Buffer.alloc(16), uint16(id.length), id, this.cose()]);
    const data = this.#data(twist.rpId, (twist.flags ?? UP_UV) | 0x40, twist.counter, attested);
    const attestation = Buffer.concat([
      Buffer.from([0xa3]),
      cborText('fmt'),
      cborText('none'),
      cborText('attStmt'),
      Buffer.from([0xa0]),
      cborText('authData'),
      cborBytes(data),
    ]);
    return {
      credential: this.id,
      clientData: clientData.toString('base64url'),
      attestation: attestation.toString('base64url'),
    };
  }

  /** The public key in COSE. Source: https://www.rfc-editor.org/rfc/rfc9053#section-7.1 */
  cose(): Buffer {
    const bytes = (text: string) => cborBytes(Buffer.from(text, 'base64url'));
    const key = this.publicKey;
    return key.kty === 'EC'
      ? Buffer.concat([
          Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
          bytes(key.x),
          Buffer.from([0x22]),
          bytes(key.y),
        ])
      : Buffer.concat([
          Buffer.from([0xa4, 0x01, 0x03, 0x03, 0x39, 0x01, 0x00, 0x20]),
          bytes(key.n),
          Buffer.from([0x21]),
          bytes(key.e),
        ]);
  }

  #data(rpId = this.party.id, flags: number, counter = this.counter, rest = Buffer.alloc(0)): Buffer {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([sha256(Buffer.from(rpId)), Buffer.from([flags]), count, rest]);
  }
}

export function aNonce(): string {
  return randomBytes(32).toString('base64url');
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function cborText(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 + text.length]), Buffer.from(text)]);
}

function cborBytes(bytes: Buffer): Buffer {
  const head = bytes.length < 24 ? [0x40 + bytes.length] : bytes.length < 256 ? [0x58, bytes.length] : undefined;
  return Buffer.concat([head ? Buffer.from(head) : Buffer.concat([Buffer.from([0x59]), uint16(bytes.length)]), bytes]);
}
