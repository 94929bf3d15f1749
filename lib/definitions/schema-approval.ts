/** The schema of `approval`: the number of humans who must approve, and the time limit. */
import { documented, durationBetween, integer, mapping } from './schema-parts';

const LONGEST_WINDOW_HOURS = 24;
/** The longest approval window for humans that definitions can set, in seconds. */
export const LONGEST_WINDOW = LONGEST_WINDOW_HOURS * 3600;

/** The descriptions of the keys of `approval`. */
interface Sentences {
  /** Minimum number of humans. */
  readonly fewest: 0 | 1;
  readonly humans: string;
  readonly window: string;
  /** Description of the key `approval`. */
  readonly approval: string;
}

/** The schema of `approval: { humans, window }`, with its descriptions. */
export function approval({ fewest, humans, window, approval: sentenceOfKey }: Sentences) {
  return documented(
    mapping(
      {
        humans: documented(integer(`a whole number from ${fewest} to 8`, fewest, 8), humans),
        window: documented(durationBetween('1m', `${LONGEST_WINDOW_HOURS}h`), window, { examples: ['30m'] }).optional(),
      },
      'approval: `{ humans: 2, window: 30m }`',
    ),
    sentenceOfKey,
  );
}
