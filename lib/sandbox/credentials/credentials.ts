/** Credentials that may be handed to a client and are shown by nothing else. */
import { inspect } from 'node:util';
import { defined } from '@leasehold/contract/defined';

/** An access key, temporary with a session token or long-term without. Printing it, in any way, leaves the secrets out. */
export class Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** When temporary credentials end, by the sandbox's clock. */
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

  /** What may be shown. */
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
