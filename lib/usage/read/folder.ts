/** Reads events from a local folder: trail files copied from the trail's bucket, or logs of the sandbox. */

import { createReadStream, type Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { append } from '@leasehold/contract/any-length';
import { defined } from '@leasehold/contract/defined';
import { TrailError } from '../error';
import { contentOf, unreadUnit } from './file-names';
import { readStream } from './stream';
import { accountInPath, type SourceKind, type TrailUnit } from './unit';
import { Unpacked } from './unpack';

const CHUNK = 1 << 18;

/**
 * The files of a folder and its subfolders, sorted by name; if the path is a file, only this file. A link to a file
 * is read. A link to a folder, and whatever else is not a file of events, is a unit that reports a problem.
 * @throws {TrailError} if the path cannot be read
 */
export async function folderUnits(path: string, kind: SourceKind): Promise<readonly TrailUnit[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  if (!found.isDirectory()) return [unitOf(path, kind, found)];
  return inFolder(path, kind);
}

async function inFolder(folder: string, kind: SourceKind): Promise<readonly TrailUnit[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw unreadable(folder, cause);
  });
  const units: TrailUnit[] = [];
  for (const entry of entries.sort(({ name: a }, { name: b }) => (a < b ? -1 : a > b ? 1 : 0))) {
    const path = join(folder, entry.name);
    const content = contentOf(slashed(path));
    if (entry.isDirectory()) append(units, await inFolder(path, kind));
    else if (content !== 'no-events') {
      // A link that points nowhere has no size; reading it reports that it cannot be opened.
      const found = await stat(path).catch(() => undefined);
      const readable = content === 'events' && (found === undefined || found.isFile());
      const unit = unitOf(path, kind, found);
      units.push(readable ? unit : unreadUnit(unit));
    }
  }
  return units;
}

function unitOf(path: string, kind: SourceKind, { size, mtimeMs }: Partial<Stats> = {}): TrailUnit {
  const open = () => new Unpacked(createReadStream(path, { highWaterMark: CHUNK }));
  return {
    kind,
    place: path,
    fingerprint: `${size ?? 0} ${Math.round(mtimeMs ?? 0)}`,
    size: size ?? 0,
    ...defined({ account: accountInPath(slashed(path)) }),
    open,
    read: (reader, opened = open()) => readStream(opened, reader),
  };
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}

/** The error if a path cannot be opened or listed. */
export function unreadable(path: string, cause: unknown): TrailError {
  return new TrailError(
    {
      code: 'unreadable-source',
      message: `${path} cannot be read`,
      hint: 'Specify a folder or a file with CloudTrail events.',
    },
    { cause },
  );
}
