/**
 * Doubt about a context key: whether it carries a list, and what a policy variable stands for whose value is empty or a
 * list. `evaluate` takes such doubt against the request.
 */

import { variableKey } from './condition-sets';
import type { Knowledge } from './knowledge';
import { BLANK, keySubject, type Literal, literal, NO_VALUE, never, outside, presence } from './literal';

/** What marks, as the key of a subject, that a request carries a list for a key of which that is not known beforehand. */
const LIST = '\u0000list';

/** That the request carries the key as a list. */
export function isList(key: string): Literal {
  return presence(`${key}${LIST}`);
}

/** That the request does not carry the key as a list. */
export function notList(key: string): Literal {
  return literal({ subject: keySubject(`${key}${LIST}`), absent: true, quantifier: 'every', set: NO_VALUE });
}

/** The key of which a subject says whether it carries a list; `undefined` for other subjects. */
export function keyOfList(subject: string): string | undefined {
  return subject.endsWith(LIST) ? subject.slice(0, -LIST.length) : undefined;
}

/** What must hold to be sure that a variable stands for one text. */
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

/** The ways in which it is in doubt what a variable stands for. */
export function blankOrList(name: string, knowledge: Knowledge): readonly Literal[] {
  const { key } = variableKey(name);
  const multiplicity = knowledge.multiplicity(key);
  if (multiplicity === 'several') return [presence(key)];
  const blank = literal({ subject: keySubject(key), absent: false, quantifier: 'every', set: BLANK });
  return multiplicity === 'unknown' ? [blank, isList(key)] : [blank];
}
