/** A client of the endpoint: a name, its own token, and the leases that only this client can fetch. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { closeSync, constants, openSync, unlinkSync, writeSync } from 'node:fs';
import type { Lease, LeaseClient } from '@leasehold/runtime';
import { Desk } from './client-leases';

/** A lease that is held, without its credentials. */
export interface HeldLease {
  readonly id: string;
  readonly role: string;
  readonly expiresAt: Date;
}

/**
 * A client of the endpoint. Printing, serializing or cloning it does not reveal its token.
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
    // Not enumerable, because tools that inspect an object show its enumerable properties.
    Object.defineProperty(this, 'desk', { enumerable: false });
  }

  /** Gives the client a lease that was requested elsewhere. */
  hold(lease: Lease): void {
    this.desk.hold(lease);
  }

  /** URL from which this client fetches the credentials of a role. */
  credentialsUrl(role: string): string {
    return `${this.#url}/credentials/${encodeURIComponent(role)}`;
  }

  /**
   * The environment variables, including the token itself, with which any AWS SDK finds the role's credentials: for the
   * environment of a child process. For other processes, write the token to a file.
   */
  environment(role: string): Readonly<Record<string, string>> {
    return {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: this.credentialsUrl(role),
      AWS_CONTAINER_AUTHORIZATION_TOKEN: this.#token,
    };
  }

  /**
   * Writes the token to a new file with mode 0600, for `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE`. The file has no
   * trailing newline, because botocore would reject it. The file must not exist.
   * @returns a function that removes the file.
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

  /** Whether a token belongs to this client, compared in constant time. @internal */
  hasToken(token: string): boolean {
    return timingSafeEqual(digest(token), this.#hash);
  }
}

/** Hashes have a fixed length, whatever was sent. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
