/** Translates the schema's errors into readable findings, one for each error. */

import { type Complaint, type Complaints, didYouMean, listed, shown } from './complaints';
import { iamKey, isStatement } from './iam-keys';
import type { Path } from './model';
import { nearest } from './nearest';
import type { Places } from './places';
import { BROKEN, MERGE_KEY, OddNumber } from './plain';
import type { Advice } from './schema-parts';

/** The properties of zod's issues that are used here; `schema-parts.ts` adds the advice. */
export interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
  readonly values?: readonly unknown[];
  readonly options?: readonly unknown[];
  readonly errors?: readonly (readonly Issue[])[];
  readonly issues?: readonly Issue[];
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  readonly note?: string | undefined;
  readonly advice?: Advice;
}

/**
 * Reports every issue once. Skips a value that already had an error, any second error for the same value, and a missing
 * key if a misspelled form of the key was found.
 * @param issues all issues of one document
 */
export function complainOf(issues: readonly Issue[], value: unknown, places: Places, complaints: Complaints): void {
  const flat = issues.flatMap((issue) => unfold(issue, [], value));
  const told = new Set<string>();
  const misspelt = new Set<string>();
  for (const issue of flat) {
    if (issue.code !== 'unrecognized_keys') continue;
    for (const key of issue.keys ?? []) {
      if (isBroken(value, [...issue.path, key])) continue;
      const meant = nearest(key, missingKeys(issue, value));
      if (meant !== undefined) misspelt.add(pathText([...issue.path, meant]));
      complaints.add(places.key([...issue.path, key]), unknownKey(issue, key, meant, value));
    }
  }
  for (const issue of flat) {
    const path = pathText(issue.path);
    if (issue.code === 'unrecognized_keys' || told.has(path) || misspelt.has(path) || isBroken(value, issue.path))
      continue;
    told.add(path);
    const written = at(value, issue.path);
    if (written === undefined && at(value, [...issue.path.slice(0, -1), MERGE_KEY]) === BROKEN) continue;
    if (issue.code === 'invalid_key') complaints.add(places.key(issue.path), wrongName(issue));
    else if (written === undefined) complaints.add(places.key(issue.path.slice(0, -1)), missing(issue));
    else complaints.add(places.value(issue.path), wrong(issue, written));
  }
}

/**
 * A validation issue with its complete path. For a union, the issues of the alternative that the author probably meant.
 */
export interface FlatIssue extends Issue {
  readonly path: Path;
}

