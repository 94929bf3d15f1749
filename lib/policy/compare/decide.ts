/**
 * Decides whether one set of rules permits everything that another set permits.
 *
 * A request is permitted if every layer allows it and no rule denies it. A request that only `after` permits therefore
 * has two properties. In `after`, a rule of each layer allows the request and no deny rule matches it. In `before`,
 * some layer does not allow the request, or some deny rule matches it. Each case is one goal: a set of rules that must
 * match, and a set of rules that must not match.
 */
import { append } from '@leasehold/contract/any-length';
import { parseGlob } from '../glob';
import { type ActionGroup, actionGroups } from './action-groups';
import { ActionIndex } from './action-index';
import type { Budget } from './budget';
import type { CallerClass } from './callers';
import { contains } from './contain';
import { type Literal, negate, RESOURCE } from './literal';
import { EVERYTHING, startApart, toPattern } from './pattern';
import { isOneOf, type Rule, type Texts, texts } from './rule';
import type { Assumptions, Clause, Solver } from './solver';

/** A set of rules; at least one of them must match. */
export interface Layer {
  /** The kind of layer, for example `boundary`. Layers with the same name are compared first. */
  readonly name: string;
  readonly allows: readonly Rule[];
}

/** A set of permitted requests: every layer allows these requests, and no rule denies any of them. */
export interface Region {
  readonly layers: readonly Layer[];
  readonly denies: readonly Rule[];
  /** Deny rules that may or may not apply to a request. */
  readonly uncertain: readonly Rule[];
}

/** A case that was not ruled out, with assumptions about the request and the rules that match in this case. */
export interface Case {
  readonly model: Assumptions;
  readonly group: ActionGroup;
}

export interface DecisionOptions {
  readonly solver: Solver;
  readonly budget: Budget;
  /** Assumptions about every request. */
  readonly base: Assumptions;
  /**
   * The caller. An Allow rule covers another rule only if it refers to the caller at least as specifically as the other
   * rule.
   */
  readonly caller: CallerClass;
  /** Rules for the actions that every caller may perform without a grant. */
  readonly free: readonly Rule[];
  readonly groups: Parameters<typeof actionGroups>[2];
  /** Called for every remaining case. Returns true if the case is confirmed and the search can stop. */
  readonly offer: (left: Case) => boolean;
}

/**
 * The maximum number of cases to confirm for one goal. The cases of a goal are similar. If this number of cases cannot
 * be confirmed, the remaining cases usually cannot be confirmed either.
 */
const OFFERS = 12;

export class Decision {
  readonly #options: DecisionOptions;
  #offers = 0;

  constructor(options: DecisionOptions) {
    this.#options = options;
  }

  /**
   * Searches for cases in which `after` permits a request and `before` does not. Returns true if
   * {@link DecisionOptions.offer} confirmed a case.
   */
  widens(before: Region, after: Region): boolean {
    return this.#leavesLayer(before, after) || this.#meetsDeny(before, after);
  }

  #leavesLayer(before: Region, after: Region): boolean {
    return before.layers.some((layer) => {
      const forbidden = [...layer.allows, ...after.denies, ...this.#options.free];
      const index = new ActionIndex(forbidden);
      const keys = new Set(forbidden.map(({ key }) => key));
      const [first, ...rest] = [...after.layers].sort((a, b) => rank(a, layer) - rank(b, layer));
      return this.#allowing(first).some((rule) => !keys.has(rule.key) && this.#possible([rule], rest, index));
    });
  }

  #meetsDeny(before: Region, after: Region): boolean {
    const forbidden = [...after.denies, ...this.#options.free];
    const index = new ActionIndex(forbidden);
    const [first, ...rest] = after.layers;
    const { caller } = this.#options;
    const [sure, unsure] = [after.denies, after.uncertain].map((denies) => new Set(denies.map(({ key }) => key)));
    const dropped = [
      ...before.denies.filter(({ key }) => sure?.has(key) !== true),
      ...before.uncertain.filter(({ key }) => sure?.has(key) !== true && unsure?.has(key) !== true),
    ].filter((rule) => caller.required(rule) > 0);
    return this.#allowing(first).some((rule) => dropped.some((deny) => this.#possible([rule, deny], rest, index)));
  }

  /** The rules of a layer that may apply to the caller. */
  #allowing(layer: Layer | undefined): readonly Rule[] {
    return layer?.allows.filter((rule) => this.#options.caller.required(rule) > 0) ?? [];
  }

