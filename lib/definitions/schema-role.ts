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
  named,
  oneOf,
  oneOrMany,
  say,
  sentence,
  template,
  waivers,
} from './schema-parts';
import { whereWith } from './schema-where';

const ACTION = 'an action, `service:Action`, for example `s3:GetObject`';

const action = z
  .string(say(ACTION, 'Write an action.'))
  .regex(/^(\*|[^\s:$]+:[^\s:$]+)$/, say(ACTION, 'Write the service and the action with a colon between them.'));

const exactAction = z
  .string(say(ACTION, 'Write an action.'))
  .regex(
    /^[a-z0-9-]+:[A-Za-z0-9]+$/,
    say(`${ACTION}, without wildcards`, 'Name the one action outright: a sensitive read is never meant by a pattern.'),
  );

const CONDITION_VALUE = 'a text, a number, `true` or `false`';

const conditionValue = z.union(
  [template, z.boolean(), z.number()],
  say(CONDITION_VALUE, 'Write a value, or a list of values.'),
);

const conditions = named(
  z.string().regex(/^[A-Za-z:]+$/, say('a condition operator, for example `StringEquals`', 'Write an operator.')),
  named(
    z.string().regex(/^(?!.*\$\{)\S+$/, say('a condition key, for example `s3:prefix`', 'Write a key without `${…}`.')),
    oneOrMany(conditionValue, `${CONDITION_VALUE}, or a list of them`),
    'condition keys with their values',
  ),
  'condition operators, each with condition keys and their values',
);

/** A list of statements, with the sentences of its key and of what its actions and resources are. */
function statements(sentenceOfKey: string, conditionsSay: string) {
  return documented(
    list(
      mapping(
        {
          actions: documented(
            oneOrMany(action, 'an action or a list of actions'),
            'One action or a list, for example `s3:GetObject`. Required.',
          ),
          resources: documented(
            oneOrMany(template, 'an ARN or a list of ARNs'),
            'One ARN or a list. Templates are read. Required.',
          ),
          conditions: documented(conditions, conditionsSay).optional(),
        },
        'a statement: `{ actions: […], resources: […] }`',
      ),
      'a list of statements',
    ),
    sentenceOfKey,
  );
}

const allow = statements(
  'What the role permits: statements of actions and resources. Nothing else is permitted. Required.',
  'IAM conditions: operator → condition key → value or values. Templates are read in values. Default: none.',
);

const deny = statements(
  'What the role never permits, whatever `allow` says: statements of the same form, deployed as explicit denies. Each must take something away. Default: none.',
  'IAM conditions: the statement denies only where all of them are true. Templates are read in values. Default: none.',
);

const lease = documented(
  mapping(
    {
      default: documented(
        duration,
        'How long a lease lasts when the request does not say, for example `90s`, `15m` or `1h`. Default: `15m`, or `max` if that is shorter.',
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
    "What opens the role: `mfa`, a human's code on the agent's own call; `broker`; or `[mfa, broker]`. Required.",
  ),
  allow,
  deny: deny.optional(),
  lease: lease.optional(),
  parameters: parameters.optional(),
  agents: documented(
    oneOrMany(name, 'the name of an agent, or a list of names'),
    'Agents that may ask for the role. Default: all agents.',
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
    "Services beside the role's own that it may touch, for example `secretsmanager` beside `rds-data`. Default: none.",
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
    'Sensitive reads that the role needs all the same, and why. Default: none.',
  ).optional(),
  sql: documented(
    mapping(
      {
        databaseUser: documented(
          template,
          'The read-only database user whose credentials the role is given. Templates are read. Required.',
        ),
        limits: documented(sentence, 'What that user may do in the database, and where that is granted. Required.'),
      },
      'limits of SQL: `{ databaseUser: …, limits: … }`',
    ),
    'What limits the SQL of a role that may run it, because IAM does not see SQL. Default: none.',
  ).optional(),
  waivers: waivers('Guardrails that are set aside for this role. Default: none.').optional(),
};

const override = documented(
  mapping(varying, 'the keys that differ here').partial({ gate: true, allow: true }),
  "Keys that replace the role's own in this environment, each as a whole.",
);

/** One kind of task: what an agent may do, for how long, and who lets it. */
export const roleSchema = mapping(
  {
    kind: documented(z.literal('Role'), '`Role`: one kind of task. Required.'),
    name: documented(name, 'Name of the role; agents ask for it by this name. Required.'),
    purpose: documented(
      sentence,
      'One sentence that an approver reads: what the role does, and what it does not. Required.',
    ),
    access: documented(
      oneOf(['read', 'write', 'delete']),
      'What its actions may do at most; `write` and `delete` roles may also read what they work on. Required.',
    ),
    ...varying,
    environments: whereWith(
      override,
      'Write `false` to leave the role out of this environment.',
      'Where the role exists: a list of environments; or a mapping from environments to the keys that they replace, or to `false` where the role does not exist. Default: every environment.',
    ).optional(),
  },
  'a role',
);

/** A role document as written. */
export type RoleYaml = z.infer<typeof roleSchema>;
/** What an environment may replace, as written. */
export type OverrideYaml = z.infer<typeof override>;
/** A statement as written. */
export type AllowYaml = RoleYaml['allow'][number];
