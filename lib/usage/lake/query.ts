/**
 * Reads the text of a query of CloudTrail Lake. Only the two forms in docs/usage.md are understood, because only for
 * them it is known which events are in the result:
 *
 *     SELECT eventJson FROM <store> WHERE eventTime >= '<time>' AND eventTime < '<time>'
 *       [AND recipientAccountId = '<account>']
 *       [AND (eventName = 'AssumeRole' OR userIdentity.sessionContext.sessionIssuer.arn LIKE '<pattern>' [OR …])]
 */
import type { TrailRecord } from '../record/record';

/** What a query selects. */
export interface Selection {
  /** Id of the event data store. */
  readonly store: string;
  /** The result contains the events from `since` on and before `until`, in seconds since 1970. */
  readonly since: number;
  readonly until: number;
  /** The only account whose events are in the result. */
  readonly account?: string;
  /** `LIKE` patterns. The result contains only calls of roles whose ARN matches at least one of the patterns. */
  readonly roles?: readonly string[];
}

/** A query whose result was read. */
export interface LakeQuery extends Selection {
  /** When the query was started. The result contains only what the store contained at that time. */
  readonly created: number;
}

/** The query that an SQL statement describes; `undefined` if the statement has another form. */
export function readQuery(sql: string): Selection | undefined {
  const found = FORM.exec(sql);
  if (found === null) return undefined;
  const [, store = '', from = '', to = '', account, roles] = found;
  const [since, until] = [timeOf(from), timeOf(to)];
  if (since === undefined || until === undefined || since >= until) return undefined;
  return {
    store: store.toLowerCase(),
    since,
    until,
    ...(account === undefined ? {} : { account }),
    ...(roles === undefined ? {} : { roles: [...roles.matchAll(PATTERN)].map(([, pattern = '']) => pattern) }),
  };
}

/** Whether the calls of a role are in the result. */
export function selectsRole({ account, roles }: Selection, role: { readonly arn: string; readonly account: string }) {
  return (
    (account === undefined || account === role.account) &&
    (roles === undefined || roles.some((pattern) => like(pattern).test(role.arn)))
  );
}

/**
 * Whether an event can be in the result. If a result contains an event that cannot be in it, the result comes from
 * another query.
 */
export function selectsEvent({ since, until, account }: Selection, { at, recipient }: TrailRecord): boolean {
  return at >= since && at < until && (account === undefined || account === recipient);
}

const TIME = String.raw`'(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)'`;
const ISSUER = String.raw`userIdentity\.sessionContext\.sessionIssuer\.arn\s+LIKE\s+'([^']+)'`;
const PATTERN = new RegExp(ISSUER, 'gi');
const FORM = new RegExp(
  [
    String.raw`^\s*SELECT\s+eventJson\s+FROM\s+([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})`,
    String.raw`\s+WHERE\s+eventTime\s*>=\s*${TIME}\s+AND\s+eventTime\s*<\s*${TIME}`,
    String.raw`(?:\s+AND\s+recipientAccountId\s*=\s*'(\d{12})')?`,
    String.raw`(?:\s+AND\s+\(\s*eventName\s*=\s*'AssumeRole'((?:\s+OR\s+${ISSUER.replace('(', '(?:')})+)\s*\))?`,
    String.raw`\s*;?\s*$`,
  ].join(''),
  'i',
);

function timeOf(text: string): number | undefined {
  const milliseconds = Date.parse(`${text.replace(' ', 'T')}Z`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}

/** `%` matches any text, and `_` matches one character. Matching is case-sensitive. */
function like(pattern: string): RegExp {
  const source = pattern
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  return new RegExp(`^${source}$`, 's');
}
