/**
 * Literals: the smallest questions that a statement asks of a request. One literal asks about one *subject*, which is
 * the action, the resource or one condition key, and the opposite of a literal is again a literal.
 *
 * A condition key may be absent, or carry one value or several. So a literal says what holds where the key is absent,
 * and whether some value or every value must lie in a set.
 */
import { foldAscii } from '../glob';
import { toPattern } from './pattern';
import { complement, type Ranges, rangesKey } from './ranges';
import { type TextSet, textSet } from './search';

/** A set of values, as one family of operators sees them. */
export type ValueSet =
  | {
      readonly theory: 'text';
      readonly inside: boolean;
      readonly texts: TextSet;
      /** The texts that the operator can read. Those that it cannot are in the set if it is `inside`, else outside. */
      readonly readable?: TextSet;
    }
  | { readonly theory: RangeTheory; readonly ranges: Ranges };

/** How the text of a value is read as a point on a line. */
export type RangeTheory = 'number' | 'date' | 'address';

/** What is asked about: the action, the resource, or a condition key in lower case. */
export interface Subject {
  readonly kind: 'action' | 'resource' | 'key';
  /** The condition key; empty for the others. */
  readonly name: string;
}

/** What a literal says, before it has a key. */
export interface UnkeyedLiteral {
  readonly subject: Subject;
  /** Whether it holds for a request that does not carry the subject. */
  readonly absent: boolean;
  /**
   * Whether it holds for a request that carries nothing but empty texts; the set operators have a rule of their own for
   * that. Left out, the set decides as for any other value.
   */
  readonly blank?: boolean;
  /** `every`: all values that the request carries lie in the set; `some`: at least one does. */
  readonly quantifier: 'every' | 'some';
  readonly set: ValueSet;
}

export interface Literal extends UnkeyedLiteral {
  /** Equal for literals that ask the same by construction. */
  readonly key: string;
}

export const ACTION: Subject = { kind: 'action', name: '' };
export const RESOURCE: Subject = { kind: 'resource', name: '' };

export const ANY_VALUE: ValueSet = { theory: 'text', inside: false, texts: textSet([]) };
export const NO_VALUE: ValueSet = { theory: 'text', inside: true, texts: textSet([]) };

/** The empty text. */
export const BLANK: ValueSet = { theory: 'text', inside: true, texts: textSet([toPattern([])]) };

/** The subject of a condition key, in either case. */
export function keySubject(key: string): Subject {
  return { kind: 'key', name: foldAscii(key) };
}

export function subjectKey(subject: Subject): string {
  return subject.kind === 'key' ? subject.name : subject.kind;
}

export function literal(question: UnkeyedLiteral): Literal {
  const { subject, absent, blank, quantifier, set } = question;
  const blanks = blank === undefined ? '' : blank ? 'blank or ' : 'not blank and ';
  return {
    ...question,
    key: `${subjectKey(subject)} ${absent ? 'absent or ' : ''}${blanks}${quantifier} ${setKey(set)}`,
  };
}

/** That the request carries the key. */
export function presence(key: string): Literal {
  return literal({ subject: keySubject(key), absent: false, quantifier: 'every', set: ANY_VALUE });
}

/** What no request fulfils. */
export function never(key: string): Literal {
  return literal({ subject: keySubject(key), absent: false, quantifier: 'every', set: NO_VALUE });
}

/** The literal that holds exactly where this one does not. */
export function negate(positive: Literal): Literal {
  const known = NEGATIONS.get(positive);
  if (known !== undefined) return known;
  const { subject, absent, blank, quantifier, set } = positive;
  const negative = literal({
    subject,
    absent: subject.kind === 'key' && !absent,
    ...(blank === undefined ? {} : { blank: !blank }),
    quantifier: quantifier === 'every' ? 'some' : 'every',
    set: outside(set),
  });
  NEGATIONS.set(positive, negative);
  NEGATIONS.set(negative, positive);
  return negative;
}

const NEGATIONS = new WeakMap<Literal, Literal>();

/** The values that a set does not hold. */
export function outside(set: ValueSet): ValueSet {
  return set.theory === 'text' ? { ...set, inside: !set.inside } : { ...set, ranges: complement(set.ranges) };
}

function setKey(set: ValueSet): string {
  return set.theory === 'text'
    ? `${set.inside ? 'in' : 'out'} ${set.readable === undefined ? '' : 'or unreadable '}${set.texts.key}`
    : `${set.theory} ${rangesKey(set.ranges)}`;
}
