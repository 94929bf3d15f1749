/**
 * Lists the details of a widening: the actions that one set of policies permits and that the earlier set did not
 * permit.
 */
import { append } from '@leasehold/contract/any-length';
import type { Catalogue } from '../catalogue-types';
import { coversAction } from '../evaluate/action';
import type { PreparedStatement } from '../evaluate/statement';
import type { Version } from '../evaluate/template';
import { foldAscii, parseGlob } from '../glob';
import { OverBudget } from './budget';
import { compare } from './compare';
import { allowing, type Focus, otherGrants, ownGrants } from './gain-focus';
import { type Action, droppedDenies, isWild, type Kind, kindsOf } from './gain-kinds';
import { ACTION } from './literal';
import type { CompareOptions } from './options';
import { EVERYTHING, toPattern } from './pattern';
import { isOneOf, type Rule, texts, toRules } from './rule';
import { BOUNDARY_DROPPED, reasonOf, sentenceOf } from './sentences';
import { boundaryDropped, grantingPolicies, notComparable, type Permissions, readSide, type Side } from './sides';
import { isAmbiguous, Reading } from './widening';
import { type Confirmed, confirmAgain, type Outcome } from './witness';

/** An action that is newly permitted. */
export interface GainedAction {
  /**
   * The action in canonical case. If the action is not in the catalogue, this is the text in the policy, which may be a
   * pattern.
   */
  readonly action: string;
  /**
   * The resource patterns of `after` for which the action is newly permitted, as written, sorted. The list is `*` for
   * `NotResource`, and for a policy that applies to the resource to which it is attached. If a Deny statement or a
   * limit was removed, the list contains the patterns of that statement, or `*`. The list is empty if, according to the
   * catalogue, the action supports none of the patterns. Then the policy text permits the action, but probably no real
   * call succeeds.
   */
  readonly resources: readonly string[];
  /** An example request as a sentence, confirmed by `evaluate`. */
  readonly witness?: string;
}

export interface UndecidedAction {
  /** An action, a pattern of actions, or `*` for all actions that are not listed. */
  readonly action: string;
  readonly why: string;
}

/**
 * The actions for which `after` permits more than `before`. Both lists are empty only if `after` does not widen
 * permissions.
 */
export interface Gains {
  /** Sorted by action. */
  readonly gained: readonly GainedAction[];
  /** Actions for which a gain is neither proven nor disproven. Treat these actions as gained. Sorted by action. */
  readonly undecided: readonly UndecidedAction[];
}

/** @see gainedActions */
export type GainOptions = CompareOptions & { readonly catalogue: Catalogue };

/**
 * The actions for which `after` permits a request that `before` did not. Swap `before` and `after` to find lost
 * actions. `accessOf` returns the access class of each action.
 *
 * The catalogue should contain every service that the policies name, and all of AWS if a policy contains `*` or
 * `NotAction` ({@link loadWholeCatalogue}). Patterns for other services are listed as written. `options.steps` applies
 * to each action; actions that all statements treat alike are decided together.
 *
 * @throws PolicyError for a document that AWS would reject. No other errors are thrown.
 */
export function gainedActions(before: Permissions, after: Permissions, options: GainOptions): Gains {
  const [earlier, later] = [readSide(before), readSide(after)];
  const odd = notComparable(earlier, later);
  if (odd !== undefined) return { gained: [], undecided: [{ action: '*', why: odd }] };
  const answer = compare(before, after, options);
  if (answer.kind === 'not-widened') return { gained: [], undecided: [] };
  const gains = new GainSearch(earlier, later, options).run();
  if (gains.gained.length > 0 || gains.undecided.length > 0) return gains;
  // The complete comparison may find more than the comparisons for single actions, for example actions that AWS adds
  // later.
  const [action, why] =
    answer.kind === 'widened' ? [answer.witness.action, answer.sentence] : (['*', answer.reason] as const);
  return { gained: [], undecided: [{ action, why }] };
}

/** The maximum number of steps for all actions together, as a multiple of `steps`. */
const MOST_QUESTIONS = 50;
const STEPS = 200_000;

type Answer =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'gained'; readonly found: Confirmed }
  | { readonly kind: 'undecided'; readonly why: string };

const NOTHING: Answer = { kind: 'nothing' };

/** An Allow rule of the second side, restricted to one of its resource patterns. */
interface AllowedPattern {
  readonly statement: PreparedStatement;
  readonly version: Version;
  /** The pattern as written; `*` if the statement has no resource pattern. */
  readonly resource: string;
}

class GainSearch {
  readonly #before: Side;
  readonly #after: Side;
  readonly #options: GainOptions;
  readonly #readings: readonly Reading[];
  readonly #grants: readonly AllowedPattern[];
  readonly #gained: GainedAction[] = [];
  readonly #undecided: UndecidedAction[] = [];

  constructor(before: Side, after: Side, options: GainOptions) {
    this.#before = before;
    this.#after = after;
    this.#options = options;
    const runOns = isAmbiguous(before, after) ? [false, true] : [false];
    this.#readings = runOns.map((runOn) => new Reading(before, after, options, runOn));
    this.#grants = grantsOf(after);
  }

