/** The schema of statements: actions, resources and conditions. */
import * as z from 'zod';
import { documented, list, mapping, named, oneOrMany, say, template, templateOrEmpty } from './schema-parts';

/** The format of an action, as the end of the sentence "expected …". */
export const ACTION = 'an action, `service:Action`, for example `s3:GetObject`';

const action = z
  .string(say(ACTION, 'Write an action.'))
  .regex(/^(\*|[^\s:$]+:[^\s:$]+)$/, say(ACTION, 'Write the service and the action with a colon between them.'));

const CONDITION_VALUE = 'a text, a number, `true` or `false`';

const conditionValue = z.union(
  [templateOrEmpty, z.boolean(), z.number()],
  say(CONDITION_VALUE, 'Write a value, or a list of values.'),
);

const conditions = named(
  z.string().regex(/^[A-Za-z:]+$/, say('a condition operator, for example `StringEquals`', 'Write an operator.')),
  named(
    z
      .string()
      .regex(
        /^(?!.*\$\{(?!(?:var|env|project)\.[A-Za-z0-9_-]+\}))\S+$/,
        say(
          'a condition key, for example `s3:prefix`, in which only `${var.…}`, `${env.…}` and `${project.name}` are replaced',
          'Write the condition key literally, or use a variable of the environment.',
        ),
      ),
    oneOrMany(conditionValue, `${CONDITION_VALUE}, or a list of them`),
    'condition keys with their values',
  ),
  'condition operators, each with condition keys and their values',
);

/** A list of statements, with the descriptions of its key and of its actions and resources. */
export function statements(sentenceOfKey: string, conditionsSay: string) {
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
            'One ARN or a list. Templates are supported. Required.',
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

/** A statement as written. */
export type StatementYaml = z.infer<ReturnType<typeof statements>>[number];
