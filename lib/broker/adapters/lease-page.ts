/**
 * Pages of a list that is read from several shards at once. A page's token says how far each shard was read. It names no
 * table, index or partition: whoever makes one up can only begin elsewhere in the very list that they may read.
 */
import { createHash } from 'node:crypto';
import { NoSuchPage } from '../ports';

/** A place in an index: after this item. */
export interface IndexPosition {
  readonly at: number;
  readonly lease: string;
  readonly sequence: number;
}

/** How far a shard was read: not yet, up to a place, or to its end. */
export type Cursor = 'begin' | IndexPosition | 'end';

/** What a shard gave. */
export interface ShardRead {
  /** How far it had been read before. */
  readonly from: Cursor;
  /** The newest first. */
  readonly found: readonly IndexPosition[];
  /** Whether there may be more after them. */
  readonly more: boolean;
}

/** A page, and how far each shard was read for it. */
export interface Merged {
  readonly leases: readonly string[];
  /** Absent: this was the last page. */
  readonly cursors?: readonly Cursor[];
}

/**
 * The newest of all shards, each lease once. A shard that was left behind, whole or in part, is read again for the next
 * page.
 */
export function mergeShards(shards: readonly ShardRead[], limit: number): Merged {
  const all = shards.flatMap(({ found }, shard) => found.map((place) => ({ place, shard })));
  // Stable: within a shard the index's own order stays, on which its cursor rests.
  const taken = all.sort((a, b) => b.place.at - a.place.at).slice(0, limit);
  const cursors = shards.map(({ from, found, more }, shard): Cursor => {
    const mine = taken.filter((each) => each.shard === shard);
    if (mine.length === found.length && !more) return 'end';
    return mine.at(-1)?.place ?? from;
  });
  const leases = [...new Set(taken.map(({ place }) => place.lease))];
  return cursors.every((cursor) => cursor === 'end') ? { leases } : { leases, cursors };
}

/** The token of the page after these cursors. `list` names the list, for example an index and the value sought. */
export function pageToken(list: string, cursors: readonly Cursor[]): string {
  const written = cursors.map((cursor) =>
    typeof cursor === 'string' ? cursor : [cursor.at, cursor.lease, cursor.sequence],
  );
  return Buffer.from(JSON.stringify([nameOf(list), ...written])).toString('base64url');
}

/** The cursors of a token, one a shard; all at the beginning without one. @throws {NoSuchPage} */
export function readPageToken(token: string | undefined, list: string, shards: number): readonly Cursor[] {
  if (token === undefined) return Array.from({ length: shards }, () => 'begin');
  const [name, ...written] = parsed(token);
  if (name !== nameOf(list) || written.length !== shards) throw new NoSuchPage();
  return written.map(readCursor);
}

/** Characters of a token of eight shards, and some. */
const LONGEST = 2048;
const KEY = /^[a-z0-9-]{1,64}$/;

function parsed(token: string): readonly unknown[] {
  if (token.length > LONGEST || !/^[\w-]+$/.test(token)) throw new NoSuchPage();
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (Array.isArray(value)) return value;
  } catch {
    // Not of ours; said below.
  }
  throw new NoSuchPage();
}

function readCursor(written: unknown): Cursor {
  if (written === 'begin' || written === 'end') return written;
  const [at, lease, sequence, ...rest] = Array.isArray(written) ? written : [];
  const sound = isWhole(at) && typeof lease === 'string' && KEY.test(lease) && isWhole(sequence);
  if (!sound || rest.length > 0) throw new NoSuchPage();
  return { at, lease, sequence };
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function nameOf(list: string): string {
  return createHash('sha256').update(list).digest('base64url').slice(0, 16);
}
