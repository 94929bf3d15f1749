/** Statements, ready to be compared: what each asks of action, resource and context. */
import type { ActionTest } from '../evaluate/action';
import type { PrincipalTest } from '../evaluate/principal';
import type { ResourceTest } from '../evaluate/resource';
import type { PreparedStatement } from '../evaluate/statement';
import { readPieces, type Version } from '../evaluate/template';
import { parseGlob } from '../glob';
import { type Condition, type Knowledge, readCondition, resolve, variableKey } from './conditions';
import { ACTION, type Literal, literal, presence, RESOURCE } from './literal';
import { EVERYTHING, type Pattern, toPattern } from './pattern';
import { type TextSet, textSet } from './search';

/** A set of texts, or all texts but those. */
export interface Texts {
  readonly set: TextSet;
  readonly negated: boolean;
  /** Equal for sets that mean the same by construction. */
  readonly key: string;
}

export interface Rule {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Texts;
  /** That the request's action is one of them. */
  readonly action: Literal;
  /** Absent where the policy speaks of the resource it is attached to. */
  readonly resources: Texts | undefined;
  /** That the request's resource is one of them. */
  readonly resource: Literal | undefined;
  readonly conditions: readonly Condition[];
  readonly principal: PrincipalTest | undefined;
  /** Equal for rules that write the same principals. */
  readonly who: string;
  /** What holds besides for every request that the rule matches. */
  readonly implied: readonly Literal[];
  /** What must hold besides to be sure that the rule matches. */
  readonly needed: readonly Literal[];
  /** Equal for rules that say the same by construction. */
  readonly key: string;
}

/** The rule of a statement. */
export function toRule(statement: PreparedStatement, version: Version, knowledge: Knowledge): Rule {
  const { effect, principal } = statement;
  const actions = readActions(statement.action, knowledge);
  const resources =
    statement.resource === undefined ? undefined : readResources(statement.resource, version, knowledge);
  const conditions = statement.conditions.map((test) => readCondition(test, effect, version, knowledge));
  const variables = unresolved(resources);
  const who = principal === undefined ? '' : JSON.stringify([principal.negated, principal.listed.toSorted()]);
  return {
    effect,
    actions,
    action: isOneOf(ACTION, actions),
    resources,
    resource: resources === undefined ? undefined : isOneOf(RESOURCE, resources),
    conditions,
    principal,
    who,
    implied: resources?.negated === false ? commonVariables(resources.set).map(presence) : [],
    // A variable without a value excepts nothing; whether AWS then drops the statement is not stated.
    needed: resources?.negated === true ? variables.map(presence) : [],
    key: keyOf([effect, actions.key, resources?.key ?? '', who, ...conditions.map(({ source }) => source).sort()]),
  };
}

/** That the request's action or resource is one of the texts. */
export function isOneOf(subject: typeof ACTION | typeof RESOURCE, { set, negated }: Texts): Literal {
  return literal({
    subject,
    absent: false,
    quantifier: 'every',
    set: { theory: 'text', inside: !negated, texts: set },
  });
}

/** Some patterns, or all texts but theirs. */
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
    patterns.map(({ text }) =>
      text === '*' ? EVERYTHING : readOnce(knowledge, `${version} ${text}`, () => read(text)),
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

/** Texts as one; each with its length, so that different rows never look alike. */
function keyOf(row: readonly string[]): string {
  let key = '';
  for (const text of row) key += `${text.length}:${text}`;
  return key;
}

function unresolved(resources: Texts | undefined): string[] {
  const names = resources?.set.patterns.flatMap(({ variables }) => variables) ?? [];
  return [...new Set(names)].filter((name) => variableKey(name).fallback === undefined);
}

/** The variables without which no pattern of the set matches anything. */
function commonVariables(set: TextSet): string[] {
  const [first, ...rest] = set.patterns;
  return (first?.variables ?? []).filter(
    (name) => variableKey(name).fallback === undefined && rest.every(({ variables }) => variables.includes(name)),
  );
}
