/** The schema of `kind: Principal`. */
import * as z from 'zod';
import { documented, mapping, name, oneOf, oneOrMany, personName, say, template } from './schema-parts';
import { where } from './schema-where';

const POLICY = 'a text of 1 to 4,000 characters, without tabs and `${…}`';

/** Free text of several lines. Control characters other than tabs and line breaks are rejected in every text. */
const policy = z
  .string(say(POLICY, 'Write a text; after `|` its lines are kept as written.'))
  .regex(/\S/, say(POLICY, 'Write what the reviewer should know about the principal, or remove the key.', 'is empty'))
  .regex(/^[\s\S]{0,4000}\n?$/, say(POLICY, 'Shorten it.', 'has more than 4,000 characters'))
  .regex(/^[^\t\r]*$/, say(POLICY, 'Write spaces.', 'contains a tab or a carriage return'))
  .regex(/^(?![\s\S]*\$\{)/, say(POLICY, 'Write the value itself.', 'contains a template, which is not replaced here'));

const SIGN_IN = 'a name of 1 to 64 letters, digits and `+ = , . @ _ -`, from a letter or digit on, or `false`';

/** Keys for people only. */
const OF_PEOPLE = ['groups', 'administrator', 'user', 'signIn'] as const;

/** A person or an agent that the broker knows. */
export const principalSchema = OF_PEOPLE.reduce(
  (schema, key) =>
    schema.refine((principal) => principal.type !== 'agent' || principal[key] === undefined, {
      ...say('a principal with `type: person`', 'Remove it.', 'is for people, and this principal is an agent'),
      path: [key],
    }),
  mapping(
    {
      kind: documented(
        z.literal('Principal'),
        '`Principal`: a person or agent that the broker knows, with text for the reviewer. Required.',
      ),
      type: documented(oneOf(['person', 'agent']), "`person`, or `agent` for one of the project's agents. Required."),
      name: documented(
        personName,
        "An agent's name in the project; or a person's name, which is also the name of their IAM user and of their sessions. Required.",
      ),
      groups: documented(
        oneOrMany(name, 'the name of a group, or a list of names'),
        'Groups of a person; roles list groups under `eligible`. Default: none.',
      ).optional(),
      administrator: documented(
        z.boolean(say('`true` or `false`', 'Write `true`, or remove the key.')),
        'Whether a person may change the policies and groups of principals. Default: `false`.',
        { default: false },
      ).optional(),
      user: documented(
        template,
        "ARN of a person's IAM user, which ends in their name. Templates are supported. Default: `arn:<partition>:iam::<account>:user/<name>`.",
      ).optional(),
      signIn: documented(
        z.union(
          [z.literal(false), z.string().regex(/^[A-Za-z0-9][A-Za-z0-9+=,.@_-]{0,63}$/)],
          say(SIGN_IN, 'Write the value that the name claim of their sign-in token has, or `false`.'),
        ),
        "Name of the account with which the person signs in with a browser: the exact value of the name claim. IAM user and account then count as one person. `false` if the person has no account. Default: no account is known, and nobody can sign in under the person's name.",
        { examples: ['alice@example.com'] },
      ).optional(),
      policy: documented(
        policy,
        'Information about the principal for the reviewer, up to 4,000 characters. This text can lead to fewer permissions or to a denial, but never to more permissions. Default: none.',
      ).optional(),
      environments: where(
        'Environments in which the principal exists: a list; or a mapping from environments to `false`, to exclude them. Default: every environment.',
      ).optional(),
    },
    'a principal',
  ).meta({
    if: { properties: { type: { const: 'agent' } } },
    // biome-ignore lint/suspicious/noThenProperty: a key of JSON Schema
    then: { properties: Object.fromEntries(OF_PEOPLE.map((key) => [key, false])) },
  }),
);

/** A principal document as written. */
export type PrincipalYaml = z.infer<typeof principalSchema>;
