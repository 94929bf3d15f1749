/** What events of leases and of people's keys have in common. */
import * as z from 'zod';

/** What every event has, whatever its body. */
export const envelope = {
  lease: z.string(),
  /** From 1, without gaps. */
  sequence: z.int().min(1),
  /** When it was appended, in seconds since 1970; never earlier than the event before it. */
  at: z.int().describe('Seconds since 1970.'),
  /** Hash of the event before it; empty for the first. */
  previous: z.string(),
};

/** An event of any record, with its body. */
export type Chained<B> = Readonly<z.infer<z.ZodObject<typeof envelope>>> & { readonly body: B };
