/** Keeps the secrets of a run in memory only, and removes them from every text that the package outputs. */
import { inspect } from 'node:util';

/** Access keys of a probe identity. The secret parts are never printed. */
export class HeldKeys {
  /** The owner of the keys, as named in the report. */
  readonly whose: string;
  readonly #parts: KeyParts;

  constructor(whose: string, parts: KeyParts) {
    this.whose = whose;
    this.#parts = parts;
  }

  /** When temporary credentials expire. */
  get expiration(): Date | undefined {
    return this.#parts.expiration;
  }

  /** The credentials for an SDK client, as a new object. */
  reveal(): KeyParts {
    return { ...this.#parts };
  }

  toJSON(): object {
    return { whose: this.whose };
  }

  [inspect.custom](): object {
    return this.toJSON();
  }
}

interface KeyParts {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** All secrets of a run. They are removed from every text that AWS returns. */
export class Secrets {
  readonly #known = new Set<string>();

  /** Adds secrets, including short secrets such as MFA codes. */
  add(...secrets: readonly (string | undefined)[]): void {
    for (const secret of secrets) if (secret !== undefined && secret !== '') this.#known.add(secret);
  }

  /**
   * Adds the keys in an AWS response to the secrets, and returns the keys. `undefined` if the access key id or the
   * secret key is missing.
   */
  keysIn(whose: string, answer: AnsweredKeys | undefined): HeldKeys | undefined {
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer ?? {};
    if (AccessKeyId === undefined || SecretAccessKey === undefined) return undefined;
    this.add(AccessKeyId, SecretAccessKey, SessionToken);
    return new HeldKeys(whose, {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      ...(SessionToken === undefined ? {} : { sessionToken: SessionToken }),
      ...(Expiration === undefined ? {} : { expiration: Expiration }),
    });
  }

  /** Returns the text with every secret of this run masked. */
  without(text: string): string {
    let clean = text;
    for (const secret of this.#known) {
      // An MFA code has six digits. The same digits within a longer number are not the code.
      clean = /^\d+$/.test(secret)
        ? clean.replace(new RegExp(`(?<!\\d)${secret}(?!\\d)`, 'g'), '***')
        : clean.replaceAll(secret, '***');
    }
    return clean;
  }

  toJSON(): object {
    return {};
  }

  [inspect.custom](): string {
    return 'Secrets';
  }
}

interface AnsweredKeys {
  readonly AccessKeyId?: string | undefined;
  readonly SecretAccessKey?: string | undefined;
  readonly SessionToken?: string | undefined;
  readonly Expiration?: Date | undefined;
}
