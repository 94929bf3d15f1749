/** Credentials that can be passed to a client but are never printed. */
import { inspect } from 'node:util';
import { defined } from '@leasehold/contract/defined';

/**
 * An access key. A temporary key has a session token; a long-term key has no session token. The secrets are omitted
 * whenever the object is printed.
 */
export class Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Time at which temporary credentials expire, according to the sandbox's clock. */
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
