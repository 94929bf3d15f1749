/** The schema of hours of a day. */
import { documented, integer, mapping, say } from './schema-parts';

/** The schema of `hours: { from, to }`: whole hours in UTC, with the description of the key. */
export function hours(sentenceOfKey: string) {
  return documented(
    mapping(
      {
        from: documented(integer('a whole hour, 0 to 23', 0, 23), 'First hour, 0 to 23. Required.'),
        to: documented(
          integer('a whole hour, 1 to 24', 1, 24),
          'End hour, exclusive, 1 to 24; a value before `from` means the next day. Required.',
        ),
      },
      'hours: `{ from: 0, to: 9 }`',
    ).refine(
      ({ from, to }) => from !== to,
      say('two different hours', 'Remove `hours` if every hour is a working hour.', 'begins and ends at the same hour'),
    ),
    sentenceOfKey,
  );
}
