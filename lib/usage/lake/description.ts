/**
 * Reads the output of `aws cloudtrail describe-query`, which shows which events a query's result must contain. Source:
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeQuery.html
 */
import { field, secondsOf, textOf } from '../record/record';
import { type LakeQuery, readQuery } from './query';

/** A described query. */
export interface Description {
  readonly id: string;
  /** What is known about the result; `undefined` if it is unknown which events the result contains. */
  readonly facts: ResultFacts | undefined;
}

export interface ResultFacts {
  readonly query: LakeQuery;
  /** Number of rows of the complete result. */
  readonly rows: number;
}

/** The described query in parsed JSON; `undefined` if the JSON does not describe a query. */
export function descriptionOf(value: unknown): Description | undefined {
  const sql = textOf(field(value, 'QueryString'));
  if (sql === undefined) return undefined;
  return { id: textOf(field(value, 'QueryId')) ?? '', facts: factsOf(value, sql) };
}

function factsOf(value: unknown, sql: string): ResultFacts | undefined {
  if (field(value, 'QueryStatus') !== 'FINISHED') return undefined;
  const statistics = field(value, 'QueryStatistics');
  const created = secondsOf(field(statistics, 'CreationTime'));
  const rows = field(statistics, 'EventsMatched');
  const selected = readQuery(sql);
  if (created === undefined || typeof rows !== 'number' || selected === undefined) return undefined;
  // Events after the start of the query are in no result, so a later end is not a part of what the query covers.
  const until = Math.min(selected.until, Math.floor(created));
  return selected.since < until ? { query: { ...selected, until, created }, rows } : undefined;
}
