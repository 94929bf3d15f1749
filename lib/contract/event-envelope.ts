/** The common part of lease events and key events. */
import * as z from 'zod';

/** The fields that every event has, independent of its body. */
export const envelope = {
  lease: z.string(),
  /** From 1, without gaps. */
  sequence: z.int().min(1),
  /** Time at which the event was appended, in seconds since 1970; never earlier than the previous event's time. */
  at: z.int().describe('Seconds since 1970.'),
  /** Hash of the previous event; empty for the first event. */
  previous: z.string(),
};

/** An event of any record, with its body. */
export type Chained<B> = Readonly<z.infer<z.ZodObject<typeof envelope>>> & { readonly body: B };
