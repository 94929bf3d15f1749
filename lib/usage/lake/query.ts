/**
 * Reads the text of a query of CloudTrail Lake. Only the two forms in docs/usage.md are understood, because only for
 * them it is known which events are in the result:
 *
 *     SELECT eventJson FROM <store> WHERE eventTime >= '<time>' AND eventTime < '<time>'
 *       [AND recipientAccountId = '<account>']
 *       [AND (eventName = 'AssumeRole' OR userIdentity.sessionContext.sessionIssuer.arn LIKE '<pattern>' [OR …])]
 */
import { compileTokens, type GlobMatcher, type GlobToken } from '@leasehold/policy';
import type { TrailRecord } from '../record/record';

/** What a query selects. */
export interface Selection {
  /** Id of the event data store. */
  readonly store: string;
  /** The result contains the events from `since` (inclusive) to `until` (exclusive), in seconds since 1970. */
  readonly since: number;
  readonly until: number;
  /** The only account whose events are in the result. */
  readonly account?: string;
  /** `LIKE` patterns. The result contains only calls of roles whose ARN matches at least one of the patterns. */
  readonly roles?: readonly string[];
}

/** A query whose result was read. */
export interface LakeQuery extends Selection {
  /**
   * The time at which the query was started. The result contains only events that were in the event data store at that
   * time.
   */
  readonly created: number;
}

/** Maximum length of an SQL statement. CloudTrail accepts up to 10,000 characters. */
const LONGEST = 10_000;

/** The query that an SQL statement describes; `undefined` if the statement has another form. */
export function readQuery(sql: string): Selection | undefined {
  const tokens = sql.length > LONGEST ? undefined : tokensOf(sql);
  return tokens && new Statement(tokens).read();
}

/** Whether the calls of a role are in the result. */
export function selectsRole({ account, roles }: Selection, role: { readonly arn: string; readonly account: string }) {
  return (
    (account === undefined || account === role.account) &&
    (roles === undefined || roles.some((pattern) => like(pattern)(role.arn)))
  );
}

/**
 * Whether an event can be in the result. If a result contains an event that the query cannot return, the result comes
 * from another query.
 */
export function selectsEvent({ since, until, account }: Selection, { at, recipient }: TrailRecord): boolean {
  return at >= since && at < until && (account === undefined || account === recipient);
}

/**
 * Splits a statement into words (in lower case), quoted strings and operators. Returns `undefined` if the statement
 * contains anything else; such a statement is never accepted.
 */
function tokensOf(sql: string): readonly string[] | undefined {
  const tokens: string[] = [];
  const token = /\s*('[^']*'|[\w.-]+|>=|[<=();])/y;
  while (token.lastIndex < sql.length) {
    const start = token.lastIndex;
    const text = token.exec(sql)?.[1];
    if (text === undefined) return sql.slice(start).trim() === '' ? tokens : undefined;
    tokens.push(text.startsWith("'") ? text : text.toLowerCase());
  }
  return tokens;
}

const ISSUER = 'useridentity.sessioncontext.sessionissuer.arn';
const STORE = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Compares the tokens of a statement with the accepted forms, from left to right. */
class Statement {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  read(): Selection | undefined {
    if (!this.#skip('select', 'eventjson', 'from')) return undefined;
    const store = this.#next(STORE);
    if (!this.#skip('where', 'eventtime', '>=')) return undefined;
    const since = timeOf(this.#next(TIME));
    if (!this.#skip('and', 'eventtime', '<')) return undefined;
    const until = timeOf(this.#next(TIME));
    if (store === undefined || since === undefined || until === undefined || since >= until) return undefined;
    const account = this.#skip('and', 'recipientaccountid', '=') ? this.#next(/^'(\d{12})'$/) : null;
    const roles = this.#skip('and', '(', 'eventname', '=', "'AssumeRole'") ? this.#patterns() : null;
    this.#skip(';');
    if (account === undefined || roles === undefined || this.#at < this.#tokens.length) return undefined;
    return { store, since, until, ...(account === null ? {} : { account }), ...(roles === null ? {} : { roles }) };
  }

  /** The patterns of the roles, up to the closing parenthesis. */
  #patterns(): readonly string[] | undefined {
    const patterns: string[] = [];
    while (this.#skip('or', ISSUER, 'like')) {
      const pattern = this.#next(/^'([^']+)'$/);
      if (pattern === undefined) return undefined;
      patterns.push(pattern);
    }
    return patterns.length > 0 && this.#skip(')') ? patterns : undefined;
  }

  /** Skips the given tokens if they come next. Returns whether the tokens were skipped. */
  #skip(...expected: readonly string[]): boolean {
    if (!expected.every((text, index) => this.#tokens[this.#at + index] === text)) return false;
    this.#at += expected.length;
    return true;
  }

  /** The next token, if it matches the given form. If the form has a group, only the text of the group is returned. */
  #next(form: RegExp): string | undefined {
    const found = form.exec(this.#tokens[this.#at] ?? '');
    if (found !== null) this.#at += 1;
    return found?.[1] ?? found?.[0];
  }
}

const TIME = /^'(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)'$/;

function timeOf(text: string | undefined): number | undefined {
  const milliseconds = Date.parse(`${text?.replace(' ', 'T') ?? ''}Z`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}

/** `%` matches any text, and `_` matches one character. Matching is case-sensitive. */
function like(pattern: string): GlobMatcher {
  const pieces = pattern.split(/([%_])/).filter((piece) => piece !== '');
  return compileTokens(
    pieces.map((piece): GlobToken => {
      if (piece === '%') return { kind: 'any' };
      return piece === '_' ? { kind: 'one' } : { kind: 'literal', text: piece };
    }),
  );
}
