/**
 * Reads the results of queries of CloudTrail Lake from a folder. Each folder with results belongs to one query:
 * CloudTrail writes `…/CloudTrail-Lake/Query/YEAR/MONTH/DAY/QUERY_ID/result_1.csv.gz`, with `result_sign.json`. Sources:
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-download-cloudtrail-lake-query-results.html
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-results-file-validation-sign-file-structure.html
 */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { append } from '@leasehold/contract/any-length';
import { defined } from '@leasehold/contract/defined';
import { contentOf, unreadUnit } from '../read/file-names';
import { unreadable } from '../read/folder';
import type { ProblemKind } from '../read/problem';
import type { TrailUnit } from '../read/unit';
import { field, listOf, objectOf, textOf } from '../record/record';
import { type Description, descriptionOf, type ResultFacts } from './description';
import type { LakeQuery } from './query';
import { pageOf, type ResultPage, readCsv, readPage } from './rows';

const CSV = /\.csv(?:\.gz)?$/i;
const JSON_FILE = /\.json$/i;
/**
 * Maximum size of a JSON file in bytes. A limit is needed because JSON files are loaded into memory as a whole. A page
 * has at most 1000 rows.
 */
const LONGEST_JSON = 1 << 25;

/**
 * The files with query results in a folder and its subfolders, sorted by name. A link to a file is read. For a link to
 * a folder, a unit reports a problem.
 * @throws {TrailError} if a folder cannot be read
 */
export async function lakeUnits(folder: string): Promise<readonly TrailUnit[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw unreadable(folder, cause);
  });
  const found: Found[] = [];
  // One after another, because each file may be large.
  for (const entry of entries.sort(({ name: a }, { name: b }) => (a < b ? -1 : a > b ? 1 : 0))) {
    const path = join(folder, entry.name);
    found.push(await look(path, entry.isDirectory()));
  }
  const inside: TrailUnit[] = [];
  for (const { path, kind } of found) if (kind === 'folder') append(inside, await lakeUnits(path));
  return [...resultUnits(folder, found), ...inside];
}

type Found = { readonly path: string; readonly size: number; readonly fingerprint: string } & (
  | { readonly kind: 'folder' | 'csv' | 'unknown' | 'nothing' }
  | { readonly kind: 'page'; readonly page: PageFacts }
  | { readonly kind: 'sign'; readonly hashes: ReadonlyMap<string, string> }
  | { readonly kind: 'query'; readonly description: Description }
);

/** The data that is kept about a page until the page is read. The rows are not kept. */
type PageFacts = Omit<ResultPage, 'rows'> & { readonly rows: number; readonly hash: string };

/** Determines the type of a file by its name; for a JSON file, by its content. */
async function look(path: string, isFolder: boolean): Promise<Found> {
  const stats = await stat(path).catch(() => undefined);
  const size = stats?.size ?? 0;
  const base = { path, size, fingerprint: `${size} ${Math.round(stats?.mtimeMs ?? 0)}` };
  if (isFolder) return { ...base, kind: 'folder' };
  if (contentOf(path.replaceAll('\\', '/')) === 'no-events') return { ...base, kind: 'nothing' };
  if (CSV.test(path) && (stats === undefined || stats.isFile())) return { ...base, kind: 'csv' };
  if (!JSON_FILE.test(path) || !stats?.isFile() || size > LONGEST_JSON) return { ...base, kind: 'unknown' };
  const text = await readFile(path, 'utf8').catch(() => '');
  const value = parsed(text);
  const page = pageOf(value);
  if (page !== undefined) {
    return { ...base, kind: 'page', page: { ...page, rows: page.rows.length, hash: hashOfRows(page.rows) } };
  }
  const description = descriptionOf(value);
  if (description !== undefined) return { ...base, kind: 'query', description };
  const files = field(value, 'files');
  if (basename(path) !== 'result_sign.json' || !Array.isArray(files)) return { ...base, kind: 'unknown' };
  const hashes = listOf(files).map((each) => [textOf(field(each, 'fileName')), textOf(field(each, 'fileHashValue'))]);
  return { ...base, kind: 'sign', hashes: new Map(hashes.map(([name = '', hash = '']) => [name, hash])) };
}

function resultUnits(folder: string, found: readonly Found[]): readonly TrailUnit[] {
  const files = found.filter(({ kind }) => kind === 'csv');
  const pages = found.filter((each) => each.kind === 'page');
  const signed = found.find((each) => each.kind === 'sign')?.hashes;
  const missing = [...(signed?.keys() ?? [])].filter((name) => !files.some(({ path }) => basename(path) === name));
  const wholePages = areWhole(pages.map(({ page }) => page));
  // Without the sign file, nobody knows how many files there are.
  const whole = (files.length === 0 || signed !== undefined) && wholePages;
  const described = whole ? describedIn(folder, found) : undefined;
  const query = described?.facts.query;
  const counts = new RowCounts(files.map(({ path }) => path));
  const hashOf = (path: string) => signed && (signed.get(basename(path)) ?? 'not signed');
  return [
    ...files.map((file) => csvUnit(file, hashOf(file.path), query, counts)),
    ...(described === undefined ? [] : [countUnit(described, found, counts)]),
    ...missing.map((name) => failing('unopened', { path: join(folder, name), size: 0, fingerprint: 'missing' })),
    ...pages.map((file) => pageUnit(file, wholePages, query)),
    ...found.filter(({ kind }) => kind === 'unknown').map((file) => failing('not-read', file)),
  ];
}

