/**
 * The schema of the key `environments`: the environments to which a document applies, and the overrides for each
 * environment.
 */
import * as z from 'zod';
import { documented, list, name, named, say } from './schema-parts';

const FALSE = { expected: '`false`', hint: 'Write `false` to leave it out of this environment.' };

/**
 * A list of environments, or a mapping from each environment to its overrides, or to `false` to exclude the
 * environment.
 */
export function whereWith<T extends z.ZodType>(override: T, leaveOut: string, sentenceOfKey: string) {
  const entry = z.union([z.literal(false), override], say('`false`, or the keys that differ here', leaveOut));
  return documented(
    z.union(
      [list(name, 'a list of environments'), named(name, entry, 'environments by name')],
      say(
        'a list of environments, or a mapping from environments to what differs there',
        'Write a list, for example `[dev]`.',
      ),
    ),
    sentenceOfKey,
  );
}

/** A list of environments, or a mapping from excluded environments to `false`. */
export function where(sentenceOfKey: string) {
  const entry = z.literal(false, say(FALSE.expected, FALSE.hint));
  return documented(
    z.union(
      [list(name, 'a list of environments'), named(name, entry, 'environments by name')],
      say('a list of environments, or a mapping from environments to `false`', 'Write a list, for example `[dev]`.'),
    ),
    sentenceOfKey,
  );
}
