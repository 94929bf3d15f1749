/** Reads events from a local folder: trail files copied from the bucket of a trail, or logs of the sandbox. */
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { defined } from '@leasehold/contract/defined';
import { TrailError } from '../error';
import { readStream } from './stream';
import { accountInPath, type SourceKind, type TrailUnit } from './unit';

/**
 * Names of files that can contain events. CloudTrail digest files are only signatures, and Insights events are not
 * calls.
 */
const NAMES = /\.(?:json|jsonl|ndjson|log)(?:\.gz)?$|\.gz$/i;
const OTHERS = /(?:^|\/)CloudTrail-(?:Digest|Insight|Aggregated|NetworkActivity)\//;
const CHUNK = 1 << 18;

/**
 * The files of a folder and its subfolders, sorted by name; or the named file itself. Symbolic links to folders are not
 * followed.
 * @throws {TrailError} if the path cannot be read
 */
export async function folderUnits(path: string, kind: SourceKind): Promise<readonly TrailUnit[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  if (!found.isDirectory()) return [unitOf(path, found.size, found.mtimeMs, kind)];
  const units: TrailUnit[] = [];
  await collect(path, kind, units);
  return units;
}

async function collect(folder: string, kind: SourceKind, units: TrailUnit[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw unreadable(folder, cause);
  });
  for (const entry of entries.sort(({ name: a }, { name: b }) => (a < b ? -1 : a > b ? 1 : 0))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await collect(path, kind, units);
    else if (NAMES.test(entry.name) && !OTHERS.test(path)) {
      const found = await stat(path).catch(() => undefined);
      if (found === undefined) units.push(unitOf(path, 0, 0, kind));
      else if (found.isFile()) units.push(unitOf(path, found.size, found.mtimeMs, kind));
    }
  }
}

function unitOf(path: string, size: number, changed: number, kind: SourceKind): TrailUnit {
  return {
    kind,
    place: path,
    fingerprint: `${size} ${Math.round(changed)}`,
    size,
    ...defined({ account: accountInPath(path.replaceAll('\\', '/')) }),
    read: (reader) => readStream(createReadStream(path, { highWaterMark: CHUNK }), reader),
  };
}

function unreadable(path: string, cause: unknown): TrailError {
  return new TrailError(
    {
      code: 'unreadable-source',
      message: `${path} cannot be read`,
      hint: 'Name a folder or a file with the events of CloudTrail.',
    },
    { cause },
  );
}
