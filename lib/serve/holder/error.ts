/** The error for a lease that cannot be stored in the holder. */
import { LeaseError } from '@leasehold/runtime';

/**
 * The error if the credential holder cannot be reached, started or trusted. No person was asked.
 * @public
 */
export class HolderError extends LeaseError {
  override readonly name = 'HolderError';

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super('unavailable', message, hint, false, options);
  }
}
