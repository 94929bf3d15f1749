/** What one lease permits: the thing that humans approve, byte for byte. */
import type * as z from 'zod';
import { hashOf, type Json } from '../canonical';
import type { grantSchema } from '../lease/event-schema';

/** Rendered, and fixed: another byte is another grant, which asks for approvals of its own. */
export type Grant = z.infer<typeof grantSchema>;

/** The hash that approvals are bound to. */
export function grantHash(grant: Grant): string {
  return hashOf(grant as unknown as Json);
}
