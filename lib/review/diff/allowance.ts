/**
 * The maximum permissions on one side of a plan, determined statement by statement. Conditions of allow statements
 * count as true, and conditions of deny statements count as false. The result always includes all permissions that IAM
 * grants because of the identity's own policies.
 */
import {
  compileActionPattern,
  compileGlob,
  type GlobMatcher,
  many,
  type PolicyDocument,
  type Statement,
} from '@leasehold/policy';
import { statementsOf } from './equal-values';
import type { Side } from './side';

/** A statement that allows an action. */
export interface MatchingAllow {
  /** Resource patterns as written; `*` for a statement with `NotResource`. */
  readonly resources: readonly string[];
  readonly statement: Statement;
  readonly conditional: boolean;
}

/** The most that one side may do. */
export class Allowance {
  readonly #identity: readonly Rule[];
  readonly #boundary: readonly Rule[] | undefined;

  constructor(side: Pick<Side, 'documents' | 'boundary'>) {
    this.#identity = side.documents.flatMap(rulesOf);
    this.#boundary = side.boundary && rulesOf(side.boundary);
  }

  /**
   * The statements that allow an action, on `resource` if a resource is given. The
   * action must have no wildcards, and the resource must be an ARN without wildcards.
   */
  grants(action: string, resource?: string): readonly MatchingAllow[] {
    const name = action.toLowerCase();
    if (this.denied(name, resource)) return [];
    if (this.#boundary !== undefined && !this.#boundary.some((rule) => allows(rule, name, resource))) return [];
    return this.#identity.flatMap(({ grant, ...rule }) => (allows({ ...rule, grant }, name, resource) ? [grant] : []));
  }

  /** The allow statements that deny statements do not cancel entirely, each with its action patterns. */
  allowing(): readonly {
    readonly grant: MatchingAllow;
    readonly patterns: readonly string[];
    readonly negated: boolean;
  }[] {
    return this.#identity.flatMap(({ effect, grant, patterns, negated }) =>
      effect === 'Allow' ? [{ grant, patterns, negated }] : [],
    );
  }

  /** Whether the action occurs in any allow statement. */
  mentions(action: string): boolean {
    const name = action.toLowerCase();
    return this.#identity.some(({ effect, matches }) => effect === 'Allow' && matches(name));
  }

  /** The part of an action pattern that remains after subtracting unconditional deny statements on every resource. */
  left(pattern: string): readonly string[] {
    let left: readonly string[] = [pattern];
    for (const { effect, grant, patterns, negated, everywhere } of this.#identity) {
      if (effect !== 'Deny' || grant.conditional || !everywhere) continue;
      left = left.flatMap((each) => {
        if (!negated) return patterns.some((denied) => covers(denied, each)) ? [] : [each];
        // A deny statement for all but some actions leaves these actions.
        return isEverything(each) || each.startsWith(EXCLUSION) ? patterns : [each];
      });
    }
    return [...new Set(left)];
  }

  /** `*` or `everything but …` if an unconditional allow statement grants it on every resource, else `undefined`. */
  everything(): string | undefined {
    const given = this.#identity.some(
      ({ effect, grant, patterns, negated }) =>
        effect === 'Allow' &&
        !grant.conditional &&
        !negated &&
        patterns.some(isEverything) &&
        grant.resources.includes('*'),
    );
    if (!given || this.left('*')[0] !== '*') return undefined;
    const denied = this.#identity.flatMap(({ effect, grant, patterns, everywhere }) =>
      effect === 'Deny' && !grant.conditional && everywhere ? patterns : [],
    );
    return denied.length === 0 ? '*' : `${EXCLUSION}${[...new Set(denied)].join(', ')}`;
  }

  /** Whether an unconditional deny statement applies to the action on the resource, or on every resource. */
  denied(action: string, resource?: string): boolean {
    const name = action.toLowerCase();
    const denies = ({ effect, grant, matches, reaches, everywhere }: Rule) =>
      effect === 'Deny' &&
      !grant.conditional &&
      matches(name) &&
      (resource === undefined ? everywhere : reaches(resource) === 'yes');
    return this.#identity.some(denies) || this.#boundary?.some(denies) === true;
  }
}