  run(): Gains {
    const { catalogue, resourcePolicies } = this.#options;
    const ownAlone = resourcePolicies === 'ignore';
    for (const kind of kindsOf(this.#before, this.#after, catalogue, ownAlone)) this.#decide(kind);
    const listed = new Set(this.#gained.map(({ action }) => action));
    for (const pattern of this.#openPatterns(listed)) this.#decidePattern(pattern);
    if (!ownAlone && boundaryDropped(this.#before, this.#after)) {
      this.#undecided.push({ action: '*', why: BOUNDARY_DROPPED });
    }
    return { gained: this.#gained.sort(byAction), undecided: this.#undecided.sort(byAction) };
  }

  #decide(kind: Kind): void {
    const [{ id }] = kind;
    const own = this.#ask(() => ownGrants(id));
    const answer = own.kind === 'nothing' ? this.#ask(() => otherGrants(id)) : own;
    if (answer.kind === 'nothing') return;
    if (answer.kind === 'undecided') {
      append(
        this.#undecided,
        kind.map((action) => ({ action: action.id, why: answer.why })),
      );
      return;
    }
    const places = own.kind === 'nothing' ? this.#loosened(id) : this.#places(id);
    for (const action of kind) this.#add(action, places, answer.found, kind.length);
  }

  #add(action: Action, places: readonly string[], found: Confirmed, size: number): void {
    const same = foldAscii(action.id) === foldAscii(found.request.action);
    const again = same ? found : confirmAgain(found, action.id, this.#before.policies, this.#after.policies);
    // The witness may not apply to the other actions of its kind, which are then decided one by one.
    if (again === undefined && size > 1) {
      this.#decide([action]);
      return;
    }
    const resources = places.filter((resource) => action.accepts(resource));
    this.#gained.push({
      action: action.id,
      resources,
      ...(again === undefined ? {} : { witness: sentenceOf(again) }),
    });
  }

  /** The resource patterns for which an action is gained. */
  #places(id: string): readonly string[] {
    const speaking = this.#grants.filter(({ statement }) => coversAction(statement.action, foldAscii(id)));
    const patterns = new Set(speaking.map(({ resource }) => resource));
    const gaining = [...patterns].filter((pattern) => {
      if (patterns.size === 1) return true;
      const grants = speaking.filter(({ resource }) => resource === pattern);
      return this.#ask((reading) => ownGrants(id, rulesOf(grants, reading))).kind !== 'nothing';
    });
    return gaining.sort();
  }

  /** The resource patterns of the removed Deny statements that applied to an action. */
  #loosened(id: string): readonly string[] {
    const gone = droppedDenies(this.#before, this.#after).filter(({ action }) => coversAction(action, foldAscii(id)));
    const patterns = gone.flatMap(({ resource }) =>
      resource === undefined || resource.negated ? ['*'] : resource.patterns.map(({ text }) => text),
    );
    return patterns.length === 0 ? ['*'] : [...new Set(patterns)].sort();
  }

  /** Action patterns that match more actions than those decided one by one. */
  #openPatterns(gained: ReadonlySet<string>): readonly string[] {
    const { catalogue, newActions } = this.#options;
    const patterns = this.#grants.flatMap(({ statement: { action } }) => (action.negated ? ['*'] : action.patterns));
    return [...new Set(patterns)].filter((pattern) => {
      if (!isWild(pattern) || catalogue.expand(pattern).some(({ id }) => gained.has(id))) return false;
      const service = pattern.split(':')[0] ?? '';
      return newActions !== 'ignore' || pattern === '*' || !catalogue.hasService(service);
    });
  }

  #decidePattern(pattern: string): void {
    const speaking = this.#grants.filter(({ statement: { action } }) =>
      action.negated ? pattern === '*' : action.patterns.includes(pattern),
    );
    const only = (grants: readonly AllowedPattern[], reading: Reading) =>
      rulesOf(grants, reading).map((rule) => (rule.actions.negated ? rule : withPattern(rule, pattern)));
    const answer = this.#ask((reading) => allowing(only(speaking, reading)));
    if (answer.kind === 'undecided') this.#undecided.push({ action: pattern, why: answer.why });
    if (answer.kind !== 'gained') return;
    const places = [...new Set(speaking.map(({ resource }) => resource))].filter((place) => {
      const grants = speaking.filter(({ resource }) => resource === place);
      return this.#ask((reading) => allowing(only(grants, reading))).kind !== 'nothing';
    });
    this.#gained.push({ action: pattern, resources: places.sort(), witness: sentenceOf(answer.found) });
  }

  #ask(focusOn: (reading: Reading) => Focus): Answer {
    const { steps = STEPS } = this.#options;
    for (const reading of this.#readings) {
      const left: Outcome[] = [];
      try {
        if (reading.spent > steps * MOST_QUESTIONS)
          throw new OverBudget('The comparison as a whole exceeded its step limit.');
        const found = reading.find(left, focusOn(reading));
        if (found !== undefined) return { kind: 'gained', found };
      } catch (error) {
        if (!(error instanceof OverBudget)) throw error;
        return { kind: 'undecided', why: reasonOf(left, true) };
      }
      if (left.length > 0) return { kind: 'undecided', why: reasonOf(left, false) };
    }
    return NOTHING;
  }
}

function grantsOf(side: Side): readonly AllowedPattern[] {
  return grantingPolicies(side).flatMap(({ allows, version }) =>
    allows.flatMap((statement): AllowedPattern[] => {
      const { resource } = statement;
      if (resource === undefined || resource.negated) return [{ statement, version, resource: '*' }];
      return resource.patterns.map((pattern) => ({
        statement: { ...statement, resource: { ...resource, patterns: [pattern] } },
        version,
        resource: pattern.text,
      }));
    }),
  );
}

function rulesOf(grants: readonly AllowedPattern[], { knowledge }: Reading): readonly Rule[] {
  return grants.flatMap(({ statement, version }) => toRules(statement, version, knowledge));
}

function withPattern(rule: Rule, pattern: string): Rule {
  const actions = texts([pattern === '*' ? EVERYTHING : toPattern(parseGlob(pattern), { fold: true })], false);
  return { ...rule, actions, action: isOneOf(ACTION, actions) };
}

function byAction(one: { readonly action: string }, other: { readonly action: string }): number {
  return one.action < other.action ? -1 : one.action > other.action ? 1 : 0;
}
