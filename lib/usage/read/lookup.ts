/**
 * CloudTrail's event history, by `LookupEvents`: management events of the last 90 days, without data events. The events
 * of a lease are looked up by its session name, so the number of API calls depends on the number of leases, not on the
 * activity in the account. Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
import type { Environment } from '@leasehold/definitions';
import { DURATION_QUOTAS } from '@leasehold/policy';
import { Attributor, isLease } from '../record/attribution';
import { readRecord } from '../record/record';
import { awsError, missingClient } from './aws-error';
import { LONGEST_RECORD, type ProblemKind } from './problem';
import type { StreamReader } from './stream';
import type { TrailUnit } from './unit';

export interface LookupOptions {
  readonly environments: readonly Environment[];
  /**
   * Regions to query for each environment, in addition to the environment's region. Events of STS and IAM may be in
   * `us-east-1`.
   */
  readonly regions: readonly string[];
  /** Seconds since 1970. */
  readonly since: number;
  readonly until: number;
  /**
   * Configuration of the client: credentials, endpoint and connection settings.
   * @default the configuration that the SDK finds
   */
  readonly configure?: (region: string, environment: Environment) => object;
  /** Milliseconds between two calls. AWS permits two calls per second. @default 550 */
  readonly pause?: number;
  /**
   * Maximum number of pages in one query. Each page has up to 50 events. If a query has more pages, a problem is
   * reported.
   * @default 2000
   */
  readonly pages?: number;
}

interface LookupClient {
  send(command: unknown): Promise<{
    readonly Events?: readonly { readonly CloudTrailEvent?: string }[];
    readonly NextToken?: string;
  }>;
}

const MOST_PAGES = 2000;
const DAY = 86_400;
/**
 * Maximum number of seconds between the issuance of a lease and a call in the time window that was made with the lease.
 */
const LONGEST_LEASE = DURATION_QUOTAS.assumeRole.max;

/** Number of seconds for which CloudTrail keeps the event history. AWS rejects an earlier start time. */
const HISTORY = 90 * DAY;

/**
 * The earliest start of a time window for which the event history contains the issuance of every lease that may have
 * been used, including leases issued before the window. A margin of one hour is added, because the oldest events expire
 * while the history is read.
 */
export function earliestLookup(now: number): number {
  return now - HISTORY + LONGEST_LEASE + 3600;
}

/**
 * One unit for each lease that may have been used in the time window, and one unit for the lease requests.
 * @throws {import('../error').TrailError} if a call is denied or gets no response
 */
export async function lookupUnits(options: LookupOptions): Promise<readonly TrailUnit[]> {
  const units: TrailUnit[] = [];
  for (const environment of options.environments) {
    const regions = [...new Set([environment.region, ...options.regions])];
    const queries = regions.map((region) => new Queries(region, environment, options));
    const attributor = new Attributor([environment]);
    const sessions = new Set<string>();
    for (const each of queries) {
      const found: Buffer[] = [];
      const problems: ProblemKind[] = [];
      await each.run('EventName', 'AssumeRole', options.since - LONGEST_LEASE, {
        record: (event) => {
          if (!attributor.mayConcern(event)) return;
          found.push(event);
          const record = readRecord(event);
          const attribution = record && attributor.of(record);
          if (attribution?.kind === 'request' && isLease(attribution.session)) sessions.add(attribution.session);
        },
        problem: (kind) => problems.push(kind),
      });
      units.push(
        each.unit('requests for sessions', (reader) => {
          for (const kind of problems) reader.problem(kind);
          for (const event of found) reader.record(event);
          return Promise.resolve();
        }),
      );
    }
    for (const session of sessions) {
      for (const each of queries) {
        units.push(each.unit(session, (reader) => each.run('Username', session, options.since, reader)));
      }
    }
  }
  return units;
}

function feed(text: string | undefined, reader: StreamReader): void {
  if (text === undefined) {
    reader.problem('unreadable-record');
    return;
  }
  const event = Buffer.from(text);
  reader.read?.(event.length);
  if (event.length > LONGEST_RECORD) reader.problem('oversized-record');
  else reader.record(event);
}

class Queries {
  readonly #region: string;
  readonly #environment: Environment;
  readonly #options: LookupOptions;
  #client: LookupClient | undefined;
  #called = 0;

  constructor(region: string, environment: Environment, options: LookupOptions) {
    this.#region = region;
    this.#environment = environment;
    this.#options = options;
  }

  unit(what: string, read: (reader: StreamReader) => Promise<void>): TrailUnit {
    const { since, until } = this.#options;
    return {
      kind: 'lookup',
      place: `LookupEvents ${this.#environment.name} ${this.#region}: ${what}`,
      fingerprint: `${since} ${until}`,
      size: 0,
      account: this.#environment.account,
      read,
    };
  }

  /**
   * Reads every event that has an attribute, newest first. The reader is required, because it reports missing events.
   */
  async run(key: string, value: string, since: number, reader: StreamReader): Promise<void> {
    if (since < nowSeconds() - HISTORY) reader.problem('cut-off');
    const { LookupEventsCommand } = sdk();
    let NextToken: string | undefined;
    for (let page = 0; page < (this.#options.pages ?? MOST_PAGES); page++) {
      const answer = await this.#send(
        new LookupEventsCommand({
          LookupAttributes: [{ AttributeKey: key as 'EventName', AttributeValue: value }],
          StartTime: new Date(Math.max(since, nowSeconds() - HISTORY) * 1000),
          EndTime: new Date(this.#options.until * 1000),
          MaxResults: 50,
          NextToken,
        }),
      );
      for (const { CloudTrailEvent: text } of answer.Events ?? []) feed(text, reader);
      NextToken = answer.NextToken;
      if (NextToken === undefined) return;
    }
    reader.problem('cut-off');
  }

  async #send(command: unknown) {
    const wait = this.#called + (this.#options.pause ?? 550) - Date.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    this.#called = Date.now();
    this.#client ??= new (sdk().CloudTrailClient)({
      region: this.#region,
      maxAttempts: 8,
      retryMode: 'adaptive',
      ...this.#options.configure?.(this.#region, this.#environment),
    }) as unknown as LookupClient;
    try {
      return await this.#client.send(command);
    } catch (error) {
      throw awsError(error, 'cloudtrail:LookupEvents', this.#region);
    }
  }
}

function sdk() {
  try {
    return require('@aws-sdk/client-cloudtrail') as typeof import('@aws-sdk/client-cloudtrail');
  } catch (error) {
    throw missingClient(error, '@aws-sdk/client-cloudtrail');
  }
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
