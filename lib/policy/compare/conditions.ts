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
import { type ConditionTest, hasPrefix } from '../evaluate/condition';
import type { Version } from '../evaluate/template';
import { readBoolean } from '../evaluate/values';
import { foldAscii } from '../glob';
import { type Form, readForm, readSets, type Sets } from './condition-sets';
import { blankOrList, isList, notList, settled } from './doubts';
import type { Condition, Knowledge, Way } from './knowledge';
import {
  ANY_VALUE,
  BLANK,
  keySubject,
  type Literal,
  literal,
  NO_VALUE,
  never,
  outside,
  presence,
  type ValueSet,
} from './literal';

/** How a statement's condition is read: it must be assumed to hold, or it is counted on to hold. */
export type ConditionReading = 'required' | 'forbidden';

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
  const literals = literalsOf(test, values, effect, version, knowledge);
  const others = [...(literals.others ?? []), ...nullDataset(test)];
  const condition = { source, needed: [], granted: [], ...literals, others };
  knowledge.read.conditions.set(effect + source, condition);
  return condition;
}

/**
 * `ForAllValues` holds of nothing but empty texts, whatever it asks: they are "a null dataset". A reading in which they
 * are values like others is a way of its own, so that the one is held against the one and the other against the other.
 */
function nullDataset({ operator, key }: ConditionTest): readonly Way[] {
  if (!operator.startsWith('ForAllValues:') || !hasPrefix(key)) return [];
  const blank = literal({ subject: keySubject(key), absent: false, quantifier: 'every', set: BLANK });
  const source = `null dataset ${foldAscii(key)}`;
  return [{ source, required: [blank], forbidden: [never(key)], needed: [], granted: [] }];
}

type Literals = Pick<Condition, 'required' | 'forbidden'> & Partial<Pick<Condition, 'others' | 'needed' | 'granted'>>;

function literalsOf(
  test: ConditionTest,
  values: readonly string[],
  effect: 'Allow' | 'Deny',
  version: Version,
  knowledge: Knowledge,
): Literals {
  const { key } = test;
  const form = readForm(test.operator);
  if (!hasPrefix(key)) return { required: [], forbidden: [never(key)] };
  if (form.family === 'Null') return nullLiterals(key, values);
  const of = (sets: Sets): Literals => ({
    required: toLiterals(key, form, effect, 'required', sets, knowledge),
    forbidden: toLiterals(key, form, effect, 'forbidden', sets, knowledge),
    needed: sets.variables.flatMap((name) => settled(name, knowledge)),
  });
  const sets = readSets(form, values, version, knowledge);
  if (effect === 'Deny') return { ...of(sets), others: whereInDoubt(key, form, values, sets, knowledge) };
  if (form.negated || sets.variables.length === 0) return of(sets);
  const ofAll = (all: Sets): Literals => ({
    ...of(all),
    granted: all.shared.flatMap((name) => settled(name, knowledge)).map((one) => one.key),
  });
  const plain = values.filter((value) => !value.includes('${'));
  if (plain.length === 0) return ofAll(sets);
  // A value without a variable is matched whatever the variables of the others stand for.
  const others = [readCondition({ ...test, values: plain }, effect, version, knowledge)];
  if (form.qualifier === 'ForAllValues') return { ...of(sets), others };
  const varying = readSets(
    form,
    values.filter((value) => !plain.includes(value)),
    version,
    knowledge,
  );
  return { ...ofAll(varying), others };
}

function toLiterals(
  key: string,
  form: Form,
  effect: 'Allow' | 'Deny',
  role: ConditionReading,
  sets: Sets,
  knowledge: Knowledge,
): readonly Literal[] {
  const generous = role === 'required';
  const multiplicity = form.qualifier === undefined ? knowledge.multiplicity(foldAscii(key)) : 'single';
  const positive = pick(sets, generous, effect === 'Deny');
  const set = form.negated ? outside(pick(sets, !generous, effect === 'Allow')) : positive;
  const quantified = quantify(form, effect, role, multiplicity);
  // Without a set operator an allow does not match a multivalued key, so it is not counted on to.
  const surely = generous || effect === 'Deny' || multiplicity !== 'several';
  const asked = literal({ subject: keySubject(key), ...quantified, set: surely ? set : NO_VALUE });
  const single = effect === 'Allow' && multiplicity === 'unknown' ? [notList(key)] : [];
  return [asked, ...single];
}

/**
 * What makes a deny match besides: a list under an operator that is not for one, and a variable of which it is in doubt
 * what it stands for. Where both sides write it alike, it holds alike; else it is not counted on.
 */
function whereInDoubt(
  key: string,
  form: Form,
  values: readonly string[],
  sets: Sets,
  knowledge: Knowledge,
): readonly Way[] {
  const { qualifier, family, negated } = form;
  const name = foldAscii(key);
  const multiplicity = qualifier === undefined ? knowledge.multiplicity(name) : 'single';
  const ways: Way[] = [];
  if (multiplicity === 'unknown') {
    ways.push({ source: `list ${name}`, required: [isList(key)], forbidden: [isList(key)], needed: [], granted: [] });
  } else if (multiplicity === 'several') {
    ways.push({ source: `list ${name}`, required: [presence(key)], forbidden: [never(key)], needed: [], granted: [] });
  }
  const whatever = negated || family.startsWith('Arn') ? [form, values] : qualifier;
  for (const variable of new Set(sets.variables)) {
    for (const doubt of blankOrList(variable, knowledge)) {
      const source = JSON.stringify(['doubt', variable, doubt.key, name, whatever]);
      ways.push({ source, required: [presence(key), doubt], forbidden: [never(key)], needed: [], granted: [] });
    }
  }
  return ways;
}

function pick(sets: Sets, doubtful: boolean, unreadable: boolean): ValueSet {
  if (doubtful) return unreadable ? sets.doubtfulOrUnreadable : sets.doubtful;
  return unreadable ? sets.orUnreadable : sets.matched;
}

type Quantified = Pick<Literal, 'absent' | 'blank' | 'quantifier'>;

function quantify(
  form: Form,
  effect: 'Allow' | 'Deny',
  role: ConditionReading,
  multiplicity: ReturnType<Knowledge['multiplicity']>,
): Quantified {
  const generous = role === 'required';
  if (form.qualifier === 'ForAllValues') return { absent: true, quantifier: 'every' };
  // Of ForAnyValue with IfExists on a missing key AWS says both.
  if (form.qualifier === 'ForAnyValue') return { absent: form.ifExists && generous, blank: false, quantifier: 'some' };
  const absent = form.ifExists || form.negated;
  // Without a set operator AWS does not say whether one value of several is enough.
  if (multiplicity === 'several') return { absent, quantifier: generous ? 'some' : 'every' };
  return { absent, quantifier: effect === 'Allow' ? 'every' : 'some' };
}

/** Whether an empty text is a value for `Null` is in doubt. */
function nullLiterals(key: string, values: readonly string[]): Literals {
  const wanted = values.map(readBoolean);
  const [absent, present] = [wanted.includes(true), wanted.includes(false)];
  const of = (blank: boolean) => [
    literal({ subject: keySubject(key), absent, blank, quantifier: 'every', set: present ? ANY_VALUE : NO_VALUE }),
  ];
  return { required: of(true), forbidden: of(absent && present) };
}
