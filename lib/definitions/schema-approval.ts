/** The schema of how many humans the broker asks, and for how long. */
import { documented, durationBetween, integer, mapping } from './schema-parts';

/** Humans that say yes, and the time in which they can. */
interface Sentences {
  /** Fewest humans that may be written. */
  readonly fewest: 0 | 1;
  readonly humans: string;
  readonly window: string;
  /** Of the key that holds both. */
  readonly approval: string;
}

/** `approval: { humans, window }`, with its sentences. */
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
