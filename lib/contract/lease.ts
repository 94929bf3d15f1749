/** Schemas of a lease as shown to callers. */
import * as z from 'zod';
import { grant, review, storedEvent } from './event';

const time = z.int().describe('Seconds since 1970.');

/** The rendered grant of the lease, as shown to an approver. */
const grantView = z.strictObject({
  ...grant.unwrap().pick({ role: true, roleArn: true, parameters: true, seconds: true, reason: true }).shape,
  purpose: z.string(),
  policy: z
    .looseObject({ Version: z.string(), Statement: z.unknown() })
    .describe('The session policy: exactly what the lease permits, in addition to `managedPolicies`.'),
  managedPolicies: grant
    .unwrap()
    .shape.managedPolicies.describe('AWS-managed policies, each with the SHA-256 of the approved text.'),
  command: grant
    .unwrap()
    .shape.command.describe('The command that will run with the lease, as stated by the requester.'),
  hash: z.string().describe('What an approval covers.'),
});

/** The result of the review, for approvers. */
const reviewView = z.strictObject({ model: z.string(), ...review.unwrap().omit({ answer: true }).shape });

/** A lease, without credentials. */
export const leaseView = z.strictObject({
  id: z.string(),
  state: z.enum(['requested', 'pending', 'approved', 'issued', 'expired', 'denied', 'lapsed', 'revoked']),
  environment: z.string(),
  requester: z.string(),
  subject: z.string().optional(),
  requestedAt: time,
  changedAt: time
    .optional()
    .describe('When the lease last changed: by an event, or because it lapsed or expired. Older brokers omit it.'),
  /** Sequence number of the lease's last event. */
  sequence: z.int(),
  grant: grantView.optional(),
  review: reviewView.optional(),
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
  /** The reason of the denial, by a person or by the broker, or of the revocation. */
  because: z.string().optional(),
  code: z.string().optional().describe('The problem code of a denial.'),
});
export type LeaseView = z.infer<typeof leaseView>;

export const leaseList = z.strictObject({
  leases: z.array(leaseView),
  broken: z.array(z.string()).describe('Ids of the leases on this page that have a broken record.'),
  next: z.string().optional().describe('Give it as `next` for the next page.'),
});
export type LeaseList = z.infer<typeof leaseList>;

/** Response of `events`: the complete list of events, chained by the `previous` hash of each event. */
export const eventList = z.strictObject({
  events: z.array(storedEvent),
  unauthentic: z
    .array(z.int())
    .optional()
    .describe("Sequences of the events that were not written by the broker's function. Absent: all were."),
});
export type EventList = z.infer<typeof eventList>;
