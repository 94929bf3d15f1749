/**
 * Reads the events in the results of a query of CloudTrail Lake: CSV files with a header row, as CloudTrail writes them
 * to S3, and the output of `aws cloudtrail get-query-results`. The column `eventJson` contains the record as JSON. The
 * text of the nested columns, such as `userIdentity`, has no documented form and is not read.
 */
import { createHash } from 'node:crypto';
import { parse } from 'csv-parse';
import { LONGEST_RECORD } from '../read/problem';
import { readBytes, type StreamReader } from '../read/stream';
import { field, listOf, objectOf, readRecord, textOf } from '../record/record';
import { type LakeQuery, selectsEvent } from './query';

/** The column with the record. Column names are case-insensitive in SQL. */
const COLUMN = 'eventjson';

/** What is known about the rows of a file. */
export interface Expected {
  /** SHA-256 of the file in hexadecimal. @default unknown */
  readonly hash?: string | undefined;
  /** The query that selected the rows. @default unknown */
  readonly query?: LakeQuery | undefined;
}

/** Reads a CSV file, compressed or not. Returns the number of its rows, without the header row. */
export async function readCsv(
  source: AsyncIterable<Buffer>,
  reader: StreamReader,
  { hash, query }: Expected = {},
): Promise<number> {
  const digest = createHash('sha256');
  const rows = new Rows(reader, query);
  // The separator, quotes and escapes of RFC 4180. Anything else is an error.
  const parser = parse({ bom: true, relax_column_count: true, max_record_size: LONGEST_RECORD * 2 });
  const ended = new Promise<void>((done) => {
    parser.on('data', (row: readonly string[]) => rows.add(row));
    parser.once('end', () => {
      rows.end();
      done();
    });
    parser.once('error', (error: { readonly code?: string }) => {
      reader.problem(error.code === 'CSV_MAX_RECORD_SIZE' ? 'oversized-record' : 'not-a-result');
      done();
    });
  });
  let whole = false;
  try {
    whole = await readBytes(hashed(source, digest), reader, (chunk) => {
      if (!parser.destroyed) parser.write(chunk);
    });
  } finally {
    if (whole) {
      if (!parser.destroyed) parser.end();
      await ended;
    } else parser.destroy();
  }
  if (hash !== undefined && digest.digest('hex') !== hash.toLowerCase()) reader.problem('not-as-signed');
  return rows.count;
}

async function* hashed(source: AsyncIterable<Buffer>, digest: { update(chunk: Buffer): unknown }) {
  for await (const chunk of source) {
    digest.update(chunk);
    yield chunk;
  }
}

class Rows {
  readonly #reader: StreamReader;
  readonly #query: LakeQuery | undefined;
  /** Number of rows below the header row. */
  count = 0;
  #width = 0;
  #column: number | 'before the header' | 'missing' = 'before the header';

  constructor(reader: StreamReader, query: LakeQuery | undefined) {
    this.#reader = reader;
    this.#query = query;
  }

  add(row: readonly string[]): void {
    if (this.#column === 'before the header') {
      // CloudTrail writes the execution time as a comment above the header row.
      if (row[0]?.startsWith('#') !== true) this.#header(row);
      return;
    }
    this.count += 1;
    if (this.#column === 'missing') return;
    if (row.length !== this.#width) this.#reader.problem('unreadable-record');
    else addRecord(row[this.#column] ?? '', this.#reader, this.#query);
  }

  #header(row: readonly string[]): void {
    const columns = row.map((name) => name.trim().toLowerCase());
    const index = columns.indexOf(COLUMN);
    this.#width = row.length;
    this.#column = index < 0 || columns.lastIndexOf(COLUMN) !== index ? 'missing' : index;
    if (this.#column === 'missing') this.#reader.problem('not-a-result');
  }

  /** A file without a header row is not a result. */
  end(): void {
    if (this.#column === 'before the header') this.#reader.problem('not-a-result');
  }
}

function addRecord(text: string, reader: StreamReader, query: LakeQuery | undefined): void {
  const bytes = Buffer.from(text);
  if (bytes.length > LONGEST_RECORD) {
    reader.problem('oversized-record');
    return;
  }
  // Records of other identities are otherwise only sampled, and a shortened one may no longer name its role.
  const record = readRecord(bytes);
  if (record === undefined) reader.problem('unreadable-record');
  else {
    if (query !== undefined && !selectsEvent(query, record)) reader.problem('not-of-the-query');
    reader.record(bytes);
  }
}

/** The output of `aws cloudtrail get-query-results`: one page of the rows. */
export interface ResultPage {
  readonly rows: readonly unknown[];
  readonly finished: boolean;
  /** Whether there is another page. */
  readonly more: boolean;
  /** Number of rows of all pages. */
  readonly total: number | undefined;
}

/** The page in parsed JSON; `undefined` if it is something else. */
export function pageOf(value: unknown): ResultPage | undefined {
  const rows = field(value, 'QueryResultRows');
  if (!Array.isArray(rows)) return undefined;
  const total = field(field(value, 'QueryStatistics'), 'TotalResultsCount');
  return {
    rows,
    finished: field(value, 'QueryStatus') === 'FINISHED',
    more: textOf(field(value, 'NextToken')) !== undefined,
    total: typeof total === 'number' ? total : undefined,
  };
}

/** Reads the rows of a page. Each row is a list of objects with one member, whose name is that of the column. */
export function readPage(page: ResultPage | undefined, reader: StreamReader, query: LakeQuery | undefined): void {
  if (page?.finished !== true) reader.problem('not-a-result');
  for (const row of page?.rows ?? []) {
    const cells = listOf(row).flatMap((cell) => Object.entries(objectOf(cell) ?? {}));
    const found = cells.filter(([name]) => name.toLowerCase() === COLUMN);
    const [, text] = found[0] ?? [];
    if (found.length !== 1 || typeof text !== 'string') reader.problem('not-a-result');
    else {
      reader.read?.(Buffer.byteLength(text));
      addRecord(text, reader, query);
    }
  }
}
