/** A URL that signs in to the AWS console. */
import type { LeaseView } from '@leasehold/contract';

/**
 * A sign-in URL of the AWS console. Anyone who has the URL can sign in. Code must read the property `url` by name.
 * Printing, serializing or cloning the object does not reveal the URL.
 * @example
 * const { url } = await broker.console('lh-01jd0000000000000000000000');
 * @public
 */
export class ConsoleAddress {
  readonly lease: LeaseView;
  /** When the URL expires. */
  readonly expiresAt: Date;
  readonly #url: string;

  /** @internal */
  constructor(lease: LeaseView, url: string, expiresAt: Date) {
    this.lease = lease;
    this.expiresAt = expiresAt;
    this.#url = url;
  }

  get url(): string {
    return this.#url;
  }

  /** Shows the lease and the expiry, without the URL. */
  toJSON(): { readonly lease: LeaseView; readonly expiresAt: string } {
    return { lease: this.lease, expiresAt: this.expiresAt.toISOString() };
  }
}
