/**
 * One CloudTrail record, reduced to the fields that this package uses. A record is untrusted input: its keys never
 * become object keys, and its texts are escaped before they are shown. Source:
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */

/** An object of parsed JSON. */
export type Fields = Readonly<Record<string, unknown>>;

export interface TrailRecord {
  readonly id: string;
  /** Seconds since 1970. */
  readonly at: number;
  /** `eventSource`, for example `s3.amazonaws.com`. */
  readonly source: string;
  /** `eventName`, for example `PutObject`. */
  readonly name: string;
  readonly region: string;
  /** The account whose trail recorded the event. */
  readonly recipient: string | undefined;
  /** `Management` or `Data`; `undefined` in records before version 1.08. */
  readonly category: string | undefined;
  readonly readOnly: boolean | undefined;
  readonly errorCode: string | undefined;
  readonly errorMessage: string | undefined;
  readonly identity: Fields;
  readonly parameters: Fields | undefined;
  readonly response: Fields | undefined;
  /** ARNs in `resources`. */
  readonly resources: readonly string[];
  /** The sandbox's verdict, in a record of the sandbox's log. */
  readonly verdict: 'allowed' | 'denied' | 'refused' | undefined;
  /** The sandbox's decisions, in a record of the sandbox's log. */
  readonly decisions: readonly SandboxDecision[] | undefined;
  /** Whether the record is an event in the output of `aws cloudtrail lookup-events`. */
  readonly listed: boolean;
}

/** A decision of the sandbox about one action on one resource. */
export interface SandboxDecision {
  readonly allowed: boolean;
  readonly action: string;
  readonly resource: string;
}

/** Maximum length of a field whose value is used as a name. */
const LONGEST_NAME = 256;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/;

/** Parses a record; `undefined` if the JSON is not a CloudTrail record of a call. */
export function readRecord(bytes: Buffer): TrailRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
  // Results of LookupEvents contain the record as a JSON string.
  const inner = field(value, 'CloudTrailEvent');
  if (typeof inner !== 'string') return recordOf(value);
  try {
    return recordOf(JSON.parse(inner), true);
  } catch {
    return undefined;
  }
}

/** The same from parsed JSON. */
export function recordOf(value: unknown, listed = false): TrailRecord | undefined {
  const at = timeOf(field(value, 'eventTime'));
  const [source, name, region] = ['eventSource', 'eventName', 'awsRegion'].map((each) => nameOf(field(value, each)));
  const identity = objectOf(field(value, 'userIdentity'));
  if (at === undefined || source === undefined || name === undefined || identity === undefined) return undefined;
  const readOnly = field(value, 'readOnly');
  const category = textOf(field(value, 'eventCategory'));
  const management = field(value, 'managementEvent');
  const verdict = field(value, 'verdict');
  return {
    id: textOf(field(value, 'eventID'))?.slice(0, LONGEST_NAME) ?? '',
    at,
    source,
    name,
    region: region ?? '',
    recipient: textOf(field(value, 'recipientAccountId')),
    category: category ?? (management === true ? 'Management' : management === false ? 'Data' : undefined),
    readOnly:
      readOnly === true || readOnly === 'true' ? true : readOnly === false || readOnly === 'false' ? false : undefined,
    errorCode: textOf(field(value, 'errorCode')),
    errorMessage: textOf(field(value, 'errorMessage')),
    identity,
    parameters: objectOf(field(value, 'requestParameters')),
    response: objectOf(field(value, 'responseElements')),
    resources: listOf(field(value, 'resources')).flatMap((each) => textOf(field(each, 'ARN')) ?? []),
    verdict: verdict === 'allowed' || verdict === 'denied' || verdict === 'refused' ? verdict : undefined,
    decisions: decisionsOf(value),
    listed,
  };
}

/** An own property of a parsed JSON object, never a property of its prototype. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Fields)[name]
    : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function objectOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function nameOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_NAME ? value : undefined;
}

function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !TIME.test(value)) return undefined;
  const milliseconds = Date.parse(value);
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000);
}

/** A time in seconds since 1970. The AWS CLI writes it as text or, with `--cli-timestamp-format wire`, as a number. */
export function secondsOf(value: unknown): number | undefined {
  const seconds = typeof value === 'number' ? value : Date.parse(textOf(value) ?? '') / 1000;
  return Number.isFinite(seconds) ? seconds : undefined;
}

/**
 * The sandbox adds `verdict` and `decisions` to a record. A request that the sandbox rejected as invalid has no
 * decisions. Without a decision, or with one that cannot be read, the record is mapped to actions like any other.
 */
function decisionsOf(value: unknown): readonly SandboxDecision[] | undefined {
  if (textOf(field(value, 'verdict')) === undefined) return undefined;
  const listed = listOf(field(value, 'decisions'));
  const decisions = listed.flatMap((each) => {
    const [outcome, action, resource] = ['outcome', 'action', 'resource'].map((name) => textOf(field(each, name)));
    return action === undefined || resource === undefined ? [] : [{ allowed: outcome === 'allowed', action, resource }];
  });
  return decisions.length === 0 || decisions.length < listed.length ? undefined : decisions;
}
