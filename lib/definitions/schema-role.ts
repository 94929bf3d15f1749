/** The schema of `kind: Role`. */
import * as z from 'zod';
import { brokerRules } from './schema-broker-rules';
import { parameters } from './schema-parameters';
import {
  documented,
  duration,
  list,
  mapping,
  name,
  oneOf,
  oneOrMany,
  say,
  sentence,
  template,
  waivers,
} from './schema-parts';
import { ACTION, statements } from './schema-statements';
import { whereWith } from './schema-where';

const exactAction = z
  .string(say(ACTION, 'Write an action.'))
  .regex(
    /^[a-z0-9-]+:[A-Za-z0-9]+$/,
    say(
      `${ACTION}, without wildcards`,
      'Write exactly one action, without wildcards: a sensitive read cannot be declared with a pattern.',
    ),
  );

const callAction = z
  .string(say(ACTION, 'Write an action.'))
  .regex(
    /^[a-z0-9-]+:[A-Za-z0-9]+$/,
    say(`${ACTION}, without wildcards`, 'Write each action in full, so that a human can approve exactly this action.'),
  );

const allow = statements(
  'What the role permits: statements of actions and resources. Nothing else is permitted. Default: none if the role has `managedPolicies`; otherwise required.',
  'IAM conditions: operator → condition key → value or values. Templates are supported in values. Default: none.',
);

const deny = statements(
  'What the role never permits, even if `allow` permits it: statements of the same form, deployed as explicit denies. Each must remove something from `allow`. Default: none.',
  'IAM conditions: the statement denies only if all conditions are true. Templates are supported in values. Default: none.',
);

const EXTERNAL = 'the name of a role under `external` of the project, or its ARN';

const external = z
  .string(say(EXTERNAL, 'Write a name or an ARN.'))
  .regex(/^\S{1,2048}$/, say(EXTERNAL, 'Write a name or an ARN, without spaces.'));

const SERVICE = 'the principal of a service, for example `ecs-tasks.amazonaws.com`';

const passes = documented(
  list(
    mapping(
      {
        role: documented(
          external,
          'Name or ARN of the role, which `external` of the project declares. Templates are supported. Required.',
        ),
        to: documented(
          z
            .string(say(SERVICE, 'Write the principal of the service.'))
            .regex(
              /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/,
              say(
                SERVICE,
                'Write the service principal of the one service to which the role is passed, without wildcards.',
              ),
            ),
          'The one service that it is passed to, for example `ecs-tasks.amazonaws.com`. Required.',
        ),
        because: documented(sentence, 'Why the task needs it. Required.'),
      },
      'a role that is passed: `{ role: …, to: ecs-tasks.amazonaws.com, because: … }`',
    ),
    'a list of roles that are passed',
  ),
  'Roles that a lease may pass to a service, which then acts with them (`iam:PassRole`). Default: none.',
);

const assumes = documented(
  list(
    mapping(
      {
        role: documented(
          external,
          'Name or ARN of the role, which `external` of the project declares. Templates are supported. Required.',
        ),
        because: documented(sentence, 'Why the task needs it. Required.'),
      },
      'a role that is assumed: `{ role: …, because: … }`',
    ),
    'a list of roles that are assumed',
  ),
  'Roles that a lease may assume (`sts:AssumeRole`), for at most an hour, because STS limits role chaining. Default: none.',
);

const MANAGED = 'the ARN of a policy that AWS manages, for example `arn:aws:iam::aws:policy/SecurityAudit`';
const TEXT_HASH = "the SHA-256 of the policy's text, 64 lower-case hexadecimal digits";

const managedPolicies = documented(
  list(
    mapping(
      {
        arn: documented(
          z
            .string(say(MANAGED, 'Write the ARN.'))
            .regex(/^arn:aws[a-z-]*:iam::aws:policy\/[\w+=,.@/-]{1,512}$/, say(MANAGED, 'Write its ARN.')),
          'ARN of the policy, for example `arn:aws:iam::aws:policy/SecurityAudit`. Required.',
        ),
        sha256: documented(
          z
            .string(say(TEXT_HASH, 'Write the hash in quotes.'))
            .regex(/^[0-9a-f]{64}$/, say(TEXT_HASH, 'Copy the hash.')),
          'The SHA-256 of the text that was read, as canonical JSON. `leasehold can` prints the current one, and `validate` demands it. Default: none.',
        ).optional(),
        because: documented(sentence, 'Why people need it. Required.'),
        sensitive: documented(
          sentence,
          'Why its sensitive reads are needed, if `deny` does not remove them all. Default: none.',
        ).optional(),
      },
      'a policy that AWS manages: `{ arn: …, sha256: …, because: … }`',
    ),
    'a list of policies that AWS manages',
  ),
  'AWS-managed policies, each pinned to its text. Only for audit and break-glass roles that people use; no agent can request such a role. Default: none.',
);

const ACCESS = '`read`, `write`, `delete`, or `[write, delete]` where the project allows it';