/** Prefix for "all actions except these". */
export const EXCLUSION = 'everything but ';

/** Whether a pattern matches every action. */
export function isEverything(pattern: string): boolean {
  return /^\*+(:\*+)?$/.test(pattern);
}

/** Whether a pattern covers everything that another pattern matches. Decided from the texts alone. */
function covers(pattern: string, other: string): boolean {
  if (isEverything(pattern)) return true;
  if (other.startsWith(EXCLUSION) || pattern.includes('?')) return pattern.toLowerCase() === other.toLowerCase();
  return compileActionPattern(pattern)(other);
}

const allowances = new WeakMap<Side, Allowance>();

/** The allowance of a side, computed once per side. */
export function allowanceOf(side: Side): Allowance {
  const known = allowances.get(side);
  if (known !== undefined) return known;
  const allowance = new Allowance(side);
  allowances.set(side, allowance);
  return allowance;
}

interface Rule {
  readonly effect: 'Allow' | 'Deny';
  readonly grant: MatchingAllow;
  readonly patterns: readonly string[];
  readonly negated: boolean;
  readonly matches: (action: string) => boolean;
  /** Whether the statement applies to the resource; `maybe` if a variable decides. */
  readonly reaches: (resource: string) => 'yes' | 'no' | 'maybe';
  /** Whether the statement applies to every resource. */
  readonly everywhere: boolean;
}

function allows({ effect, matches, reaches }: Rule, name: string, resource: string | undefined): boolean {
  return effect === 'Allow' && matches(name) && (resource === undefined || reaches(resource) !== 'no');
}

const ruleMemory = new WeakMap<PolicyDocument, readonly Rule[]>();

function rulesOf(document: PolicyDocument): readonly Rule[] {
  const known = ruleMemory.get(document);
  if (known !== undefined) return known;
  const rules = statementsOf(document).map(toRule);
  ruleMemory.set(document, rules);
  return rules;
}

function toRule(statement: Statement): Rule {
  const patterns = many(statement.Action ?? statement.NotAction);
  const negated = statement.Action === undefined;
  const matchers = patterns.map(actionMatcher);
  const resources = many(statement.Resource ?? statement.NotResource);
  const excluded = statement.Resource === undefined && statement.NotResource !== undefined;
  return {
    effect: statement.Effect,
    patterns,
    negated,
    matches: (action) => matchers.some((matches) => matches(action)) !== negated,
    reaches: reach(resources, excluded),
    everywhere: !excluded && (resources.length === 0 || resources.includes('*')),
    grant: {
      resources: excluded ? ['*'] : [...resources].sort(),
      statement,
      conditional: statement.Condition !== undefined && Object.keys(statement.Condition).length > 0,
    },
  };
}

const actionMatchers = new Map<string, GlobMatcher>();

function actionMatcher(pattern: string): GlobMatcher {
  const known = actionMatchers.get(pattern);
  if (known !== undefined) return known;
  const matcher = pattern === '*' ? () => true : compileActionPattern(pattern);
  if (actionMatchers.size < MOST_REMEMBERED) actionMatchers.set(pattern, matcher);
  return matcher;
}

const MOST_REMEMBERED = 50_000;

function reach(resources: readonly string[], excluded: boolean): Rule['reaches'] {
  let matchers: readonly (readonly [GlobMatcher, boolean])[] | undefined;
  return (resource) => {
    // If the question is whether something might match, a variable counts as any value. If the question is whether
    // something certainly matches, a variable counts as no value.
    matchers ??= resources.map(
      (text) => [compileGlob(text.replace(/\$\{[^}]*\}/g, '*')), text.includes('${')] as const,
    );
    const hits = matchers.filter(([matches]) => matches(resource));
    const answer = hits.length === 0 ? 'no' : hits.some(([, doubtful]) => !doubtful) ? 'yes' : 'maybe';
    if (answer === 'maybe' || !excluded) return answer;
    return answer === 'yes' ? 'no' : 'yes';
  };
}
