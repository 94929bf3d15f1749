/** The schema of how many humans the broker asks, and for how long. */
import { documented, durationBetween, integer, mapping } from './schema-parts';

/** The number of humans who approve, and the time in which they can. */
interface Sentences {
  /** Minimum number of humans. */
  readonly fewest: 0 | 1;
  readonly humans: string;
  readonly window: string;
  /** Description of the key with both. */
  readonly approval: string;
}

/** The schema of `approval: { humans, window }`, with its descriptions. */
export function approval({ fewest, humans, window, approval: sentenceOfKey }: Sentences) {
  return documented(
    mapping(
      {
        humans: documented(integer(`a whole number from ${fewest} to 8`, fewest, 8), humans),
        window: documented(durationBetween('1m', '24h'), window, { examples: ['30m'] }).optional(),
      },
      'approval: `{ humans: 2, window: 30m }`',
    ),
    sentenceOfKey,
  );
}
