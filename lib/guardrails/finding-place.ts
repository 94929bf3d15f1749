/** Finds the source position of a finding whose value may be missing. */
import type { Locate, Path, SourceRange } from '@leasehold/definitions';

/**
 * The source position of the first of the paths that exists in the file. If none exists, the position of the value that
 * would contain the last path.
 */
export function firstWritten(locate: Locate, ...paths: readonly Path[]): SourceRange {
  const places = paths.map((path) => [locate(path), locate(path.slice(0, -1))] as const);
  const [written] = places.find(([own, holder]) => !same(own, holder)) ?? [];
  return written ?? places.at(-1)?.[0] ?? locate([]);
}

function same(a: SourceRange, b: SourceRange): boolean {
  return a.line === b.line && a.column === b.column && a.endLine === b.endLine && a.endColumn === b.endColumn;
}
