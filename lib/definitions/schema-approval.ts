/** The schema of `approval`: the number of humans who must approve, and the time limit. */
import { LONGEST_WINDOW } from '@leasehold/contract/request-rules';
import { documented, durationBetween, integer, mapping } from './schema-parts';

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
        window: documented(durationBetween('1m', `${LONGEST_WINDOW / 3600}h`), window, {
          examples: ['30m'],
        }).optional(),
      },
      'approval: `{ humans: 2, window: 30m }`',
    ),
    sentenceOfKey,
  );
}
