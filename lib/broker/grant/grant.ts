/** The permissions of one lease. People approve exactly these bytes. */
import type { Grant, Json } from '@leasehold/contract/event';
import { hashOf } from '../canonical';

export type { Grant } from '@leasehold/contract/event';

/** The hash of a grant. An approval is valid only for this hash. */
export function grantHash(grant: Grant): string {
  return hashOf(grant as unknown as Json);
}
