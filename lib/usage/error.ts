/** What prevents a source of events from being read. */
import { LeaseholdError } from '@leasehold/contract/error';

/** Machine-readable reason. */
export type TrailErrorCode =
  /** A folder, file or bucket cannot be opened or listed. */
  | 'unreadable-source'
  /** A state file belongs to another run, or is damaged. */
  | 'unusable-state'
  /** Another file that the user names cannot be understood. */
  | 'unreadable-file'
  /** AWS denied a call, or gave no answer. */
  | 'aws';

/** A source of events that cannot be read at all. What is wrong with one of many files is a {@link TrailProblem}. */
export class TrailError extends LeaseholdError<TrailErrorCode> {
  override readonly name = 'TrailError';
}
