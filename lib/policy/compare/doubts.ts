/**
 * Handles unclear facts about a context key: whether a key has a list of values, and the meaning of a policy variable
 * with an empty value or a list. `evaluate` decides such cases against the request.
 */

import { variableKey } from './condition-sets';
import type { Knowledge } from './knowledge';
import { BLANK, keySubject, type Literal, literal, NO_VALUE, never, outside, presence } from './literal';

/** Suffix of the subjects for the fact that a request contains a list for a context key. */
const LIST = '\u0000list';

/** The literal that is true if the request contains a list for the key. */
export function isList(key: string): Literal {
  return presence(`${key}${LIST}`);
}

/** The literal that is true if the request does not contain a list for the key. */
export function notList(key: string): Literal {
  return literal({ subject: keySubject(`${key}${LIST}`), absent: true, quantifier: 'every', set: NO_VALUE });
}

/** The context key of a subject that {@link isList} creates; `undefined` for other subjects. */
export function keyOfList(subject: string): string | undefined {
  return subject.endsWith(LIST) ? subject.slice(0, -LIST.length) : undefined;
}

/** The conditions under which the value of a variable is certainly a single text. */
export function settled(name: string, knowledge: Knowledge): readonly Literal[] {
  const { key, fallback } = variableKey(name);
  const multiplicity = knowledge.multiplicity(key);
  if (multiplicity === 'several') return [never(key)];
  const carried = literal({
    subject: keySubject(key),
    absent: fallback !== undefined,
    quantifier: 'every',
    set: outside(BLANK),
  });
  return multiplicity === 'unknown' ? [carried, notList(key)] : [carried];
}

/** The cases in which the value of a variable is unclear. */
export function blankOrList(name: string, knowledge: Knowledge): readonly Literal[] {
  const { key } = variableKey(name);
  const multiplicity = knowledge.multiplicity(key);
  if (multiplicity === 'several') return [presence(key)];
  const blank = literal({ subject: keySubject(key), absent: false, quantifier: 'every', set: BLANK });
  return multiplicity === 'unknown' ? [blank, isList(key)] : [blank];
}
