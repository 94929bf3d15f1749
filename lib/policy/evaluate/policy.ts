/** Checks and prepares policies for evaluation. */

import { many, type OneOrMany } from '../document';
import { refuse, show } from './error';
import { readJson } from './json';
import type { PolicyKind } from './policy-kind';
import { isRecord } from './shape';
import { type PreparedStatement, readStatement } from './statement';
import type { Version } from './template';

/** A policy that AWS would accept, prepared for evaluation. Immutable. */
export interface Policy {
  readonly kind: PolicyKind;
  readonly version: Version;
  readonly id?: string;
  readonly statements: readonly PreparedStatement[];
  /** The statements with effect `Deny`, in the order written. */
  readonly denies: readonly PreparedStatement[];
  /** The statements with effect `Allow`, in the order written. */
  readonly allows: readonly PreparedStatement[];
}

/** The elements of a document. */
const ELEMENTS = ['Version', 'Id', 'Statement'];
const GRAMMAR = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html';
/** The kinds of policies in which IAM validates the statement ids. */
const IAM_KINDS: readonly PolicyKind[] = ['identity', 'boundary', 'session', 'trust'];

/**
 * Checks and prepares a policy document. Accepts JSON text or a parsed value. In a text, duplicate keys are detected
 * too. Throws only {@link PolicyError}, with the path to the first fault.
 *
 * The check covers the policy language and the rules of the policy's kind. The check does not include rules of single
 * services (for example, that a bucket policy names its own bucket), and does not verify that actions and context keys
 * exist.
 */
export function parsePolicy(document: unknown, kind: PolicyKind): Policy {
  return readPolicy(document, kind, []);
}

type Path = readonly (string | number)[];

/** {@link parsePolicy} for a document that is located at `path` in a larger object. */
export function readPolicy(document: unknown, kind: PolicyKind, path: Path): Policy {
  const value = typeof document === 'string' ? readJson(document, path) : document;
  if (!isRecord(value)) refuse({ code: 'wrong-type', path, got: value, expected: 'an object', rule: GRAMMAR });
  for (const element of Object.keys(value)) {
    if (ELEMENTS.includes(element)) continue;
    const expected = `one of ${ELEMENTS.join(', ')}`;
    refuse({ code: 'unknown-element', path: [...path, element], got: element, expected, rule: GRAMMAR });
  }
  const version = readVersion(value.Version, kind, path);
  const id = readId(value.Id, kind, path);
  if (value.Statement === undefined) {
    refuse({ code: 'missing-element', path, got: value, expected: 'a Statement', rule: GRAMMAR });
  }
  const at = [...path, 'Statement'];
  const raw = many(value.Statement as OneOrMany<unknown>);
  if (raw.length === 0) refuse({ code: 'empty-list', path: at, got: raw, expected: 'at least one statement' });
  const listed = Array.isArray(value.Statement);
  const statements = raw.map((statement, index) =>
    readStatement(statement, index, { kind, version, path: listed ? [...at, index] : at }),
  );
  if (IAM_KINDS.includes(kind)) refuseRepeatedSids(statements, at);
  return Object.freeze({
    kind,
    version,
    ...(id === undefined ? {} : { id }),
    statements,
    denies: statements.filter(({ effect }) => effect === 'Deny'),
    allows: statements.filter(({ effect }) => effect === 'Allow'),
  });
}

/** Reads the version. AWS Organizations requires the element `Version` with the value 2012-10-17. */
function readVersion(value: unknown, kind: PolicyKind, path: Path): Version {
  if (value === '2012-10-17') return value;
  const organizations = kind === 'scp' || kind === 'rcp';
  if (!organizations && (value === undefined || value === '2008-10-17')) return '2008-10-17';
  return refuse({
    code: 'bad-version',
    path: [...path, 'Version'],
    got: value,
    expected: organizations ? '"2012-10-17"' : '"2012-10-17" or "2008-10-17"',
    rule: organizations
      ? 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html'
      : 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html',
  });
}

function readId(value: unknown, kind: PolicyKind, path: Path): string | undefined {
  if (value === undefined) return undefined;
  const at = [...path, 'Id'];
  if (typeof value !== 'string')
    refuse({ code: 'wrong-type', path: at, got: value, expected: 'a text', rule: GRAMMAR });
  if (kind === 'identity' || kind === 'boundary' || kind === 'session') {
    refuse({ code: 'element-not-allowed', path: at, got: value, expected: `no Id in ${kind} policies`, rule: GRAMMAR });
  }
  return value;
}

function refuseRepeatedSids(statements: readonly PreparedStatement[], path: Path): void {
  const seen = new Map<string, number>();
  for (const { sid, index } of statements) {
    if (sid === undefined || sid === '') continue;
    const first = seen.get(sid);
    if (first !== undefined) {
      refuse({
        code: 'duplicate-sid',
        path: [...path, index, 'Sid'],
        got: sid,
        expected: `a Sid other than ${show(sid)} of statement ${first}`,
        rule: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html',
      });
    }
    seen.set(sid, index);
  }
}
