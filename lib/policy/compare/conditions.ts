/**
 * Converts conditions into literals.
 *
 * If AWS does not document the result of an operator, `evaluate` decides against the request. A proof cannot rely on
 * this decision. A statement that must be assumed to match is therefore interpreted broadly (`required`). A statement
 * that the proof relies on to match is interpreted narrowly (`forbidden`). If both sides contain the same condition, no
 * interpretation is needed: the `source` of both conditions is equal.
 *
 * A request value that the operator cannot parse (for example, a word for a numeric operator) is not unclear in this
 * sense: AWS's result does not depend on the policy's value, and the proof uses the result of `evaluate`.
 */
import { type ConditionTest, hasPrefix } from '../evaluate/condition';
import type { Version } from '../evaluate/template';
import { readBoolean } from '../evaluate/values';
import { foldAscii } from '../glob';
import { type OperatorForm, readOperatorForm } from '../operator-form';
import { readSets, type Sets } from './condition-sets';
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

/**
 * How a statement's condition is interpreted: `required` if the proof must assume that the condition matches,
 * `forbidden` if the proof relies on a match.
 */
export type ConditionReading = 'required' | 'forbidden';

/** Converts one condition into literals. */
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
 * `ForAllValues` always matches if all values of a key are empty texts ("a null dataset"). Whether empty texts also
 * count as normal values is unclear. Each interpretation is a separate {@link Way}, which is compared only with the
 * same interpretation on the other side.
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
  const form = readOperatorForm(test.operator);
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
  // A value without a variable matches regardless of the variables in the other values.
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
  form: OperatorForm,
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
  // Without a set operator, an Allow statement does not match a multivalued key, and a Deny statement may not match.
  // The proof relies on neither.
  const surely = generous || multiplicity !== 'several';
  const asked = literal({ subject: keySubject(key), ...quantified, set: surely ? set : NO_VALUE });
  const single = effect === 'Allow' && multiplicity === 'unknown' ? [notList(key)] : [];
  return [asked, ...single];
}

/**
 * Additional cases in which a Deny statement matches: a list for an operator that expects a single value, and a
 * variable with an unclear value. If both sides contain the same condition, these cases are equal on both sides.
 * Otherwise the proof does not rely on these cases.
 */
function whereInDoubt(
  key: string,
  form: OperatorForm,
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
  form: OperatorForm,
  effect: 'Allow' | 'Deny',
  role: ConditionReading,
  multiplicity: ReturnType<Knowledge['multiplicity']>,
): Quantified {
  const generous = role === 'required';
  if (form.qualifier === 'ForAllValues') return { absent: true, quantifier: 'every' };
  // AWS's pages contradict each other on ForAnyValue with IfExists for a missing key.
  if (form.qualifier === 'ForAnyValue') return { absent: form.ifExists && generous, blank: false, quantifier: 'some' };
  const absent = form.ifExists || form.negated;
  // AWS does not document whether, without a set operator, one matching value of several is sufficient.
  if (multiplicity === 'several') return { absent, quantifier: generous ? 'some' : 'every' };
  return { absent, quantifier: effect === 'Allow' ? 'every' : 'some' };
}

/** Converts `Null`. The proof treats it as unclear whether an empty text counts as a value. */
function nullLiterals(key: string, values: readonly string[]): Literals {
  const wanted = values.map(readBoolean);
  const [absent, present] = [wanted.includes(true), wanted.includes(false)];
  const of = (blank: boolean) => [
    literal({ subject: keySubject(key), absent, blank, quantifier: 'every', set: present ? ANY_VALUE : NO_VALUE }),
  ];
  return { required: of(true), forbidden: of(absent && present) };
}
