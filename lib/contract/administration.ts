/**
 * The records of what administrators do: changes of principals, and revocations of more than one lease. Their events are
 * numbered and chained by hashes, like the events of a lease.
 */
import * as z from 'zod';
import { assertion } from './consent';
import { envelope } from './event-envelope';
import { reviewer } from './reviewer';
import { BECAUSE } from './text';

const person = z.string().min(1).max(64);
const because = z.string().regex(BECAUSE);

/** The settings of a principal that administrators change. */
export const settings = z.strictObject({ policy: z.string(), groups: z.array(z.string()).readonly() }).readonly();
export type Settings = z.infer<typeof settings>;

/** What a revocation of several leases covers. */
export const revocationScope = z.union([
  z.strictObject({ role: z.string().min(1).max(64) }).readonly(),
  z.strictObject({ requester: person }).readonly(),
  z.strictObject({ all: z.literal(true) }).readonly(),
]);
export type RevocationScope = z.infer<typeof revocationScope>;

/** The body of an event, by its type. */
export const administrationBody = z.discriminatedUnion('type', [
  /** An administrator replaced the policy and the groups of a principal. */
  z
    .strictObject({
      type: z.literal('principal-set'),
      by: person,
      /** The settings that the administrator saw and replaced. */
      before: settings,
      after: settings,
      /** The version number of the settings in `after`. The event is appended before the version is stored. */
      version: z.int().min(1),
      /**
       * Roles that the principal may request because of this change, and could not request before it. The broker
       * computes them from its definitions. The signature of the administrator does not cover them.
       */
      opens: z.array(z.string()).readonly(),
      /** Absent if passkeys are not required in the environment. */
      assertion: assertion.exactOptional(),
    })
    .readonly(),
  /** A person revoked every lease of a role, of a requester, or of all roles. */
  z
    .strictObject({
      type: z.literal('leases-revoked'),
      /** Kind and name of the person, for example `administrator root`. */
      by: z.string().regex(/^(approver|administrator) .{1,64}$/u),
      scope: revocationScope,
      because,
      /** Absent if the person did not sign: in an emergency, nobody should have to look for a key. */
      assertion: assertion.exactOptional(),
    })
    .readonly(),
]);
export type AdministrationBody = z.infer<typeof administrationBody>;

/** A stored event. The field `lease` contains the name of the record. */
export const administrationEvent = z.strictObject({ ...envelope, body: administrationBody }).readonly();
export type AdministrationEvent = z.infer<typeof administrationEvent>;

const record = {
  record: z.string().describe('Name of the record, which each of its events contains.'),
  events: z.array(z.strictObject({ ...envelope, body: z.looseObject({ type: z.string() }) })),
  unauthentic: z.array(z.int()).optional().describe("Sequences of events that the broker's function did not write."),
  next: z.int().optional().describe('If there are more events: the sequence number after which they begin.'),
};

/** Response of `principalEvents`: the record, which the client verifies. */
export const administrationRecord = z.strictObject(record);
export type AdministrationRecord = z.infer<typeof administrationRecord>;

/** Whether a denial exists in AWS, according to what the broker read from IAM. */
const denial = z.enum(['present', 'missing', 'not-read']);

/** Answer of `revocations`. */
export const revocationList = z.strictObject({
  ...record,
  shut: z
    .array(
      z.strictObject({
        role: z.string(),
        until: z.int().describe('Time until which the role is blocked, in seconds since 1970.'),
        tag: denial.describe('Whether the IAM role has the tag that denies every session of the role.'),
        policy: z
          .union([denial, z.literal('none')])
          .describe('Whether the revocation policy denies the role. `none`: the role has no revocation policy.'),
      }),
    )
    .describe('The roles that are blocked now.'),
});
export type RevocationList = z.infer<typeof revocationList>;

const budget = z.strictObject({ limit: z.int(), windowSeconds: z.int() });
const spent = z.strictObject({
  used: z
    .int()
    .describe(
      'How much of the limit is used. The amount from the previous window counts in proportion to the part of that window that is within the last `windowSeconds`.',
    ),
  retryAfter: z
    .int()
    .optional()
    .describe('If the budget is used up: the number of seconds until part of it is available again.'),
});

/** Answer of `budgets`. */
export const budgetList = z.strictObject({
  requests: budget,
  denials: budget,
  requesters: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.enum(['agent', 'person']),
      roles: z.array(z.string()).describe('The roles that the requester may request.'),
      requests: spent,
      denials: spent,
    }),
  ),
});
export type BudgetList = z.infer<typeof budgetList>;

const claims = z.union([z.literal('*'), z.array(z.string())]);

/** Answer of `groups`. */
export const groupList = z.strictObject({
  signIn: z
    .strictObject({ requester: claims, approver: claims, administrator: claims })
    .optional()
    .describe('Groups of the issuer that a person needs to sign in as each kind. `*`: everybody.'),
  groups: z
    .array(z.strictObject({ name: z.string(), members: z.array(z.string()), roles: z.array(z.string()) }))
    .describe(
      'Every group that makes people eligible for a role or that has members, with its members among the people in the definitions.',
    ),
  roles: z.array(
    z.strictObject({
      name: z.string(),
      humans: z.int().describe('How many people must approve.'),
      reviewer,
      groups: z.array(z.string()),
      agents: z.array(z.string()),
    }),
  ),
});
export type GroupList = z.infer<typeof groupList>;
