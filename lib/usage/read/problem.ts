/** Problems in one part of an event source. The rest of the source is still read. */

export type ProblemKind =
  /** The compressed data ends early or is damaged. Records before the damage are read. */
  | 'broken-gzip'
  /** The text ends within a record. The records before are read. */
  | 'cut-off'
  /** The text is not JSON in one of the forms that CloudTrail writes. */
  | 'not-a-trail'
  /** One record is longer than {@link LONGEST_RECORD}. The other records are read. */
  | 'oversized-record'
  /** One entry is not a CloudTrail record. The other records are read. */
  | 'unreadable-record'
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
export const PROBLEM_WORDS: Readonly<Record<ProblemKind, string>> = {
  'broken-gzip': 'The compressed data ends early or is damaged; the records before that place were read.',
  'cut-off': 'The text ends within a record; the records before it were read.',
  'not-a-trail': 'The text is not what CloudTrail writes; what came before was read.',
  'oversized-record': 'A record is longer than any that CloudTrail writes; it was skipped.',
  'unreadable-record': 'A record is not a CloudTrail record; it was skipped.',
  unopened: 'It could not be opened.',
};

/**
 * Maximum length of a record in bytes. CloudTrail truncates the fields of a record, so real records are far shorter.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export const LONGEST_RECORD = 1 << 20;
