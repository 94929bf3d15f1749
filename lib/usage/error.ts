/** The error for event sources, files and folders that cannot be read. */
import { LeaseholdError } from '@leasehold/contract/error';

/** Machine-readable reason. */
export type TrailErrorCode =
  /** A folder, file or bucket cannot be opened or listed. */
  | 'unreadable-source'
  /** The state file belongs to another run, or is damaged. */
  | 'unusable-state'
  /** A file that the user specified cannot be parsed. The file is not an event source. */
  | 'unreadable-file'
  /** AWS denied a call, or gave no answer. */
  | 'aws';

/**
 * The error for an event source that cannot be read at all. A problem in only one file of an event source is a {@link
 * TrailProblem} instead.
 */
export class TrailError extends LeaseholdError<TrailErrorCode> {
  override readonly name = 'TrailError';
}
