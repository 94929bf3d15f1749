/** Schemas that several tools share. */
import * as z from 'zod';
import { LEASE_STATES } from '../lease/held-lease';

export const leaseId = z.string().min(1).max(100).describe('The id that request_lease returned, for example lh-01jd….');

/** For a schema of an object with any members: some clients of the protocol do not read zod's `additionalProperties: {}`. */
export const ANY_MEMBERS = { additionalProperties: true };

const conditions = z.record(z.string(), z.record(z.string(), z.array(z.string())));

export const permission = z.object({
  actions: z.array(z.string()),
  resources: z.array(z.string()),
  conditions,
});

/** The schema of an error. Brokers may add further properties to errors. */
export const problem = z
  .looseObject({
    code: z.string(),
    message: z.string(),
    hint: z.string(),
    retryable: z.boolean(),
  })
  .meta(ANY_MEMBERS);

export const leaseView = z.object({
  lease: z.string().describe('Id of the lease; approvers see the same id.'),
  state: z.enum(LEASE_STATES).describe('Only `issued` can be used; only `pending` changes by waiting.'),
  role: z.string().optional(),
  reason: z.string(),
  parameters: z.record(z.string(), z.string()).optional(),
  gate: z.enum(['mfa', 'broker']).optional(),
  approvers: z.array(z.string()).optional().describe('Who may answer.'),
  answerBy: z.string().optional().describe('When the request lapses.'),
  expiresAt: z.string().optional().describe('The time when the lease ends. A lease never renews itself.'),
  secondsLeft: z.int().optional(),
  services: z.array(z.string()).optional().describe('Services that call_aws can call under the lease.'),
  may: z.array(permission).optional().describe('The exact permissions of the lease.'),
  mustNot: z.array(permission).optional(),
  problem: problem.optional().describe('Why there is no lease.'),
  next: z.string().describe('What to do now.'),
});
export type LeaseView = z.input<typeof leaseView>;

export const denialExplanation = z.object({
  action: z.string(),
  resource: z.string().optional(),
  permitted: z
    .boolean()
    .optional()
    .describe("Whether the lease's own permissions allow the request. Absent if it is unknown."),
  reasons: z.array(z.string()),
  nearest: z.array(permission).describe('The statements of the lease that come closest to allowing the request.'),
  retry: z.literal(false).describe('Do not retry.'),
});
