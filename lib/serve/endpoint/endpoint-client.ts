/** One client of the endpoint: a name, a token of its own, and the leases that it alone can fetch. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { closeSync, constants, openSync, unlinkSync, writeSync } from 'node:fs';
import type { Lease, LeaseClient } from '@leasehold/runtime';
import { Desk } from './desk';

/** What is known of a lease that is held, without its credentials. */
export interface HeldLease {
  readonly id: string;
  readonly role: string;
  readonly expiresAt: Date;
}

/**
 * A client of the endpoint. Its token is in nothing that prints, serialises or clones.
 * @public
 */
export class EndpointClient {
  readonly name: string;
  readonly #url: string;
  readonly #token = randomBytes(32).toString('base64url');
  readonly #hash = digest(this.#token);
  /** @internal */
  readonly desk: Desk;

  /** @internal Clients are made by {@link CredentialsEndpoint.admit}. */
  constructor(name: string, url: string, client: LeaseClient | undefined, now: () => number) {
    this.name = name;
    this.#url = url;
    this.desk = new Desk(client, now);
    // What inspects an object shows its enumerable properties.
    Object.defineProperty(this, 'desk', { enumerable: false });
  }

  /** Gives the client a lease that was asked for elsewhere. */
  hold(lease: Lease): void {
    this.desk.hold(lease);
  }

  /** Address under which this client fetches the credentials of a role. */
  credentialsUrl(role: string): string {
    return `${this.#url}/credentials/${encodeURIComponent(role)}`;
  }

  /**
   * The variables that lead any AWS SDK to the role's credentials, with the token itself among them: for the environment
   * of a child process. For anybody else, write the token to a file.
   */
  environment(role: string): Readonly<Record<string, string>> {
    return {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: this.credentialsUrl(role),
      AWS_CONTAINER_AUTHORIZATION_TOKEN: this.#token,
    };
  }

  /**
   * Writes the token to a new file with mode 0600, for `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE`. Without a newline at its
   * end: botocore would refuse it. The file must not exist.
   * @returns what removes the file again.
   */
  writeToken(path: string): () => void {
    const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants;
    const file = openSync(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600);
    try {
      writeSync(file, this.#token);
    } finally {
      closeSync(file);
    }
    return () => {
      try {
        unlinkSync(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    };
  }

  /** Whether a token is this client's, in the same time for every token. @internal */
  hasToken(token: string): boolean {
    return timingSafeEqual(digest(token), this.#hash);
  }
}

/** Hashes have one length, whatever was sent. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
