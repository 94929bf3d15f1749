/**
 * The key with which one client of the proxy signs. Only this proxy accepts the key, which does not exist in any AWS
 * account.
 */
import { randomBytes } from 'node:crypto';
import { writeSecretFile } from '@leasehold/runtime/internal';

/** Printing, serializing or cloning a client's key does not reveal its secret. */
export class ClientKey {
  /** Name of the client, for the log. */
  readonly name: string;
  readonly accessKeyId = `LEASEHOLD${base32(randomBytes(10))}`;
  readonly #secret = randomBytes(30).toString('base64url');

  constructor(name: string) {
    this.name = name;
  }

  /** The secret of a client's key, to verify signatures. Static, so that tools that serialize a key do not find it. */
  static secretOf(key: ClientKey): string {
    return key.#secret;
  }

  /** Writes the secret to a new file with mode 0600. The file must not exist. */
  writeSecret(path: string): void {
    writeSecretFile(path, this.#secret);
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Encodes each byte as one character, which contains 5 of the byte's 8 bits. */
function base32(bytes: Buffer): string {
  return [...bytes].map((byte) => ALPHABET[byte & 31]).join('');
}
