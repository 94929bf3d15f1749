/**
 * The building blocks of the schema. Each defines what it accepts, and the text that a complaint and an editor show.
 *
 * zod hands an issue to the error function of its schema before it copies the issue's keys, so the function adds its
 * {@link Advice} to the issue as data; `schema-complaints.ts` reads it there.
 */
import { ASCII_TAG_CHARACTERS_IN_WORDS, PARAMETER_VALUE } from '@leasehold/contract/text';
import * as z from 'zod';

/** What a schema adds to an issue. */
export interface Advice {
  /** The accepted values, as the end of the sentence "expected …". */
  readonly expected: string;
  /** How to fix the error, as an imperative sentence. */
  readonly hint: string;
  /** A description of what is wrong with the value, if it is more helpful than the value itself. */
  readonly predicate?: string | undefined;
  /** The keys of a mapping. */
  readonly known?: readonly string[];
}

/** An error function for zod that adds advice to the issue. The issue's message states what was expected. */
function advise(advice: Advice): (issue: object) => string {
  return (issue) => {
    Object.assign(issue, { advice });
    return advice.expected;
  };
}

/**
 * The texts that a schema reports for an invalid value.
 * @param predicate a description of what is wrong with the value, if the description is more helpful than the value
 * itself
 */
export function say(expected: string, hint: string, predicate?: string): { error: (issue: object) => string } {
  return { error: advise({ expected, hint, predicate }) };
}

/** Data for editors in a key's schema, in addition to the description. */
interface Hints {
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
}

/** A key with its description in Markdown: its hover text, and its row in `docs/definitions.md`. */
export function documented<T extends z.ZodType>(schema: T, sentence: string, hints: Hints = {}): T {
  return schema.meta({ description: sentence, markdownDescription: sentence, ...hints }) as T;
}

/** A mapping with a fixed set of keys. */
export function mapping<T extends z.ZodRawShape>(shape: T, expected: string) {
  return z.strictObject(shape, {
    error: advise({ expected, hint: 'Indent its keys below it.', known: Object.keys(shape) }),
  });
}

/** A mapping whose keys the user chooses. */
export function named<K extends z.ZodString, V extends z.ZodType>(key: K, value: V, expected: string) {
  return z.record(key, value, say(expected, 'Indent its names below it.'));
}

/** A list with at least one item and no duplicates. */
export function list<T extends z.ZodType>(item: T, expected: string) {
  return z
    .array(
      item,
      say(expected, 'Write a list: each item on a line that begins with `- `, or all of them between brackets.'),
    )
    .min(1, say(expected, 'Add an item, or remove the key.'))
    .superRefine((items, context) => {
      const seen = new Set<unknown>();
      // Unsupported keys were removed from an invalid item, so it may look like a duplicate although it was different.
      const faulty = new Set(context.issues.map(({ path }) => path?.[0]));
      items.forEach((entry, index) => {
        if (faulty.has(index)) return;
        const key = typeof entry === 'object' ? JSON.stringify(entry) : entry;
        if (seen.has(key)) {
          const advice = { expected: 'each item once', hint: 'Remove the repetition.' };
          context.addIssue({
            code: 'custom',
            path: [index],
            message: advice.expected,
            params: { repeated: true },
            advice,
          });
        }
        seen.add(key);
      });
    })
    .meta({ uniqueItems: true });
}

/** One item, or a list of them. */
export function oneOrMany<T extends z.ZodType>(item: T, expected: string) {
  return z.union([item, list(item, expected)], say(expected, 'Write one, or a list, for example `[first, second]`.'));
}

/** One of a few words. */
export function oneOf<const T extends readonly string[]>(words: T) {
  const expected = words.map((word) => `\`${word}\``).join(', ');
  return z.enum(words, say(`one of ${expected}`, 'Write one of them.'));
}

const NAME = 'a name of lower-case letters, digits and single hyphens, beginning with a letter, at most 31 characters';

/** The name of a project, an environment, an agent, a role or a parameter. */
export const name = z
  .string(say(NAME, 'Write such a name.'))
  .regex(/^(?=.{1,31}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/, say(NAME, 'Rename it, for example `s3-deploy`.'));

const PERSON = 'a name of 1 to 63 ASCII letters, digits and `. _ @ -`, beginning with a letter or digit';

/** The name of a person. */
export const personName = z
  .string(say(PERSON, 'Write a name.'))
  .regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,62}$/, say(PERSON, 'Rename it.'));

/** The name of a region. */
export const region = z
  .string(say('the name of a region', 'Write a region, for example `eu-west-1`.'))
  .regex(
    /^[a-z]{2}(-gov)?-(north|south|east|west|central|northeast|northwest|southeast|southwest)-[1-9]$/,
    say(
      'a region of the partitions aws, aws-cn or aws-us-gov, for example `eu-west-1`',
      "Write the region's name as AWS spells it.",
    ),
  );

