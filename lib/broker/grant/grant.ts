/** What one lease permits, and what humans approve, byte for byte. */
import type * as z from 'zod';
import { hashOf, type Json } from '../canonical';
import type { grantSchema } from '../lease/event-schema';

/** A rendered grant. It is immutable: a change of one byte makes another grant, which needs its own approvals. */
export type Grant = z.infer<typeof grantSchema>;

/** The hash to which approvals are bound. */
export function grantHash(grant: Grant): string {
  return hashOf(grant as unknown as Json);
}