const access = z.union(
  [
    z.enum(['read', 'write', 'delete'], say(ACCESS, 'Write one of them.')),
    list(z.enum(['write', 'delete'], say(ACCESS, 'Write `[write, delete]`.')), ACCESS).min(
      2,
      say(ACCESS, 'Write `[write, delete]`, or the one level without brackets.', 'names one level'),
    ),
  ],
  say(ACCESS, 'Write one of them.'),
);

const lease = documented(
  mapping(
    {
      default: documented(
        duration,
        'How long a lease lasts if the request does not state it, for example `90s`, `15m` or `1h`. Default: `15m`, or `max` if that is shorter.',
        { default: '15m' },
      ).optional(),
      max: documented(
        duration,
        'The longest lease. With `gate: mfa` at least `15m`, because STS opens no shorter session. Default: `15m`, or `default` if that is longer.',
        { default: '15m' },
      ).optional(),
    },
    'a lease: `{ default: 15m, max: 15m }`',
  ),
  'How long a lease of this role lasts. Default: `{ default: 15m, max: 15m }`.',
);

/** The keys that an environment may replace. */
const varying = {
  gate: documented(
    oneOrMany(oneOf(['mfa', 'broker']), 'one of `mfa`, `broker`, or both as a list'),
    "What opens the role: `mfa`, a human's code in the agent's own call; `broker`; or `[mfa, broker]`. Required.",
  ),
  allow: allow.optional(),
  managedPolicies: managedPolicies.optional(),
  deny: deny.optional(),
  perCall: documented(
    oneOrMany(callAction, 'an action or a list of actions'),
    'Actions of `allow` for which a human must approve each call, after seeing the action and the exact resource. Only `leasehold proxy` can request such an approval; AWS denies these actions to leases of the role. Default: none.',
  ).optional(),
  passes: passes.optional(),
  assumes: assumes.optional(),
  lease: lease.optional(),
  parameters: parameters.optional(),
  agents: documented(
    oneOrMany(name, 'the name of an agent, or a list of names'),
    'Agents that may request the role; none may if it has `managedPolicies`. Default: all agents.',
  ).optional(),
  ...brokerRules,
  companions: documented(
    oneOrMany(
      z
        .string(
          say('the prefix of a service, for example `secretsmanager`', 'Write the part before `:` of its actions.'),
        )
        .regex(
          /^[a-z0-9-]+$/,
          say('the prefix of a service, for example `secretsmanager`', 'Write the part before `:` of its actions.'),
        ),
      'the prefix of a service, or a list of them',
    ),
    'Services that the role may use in addition to its own, for example `secretsmanager` with `rds-data`. Default: none.',
  ).optional(),
  sensitive: documented(
    list(
      mapping(
        {
          action: documented(exactAction, 'The action, without wildcards. Required.'),
          because: documented(sentence, 'Why the role needs it. Required.'),
        },
        'a sensitive read: `{ action: …, because: … }`',
      ),
      'a list of sensitive reads',
    ),
    'Sensitive reads that the role needs, each with the reason. Default: none.',
  ).optional(),
  sql: documented(
    mapping(
      {
        databaseUser: documented(
          template,
          'The read-only database user whose credentials a lease of the role gets. Required, except for services without database users, such as Athena. Templates are supported. Default: none.',
        ).optional(),
        limits: documented(
          sentence,
          'What a SQL statement may do in the database, and where these permissions are granted. Required.',
        ),
      },
      'limits of SQL: `{ databaseUser: …, limits: … }`',
    ),
    'Limits for the SQL that the role may run, which are needed because IAM does not evaluate SQL. Default: none.',
  ).optional(),
  waivers: waivers('Guardrails that are waived for this role. Default: none.').optional(),
};

const override = documented(
  mapping(varying, 'the keys that differ here').partial({ gate: true }),
  "Keys that replace the role's own in this environment, each as a whole.",
);

/** A role for one kind of task: what an agent may do, for how long, and who approves requests. */
export const roleSchema = mapping(
  {
    kind: documented(z.literal('Role'), '`Role`: one kind of task. Required.'),
    name: documented(name, 'Name of the role. Agents use this name in requests. Required.'),
    purpose: documented(
      sentence,
      'One sentence that tells an approver what the role can do and what it cannot do. Required.',
    ),
    access: documented(
      access,
      "Maximum access of the role's actions; `write` and `delete` roles may also read what they work on. `[write, delete]` needs an entry under `mixedAccess` of the project. Required.",
    ),
    ...varying,
    environments: whereWith(
      override,
      'Write `false` to leave the role out of this environment.',
      'Environments in which the role exists: a list; or a mapping from environments to the keys that they replace, or to `false`, to exclude them. Default: every environment.',
    ).optional(),
  },
  'a role',
).meta({ anyOf: [{ required: ['allow'] }, { required: ['managedPolicies'] }] });

/** A role document as written. */
export type RoleYaml = z.infer<typeof roleSchema>;
/** The keys that an environment may replace, as written. */
export type OverrideYaml = z.infer<typeof override>;
