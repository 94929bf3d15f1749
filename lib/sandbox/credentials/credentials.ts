/** Credentials that can be passed to a client but are never printed. */
import { inspect } from 'node:util';
import { defined } from '@leasehold/contract/defined';

/**
 * An access key: temporary with a session token, long-term without a session token. Printing the object in any way
 * omits the secrets.
 */
export class Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** The end of temporary credentials, by the sandbox's clock. */
  readonly expiration?: Date;

  constructor(parts: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
    readonly expiration?: Date;
  }) {
    this.accessKeyId = parts.accessKeyId;
    this.secretAccessKey = parts.secretAccessKey;
    if (parts.sessionToken !== undefined) this.sessionToken = parts.sessionToken;
    if (parts.expiration !== undefined) this.expiration = parts.expiration;
  }

  /** The fields that may be printed. */
  toJSON(): { readonly accessKeyId: string; readonly expiration?: string } {
    return {
      accessKeyId: this.accessKeyId,
      ...defined({ expiration: this.expiration?.toISOString() }),
    };
  }

  [inspect.custom](): unknown {
    return this.toJSON();
  }
}
