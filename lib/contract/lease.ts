/** A lease as callers see it. */
import * as z from 'zod';

const policy = z.looseObject({ Version: z.string(), Statement: z.unknown() });
const time = z.int().describe('Seconds since 1970.');

/** The rendered grant of the lease, as it is shown to an approver. */
const grant = z.strictObject({
  role: z.string(),
  roleArn: z.string(),
  purpose: z.string(),
  policy: policy.describe('The session policy: exactly what the lease permits.'),
  parameters: z.record(z.string(), z.string()),
  seconds: z.int(),
  reason: z.string(),
  command: z.string().optional().describe('What will run with the lease, as the requester says.'),
  hash: z.string().describe('What an approval covers.'),
});

/** The result of the review, for approvers. */
const review = z.strictObject({
  model: z.string(),
  decision: z.enum(['allow', 'deny', 'escalate', 'failed']),
  risk: z.enum(['low', 'medium', 'high']).optional(),
  sentence: z.string(),
});

/** A lease, without credentials. */
export const leaseView = z.strictObject({
  id: z.string(),
  state: z.enum(['requested', 'pending', 'approved', 'issued', 'expired', 'denied', 'lapsed', 'revoked']),
  environment: z.string(),
  requester: z.string(),
  subject: z.string().optional(),
  requestedAt: time,
  /** Sequence number of its last event. */
  sequence: z.int(),
  grant: grant.optional(),
  review: review.optional(),
  approval: z
    .strictObject({
      humans: z.int(),
      approvals: z.array(z.string()),
      approvers: z.array(z.string()),
      until: time,
    })
    .optional(),
  /** When AWS ends the lease. */
  expiresAt: time.optional(),
  collected: z.boolean(),
  /** The reason, where somebody ended it. */
  because: z.string().optional(),
  code: z.string().optional().describe("A denial's: one of the codes of a problem."),
});
export type LeaseView = z.infer<typeof leaseView>;

export const leaseList = z.strictObject({
  leases: z.array(leaseView),
  broken: z.array(z.string()).describe('Ids of leases of this page whose record cannot be believed.'),
  next: z.string().optional().describe('Give it as `next` for the next page.'),
});
export type LeaseList = z.infer<typeof leaseList>;

const event = z.strictObject({
  lease: z.string(),
  sequence: z.int(),
  at: time,
  previous: z.string(),
  body: z.looseObject({ type: z.string() }),
});
export type StoredEvent = z.infer<typeof event>;

/** Answer of `events`: the complete list, chained by {@link StoredEvent.previous}. */
export const eventList = z.strictObject({
  events: z.array(event),
  unauthentic: z
    .array(z.int())
    .optional()
    .describe("Sequences of the events that were not written by the broker's function. Absent: all were."),
});
export type EventList = z.infer<typeof eventList>;
