/**
 * Splits the actions of a rule into groups. All actions of a group are covered by the same other rules, so one decision
 * for each group is sufficient.
 */
import type { Catalogue } from '../catalogue-types';
import { parseGlob } from '../glob';
import type { ActionIndex, Candidate } from './action-index';
import { ACTION, type Literal } from './literal';
import { EVERYTHING, type Pattern, toPattern } from './pattern';
import { isOneOf, type Rule, type Texts, texts } from './rule';

/** A group of actions to which the same rules apply. */
export interface ActionGroup {
  readonly patterns: readonly Pattern[];
  /** Literals that are true for every action of the group. */
  readonly literals: readonly Literal[];
  /** The forbidden rules that apply to the actions. */
  readonly candidates: readonly Candidate[];
}

export interface GroupOptions {
  readonly catalogue: Catalogue | undefined;
  /**
   * `ignore`: a wildcard covers only the actions in the catalogue. `count`: a wildcard also covers actions that AWS may
   * add later.
   */
  readonly newActions: 'count' | 'ignore';
}

/** Splits the actions of a rule into groups. */
export function actionGroups(rule: Rule, forbidden: ActionIndex, options: GroupOptions): readonly ActionGroup[] {
  const groups = new Map<
    string,
    { patterns: Pattern[]; besides: readonly Literal[]; candidates: readonly Candidate[] }
  >();
  for (const { pattern, besides } of cut(rule.actions, options)) {
    const { list, whole, name } = forbidden.candidates(pattern);
    const shared = whole && besides.length === 0 ? name : `${pattern.key} alone`;
    const known = groups.get(shared);
    if (known === undefined) groups.set(shared, { patterns: [pattern], besides, candidates: list });
    else known.patterns.push(pattern);
  }
  return [...groups.values()].map(({ patterns, besides, candidates }) => {
    const whole = isOneOf(ACTION, texts(patterns, false));
    return {
      patterns,
      literals: patterns.some(isWild) ? [whole, SOME_ACTION, ...besides] : [whole, ...besides],
      candidates,
    };
  });
}

/** The text of an action pattern, in lower case. */
export function textOfPattern({ steps }: Pattern): string {
  return steps.map((step) => (step.kind === 'char' ? step.char : step.kind === 'one' ? '?' : '*')).join('');
}

/** The pattern that matches exactly one action, regardless of case. */
export function exactAction(id: string): Pattern {
  return toPattern([{ kind: 'literal', text: id }], { fold: true });
}

interface Part {
  readonly pattern: Pattern;
  readonly besides: readonly Literal[];
}

function cut(actions: Texts, options: GroupOptions): readonly Part[] {
  const { patterns } = actions.set;
  if (!actions.negated && patterns.every(({ key }) => key !== EVERYTHING.key)) {
    return patterns.flatMap((pattern) => cutPattern(pattern, options).map((part) => ({ pattern: part, besides: [] })));
  }
  const { catalogue } = options;
  const narrowed = actions.negated ? [isOneOf(ACTION, actions)] : [];
  if (options.newActions === 'count' || catalogue === undefined) {
    return [{ pattern: EVERYTHING, besides: narrowed }];
  }
  const listed = catalogue.expand('*').map(({ id }) => ({ pattern: exactAction(id), besides: narrowed }));
  const services = catalogue
    .services()
    .map((prefix) => toPattern([{ kind: 'literal', text: `${prefix}:` }, { kind: 'any' }], { fold: true }));
  const elsewhere = isOneOf(ACTION, texts(services, true));
  return [...listed, { pattern: EVERYTHING, besides: [elsewhere, ...narrowed] }];
}

/**
 * Replaces a pattern with the actions that it currently matches. The catalogue must contain the pattern's service, and
 * actions that AWS may add later must be ignored.
 */
function cutPattern(pattern: Pattern, { catalogue, newActions }: GroupOptions): readonly Pattern[] {
  const service = pattern.prefix.split(':')[0] ?? '';
  if (!isWild(pattern) || newActions === 'count' || catalogue?.hasService(service) !== true) return [pattern];
  return catalogue.expand(textOfPattern(pattern)).map(({ id }) => exactAction(id));
}

function isWild({ prefix, steps }: Pattern): boolean {
  return prefix.length < steps.length;
}

/** The literal that is true if the action has a valid form: a service and a name. */
export const SOME_ACTION: Literal = isOneOf(ACTION, texts([toPattern(parseGlob('?*:?*'))], false));
