/** The secrets of a run: they exist in memory only, and no text that leaves the package contains one. */
import { inspect } from 'node:util';

/** Access keys of a probe identity. Printing them in any way leaves out the secrets. */
export class HeldKeys {
  /** Whose keys they are, in the words of the report. */
  readonly whose: string;
  readonly #parts: KeyParts;

  constructor(whose: string, parts: KeyParts) {
    this.whose = whose;
    this.#parts = parts;
  }

  /** End of temporary credentials. */
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

/** Every secret of a run, to keep it out of texts that AWS returns. */
export class Secrets {
  readonly #known = new Set<string>();

  /** Remembers a secret. Short texts, such as codes, are known too. */
  add(...secrets: readonly (string | undefined)[]): void {
    for (const secret of secrets) if (secret !== undefined && secret !== '') this.#known.add(secret);
  }

  /** The keys in an answer of AWS, remembered. `undefined` if one is missing. */
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

  /** The text without any secret of this run. */
  without(text: string): string {
    let clean = text;
    for (const secret of this.#known) {
      // A code has six digits: within a longer number it is not the code.
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
