/** An address that signs whoever opens it in to the AWS console. */
import type { LeaseView } from '@leasehold/contract';

/**
 * A sign-in address of the AWS console. Whoever has it is signed in: it is read by name, and nothing that prints,
 * serialises or clones the object shows it.
 * @example
 * const { url } = await broker.console('lh-01jd0000000000000000000000');
 * @public
 */
export class ConsoleAddress {
  readonly lease: LeaseView;
  /** When the address is good no longer. */
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

  /** What may be shown. */
  toJSON(): { readonly lease: LeaseView; readonly expiresAt: string } {
    return { lease: this.lease, expiresAt: this.expiresAt.toISOString() };
  }
}