  /** Whether the search found and confirmed a request that matches all required rules and no forbidden rule. */
  #possible(required: readonly [Rule, ...Rule[]], layers: readonly Layer[], forbidden: ActionIndex): boolean {
    const named = required.find(namesActions) ?? required[0];
    const others = required.filter((rule) => rule !== named);
    this.#offers = 0;
    return actionGroups(named, forbidden, this.#options.groups).some((group) => {
      const clauses = this.#clauses(group, required);
      if (clauses === undefined) return false;
      const literals = [...group.literals, ...others.map(({ action }) => action), ...required.flatMap(askedOf)];
      const assumed = this.#options.solver.assume(this.#options.base, literals);
      return assumed !== undefined && this.#descend(assumed, clauses, group, required, layers);
    });
  }

  #descend(
    known: Assumptions,
    clauses: readonly Clause[],
    group: ActionGroup,
    required: readonly [Rule, ...Rule[]],
    layers: readonly Layer[],
  ): boolean {
    const { solver, offer } = this.#options;
    const [layer, ...rest] = layers;
    if (layer === undefined) {
      const settled = solver.solve(known, clauses, (model) => {
        this.#offers += 1;
        return this.#offers > OFFERS || offer({ model, group });
      });
      return settled && this.#offers <= OFFERS;
    }
    if (!solver.solve(known, clauses, () => true)) return false;
    return this.#allowing(layer).some((rule) => {
      const matching = [...required, rule] as const;
      const fewer = this.#clauses(group, matching);
      if (fewer === undefined) return false;
      const narrowed = solver.assume(known, [rule.action, ...askedOf(rule)]);
      return narrowed !== undefined && this.#descend(narrowed, fewer, group, matching, rest);
    });
  }

  /**
   * Returns a clause for each forbidden rule. The clause states that at least one part of the rule does not match.
   * Returns `undefined` if one of the rules certainly matches.
   */
  #clauses(group: ActionGroup, required: readonly [Rule, ...Rule[]]): readonly Clause[] | undefined {
    const [first] = required;
    const { budget, caller } = this.#options;
    // Equal conditions have equal results, even if it is unclear when they match.
    const sources = new Set(required.flatMap(({ conditions }) => conditions.map(({ source }) => source)));
    const places = new Set(required.map(({ resources }) => resources?.key));
    const granted = new Set(required.flatMap((rule) => rule.granted));
    const open = (literals: readonly Literal[]) => literals.filter(({ key }) => !granted.has(key)).map(negate);
    const clauses: Clause[] = [];
    budget.spend(group.candidates.length);
    for (const { rule, whole } of group.candidates) {
      const meeting = meetingOf(first.resources, rule.resources);
      if (meeting === 'apart') continue;
      const known = caller.forbidden(rule);
      const meant = rule.effect === 'Allow' ? known >= caller.required(first) : known > 0;
      // Equal principal elements have the same meaning, even if it is unclear which callers they include.
      if (!meant && required.every(({ who }) => who !== rule.who)) continue;
      const clause: Literal[] = whole ? [] : [negate(rule.action)];
      if (rule.resource !== undefined && meeting !== 'covered' && !places.has(rule.resources?.key)) {
        append(clause, [negate(rule.resource), ...open(rule.needed)]);
      }
      for (const { source, forbidden, needed } of rule.conditions) {
        if (!sources.has(source)) append(clause, [...forbidden.map(negate), ...open(needed)]);
      }
      if (clause.length === 0) return undefined;
      clauses.push(clause);
    }
    return clauses;
  }
}

/** Whether the rule lists specific actions, without negation or a pattern that matches everything. */
function namesActions({ actions }: Rule): boolean {
  return !actions.negated && actions.set.patterns.every(({ key }) => key !== EVERYTHING.key);
}

/** The relation between the resources of two rules, if a quick check can determine it. */
function meetingOf(inner: Texts | undefined, outer: Texts | undefined): 'covered' | 'apart' | 'open' {
  if (outer === undefined) return 'covered';
  if (inner === undefined || inner.negated || outer.negated) return 'open';
  if (startApart(inner.set, outer.set)) return 'apart';
  const [ones, others] = [inner.set.patterns, outer.set.patterns];
  if (ones.every((one) => others.every((other) => startApart(one, other)))) return 'apart';
  return ones.every((one) => others.some((other) => contains(other, one))) ? 'covered' : 'open';
}

/** The literals of a rule without its action, for a rule that must be assumed to match. */
function askedOf({ resource, resources, conditions, implied }: Rule): readonly Literal[] {
  const asked = [...implied, ...conditions.flatMap(({ required }) => required)];
  if (resource === undefined || resources === undefined) return asked;
  const open = resources.negated || resources.set.patterns.some(({ key }) => key === EVERYTHING.key);
  return open ? [SOME_RESOURCE, resource, ...asked] : [resource, ...asked];
}

/** The literal that the resource has a valid form: an ARN, or `*` for an action without resources. */
const SOME_RESOURCE: Literal = isOneOf(
  RESOURCE,
  texts(
    [toPattern([{ kind: 'literal', text: '*' }]), toPattern(parseGlob('arn:*:*:*:*:*'), { segments: true })],
    false,
  ),
);

function rank(layer: Layer, like: Layer): number {
  return layer.name === like.name ? 0 : 1;
}
