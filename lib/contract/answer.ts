/** Schemas of the broker's successful responses. */
import * as z from 'zod';
import { leaseView } from './lease';
import { reviewer } from './reviewer';

const time = z.int().describe('Seconds since 1970.');

const credentials = z.strictObject({
  accessKeyId: z.string(),
  secretAccessKey: z.string().describe('Secret.'),
  sessionToken: z.string().describe('Secret.'),
  expiresAt: time,
});

/** Answer of `collect`. */
export const collected = z.strictObject({ lease: leaseView, credentials });
export type Collected = z.infer<typeof collected>;

/** Response of `request`: 201 with credentials if no approval is needed, 202 if an approval is pending. */
export const requestAnswer = z.strictObject({ lease: leaseView, credentials: credentials.optional() });
export type RequestAnswer = z.infer<typeof requestAnswer>;

/** Answer of `propose`. It permits nothing: the broker decides independently on a request with these values. */
export const proposal = z.strictObject({
  role: z.string(),
  parameters: z.record(z.string(), z.string()).describe('The parameter values that a request must contain.'),
  actions: z.array(z.string()).describe('The actions that the reviewer selected, and ARNs of managed policies.'),
  seconds: z.int().describe('Length of the lease in seconds.'),
  humans: z.int().describe('Number of people who would have to approve a request with these values.'),
  sentence: z.string().optional().describe('The reason, written by the reviewer, which is a model.'),
  risk: z.enum(['low', 'medium', 'high']).optional().describe('The risk, as the reviewer assesses it.'),
});
export type Proposal = z.infer<typeof proposal>;

/** Response of `console`. The URL is a secret: anyone who has it can sign in. */
export const consoleAddress = z.strictObject({
  lease: leaseView,
  url: z.string().describe('Secret: whoever has it is signed in.'),
  expiresAt: time,
});

/** Who can open a role, and how. */
const roleReach = z.strictObject({
  agents: z.array(z.string()).describe('Agents that may request the role from the broker.'),
  groups: z.array(z.string()).describe('Groups of people who may request the role from the broker.'),
  mfaAgents: z
    .array(z.string())
    .describe('Agents that assume the role with an MFA code of an approver, without the broker.'),
  approvers: z
    .array(z.string())
    .describe(
      'People who may approve leases of the role. The list is empty if no lease of the role can need an approval.',
    ),
});
export type RoleReach = z.infer<typeof roleReach>;

const role = z.strictObject({
  name: z.string(),
  arn: z.string(),
  purpose: z.string(),
  access: z.enum(['read', 'write', 'delete', 'write+delete']),
  actions: z.array(z.string()),
  policy: z
    .looseObject({ Statement: z.unknown() })
    .describe(
      'The most that a lease permits, in addition to `managedPolicies`, with `${aws:PrincipalTag/param.NAME}` in place of a parameter.',
    ),
  managedPolicies: z
    .array(z.string())
    .optional()
    .describe(
      'ARNs of AWS-managed policies. A lease of the role also has the permissions of these policies, unless its request lists actions.',
    ),
  parameters: z.record(
    z.string(),
    z.strictObject({
      description: z.string(),
      pattern: z.string().optional(),
      values: z.array(z.string()).optional(),
      from: z
        .string()
        .optional()
        .describe('The verified identity from which the value comes; the requester cannot choose the value.'),
    }),
  ),
  lease: z.strictObject({ defaultSeconds: z.int(), maxSeconds: z.int() }),
  humans: z.int(),
  reviewer,
  reach: roleReach.optional().describe('Only for approvers and administrators.'),
});
export type RoleView = z.infer<typeof role>;

/** Answer of `roles`. */
export const roleList = z.strictObject({
  roles: z.array(role),
  proposes: z
    .literal(true)
    .optional()
    .describe('The caller can describe a task in plain words with `propose`. Absent if no reviewer is configured.'),
});
export type RoleList = z.infer<typeof roleList>;

/** A principal as shown to administrators. */
export const principalView = z.strictObject({
  name: z.string(),
  kind: z.enum(['agent', 'person']),
  capacities: z
    .array(z.enum(['requester', 'approver', 'administrator']))
    .describe(
      'What the definitions permit the principal to act as. To sign in, a person may also need to be in a group of the issuer.',
    ),
  policy: z.string(),
  groups: z.array(z.string()),
  version: z.int().describe('0 if no administrator has changed the settings in the definitions.'),
  changedBy: z.string().optional(),
  changedAt: time.optional(),
  opens: z
    .array(z.string())
    .optional()
    .describe(
      'Only in the answer of `putPrincipal`: roles that the person may request because of the change, and could not request before it.',
    ),
});
export type PrincipalView = z.infer<typeof principalView>;
export const principalList = z.strictObject({ principals: z.array(principalView) });
export type PrincipalList = z.infer<typeof principalList>;

/** Answer of `revoke` and `revokeMany`. */
export const revocationAnswer = z.strictObject({
  leases: z.array(z.string()).describe('Ids of the leases that were revoked.'),
  shut: z
    .record(z.string(), z.int())
    .describe('Roles that remain blocked, each with the time until which it is blocked, in seconds since 1970.'),
});
export type RevocationAnswer = z.infer<typeof revocationAnswer>;
