/**
 * Builds pages of a list that is read from several shards in parallel. A page token records how far each shard was
 * read. The token does not name a table, index or partition. So a forged token can only start at another place in a
 * list that the caller may read anyway.
 */
import { createHash } from 'node:crypto';
import { NoSuchPage } from '../port-errors';

/** A position in an index: directly after the item with these values. */
export interface IndexPosition {
  readonly at: number;
  readonly lease: string;
  readonly sequence: number;
}

/** How far a shard was read: not yet, up to a position, or to its end. */
export type Cursor = 'begin' | IndexPosition | 'end';

/** The result of reading one shard. */
export interface ShardRead {
  /** The cursor at which the read started. */
  readonly from: Cursor;
  /** Newest first. */
  readonly found: readonly IndexPosition[];
  /** Whether more items may follow in the shard. */
  readonly more: boolean;
}

/** The leases of a page, and the position up to which each shard was read. */
export interface Merged {
  readonly leases: readonly string[];
  /** Cursors for the next page. Absent on the last page. */
  readonly cursors?: readonly Cursor[];
}

/**
 * Merges the newest items from all shards, and includes each lease only once. If some items of a shard were not
 * used, the shard is read again for the next page.
 */
export function mergeShards(shards: readonly ShardRead[], limit: number): Merged {
  const all = shards.flatMap(({ found }, shard) => found.map((place) => ({ place, shard })));
  // The sort is stable. The order of items within a shard is preserved, and the shard's cursor depends on this order.
  const taken = all.sort((a, b) => b.place.at - a.place.at).slice(0, limit);
  const cursors = shards.map(({ from, found, more }, shard): Cursor => {
    const mine = taken.filter((each) => each.shard === shard);
    if (mine.length === found.length && !more) return 'end';
    return mine.at(-1)?.place ?? from;
  });
  const leases = [...new Set(taken.map(({ place }) => place.lease))];
  return cursors.every((cursor) => cursor === 'end') ? { leases } : { leases, cursors };
}

/** The token for the page after these cursors. `list` identifies the list, for example by index and queried value. */
export function pageToken(list: string, cursors: readonly Cursor[]): string {
  const written = cursors.map((cursor) =>
    typeof cursor === 'string' ? cursor : [cursor.at, cursor.lease, cursor.sequence],
  );
  return Buffer.from(JSON.stringify([nameOf(list), ...written])).toString('base64url');
}

/**
 * Reads the cursors from a token, one for each shard. Without a token, all shards start at the beginning.
 * @throws {NoSuchPage}
 */
export function readPageToken(token: string | undefined, list: string, shards: number): readonly Cursor[] {
  if (token === undefined) return Array.from({ length: shards }, () => 'begin');
  const [name, ...written] = parsed(token);
  if (name !== nameOf(list) || written.length !== shards) throw new NoSuchPage();
  return written.map(readCursor);
}

/** Maximum length of a token in characters. It is sufficient for eight shards. */
const LONGEST = 2048;
const KEY = /^[a-z0-9-]{1,64}$/;

function parsed(token: string): readonly unknown[] {
  if (token.length > LONGEST || !/^[\w-]+$/.test(token)) throw new NoSuchPage();
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (Array.isArray(value)) return value;
  } catch {
    // Ignored here: a text that is not a token of this broker is reported below.
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
