/**
 * Finds the rules that apply to an action pattern. Rules are indexed by action name and by service, so that most rules
 * need not be examined.
 */
import { contains } from './contain';
import { EVERYTHING, type Pattern, startApart } from './pattern';
import type { Rule } from './rule';

/** Rules that apply to a pattern. */
export interface Candidates {
  /** The rules that apply, in their original order. */
  readonly list: readonly Candidate[];
  /** Whether all rules apply to every action of the pattern. */
  readonly whole: boolean;
  /** A name that identifies the set of rules: equal sets have the same name. */
  readonly name: string;
}

/** A rule that applies to the pattern. */
export interface Candidate {
  readonly rule: Rule;
  /** Whether the rule applies to every action of the pattern. */
  readonly whole: boolean;
}

export class ActionIndex {
  readonly #rules: readonly Rule[];
  /** The positions of the rules in the list of rules, by action and by service. */
  readonly #exact = new Map<string, number[]>();
  readonly #wild = new Map<string, number[]>();
  readonly #anyService: number[] = [];
  readonly #known = new Map<string, Candidates>();

  constructor(rules: readonly Rule[]) {
    this.#rules = rules;
    for (const [index, { actions }] of rules.entries()) {
      if (actions.negated) {
        this.#anyService.push(index);
        continue;
      }
      for (const pattern of actions.set.patterns) this.#add(pattern, index);
    }
  }

  /** The rules that apply to at least one action of the pattern. */
  candidates(pattern: Pattern): Candidates {
    const known = this.#known.get(pattern.key);
    if (known !== undefined) return known;
    const list: Candidate[] = [];
    let name = '';
    for (const index of this.#near(pattern)) {
      const rule = this.#rules[index];
      const whole = rule === undefined ? undefined : speaksOf(rule, pattern);
      if (rule === undefined || whole === undefined) continue;
      list.push({ rule, whole });
      name += `${index} `;
    }
    const found = { list, whole: list.every(({ whole }) => whole), name };
    this.#known.set(pattern.key, found);
    return found;
  }

  #add(pattern: Pattern, index: number): void {
    const service = serviceOf(pattern);
    if (service === undefined) this.#anyService.push(index);
    else if (isExact(pattern)) {
      append(this.#exact, pattern.key, index);
      append(this.#exact, `${service}:`, index);
    } else append(this.#wild, service, index);
  }

  #near(pattern: Pattern): readonly number[] {
    const service = serviceOf(pattern);
    if (service === undefined) return this.#rules.map((_, index) => index);
    const named = isExact(pattern) ? this.#exact.get(pattern.key) : this.#exact.get(`${service}:`);
    const near = new Set([...(named ?? []), ...(this.#wild.get(service) ?? []), ...this.#anyService]);
    return [...near].sort((a, b) => a - b);
  }
}

/**
 * How the rule applies to the actions of the pattern: to all (`true`), possibly to some (`false`), or to none
 * (`undefined`).
 */
function speaksOf({ actions }: Rule, pattern: Pattern): boolean | undefined {
  const { patterns } = actions.set;
  const holding = patterns.some((own) => contains(own, pattern));
  const meeting = holding || patterns.some((own) => mayMeet(own, pattern));
  if (actions.negated) return holding ? undefined : !meeting;
  return holding ? true : meeting ? false : undefined;
}

function mayMeet(own: Pattern, pattern: Pattern): boolean {
  if (isExact(pattern)) return contains(own, pattern);
  return isExact(own) ? contains(pattern, own) : !startApart(own, pattern);
}

/** The service of all actions of the pattern. */
function serviceOf(pattern: Pattern): string | undefined {
  const colon = pattern.prefix.indexOf(':');
  return pattern.key === EVERYTHING.key || colon < 0 ? undefined : pattern.prefix.slice(0, colon);
}

function isExact(pattern: Pattern): boolean {
  return pattern.prefix.length === pattern.steps.length;
}

function append(map: Map<string, number[]>, key: string, index: number): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [index]);
  else known.push(index);
}
