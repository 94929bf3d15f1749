/** Schemas of request headers and bodies. */

import * as z from 'zod';
import { consent } from './consent';
import { BECAUSE, LONGEST_COMMAND, lineOf, NAME_ALPHABET, SEEN_TEXT, textOf } from './text';

/** A lease id. */
export const LEASE_ID = /^lh-[0-9a-z]{1,61}$/;
/** SHA-256 in lower-case hexadecimal digits. */
export const HASH = /^[0-9a-f]{64}$/;
/**
 * The header `Idempotency-Key` of `request`. The same body with the same key returns the same lease; another body with
 * the same key is refused. Use a new random key for each lease. Source:
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
export const IDEMPOTENCY_KEY = /^[A-Za-z0-9_-]{16,64}$/;
/** Name of a principal in a path. Only the characters of IAM user names are permitted. */
export const PRINCIPAL_NAME = textOf(NAME_ALPHABET, 1, 64);

const name = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/);
/** The reason for a request, as one line of 10 to 1,000 characters. */
const reason = z
  .string()
  .regex(lineOf(10, 1000))
  .describe('What is to be done, and for what purpose: one line of 10 to 1,000 characters.');
const because = z.string().regex(BECAUSE).describe('The reason, which is recorded: one line of 3 to 500 characters.');
const subjectToken = z
  .string()
  .max(8192)
  .regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/)
  .describe('The JWT of the signed-in user on whose behalf the request is made. It is verified, and never stored.');
/** The command must not contain invisible characters. Clients must replace such characters with escape sequences. */
const command = z
  .string()
  .max(LONGEST_COMMAND)
  .regex(SEEN_TEXT)
  .describe(
    'The command that will run with the lease, as stated by the requester. Approvers see the command below the verified facts.',
  );
const seconds = z.int().min(1).max(3600).describe("Length of the lease. Default: the role's own.");

/**
 * A request by role: the requester specifies the role and the values of its free parameters. A requester cannot specify
 * resources.
 */
const byRole = z.strictObject({
  role: name.describe('One of the roles that the requester is eligible for.'),
  parameters: z.record(z.string().max(31), z.string().min(1).max(256)).optional(),
  actions: z
    .array(z.string().regex(/^[a-z0-9-]{1,63}:[A-Za-z0-9]{1,128}$/))
    .min(1)
    .max(200)
    .optional()
    .describe('The actions that the lease needs, if fewer than the role allows. Default: all actions of the role.'),
  seconds: seconds.optional(),
  reason,
  command: command.optional(),
  subjectToken: subjectToken.optional(),
});

/**
 * A request by intent: the reviewer selects role, actions and parameters. The requester must be eligible for the
 * selected role.
 */
const byIntent = z.strictObject({
  intent: reason.describe(
    'What is to be done, and for what purpose, in the words of the requester. This text is also the reason of the request.',
  ),
  subjectToken: subjectToken.optional(),
});

/** Body of `propose`: the same as that of a request by intent. */
export const proposeBody = byIntent;
export type ProposeBody = z.infer<typeof proposeBody>;

/** Body of `request`. */
export const requestBody = z.union([byRole, byIntent]);
export type RequestBody = z.infer<typeof requestBody>;

const signature = consent.optional().describe('The passkey signature over the decision.');

/** Body of `approve`: the hash of the grant that the approver saw. */
export const approveBody = z.strictObject({ hash: z.string().regex(HASH), consent: signature });
export type ApproveBody = z.infer<typeof approveBody>;
/** Body of `deny`. */
export const denyBody = z.strictObject({ because, consent: signature });
export type DenyBody = z.infer<typeof denyBody>;
/** Body of `revoke`. */
export const revokeBody = z.strictObject({ because, consent: signature });
export type RevokeBody = z.infer<typeof revokeBody>;
/** Body of `revokeMany`: selects one role, all roles, or the requester with this name. */
export const revokeManyBody = z.union([
  z.strictObject({ role: name, because, consent: signature }),
  z.strictObject({ requester: z.string().regex(PRINCIPAL_NAME), because, consent: signature }),
  z.strictObject({ all: z.literal(true), because, consent: signature }),
]);
export type RevokeManyBody = z.infer<typeof revokeManyBody>;
/**
 * Body of `putPrincipal`. `version` is the version that the caller read; 0 for a principal that exists only in the
 * definitions.
 */
export const principalBody = z.strictObject({
  policy: z.string().max(4000).describe('Free text that the reviewer reads.'),
  groups: z.array(name).max(50),
  version: z.int().min(0),
  consent: signature,
});
export type PrincipalBody = z.infer<typeof principalBody>;

/** Only digits are permitted, because JavaScript also parses `1e1`, `0x10` and the empty string as numbers. */
const whole = (most: number) =>
  z
    .string()
    .regex(/^(0|[1-9][0-9]{0,6})$/)
    .transform(Number)
    .pipe(z.int().min(0).max(most));

/** Maximum number of seconds for which `status` waits for a change. */
export const LONGEST_WAIT = 20;

/** Query of `status`. */
export const leaseQuery = z.strictObject({
  wait: whole(LONGEST_WAIT).optional().describe('Seconds to wait for a change. Default: 0.'),
  after: whole(1_000_000)
    .optional()
    .describe(
      'Sequence number of the last event that the caller has read. A later event ends the wait. By default, only a decision or the end of the request ends the wait.',
    ),
});
/** Query of `principalEvents` and `revocations`. */
export const recordQuery = z.strictObject({
  after: whole(1_000_000).optional().describe('Returns only events with a higher sequence number. Default: 0.'),
});
/** Maximum number of days that a list of leases covers. */
export const LONGEST_LIST = 31;

/** Query of `leases`. */
export const leasesQuery = z.strictObject({
  open: z.literal('true').optional().describe('Those that wait for approvers.'),
  role: name.optional().describe('Leases of one role that were requested within the specified number of recent days.'),
  requester: z
    .string()
    .regex(PRINCIPAL_NAME)
    .optional()
    .describe(
      'Leases that an agent or a person of the definitions requested in the last days. Only for approvers and administrators, and not together with `role` or `open`.',
    ),
  days: whole(LONGEST_LIST)
    .pipe(z.int().min(1))
    .optional()
    .describe('The number of recent days to include, counted back from now. Default: 1.'),
  next: z.string().max(2048).optional().describe('Where the page before ended.'),
});
export type LeasesQuery = z.output<typeof leasesQuery>;
