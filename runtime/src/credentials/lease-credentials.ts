/** Credentials that a client of AWS can read, and that nothing shows by accident. */

/**
 * An access key as every client of the AWS SDK for JavaScript v3 takes it. Given: the agent's own long-term key.
 * @example
 * const key: KeyIdentity = { accessKeyId: 'AKIA…', secretAccessKey: readFromVault() };
 * @public
 */
export interface KeyIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** The parts of a lease's credentials. */
export interface LeasedParts {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** When they end, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * The credentials of a lease. Each part is read by its name, as the AWS SDK does it. They are no properties of the object
 * itself, so that printing, serialising, spreading or cloning it shows nothing.
 * @example
 * const { accessKeyId, secretAccessKey, sessionToken } = await lease.credentials();
 * @public
 */
export class LeaseCredentials implements KeyIdentity {
  readonly #parts: LeasedParts;

  /** @internal */
  constructor(parts: LeasedParts) {
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

  /** When they end, as AWS said. */
  get expiration(): Date {
    return new Date(this.#parts.expiresAt);
  }

  /** What may be shown: when they end. */
  toJSON(): { readonly expiration: string } {
    return { expiration: this.expiration.toISOString() };
  }

  /** What may be shown. */
  toString(): string {
    return '[LeaseCredentials]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `LeaseCredentials { until ${this.expiration.toISOString()} }`;
  }
}

/**
 * Gives the credentials of a lease; every client of the AWS SDK for JavaScript v3 takes it as `credentials`. Rejects with
 * {@link LeaseExpired} once the lease is over.
 * @example
 * const provider: LeaseCredentialsProvider = deploy.credentials;
 * const s3 = new S3Client({ region: 'ap-northeast-2', credentials: provider });
 * @public
 */
export type LeaseCredentialsProvider = () => Promise<LeaseCredentials>;
