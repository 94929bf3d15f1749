/** Credentials on their way to who asked for them. */
import { inspect } from 'node:util';
import type { IssuedCredentials } from '../ports';

/** The parts as STS answers them; times in seconds since 1970. */
type Parts = { readonly [Part in keyof IssuedCredentials]: IssuedCredentials[Part] };

/**
 * Each part is read by its name. They are no properties of the object itself, so that printing, serialising, spreading or
 * cloning it shows nothing: whoever answers with them names all four.
 */
export class HeldCredentials implements IssuedCredentials {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = { ...parts };
  }

  get accessKeyId(): string {
    return this.#parts.accessKeyId;
  }

  get secretAccessKey(): string {
    return this.#parts.secretAccessKey;
  }

  get sessionToken(): string {
    return this.#parts.sessionToken;
  }

  get expiresAt(): number {
    return this.#parts.expiresAt;
  }

  /** What may be shown: when they end. */
  toJSON(): { readonly expiresAt: number } {
    return { expiresAt: this.expiresAt };
  }

  /** What may be shown. */
  toString(): string {
    return '[HeldCredentials]';
  }

  [inspect.custom](): string {
    return `HeldCredentials { until ${new Date(this.expiresAt * 1000).toISOString()} }`;
  }
}
