/**
 * Determines from a file's name whether the file can contain events. If this cannot be determined from the name, the
 * file is reported, because it may contain events that were not counted.
 */
import type { ProblemKind } from './problem';
import type { TrailUnit } from './unit';

/** The content of a file, according to its name. */
export type FileContent = 'events' | 'no-events' | 'unknown';

const EVENTS = /\.(?:json|jsonl|ndjson|log)(?:\.gz)?$|\.gz$/i;
/**
 * Digest files contain only signatures, and Insights events, aggregated events and network activity events are not
 * calls. Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
const NO_EVENTS = /(?:^|\/)CloudTrail-(?:Digest|Insight|Aggregated|NetworkActivity)\/|(?:^|\/)\.DS_Store$/;

/** @param path the path of a file, or the key of an object, with `/` between folders */
export function contentOf(path: string): FileContent {
  if (NO_EVENTS.test(path)) return 'no-events';
  return EVENTS.test(path) ? 'events' : 'unknown';
}

/** A unit that only reports that a file was not read. */
export function unreadUnit(
  { open: _, ...unit }: Omit<TrailUnit, 'read'>,
  problem: ProblemKind = 'not-read',
): TrailUnit {
  return {
    ...unit,
    read: (reader) => {
      reader.problem(problem);
      return Promise.resolve();
    },
  };
}