/** Expands unions: reports the alternative that was most likely meant. */
export function unfold(issue: Issue, base: Path, root: unknown): readonly FlatIssue[] {
  const path = [...base, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
  const meant = issue.code === 'invalid_union' ? meantAlternative(issue.errors ?? []) : undefined;
  if (meant !== undefined) return meant.flatMap((inner) => unfold(inner, path, root));
  return [{ ...issue, path }];
}

/**
 * The alternative whose type matches the written value; if several alternatives match, the alternative with the most
 * deeply nested error.
 */
function meantAlternative(alternatives: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const ofType = alternatives.filter((issues) => !issues.some(isOtherType));
  return ofType.find((issues) => issues.every(({ path }) => path.length > 0)) ?? ofType[0];
}

function isOtherType({ path, code, errors, values }: Issue): boolean {
  if (path.length > 0) return false;
  if (code === 'invalid_union') return meantAlternative(errors ?? []) === undefined;
  return code === 'invalid_type' || (code === 'invalid_value' && values?.includes(false) === true);
}

/** The value at a path; undefined if the document has no value at the path. */
export function at(value: unknown, path: Path): unknown {
  let found = value;
  for (const step of path) {
    if (found === null || typeof found !== 'object' || !Object.hasOwn(found, step)) return undefined;
    found = (found as Record<string | number, unknown>)[step];
  }
  return found;
}

/** The keys of a mapping; empty for any other value. */
export function keysOf(value: unknown): readonly string[] {
  return isMapping(value) ? Object.keys(value) : [];
}

/** Whether a value is a mapping. */
export function isMapping(value: unknown): value is object {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** A path as people write it: `allow[0].actions`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

function isBroken(value: unknown, path: Path): boolean {
  return path.some((_, length) => at(value, path.slice(0, length)) === BROKEN) || at(value, path) === BROKEN;
}

function missingKeys(issue: FlatIssue, value: unknown): readonly string[] {
  const mapping = at(value, issue.path) as object;
  return knownKeys(issue).filter((known) => !Object.hasOwn(mapping, known));
}

function unknownKey(issue: FlatIssue, key: string, meant: string | undefined, value: unknown): Complaint {
  const ofIam = iamKey(key, at(value, [...issue.path, key]), issue.path);
  if (ofIam !== undefined) return ofIam;
  const known = knownKeys(issue);
  const where = issue.path.length === 0 ? '' : ` in \`${pathText(issue.path)}\``;
  // An existing key is also suggested, because the misspelled key is then a duplicate of it.
  const close = meant ?? nearest(key, known);
  return {
    id: 'unknown-key',
    message: `There is no key ${shown(key)}${where}${didYouMean(close)}`,
    expected: `one of ${listed(known)}`,
    hint: meant !== undefined ? `Write \`${meant}\`.` : removal(issue.path),
  };
}

/** In a statement, an unknown key may be meant as a limit, and removing a limit permits more. */
function removal(path: Path): string {
  return isStatement(path) ? 'Write what it limits under `conditions`, or as a statement under `deny`.' : 'Remove it.';
}

function wrongName(issue: FlatIssue): Complaint {
  const { expected, hint } = adviceOf(issue.issues?.[0] ?? issue);
  return { id: 'wrong-name', message: `${shown(String(issue.path.at(-1)))} cannot be a name here.`, expected, hint };
}

function missing(issue: FlatIssue): Complaint {
  const { expected } = adviceOf(issue);
  const key = String(issue.path.at(-1));
  const where = issue.path.length < 2 ? '' : ` in \`${pathText(issue.path.slice(0, -1))}\``;
  return { id: 'missing-key', message: `The key \`${key}\` is missing${where}.`, expected, hint: `Add \`${key}\`.` };
}

function wrong(issue: FlatIssue, written: unknown): Complaint {
  const { expected, hint, predicate } = adviceOf(issue);
  const name = issue.path.length === 0 ? 'This document' : `\`${pathText(issue.path)}\``;
  if (issue.params?.repeated === true) {
    return { id: 'repeated-item', message: `${name} repeats ${shown(written)}.`, expected, hint };
  }
  if (predicate !== undefined) return { id: 'wrong-value', message: `${name} ${predicate}.`, expected, hint };
  if (written instanceof OddNumber) {
    return {
      id: 'ambiguous-number',
      message: `${name} is \`${written.written}\`, which YAML reads as the number ${written.read}.`,
      expected,
      hint: hint.includes('quotes')
        ? hint
        : 'If the value is text, put it in quotes; if it is a number, write it in plain decimal digits.',
    };
  }
  if (isEmpty(written)) return { id: 'wrong-type', message: `${name} is empty.`, expected, hint };
  if (typeof written === 'object') {
    const type = Array.isArray(written) ? 'a list' : 'a mapping';
    return { id: 'wrong-type', message: `${name} is ${type}.`, expected, hint };
  }
  const isOfType = issue.code !== 'invalid_type' && !(issue.code === 'invalid_union' && issue.note === undefined);
  if (!isOfType) {
    return { id: 'wrong-type', message: `${name} is ${typeName(written)} ${shown(written)}.`, expected, hint };
  }
  const words = (issue.values ?? issue.options ?? []).filter((word) => typeof word === 'string');
  const meant = typeof written === 'string' ? nearest(written, words) : undefined;
  return {
    id: 'wrong-value',
    message: `${name} is ${shown(written)}${didYouMean(meant)}`,
    expected,
    hint: meant === undefined ? hint : `Write \`${meant}\`.`,
  };
}

function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}

function typeName(value: unknown): string {
  if (typeof value === 'number') return 'the number';
  return typeof value === 'string' ? 'the text' : 'the value';
}

/** The known keys of a mapping that contains an unknown key. */
function knownKeys({ advice }: FlatIssue): readonly string[] {
  return advice?.known ?? [];
}

function adviceOf({ advice, message }: Issue): Advice {
  return advice ?? { expected: message, hint: 'Write the expected value.' };
}
