/** Credentials that AWS clients can read but that are not revealed by accident. */

/**
 * An access key in the form that every client of the AWS SDK for JavaScript v3 accepts, for example the agent's own
 * long-term key.
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
  /** Time at which the credentials expire, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * The credentials of a lease. Each part must be read by its name, as the AWS SDK does. The parts are not properties of
 * the object itself, so printing, serializing, spreading or cloning it reveals nothing.
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

  /** Time at which the credentials expire, as reported by AWS. */
  get expiration(): Date {
    return new Date(this.#parts.expiresAt);
  }

  /** Shows only the expiry time. */
  toJSON(): { readonly expiration: string } {
    return { expiration: this.expiration.toISOString() };
  }

  /** Shows only the expiry time. */
  toString(): string {
    return '[LeaseCredentials]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `LeaseCredentials { until ${this.expiration.toISOString()} }`;
  }
}

/**
 * Returns the credentials of a lease. Every client of the AWS SDK for JavaScript v3 accepts it as `credentials`.
 * Rejects with {@link LeaseExpired} after the lease ended.
 * @example
 * const provider: LeaseCredentialsProvider = deploy.credentials;
 * const s3 = new S3Client({ region: 'ap-northeast-2', credentials: provider });
 * @public
 */
export type LeaseCredentialsProvider = () => Promise<LeaseCredentials>;
