/** Results of queries of CloudTrail Lake, as CloudTrail and the AWS CLI write them. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Fields } from './records';

export const STORE = '0a1b2c3d-0000-4000-8000-0123456789ab';
export const QUERY_ID = '11111111-2222-4333-8444-555555555555';
const NOVEMBER = "eventTime >= '2026-11-01 00:00:00' AND eventTime < '2026-12-01 00:00:00'";
export const SQL = `SELECT eventJson FROM ${STORE} WHERE ${NOVEMBER}`;

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** `result_1.csv.gz`: a comment, a header row, and a row for each event. */
export function csvText(records: readonly Fields[], column = 'eventJson'): string {
  const rows = records.map((record) => quoted(JSON.stringify(record)));
  return ['# Execution Time: 2026-12-01T08:00:00.000000Z', column, ...rows, ''].join('\n');
}

export function csvFile(records: readonly Fields[]): Buffer {
  return gzipSync(csvText(records));
}

/** `result_sign.json` of some files. */
export function signFile(files: Readonly<Record<string, Buffer | string>>): string {
  return JSON.stringify({
    version: '1.0',
    region: 'ap-northeast-2',
    files: Object.entries(files).map(([fileName, content]) => ({
      fileHashValue: createHash('sha256').update(content).digest('hex'),
      fileName,
    })),
    hashAlgorithm: 'SHA-256',
    signatureAlgorithm: 'SHA256withRSA',
    queryCompleteTime: '2026-12-01T08:00:00Z',
    hashSignature: '00',
    publicKeyFingerprint: '00',
  });
}

/** The output of `aws cloudtrail describe-query`. */
export function queryFile(rows: number, QueryString = SQL, overrides: object = {}): string {
  const QueryStatistics = statistics(rows);
  return JSON.stringify({ QueryId: QUERY_ID, QueryString, QueryStatus: 'FINISHED', QueryStatistics, ...overrides });
}

/** The statistics of a query in the output of `aws cloudtrail describe-query`. */
export function statistics(EventsMatched: number, overrides: object = {}): object {
  return {
    EventsMatched,
    EventsScanned: EventsMatched + 7,
    BytesScanned: 1234,
    ExecutionTimeInMillis: 5,
    CreationTime: '2026-12-01T08:00:00.123000+00:00',
    ...overrides,
  };
}

/** The output of `aws cloudtrail get-query-results`. */
export function pageFile(records: readonly Fields[], overrides: object = {}): string {
  return JSON.stringify({
    QueryStatus: 'FINISHED',
    QueryStatistics: { ResultsCount: records.length, TotalResultsCount: records.length, BytesScanned: 1 },
    QueryResultRows: records.map((record) => [{ eventjson: JSON.stringify(record) }]),
    ...overrides,
  });
}

/** The files of a complete result, with its query. */
export function wholeResult(records: readonly Fields[], sql = SQL): Readonly<Record<string, Buffer | string>> {
  const file = csvFile(records);
  return {
    'result_1.csv.gz': file,
    'result_sign.json': signFile({ 'result_1.csv.gz': file }),
    'query.json': queryFile(records.length, sql),
  };
}

/** The output of `aws cloudtrail get-event-data-store`, of a store that records all management events. */
export function storeFile(overrides: object = {}): { readonly place: string; readonly text: string } {
  return {
    place: 'store.json',
    text: JSON.stringify({
      EventDataStoreArn: `arn:aws:cloudtrail:ap-northeast-2:123456789012:eventdatastore/${STORE}`,
      Name: 'all',
      Status: 'ENABLED',
      AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] }],
      MultiRegionEnabled: true,
      OrganizationEnabled: false,
      RetentionPeriod: 366,
      CreatedTimestamp: '2026-01-01T00:00:00+00:00',
      UpdatedTimestamp: '2026-01-02T00:00:00+00:00',
      ...overrides,
    }),
  };
}
