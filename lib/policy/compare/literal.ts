/**
 * Literals: the smallest questions that a statement asks of a request. One literal asks about one *subject*, which is
 * the action, the resource or one condition key, and the opposite of a literal is again a literal.
 *
 * A condition key may be absent, or carry one value or several. So a literal says what holds where the key is absent,
 * and whether some value or every value must lie in a set.
 */
import { complement, type Ranges, rangesKey } from './ranges';
import type { TextSet } from './search';

/** A set of values, as one family of operators sees them. */
export type ValueSet =
  | { readonly theory: 'text'; readonly inside: boolean; readonly texts: TextSet }
  | { readonly theory: RangeTheory; readonly ranges: Ranges };

/** How the text of a value is read as a point on a line. */
export type RangeTheory = 'number' | 'date' | 'address';

/** What is asked about: the action, the resource, or a condition key in lower case. */
export interface Subject {
  readonly kind: 'action' | 'resource' | 'key';
  /** The condition key; empty for the others. */
  readonly name: string;
}

export interface Literal {
  readonly subject: Subject;
  /** Whether it holds for a request that does not carry the subject. */
  readonly absent: boolean;
  /** `every`: all values that the request carries lie in the set; `some`: at least one does. */
  readonly quantifier: 'every' | 'some';
  readonly set: ValueSet;
  /** Equal for literals that ask the same by construction. */
  readonly key: string;
}

export const ACTION: Subject = { kind: 'action', name: '' };
export const RESOURCE: Subject = { kind: 'resource', name: '' };

/** The subject of a condition key, in either case. */
export function keySubject(key: string): Subject {
  return { kind: 'key', name: key.toLowerCase() };
}

export function subjectKey(subject: Subject): string {
  return `${subject.kind} ${subject.name}`;
}

export function literal(parts: Omit<Literal, 'key'>): Literal {
  const { subject, absent, quantifier, set } = parts;
  return { ...parts, key: `${subjectKey(subject)} ${absent ? 'absent or ' : ''}${quantifier} ${setKey(set)}` };
}

/** The literal that holds exactly where this one does not. */
export function negate(positive: Literal): Literal {
  return literal({
    subject: positive.subject,
    absent: positive.subject.kind === 'key' && !positive.absent,
    quantifier: positive.quantifier === 'every' ? 'some' : 'every',
    set: outside(positive.set),
  });
}

/** The values that a set does not hold. */
export function outside(set: ValueSet): ValueSet {
  return set.theory === 'text' ? { ...set, inside: !set.inside } : { ...set, ranges: complement(set.ranges) };
}

function setKey(set: ValueSet): string {
  return set.theory === 'text'
    ? `${set.inside ? 'in' : 'out'} ${set.texts.key}`
    : `${set.theory} ${rangesKey(set.ranges)}`;
}
