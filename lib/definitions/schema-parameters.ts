/** The schema of a role's parameters. */
import * as z from 'zod';
import { documented, list, mapping, name, named, say, sentence, tagValue } from './schema-parts';

const PATTERN = 'a regular expression in quotes';

const FROM = '`requester.name`, `subject.sub` or `subject.claims.<claim>`';
const BINDING = /^(requester\.name|subject\.sub|subject\.claims\.[A-Za-z][A-Za-z0-9_:./@-]{0,127})$/;

const ONE_OF_BOTH = 'exactly one of `pattern` and `values`';

/** Parameters by name. */
export const parameters = documented(
  named(
    name,
    mapping(
      {
        description: documented(
          sentence,
          'The meaning of the value, with an example. People and agents read this text. Required.',
        ),
        pattern: documented(
          z.string(say(PATTERN, 'Write a regular expression, in single quotes.')).min(1, say(PATTERN, 'Write one.')),
          'Regular expression that must match the whole value. Exactly one of `pattern` and `values` is required.',
          { examples: ['[a-z0-9][a-z0-9.-]{0,62}'] },
        ).optional(),
        values: documented(
          list(tagValue, 'a list of values'),
          'List of all permitted values, which IAM enforces. Exactly one of `pattern` and `values` is required.',
        ).optional(),
        from: documented(
          z
            .string(say(FROM, 'Write one of them.'))
            .regex(
              BINDING,
              say(
                FROM,
                'Write one of them; a claim has 1 to 128 letters, digits and `_ : . / @ -`, beginning with a letter.',
              ),
            ),
          'The verified identity from which the broker takes the value, so that the requester cannot choose it: `requester.name`, `subject.sub` or `subject.claims.<claim>`. `pattern` or `values` still apply. Default: the request contains the value.',
          { examples: ['subject.sub'] },
        ).optional(),
      },
      'a parameter: `{ description: …, pattern: … }`',
    )
      .refine(
        ({ pattern, values }) => pattern !== undefined || values !== undefined,
        say(
          ONE_OF_BOTH,
          'Write `pattern` for an open set of values, or `values` for a list of them.',
          'does not define its values',
        ),
      )
      .refine(
        ({ pattern, values }) => pattern === undefined || values === undefined,
        say(
          ONE_OF_BOTH,
          'Keep `pattern` for an open set of values, or `values` for a list of them.',
          'has both `pattern` and `values`',
        ),
      )
      .meta({ oneOf: [{ required: ['pattern'] }, { required: ['values'] }] }),
    'parameters by name',
  ).refine(
    (all) => Object.keys(all).length <= 40,
    say(
      'at most 40 parameters, because STS accepts at most 50 session tags',
      'Split the role.',
      'has more than 40 names',
    ),
  ),
  'Values that a request must contain, and that narrow the role as session tags; used as `${param.name}`. Default: none.',
);
