/** Chooses concrete values that satisfy the assumptions of a case. */
import { variableKey } from './condition-sets';
import { BLANK, type Literal, outside, subjectKey, type ValueSet } from './literal';
import { type Pattern, type Step, substitute, toPattern } from './pattern';
import { type TextSearch, textSet, type Word } from './search';
import { findValue } from './values';

/** Values for the variables of a case. */
export interface Assignment {
  /**
   * The value of each variable, by name. A variable that is missing here has no value, so a pattern with this variable
   * matches nothing.
   */
  readonly variables: ReadonlyMap<string, string>;
  /** The context keys and values that the request must contain for these variables. */
  readonly context: ReadonlyMap<string, string>;
}

/** Values of one context key. */
export interface Sample {
  /** `undefined` if the key is absent. */
  readonly values: string | readonly string[] | undefined;
}

/** The names of the variables in the literals. */
export function variablesOf(literals: readonly Literal[]): string[] {
  const patterns = literals.flatMap(({ set }) => (set.theory === 'text' ? set.texts.patterns : []));
  return [...new Set(patterns.flatMap(({ variables }) => variables))].sort();
}

/** The set with its variables replaced by their values. */
export function bind(set: ValueSet, assignment: Assignment): ValueSet {
  if (set.theory !== 'text' || set.texts.patterns.every(({ variables }) => variables.length === 0)) return set;
  const bound = set.texts.patterns.filter(({ steps }) => steps.every((step) => canStand(step, assignment)));
  return { ...set, texts: textSet(bound.map((pattern) => substitute(pattern, assignment.variables))) };
}

/** The simplest possible string that is in all sets; `undefined` if no such string was found. */
export function sampleText(search: TextSearch, sets: readonly ValueSet[]): string | undefined {
  const boolean = sets.some((set) => set.theory === 'text' && set.texts.patterns.some(({ key }) => BOOLEANS.has(key)));
  for (const likely of [...(boolean ? [BOOLEAN] : []), NOT_EMPTY]) {
    const word = findValue(search, [...sets, likely]);
    if (word !== undefined) return spelled(word);
  }
  const word = findValue(search, sets);
  return word === undefined ? undefined : spelled(word);
}

/**
 * Values of a context key for which all literals are true; `undefined` if none were found. If possible, the key is
 * omitted from the request, unless the key is `needed`.
 */
export function sampleKey(
  search: TextSearch,
  literals: readonly Literal[],
  single: boolean,
  needed: boolean,
): Sample | undefined {
  if (!needed && literals.every(({ absent }) => absent)) return { values: undefined };
  return sampleCarried(search, literals, single) ?? sampleBlank(search, literals);
}

function sampleCarried(search: TextSearch, literals: readonly Literal[], single: boolean): Sample | undefined {
  const every = literals.filter(({ quantifier }) => quantifier === 'every').map(({ set }) => set);
  const some = literals.filter(({ quantifier }) => quantifier === 'some').map(({ set }) => set);
  const one = sampleText(search, [...every, ...some]);
  if (one !== undefined || single) return one === undefined ? undefined : { values: one };
  const several: string[] = [];
  for (const set of some) {
    const value = sampleText(search, [...every, set]);
    if (value === undefined) return undefined;
    several.push(value);
  }
  return several.length === 0 ? undefined : { values: [...new Set(several)] };
}

/** A sample with only the empty string, for which the set operators have a special rule. */
function sampleBlank(search: TextSearch, literals: readonly Literal[]): Sample | undefined {
  if (literals.some(({ blank }) => blank === false)) return undefined;
  const asked = literals.filter(({ blank }) => blank === undefined).map(({ set }) => set);
  return findValue(search, [outside(NOT_EMPTY), ...asked]) === undefined ? undefined : { values: '' };
}

/**
 * The assignments to try for the variables:
 * - all values different, which is necessary if a text must match a pattern with a variable but not one without;
 * - all values equal;
 * - values only for the variables that have a default;
 * - values that do not fit into a part of an ARN.
 *
 * @param facts Known facts about the caller.
 */