type File = Pick<Found, 'path' | 'size' | 'fingerprint'>;

function lakeUnit({ path, size, fingerprint }: File, query: LakeQuery | undefined): Omit<TrailUnit, 'read'> {
  return { kind: 'lake', place: path, size, fingerprint, ...defined({ query }) };
}

function failing(problem: ProblemKind, file: File): TrailUnit {
  return unreadUnit(lakeUnit(file, undefined), problem);
}

function csvUnit(file: File, hash: string | undefined, query: LakeQuery | undefined, counts: RowCounts): TrailUnit {
  return {
    ...lakeUnit(file, query),
    fingerprint: `${file.fingerprint} ${hash ?? ''}`,
    read: async (reader) => counts.note(file.path, await readCsv(createReadStream(file.path), reader, { hash, query })),
  };
}

/** Counts the rows of the CSV files of a result. */
class RowCounts {
  readonly #paths: readonly string[];
  readonly #rows = new Map<string, number>();

  constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  note(path: string, rows: number): void {
    this.#rows.set(path, rows);
  }

  /** The number of rows; `undefined` if there is no file. A file that was read in an earlier run is read again. */
  async total(): Promise<number | undefined> {
    let total = 0;
    for (const path of this.#paths) {
      total += this.#rows.get(path) ?? (await readCsv(createReadStream(path), { record: () => {}, problem: () => {} }));
    }
    return this.#paths.length === 0 ? undefined : total;
  }
}

/**
 * A unit that reports a problem if a result has another number of rows than the query matched. It must be read after
 * the files.
 */
function countUnit({ file, facts }: Described, found: readonly Found[], counts: RowCounts): TrailUnit {
  const pages = found.filter((each) => each.kind === 'page').map(({ page }) => page);
  return {
    ...lakeUnit(file, facts.query),
    fingerprint: found
      .filter(({ kind }) => kind === 'csv' || kind === 'page' || kind === 'query')
      .map(({ path, fingerprint }) => `${basename(path)} ${fingerprint}`)
      .join(' '),
    read: async (reader) => {
      const ofPages = pages.length === 0 ? undefined : rowsOf(pages);
      if ([ofPages, await counts.total()].some((rows) => rows !== undefined && rows !== facts.rows)) {
        reader.problem('cut-off');
      }
    },
  };
}

function pageUnit(file: File & { readonly page: PageFacts }, whole: boolean, query: LakeQuery | undefined): TrailUnit {
  return {
    ...lakeUnit(file, query),
    fingerprint: `${file.fingerprint} ${file.page.hash} ${whole}`,
    read: async (reader) => {
      if (!whole) reader.problem('cut-off');
      readPage(pageOf(parsed(await readFile(file.path, 'utf8'))), reader, query);
    },
  };
}

/** Whether there is a file for each page. */
function areWhole(pages: readonly PageFacts[]): boolean {
  const rows = rowsOf(pages);
  const single = new Set(pages.map(({ hash }) => hash)).size === 1;
  return pages.every(({ total, more }) => (total === undefined ? single && !more : total === rows));
}

/** The number of rows of all pages. The rows of a page that was saved twice count once. */
function rowsOf(pages: readonly PageFacts[]): number {
  const distinct = new Map(pages.map(({ hash, rows }) => [hash, rows]));
  return [...distinct.values()].reduce((sum, rows) => sum + rows, 0);
}

interface Described {
  readonly file: File;
  readonly facts: ResultFacts;
}

/** The query of a folder, if exactly one is described, and the folder is not named after another one. */
function describedIn(folder: string, found: readonly Found[]): Described | undefined {
  const [file, ...others] = found.filter((each) => each.kind === 'query');
  if (file === undefined || others.length > 0) return undefined;
  const { id, facts } = file.description;
  const name = basename(folder);
  return facts === undefined || (QUERY_ID.test(name) && name !== id) ? undefined : { file, facts };
}

const QUERY_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A page that is saved twice has the same rows, but can have another token and other statistics. */
function hashOfRows(rows: readonly unknown[]): string {
  const texts = rows.map((row) =>
    listOf(row).map((cell) => Object.entries(objectOf(cell) ?? {}).map(([name, value]) => [name, textOf(value)])),
  );
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
