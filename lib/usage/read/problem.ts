/** Problems in one part of an event source. The rest of the source is still read. */

export type ProblemKind =
  /** The compressed data ends early or is damaged. Records before the damage are still read. */
  | 'broken-gzip'
  /**
   * The text is empty or ends within a record, or pages, rows or days are missing. The other records are still read.
   */
  | 'cut-off'
  /** The text is not the result of a CloudTrail Lake query that selects `eventJson`. */
  | 'not-a-result'
  /** The text is not JSON, or does not have one of the forms that CloudTrail writes. */
  | 'not-a-trail'
  /** A file with query results is missing, or does not match the sign file. */
  | 'not-as-signed'
  /** One record is longer than {@link LONGEST_RECORD}. The other records are still read. */
  | 'oversized-record'
  /** One entry is not a CloudTrail record. The other records are still read. */
  | 'unreadable-record'
  /**
   * The result contains an event that the described CloudTrail Lake query does not select, so it is the result of
   * another query.
   */
  | 'not-of-the-query'
  /** The name does not have the form of CloudTrail's file names, or it does not refer to a file. */
  | 'not-read'
  /** The file could not be opened. */
  | 'unopened';

/** A part of an event source that was not read. Because events are missing, no permission can be reported as unused. */
export interface TrailProblem {
  readonly kind: ProblemKind;
  /** File, object or query. */
  readonly place: string;
  /** One sentence that contains no data from the record. */
  readonly message: string;
}

/** The message for each kind of problem. */
const PROBLEM_WORDS: Readonly<Record<ProblemKind, string>> = {
  'broken-gzip': 'The compressed data ends early or is damaged. The records before the damaged part were read.',
  'cut-off': 'The text ends early, or pages, rows or days are missing; the other records were read.',
  'not-a-result':
    'The text is not the result of a finished CloudTrail Lake query with the column eventJson. The records before the first error were read.',
  'not-a-trail':
    'The text, or a part of the text, is not in the CloudTrail format. The records before the first error were read.',
  'not-as-signed': 'The file differs from the file that result_sign.json describes.',
  'not-of-the-query': 'The folder describes a query that does not select events, so this is not the expected query.',
  'not-read':
    'This entry was not read, because it is not a file, or because its name is not the name of an event file.',
  'oversized-record': 'A record is longer than any CloudTrail record; it was skipped.',
  'unreadable-record': 'A record is not a CloudTrail record; it was skipped.',
  unopened: 'It could not be opened.',
};

/** Every kind of problem. */
export const PROBLEM_KINDS = Object.keys(PROBLEM_WORDS) as [ProblemKind, ...ProblemKind[]];

/**
 * Maximum length of a record in bytes. CloudTrail truncates the fields of a record, so real records are far shorter.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export const LONGEST_RECORD = 1 << 20;

/** Maximum number of problems in the list. */
const MOST_LISTED = 100;

/**
 * Collects the problems of all locations. The memory use depends on the number of locations, not on the number of
 * problems.
 */
export class ProblemLog {
  readonly #places: Map<string, Map<ProblemKind, number>>;

  constructor(earlier: Iterable<readonly [place: string, problems: ProblemCounts]> = []) {
    this.#places = new Map([...earlier].map(([place, counts]) => [place, new Map(counts)]));
  }

  add(place: string, kind: ProblemKind): void {
    const counts = this.#places.get(place) ?? new Map<ProblemKind, number>();
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    this.#places.set(place, counts);
  }

  /** Removes the problems of a location before that location is read again. */
  forget(place: string): void {
    this.#places.delete(place);
  }

  get count(): number {
    return [...this.#places.values()].reduce((sum, counts) => sum + [...counts.values()].reduce((a, b) => a + b, 0), 0);
  }

  /** One entry for each location and each kind of problem at that location, limited to the first hundred entries. */
  list(): readonly TrailProblem[] {
    return [...this.#places]
      .flatMap(([place, counts]) => [...counts.keys()].map((kind) => ({ kind, place, message: PROBLEM_WORDS[kind] })))
      .slice(0, MOST_LISTED);
  }

  entries(): [place: string, problems: [kind: ProblemKind, count: number][]][] {
    return [...this.#places].map(([place, counts]) => [place, [...counts]]);
  }
}

type ProblemCounts = Iterable<readonly [kind: ProblemKind, count: number]>;
