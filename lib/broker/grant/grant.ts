/** What one lease permits, and what humans approve, byte for byte. */
import type { Grant, Json } from '@leasehold/contract/event';
import { hashOf } from '../canonical';

export type { Grant } from '@leasehold/contract/event';

/** The hash to which approvals are bound. */
export function grantHash(grant: Grant): string {
  return hashOf(grant as unknown as Json);
}
