/** Converts the values of a condition into sets of texts or of points on a line. */
import { splitSegments } from '../evaluate/resource';
import { type Piece, readPieces, type Version } from '../evaluate/template';
import { readBoolean, readMoment, readNumber } from '../evaluate/values';
import { foldAscii, parseGlob } from '../glob';
import type { OperatorForm } from '../operator-form';
import type { Knowledge } from './knowledge';
import { ANY_VALUE, NO_VALUE, outside, type RangeTheory, type ValueSet } from './literal';
import { type Pattern, type Piece as PatternPiece, toPattern } from './pattern';
import { addressRange, doubtfulRange } from './points';
import { between, type Ranges, union } from './ranges';
import { textSet } from './search';

/** The values that a condition matches, before negation. */
export interface Sets {
  /** Values that certainly match. */
  readonly matched: ValueSet;
  /** Values that match, and values for which AWS does not document whether they match. */
  readonly doubtful: ValueSet;
  /** {@link Sets.matched}, and values that the operator cannot parse. */
  readonly orUnreadable: ValueSet;
  /** {@link Sets.doubtful}, and values that the operator cannot parse. */
  readonly doubtfulOrUnreadable: ValueSet;
  /** Names of the variables in the values, as written in the patterns. */
  readonly variables: readonly string[];
  /** The variables that occur in every value. */
  readonly shared: readonly string[];
}

/** Converts an operator's values into sets. */
export function readSets(form: OperatorForm, values: readonly string[], version: Version, knowledge: Knowledge): Sets {
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
  // The same bytes can have several Base64 texts. Only conditions with the same text are treated as equal.
  return {
    matched: NO_VALUE,
    doubtful: ANY_VALUE,
    orUnreadable: NO_VALUE,
    doubtfulOrUnreadable: ANY_VALUE,
    variables: [],
    shared: [],
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
  const shared = variables.filter((name) => patterns.every((pattern) => pattern.variables.includes(name)));
  return { matched, doubtful, orUnreadable: matched, doubtfulOrUnreadable: doubtful, variables, shared };
}

/** Converts ARN patterns. AWS does not document what a pattern with fewer than six parts matches. */
function ofArns(values: readonly string[], version: Version, knowledge: Knowledge): Sets {
  const rows = values.map((value) => readPieces(value, { version, wildcards: true }, []));
  const whole = rows.filter((pieces) => splitSegments(pieces).length >= 6);
  const possible = whole.filter((pieces) => splitSegments(pieces).slice(0, 5).every(staysWhole(knowledge)));
  const patterns = possible.map((pieces) =>
    toPattern(resolve(pieces, knowledge), { segments: true, runOn: knowledge.runOn }),
  );
  const sets = ofTexts(patterns, whole.length < rows.length);
  if (whole.length < rows.length) return sets;
  const orUnreadable: ValueSet = { theory: 'text', inside: true, texts: textSet(patterns), readable: ARNS };
  return { ...sets, orUnreadable, doubtfulOrUnreadable: orUnreadable };
}

/** The texts that an ARN operator can parse. */
const ARNS = textSet([toPattern(parseGlob('arn:*:*:*:*:*'), { segments: true })]);

/**
 * Whether no variable in a part of an ARN has a known value with a colon. Such a value would match nothing in this
 * part.
 */
function staysWhole({ given }: Knowledge): (part: readonly Piece[]) => boolean {
  return (part) =>
    part.every((piece) => piece.kind !== 'variable' || given.get(foldAscii(piece.key))?.includes(':') !== true);
}

/** Converts booleans, which may be in upper or lower case. Other texts cannot be parsed. */
function ofBooleans(values: readonly string[]): Sets {
  const spelled = (boolean: boolean) => toPattern([{ kind: 'literal', text: String(boolean) }], { fold: true });
  const wanted = [true, false].filter((boolean) => values.some((value) => readBoolean(value) === boolean));
  const others = [true, false].filter((boolean) => !wanted.includes(boolean));
  const matched = inTexts(wanted.map(spelled));
  const orUnreadable = outside(inTexts(others.map(spelled)));
  return { matched, doubtful: matched, orUnreadable, doubtfulOrUnreadable: orUnreadable, variables: [], shared: [] };
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
    shared: [],
  };
}

function ordered({ family }: OperatorForm, at: number | undefined): Ranges {
  if (at === undefined) return NOWHERE;
  const before = { at, after: false };
  const after = { at, after: true };
  if (family.endsWith('LessThan')) return between(undefined, before);
  if (family.endsWith('LessThanEquals')) return between(undefined, after);
  if (family.endsWith('GreaterThan')) return between(after, undefined);
  if (family.endsWith('GreaterThanEquals')) return between(before, undefined);
  return between(before, after);
}

/** Replaces the variables with known values in the pieces of a policy's text. */
export function resolve(pieces: readonly Piece[], knowledge: Knowledge): PatternPiece[] {
  return pieces.map((piece): PatternPiece => {
    if (piece.kind !== 'variable') return piece;
    const key = foldAscii(piece.key);
    const value = knowledge.given.get(key);
    // The effect of an empty value is unclear, so a variable with an empty value is not replaced.
    if (value !== undefined && value !== '') return { kind: 'literal', text: value };
    return { kind: 'variable', name: piece.fallback === undefined ? key : `${key}, '${piece.fallback}'` };
  });
}

/** The context key in a variable's name, and the default for an absent key. */
export function variableKey(name: string): { readonly key: string; readonly fallback: string | undefined } {
  const comma = name.indexOf(", '");
  return comma < 0
    ? { key: name, fallback: undefined }
    : { key: name.slice(0, comma), fallback: name.slice(comma + 3, -1) };
}
