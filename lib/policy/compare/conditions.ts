/**
 * Conditions as literals.
 *
 * Where AWS does not say what an operator answers, `evaluate` takes the answer against the request. A proof cannot lean
 * on that: a statement that must be assumed to match is read generously (`required`), one that is counted on to match is
 * read strictly (`forbidden`). Where both sides write the very same condition no reading is needed: `source` is equal.
 *
 * A value that the operator cannot read (a word where a number belongs) is no case of doubt here: what AWS makes of it
 * does not depend on the policy's value, and `evaluate`'s answer stands.
 */
import type { ConditionTest } from '../evaluate/condition';
import { splitSegments } from '../evaluate/resource';
import { type Piece, readPieces, type Version } from '../evaluate/template';
import { readBoolean, readMoment, readNumber } from '../evaluate/values';
import { foldAscii } from '../glob';
import {
  ANY_VALUE,
  keySubject,
  type Literal,
  literal,
  NO_VALUE,
  outside,
  presence,
  type RangeTheory,
  type ValueSet,
} from './literal';
import { type Pattern, type Piece as PatternPiece, toPattern } from './pattern';
import { addressRange, doubtfulRange } from './points';
import { between, type Ranges, union } from './ranges';
import { textSet } from './search';

/** How a statement's condition is read: it must be assumed to hold, or it is counted on to hold. */
export type Role = 'required' | 'forbidden';

/** One operator on one key. */
export interface Condition {
  /** Equal for conditions that are written alike, up to the order of values and the case of the key. */
  readonly source: string;
  readonly required: readonly Literal[];
  readonly forbidden: readonly Literal[];
}

/** What is known of the context beforehand, and of the keys; and what was read already. */
export interface Knowledge {
  /** Values of context keys in lower case. */
  readonly given: ReadonlyMap<string, string>;
  /** Whether a request carries at most one value of a key, may carry several, or nothing is known. */
  readonly multiplicity: (key: string) => 'single' | 'several' | 'unknown';
  /** How a `*` is read that ends one of the first five parts of an ARN: whether it may run on across colons. */
  readonly runOn: boolean;
  /** Policies repeat themselves, and two that are compared even more so. */
  readonly read: {
    readonly conditions: Map<string, Condition>;
    readonly patterns: Map<string, Pattern>;
  };
}

/** Nothing beforehand. */
export function knowNothing(): Knowledge {
  return {
    given: new Map(),
    multiplicity: () => 'unknown',
    runOn: false,
    read: { conditions: new Map(), patterns: new Map() },
  };
}

/** What one condition asks. */
export function readCondition(
  test: ConditionTest,
  effect: 'Allow' | 'Deny',
  version: Version,
  knowledge: Knowledge,
): Condition {
  const values = [...new Set(test.values)].sort();
  const variables = version === '2012-10-17' && values.some((value) => value.includes('${'));
  const source = JSON.stringify([test.operator, foldAscii(test.key), values, variables]);
  const known = knowledge.read.conditions.get(effect + source);
  if (known !== undefined) return known;
  const condition = { source, ...literalsOf(test, values, effect, version, knowledge) };
  knowledge.read.conditions.set(effect + source, condition);
  return condition;
}

function literalsOf(
  test: ConditionTest,
  values: readonly string[],
  effect: 'Allow' | 'Deny',
  version: Version,
  knowledge: Knowledge,
): Pick<Condition, 'required' | 'forbidden'> {
  const form = readForm(test.operator);
  if (form.family === 'Null') return nullLiterals(test.key, values);
  const sets = readSets(form, values, version, knowledge);
  const of = (role: Role) => toLiterals(test.key, form, effect, role, sets, knowledge);
  return { required: of('required'), forbidden: of('forbidden') };
}

/** The pieces of a text of a policy, with variables of known value replaced by it. */
export function resolve(pieces: readonly Piece[], knowledge: Knowledge): PatternPiece[] {
  return pieces.map((piece): PatternPiece => {
    if (piece.kind !== 'variable') return piece;
    const key = foldAscii(piece.key);
    const value = knowledge.given.get(key);
    if (value !== undefined) return { kind: 'literal', text: value };
    return { kind: 'variable', name: piece.fallback === undefined ? key : `${key}, '${piece.fallback}'` };
  });
}

