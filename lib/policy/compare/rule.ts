/** Prepares statements for comparison: converts each statement into conditions on action, resource and context. */
import type { ActionTest } from '../evaluate/action';
import type { PrincipalTest } from '../evaluate/principal';
import type { ResourceTest } from '../evaluate/resource';
import type { PreparedStatement } from '../evaluate/statement';
import { readPieces, type Version } from '../evaluate/template';
import { parseGlob } from '../glob';
import { resolve, variableKey } from './condition-sets';
import { readCondition } from './conditions';
import { settled } from './doubts';
import type { Condition, Knowledge, Way } from './knowledge';
import { ACTION, type Literal, literal, presence, RESOURCE } from './literal';
import { EVERYTHING, type Pattern, toPattern } from './pattern';
import { type TextSet, textSet } from './search';

/** A set of texts, or its complement. */
export interface Texts {
  readonly set: TextSet;
  readonly negated: boolean;
  /** A key that identifies the set. Sets that are constructed in the same way have the same key. */
  readonly key: string;
}

export interface Rule {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Texts;
  /** The solver's literal that is true if the request's action is in the set. */
  readonly action: Literal;
  /** The resources; absent if the policy applies to the resource to which it is attached. */
  readonly resources: Texts | undefined;
  /** The solver's literal that is true if the request's resource is in the set. */
  readonly resource: Literal | undefined;
  readonly conditions: readonly Way[];
  readonly principal: PrincipalTest | undefined;
  /** A key that identifies the principals. Rules with the same principals have the same value. */
  readonly who: string;
  /** Additional literals that are true for every request that matches the rule. */
  readonly implied: readonly Literal[];
  /** Additional literals. If these literals are true, the rule certainly matches. */
  readonly needed: readonly Literal[];
  /**
   * Keys of the literals that may be assumed to be true when another rule covers this rule; see {@link Way.granted}.
   */
  readonly granted: readonly string[];
  /** A key that identifies the rule. Rules that are constructed in the same way have the same key. */
  readonly key: string;
}

/** The rules of a statement: one rule for each way in which the statement can match. */
export function toRules(statement: PreparedStatement, version: Version, knowledge: Knowledge): readonly Rule[] {
  const { effect, principal } = statement;
  const actions = readActions(statement.action, knowledge);
  const resources =
    statement.resource === undefined ? undefined : readResources(statement.resource, version, knowledge);
  const conditions = statement.conditions.map((test) => readCondition(test, effect, version, knowledge));
  const who = principal === undefined ? '' : JSON.stringify([principal.negated, principal.listed.toSorted()]);
  const variables = resources === undefined ? [] : variablesOf(resources);
  const surely = variables.flatMap((name) => settled(name, knowledge));
  const shared = resources?.negated === false ? variables.filter((name) => inEach(resources.set, name)) : [];
  return waysOf(conditions).map((ways) => ({
    effect,
    actions,
    action: isOneOf(ACTION, actions),
    resources,
    resource: resources === undefined ? undefined : isOneOf(RESOURCE, resources),
    conditions: ways,
    principal,
    who,
    implied: shared.filter((name) => variableKey(name).fallback === undefined).map(presence),
    // AWS does not document whether a variable without a value excludes nothing, or disables the statement.
    needed: resources?.negated === true ? surely : [],
    granted:
      effect === 'Allow'
        ? [
            ...shared.flatMap((name) => settled(name, knowledge)).map((one) => one.key),
            ...ways.flatMap(({ granted }) => granted),
          ]
        : [],
    key: keyOf([effect, actions.key, resources?.key ?? '', who, ...ways.map(({ source }) => source).sort()]),
  }));
}

/**
 * The maximum number of rules for one statement. If there would be more, conditions with unclear cases are not split.
 */
const MOST_WAYS = 24;

/** One way for each condition, in all combinations. */
function waysOf(conditions: readonly Condition[]): readonly (readonly Way[])[] {
  let rows: readonly (readonly Way[])[] = [[]];
  for (const condition of conditions) {
    const { others } = condition;
    const ways =
      rows.length * (others.length + 1) <= MOST_WAYS
        ? [condition, ...others]
        : [others.length === 0 ? condition : { ...condition, required: [] }];
    rows = rows.flatMap((row) => ways.map((way) => [...row, way]));
  }
  return rows;
}

/** The solver's literal that is true if the request's action or resource is one of the texts. */
export function isOneOf(subject: typeof ACTION | typeof RESOURCE, { set, negated }: Texts): Literal {
  return literal({
    subject,
    absent: false,
    quantifier: 'every',
    set: { theory: 'text', inside: !negated, texts: set },
  });
}

/** The texts that match some patterns, or all texts that do not match any of them. */
export function texts(patterns: readonly Pattern[], negated: boolean): Texts {
  const set = textSet(patterns);
  return { set, negated, key: `${negated ? 'not ' : ''}${set.key}` };
}

function readActions({ patterns, negated }: ActionTest, knowledge: Knowledge): Texts {
  return texts(
    patterns.map((text) =>
      text === '*' || text === '*:*'
        ? EVERYTHING
        : readOnce(knowledge, `action ${text}`, () => toPattern(parseGlob(text), { fold: true })),
    ),
    negated,
  );
}

function readResources({ patterns, negated }: ResourceTest, version: Version, knowledge: Knowledge): Texts {
  const read = (text: string) =>
    toPattern(resolve(readPieces(text, { version, wildcards: true }, []), knowledge), {
      segments: true,
      runOn: knowledge.runOn,
    });
  return texts(
    patterns.map(({ whole }) =>
      whole === '*' ? EVERYTHING : readOnce(knowledge, `${version} ${whole}`, () => read(whole)),
    ),
    negated,
  );
}

function readOnce({ read: { patterns } }: Knowledge, name: string, read: () => Pattern): Pattern {
  const known = patterns.get(name);
  if (known !== undefined) return known;
  const pattern = read();
  patterns.set(name, pattern);
  return pattern;
}

/** Joins texts into one key. Each text is preceded by its length, so that different lists never have the same key. */
function keyOf(row: readonly string[]): string {
  let key = '';
  for (const text of row) key += `${text.length}:${text}`;
  return key;
}

function variablesOf({ set }: Texts): readonly string[] {
  return [...new Set(set.patterns.flatMap(({ variables }) => variables))];
}

/** Whether every pattern of the set contains the variable. */
function inEach({ patterns }: TextSet, name: string): boolean {
  return patterns.every(({ variables }) => variables.includes(name));
}