export function assignments(
  search: TextSearch,
  literals: readonly Literal[],
  single: (key: string) => boolean,
  facts: ReadonlyMap<string, string>,
): readonly Assignment[] {
  const names = variablesOf(literals);
  if (names.length === 0) return [{ variables: new Map(), context: new Map() }];
  const keys = [...new Set(names.map((name) => variableKey(name).key))];
  const own = new Map(keys.map((key) => [key, facts.get(key) ?? ownValue(search, literals, key, single)]));
  const different = new Map(keys.map((key, index) => [key, own.get(key) ?? FRESH[index % FRESH.length] ?? key]));
  const fitted = [...fittedValues(search, literals)].map(([name, value]) => [variableKey(name).key, value] as const);
  const alike = new Map(keys.map((key) => [key, own.get(key) ?? FRESH[0] ?? key]));
  // A value with a colon never fits inside one part of an ARN.
  const parted = new Map([...different].map(([key, value]) => [key, own.get(key) ?? `${value}:x`]));
  const none = new Map<string, string>();
  return [different, new Map([...different, ...fitted]), alike, none, parted].map((context) => ({
    variables: new Map(names.flatMap((name) => assignedTo(name, context))),
    context,
  }));
}

function assignedTo(name: string, context: ReadonlyMap<string, string>): [string, string][] {
  const { key, fallback } = variableKey(name);
  const value = context.get(key) ?? fallback;
  return value === undefined ? [] : [[name, value]];
}

/** Values that a policy is unlikely to contain. */
const FRESH = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta'];

/** The patterns of a `Bool` condition. */
const BOOLEANS = new Set(['true', 'false'].map((text) => toPattern([{ kind: 'literal', text }], { fold: true }).key));
const BOOLEAN: ValueSet = {
  theory: 'text',
  inside: true,
  texts: textSet(['true', 'false'].map((text) => toPattern([{ kind: 'literal', text }]))),
};

const NOT_EMPTY: ValueSet = outside(BLANK);

/** A value that satisfies the literals on the variable's own key, if there are any. */
function ownValue(
  search: TextSearch,
  literals: readonly Literal[],
  key: string,
  single: (key: string) => boolean,
): string | undefined {
  const own = literals.filter(({ subject }) => subject.kind === 'key' && subject.name === key);
  if (own.length === 0 || variablesOf(own).length > 0) return undefined;
  const values = sampleKey(search, own, single(key), true)?.values;
  return typeof values === 'string' ? values : undefined;
}

/** Values for the variables such that their patterns match a text that is also in the other sets. */
function fittedValues(search: TextSearch, literals: readonly Literal[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const subject of new Set(literals.map((literal) => subjectKey(literal.subject)))) {
    const group = literals.filter((literal) => subjectKey(literal.subject) === subject);
    const loose = group.filter((literal) => variablesOf([literal]).length > 0);
    const text = sampleText(
      search,
      group.filter((literal) => !loose.includes(literal)).map(({ set }) => set),
    );
    if (text === undefined) continue;
    for (const { set } of loose) {
      if (set.theory !== 'text' || !set.inside) continue;
      for (const pattern of set.texts.patterns)
        for (const [name, value] of fitPattern(pattern, text)) values.set(name, value);
    }
  }
  return values;
}

/**
 * The maximum number of wildcards in a generated regular expression. With more wildcards, matching could take too long.
 */
const MOST_GAPS = 6;

function fitPattern(pattern: Pattern, text: string): [string, string][] {
  const gaps = pattern.steps.filter(({ kind }) => kind === 'any' || kind === 'variable');
  if (gaps.length > MOST_GAPS) return [];
  const names = pattern.steps.flatMap((step) => (step.kind === 'variable' ? [step.name] : []));
  const found = new RegExp(`^${pattern.steps.map(expression).join('')}$`, 's').exec(text);
  return found === null ? [] : names.map((name, index) => [name, found[index + 1] ?? '']);
}

function expression(step: Step): string {
  if (step.kind === 'char') return step.char.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  return step.kind === 'one' ? '.' : step.kind === 'any' ? '.*' : '([^/]+)';
}

/**
 * Whether a variable has a value that can be used at its position: no value inside a part of an ARN may contain a
 * colon.
 */
function canStand(step: Step, { variables }: Assignment): boolean {
  if (step.kind !== 'variable') return true;
  const value = variables.get(step.name);
  return value !== undefined && (step.colon || !value.includes(':'));
}

function spelled(word: Word): string {
  return word.map((symbol) => (typeof symbol === 'string' ? symbol : '')).join('');
}