/** The context key of a variable's name, and the text that stands in where the key is absent. */
export function variableKey(name: string): { readonly key: string; readonly fallback: string | undefined } {
  const comma = name.indexOf(", '");
  return comma < 0
    ? { key: name, fallback: undefined }
    : { key: name.slice(0, comma), fallback: name.slice(comma + 3, -1) };
}

interface Form {
  readonly qualifier: string | undefined;
  /** The operator without its negation, for example `StringEquals` for `StringNotEquals`. */
  readonly family: string;
  readonly negated: boolean;
  readonly ifExists: boolean;
}

function readForm(operator: string): Form {
  const [, qualifier, bare = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(.+?)(IfExists)?$/.exec(operator) ?? [];
  return {
    qualifier,
    family: bare.replace('Not', ''),
    negated: bare.includes('Not'),
    ifExists: ifExists !== undefined,
  };
}

/** What the values of a condition match, before negation. */
interface Sets {
  /** Matched for certain. */
  readonly matched: ValueSet;
  /** Matched, or AWS does not say whether. */
  readonly doubtful: ValueSet;
  /** {@link Sets.matched} and what cannot be read. */
  readonly orUnreadable: ValueSet;
  /** {@link Sets.doubtful} and what cannot be read. */
  readonly doubtfulOrUnreadable: ValueSet;
  /** Variables without a default. */
  readonly variables: readonly string[];
}

function readSets(form: Form, values: readonly string[], version: Version, knowledge: Knowledge): Sets {
  const { family } = form;
  if (family.startsWith('String')) {
    const wildcards = family === 'StringLike';
    const fold = family === 'StringEqualsIgnoreCase';
    return ofTexts(
      values.map((value) => toPattern(resolve(readPieces(value, { version, wildcards }, []), knowledge), { fold })),
    );
  }
  if (family.startsWith('Arn')) return ofArns(values, version, knowledge);
  if (family.startsWith('Numeric'))
    return ofRanges(
      'number',
      values.map((value) => ordered(form, readNumber(value))),
    );
  if (family.startsWith('Date'))
    return ofRanges(
      'date',
      values.map((value) => ordered(form, readMoment(value))),
    );
  if (family.endsWith('IpAddress')) {
    const blocks = values.map((value) => addressRange(value) ?? NOWHERE);
    return ofRanges('address', blocks, [...blocks, ...values.map((value) => doubtfulRange(value) ?? NOWHERE)]);
  }
  if (family === 'Bool') return ofBooleans(values);
  // Bytes have several spellings each. Only conditions that are written alike are known to ask the same.
  return {
    matched: NO_VALUE,
    doubtful: ANY_VALUE,
    orUnreadable: NO_VALUE,
    doubtfulOrUnreadable: ANY_VALUE,
    variables: [],
  };
}

const NOWHERE: Ranges = { below: false, cuts: [], unreadable: false };

function inTexts(patterns: readonly Pattern[]): ValueSet {
  return { theory: 'text', inside: true, texts: textSet(patterns) };
}

function ofTexts(patterns: readonly Pattern[], doubt = false): Sets {
  const matched = inTexts(patterns);
  const doubtful = doubt ? ANY_VALUE : matched;
  const variables = patterns.flatMap((pattern) => pattern.variables);
  return { matched, doubtful, orUnreadable: matched, doubtfulOrUnreadable: doubtful, variables };
}

/** What a pattern of fewer than six parts matches AWS does not say. */
function ofArns(values: readonly string[], version: Version, knowledge: Knowledge): Sets {
  const rows = values.map((value) => readPieces(value, { version, wildcards: true }, []));
  const whole = rows.filter((pieces) => splitSegments(pieces).length >= 6);
  const possible = whole.filter((pieces) => splitSegments(pieces).slice(0, 5).every(staysWhole(knowledge)));
  const patterns = possible.map((pieces) =>
    toPattern(resolve(pieces, knowledge), { segments: true, runOn: knowledge.runOn }),
  );
  return ofTexts(patterns, whole.length < rows.length);
}

/** Whether no variable of a part is known to hold a colon, which would match nothing there. */
function staysWhole({ given }: Knowledge): (part: readonly Piece[]) => boolean {
  return (part) =>
    part.every((piece) => piece.kind !== 'variable' || given.get(foldAscii(piece.key))?.includes(':') !== true);
}

/** Spelled in any case. What is neither true nor false cannot be read. */
function ofBooleans(values: readonly string[]): Sets {
  const spelled = (boolean: boolean) => toPattern([{ kind: 'literal', text: String(boolean) }], { fold: true });
  const wanted = [true, false].filter((boolean) => values.some((value) => readBoolean(value) === boolean));
  const others = [true, false].filter((boolean) => !wanted.includes(boolean));
  const matched = inTexts(wanted.map(spelled));
  const orUnreadable = outside(inTexts(others.map(spelled)));
  return { matched, doubtful: matched, orUnreadable, doubtfulOrUnreadable: orUnreadable, variables: [] };
}

function ofRanges(theory: RangeTheory, matched: readonly Ranges[], doubtful: readonly Ranges[] = matched): Sets {
  const set = (ranges: readonly Ranges[], unreadable: boolean): ValueSet => ({
    theory,
    ranges: { ...union(ranges), unreadable },
  });
  return {
    matched: set(matched, false),
    doubtful: set(doubtful, false),
    orUnreadable: set(matched, true),
    doubtfulOrUnreadable: set(doubtful, true),
    variables: [],
  };
}

function ordered({ family }: Form, at: number | undefined): Ranges {
  if (at === undefined) return NOWHERE;
  const before = { at, after: false };
  const after = { at, after: true };
  if (family.endsWith('LessThan')) return between(undefined, before);
  if (family.endsWith('LessThanEquals')) return between(undefined, after);
  if (family.endsWith('GreaterThan')) return between(after, undefined);
  if (family.endsWith('GreaterThanEquals')) return between(before, undefined);
  return between(before, after);
}

function toLiterals(
  key: string,
  form: Form,
  effect: 'Allow' | 'Deny',
  role: Role,
  sets: Sets,
  knowledge: Knowledge,
): readonly Literal[] {
  const generous = role === 'required';
  const positive = pick(sets, generous, effect === 'Deny');
  const set = form.negated ? outside(pick(sets, !generous, effect === 'Allow')) : positive;
  const asked = literal({ subject: keySubject(key), ...quantify(key, form, effect, role, knowledge), set });
  if (!form.negated || generous) return [asked];
  // A variable without a value excepts nothing here; whether AWS then drops the statement is not stated.
  return [asked, ...sets.variables.filter((name) => variableKey(name).fallback === undefined).map(presence)];
}

function pick(sets: Sets, doubtful: boolean, unreadable: boolean): ValueSet {
  if (doubtful) return unreadable ? sets.doubtfulOrUnreadable : sets.doubtful;
  return unreadable ? sets.orUnreadable : sets.matched;
}

type Quantified = Pick<Literal, 'absent' | 'blank' | 'quantifier'>;

function quantify(key: string, form: Form, effect: 'Allow' | 'Deny', role: Role, knowledge: Knowledge): Quantified {
  const generous = role === 'required';
  if (form.qualifier === 'ForAllValues') return { absent: true, blank: true, quantifier: 'every' };
  // Of ForAnyValue with IfExists on a missing key AWS says both.
  if (form.qualifier === 'ForAnyValue') return { absent: form.ifExists && generous, blank: false, quantifier: 'some' };
  const absent = form.ifExists || form.negated;
  // Without a set operator AWS does not say whether one value of several is enough.
  if (knowledge.multiplicity(foldAscii(key)) === 'several') return { absent, quantifier: generous ? 'some' : 'every' };
  return { absent, quantifier: effect === 'Allow' ? 'every' : 'some' };
}

function nullLiterals(key: string, values: readonly string[]): Pick<Condition, 'required' | 'forbidden'> {
  const wanted = values.map(readBoolean);
  const set = wanted.includes(false) ? ANY_VALUE : NO_VALUE;
  const asked = [literal({ subject: keySubject(key), absent: wanted.includes(true), quantifier: 'every', set })];
  return { required: asked, forbidden: asked };
}
