/**
 * Literals: the smallest conditions of a statement on a request. Each literal is about one *subject*: the action, the
 * resource or one condition key. The negation of a literal is a literal too.
 *
 * A condition key may be absent, or have one value or several. A literal therefore defines whether it is true if the
 * key is absent, and whether some value or every value must be in a set.
 */
import { foldAscii } from '../glob';
import { toPattern } from './pattern';
import { complement, type Ranges, rangesKey } from './ranges';
import { type TextSet, textSet } from './search';

/** A set of values, as interpreted by one family of operators. */
export type ValueSet =
  | {
      readonly theory: 'text';
      readonly inside: boolean;
      readonly texts: TextSet;
      /**
       * The texts that the operator can parse. Any other text belongs to the set only if the set is marked `inside`.
       */
      readonly readable?: TextSet;
    }
  | { readonly theory: RangeTheory; readonly ranges: Ranges };

/** How the text of a value is converted into a point on a line. */
export type RangeTheory = 'number' | 'date' | 'address';

/** The subject of a literal: the action, the resource, or a condition key in lower case. */
export interface Subject {
  readonly kind: 'action' | 'resource' | 'key';
  /** The condition key; empty for an action or resource. */
  readonly name: string;
}

/** The content of a literal, without its key. */
export interface UnkeyedLiteral {
  readonly subject: Subject;
  /** Whether the literal is true for a request that does not contain the subject. */
  readonly absent: boolean;
  /**
   * Whether the literal is true for a request in which all values are empty strings; set operators have a special rule
   * for this case. If this property is absent, an empty string is treated like any other value.
   */
  readonly blank?: boolean;
  /** `every`: all values in the request are in the set. `some`: at least one value is in the set. */
  readonly quantifier: 'every' | 'some';
  readonly set: ValueSet;
}

export interface Literal extends UnkeyedLiteral {
  /** A key that identifies the literal. Literals constructed in the same way have the same key. */
  readonly key: string;
}

export const ACTION: Subject = { kind: 'action', name: '' };
export const RESOURCE: Subject = { kind: 'resource', name: '' };

export const ANY_VALUE: ValueSet = { theory: 'text', inside: false, texts: textSet([]) };
export const NO_VALUE: ValueSet = { theory: 'text', inside: true, texts: textSet([]) };

/** The set that contains only the empty string. */
export const BLANK: ValueSet = { theory: 'text', inside: true, texts: textSet([toPattern([])]) };

/** The subject of a condition key. The key may be in upper or lower case. */
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

/** The literal that is true if the request contains the key. */
export function presence(key: string): Literal {
  return literal({ subject: keySubject(key), absent: false, quantifier: 'every', set: ANY_VALUE });
}

/** A literal that no request satisfies. */
export function never(key: string): Literal {
  return literal({ subject: keySubject(key), absent: false, quantifier: 'every', set: NO_VALUE });
}

/** The literal that is true if and only if the given literal is false. */
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

/** The values that a set does not contain. */
export function outside(set: ValueSet): ValueSet {
  return set.theory === 'text' ? { ...set, inside: !set.inside } : { ...set, ranges: complement(set.ranges) };
}

function setKey(set: ValueSet): string {
  return set.theory === 'text'
    ? `${set.inside ? 'in' : 'out'} ${set.readable === undefined ? '' : 'or unreadable '}${set.texts.key}`
    : `${set.theory} ${rangesKey(set.ranges)}`;
}
