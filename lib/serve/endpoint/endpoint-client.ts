/** A client of the endpoint. A client has a name, its own token, and leases that no other client can fetch. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { unlinkSync } from 'node:fs';
import type { Lease, LeaseClient } from '@leasehold/runtime';
import { writeSecretFile } from '@leasehold/runtime/internal';
import { Desk } from './client-leases';

/** A lease in the endpoint, without its credentials. */
export interface HeldLease {
  readonly id: string;
  readonly role: string;
  readonly expiresAt: Date;
}

/**
 * A client of the endpoint. Printing, serializing or cloning the client does not reveal its token.
 * @public
 */
export class EndpointClient {
  readonly name: string;
  readonly #url: string;
  readonly #token = randomBytes(32).toString('base64url');
  readonly #hash = digest(this.#token);
  /** @internal */
  readonly desk: Desk;

  /** @internal {@link CredentialsEndpoint.admit} creates clients. */
  constructor(name: string, url: string, client: LeaseClient | undefined, now: () => number) {
    this.name = name;
    this.#url = url;
    this.desk = new Desk(client, now);
    // Not enumerable, because tools that inspect an object show its enumerable properties.
    Object.defineProperty(this, 'desk', { enumerable: false });
  }

  /** Adds a lease that was requested elsewhere to the client's leases. */
  hold(lease: Lease): void {
    this.desk.hold(lease);
  }

  /** URL from which this client fetches the credentials of a role. */
  credentialsUrl(role: string): string {
    return `${this.#url}/credentials/${encodeURIComponent(role)}`;
  }

  /**
   * Environment variables with which any AWS SDK finds the role's credentials. They contain the token itself, so use
   * them only for the environment of a child process. For other processes, write the token to a file.
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
    writeSecretFile(path, this.#token);
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

/** Hashes have a fixed length, regardless of the length of the received token. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