const SENTENCE = 'a text of one line, 1 to 500 characters, without `${…}`';

/** A text for people: one line, no template. */
export const sentence = z
  .string(say(SENTENCE, 'Write a sentence.'))
  .regex(
    /^(?!\s*$)(?:(?!\$\{)[^\n\t]){1,500}\n?$/u,
    say(SENTENCE, 'Write one sentence on one line; in YAML `>-` folds several lines into one.'),
  );

const TEMPLATE = 'a text of one line, at most 2,048 characters, without spaces around it';

/** A text in which `${…}` is replaced. Its format is checked after the replacement. */
export const template = z
  .string(say(TEMPLATE, 'Write a text.'))
  .regex(
    /^(?=.{1,2048}$)\S(?:[^\n\t]*\S)?$/u,
    say(TEMPLATE, 'Write the text on one line, without spaces before or after it.'),
  );

/** A template or the empty text. Requests can contain the empty text: the root of a bucket has the prefix ``. */
export const templateOrEmpty = z
  .string(say(TEMPLATE, 'Write a text.'))
  .regex(
    /^(?=.{0,2048}$)(?:\S(?:[^\n\t]*\S)?)?$/u,
    say(TEMPLATE, 'Write the text on one line, without spaces before or after it.'),
  );

const DURATION = 'a whole number of seconds, minutes or hours, for example `90s`, `15m` or `1h`, at most `12h`';

/** The length of a lease. {@link seconds} parses it. */
export const duration = durationAs(DURATION).refine(
  (text) => !(seconds(text) > 43_200),
  say(DURATION, 'Write `12h` or less: no STS session lasts longer.'),
);

/** A duration between two others, inclusive. {@link seconds} parses it. */
export function durationBetween(shortest: string, longest: string) {
  const expected = `a whole number of seconds, minutes or hours, \`${shortest}\` to \`${longest}\``;
  return durationAs(expected)
    .refine((text) => !(seconds(text) < seconds(shortest)), say(expected, `Write \`${shortest}\` or more.`))
    .refine((text) => !(seconds(text) > seconds(longest)), say(expected, `Write \`${longest}\` or less.`));
}

function durationAs(expected: string) {
  const fault = say(expected, 'Write a number and a unit, for example `15m`.');
  return z.string(fault).regex(/^[1-9][0-9]{0,4}[smh]$/, fault);
}

/** A whole number between two others, inclusive. */
export function integer(expected: string, least: number, most: number) {
  return z
    .int(say(expected, 'Write a number.'))
    .min(least, say(expected, `Write ${shownNumber(least)} or more.`))
    .max(most, say(expected, `Write ${shownNumber(most)} or less.`));
}

function shownNumber(value: number): string {
  return value.toLocaleString('en-US');
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** The seconds of a duration such as `90s`, `15m` or `1h`; NaN for anything else. */
export function seconds(text: string): number {
  const unit = UNIT_SECONDS[text.slice(-1)];
  return unit === undefined ? Number.NaN : Number(text.slice(0, -1)) * unit;
}

const VALUE = `1 to 256 ${ASCII_TAG_CHARACTERS_IN_WORDS}`;

/** A value of a parameter. */
export const tagValue = z
  .string(say(VALUE, 'Write a text; put a number in quotes.'))
  .regex(PARAMETER_VALUE, say(VALUE, 'Write a value that is valid as a session tag.'));

const GUARDRAIL = say('the id of a guardrail', 'Write the id that the finding shows.');
const DAY = say('a day of the calendar, `YYYY-MM-DD`', 'Write the last day on which it is valid.');

/** The last day on which something is valid. */
export function untilDay() {
  return z
    .string(DAY)
    .regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/, DAY)
    .refine(isDay, DAY);
}

const WAIVERS = list(
  mapping(
    {
      guardrail: documented(
        z.string(GUARDRAIL).regex(/^[a-z][a-z0-9-]*$/, GUARDRAIL),
        'Id of the waived guardrail, as shown in its findings. Required.',
      ),
      because: documented(sentence, 'The reason for the waiver, which is printed on every run. Required.'),
      until: documented(
        untilDay(),
        'Last day on which it is valid, `YYYY-MM-DD` in UTC; from the next day on it is an error. Required.',
        { examples: ['2027-03-31'] },
      ),
    },
    'a waiver: `{ guardrail: …, because: …, until: 2027-03-31 }`',
  ),
  'a list of waivers',
);

/** Guardrails that are waived, with the description of the key. */
export function waivers(sentenceOfKey: string) {
  return documented(WAIVERS, sentenceOfKey);
}

function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
