/**
 * Searches for a request that one side permits and the other side does not permit, for each caller and each kind of
 * grant.
 */
import type { Catalogue } from '../catalogue-types';
import { globalKeys, isMultivalued } from '../condition-keys';
import { foldAscii } from '../glob';
import { Budget } from './budget';
import { type CallerClass, callerClasses } from './callers';
import { Decision, type Region } from './decide';
import { callerPasses, FREE, type Pass, resourcePasses } from './grants';
import { type Knowledge, knowNothing } from './knowledge';
import { keySubject, type Literal, literal } from './literal';
import type { CompareOptions } from './options';
import { toPattern } from './pattern';
import { TextSearch, textSet } from './search';
import { hasRunOns, regionOf, type Side } from './sides';
import { type Assumptions, Solver } from './solver';
import { spellings } from './spellings';
import { type Confirmed, confirm, type Outcome } from './witness';

const STEPS = 200_000;
/** Number of steps charged for each search for a witness in a case that was not ruled out. */
const STEPS_OF_AN_OFFER = 1_000;

/**
 * The first widening that `evaluate` confirms, under either interpretation of a `*` at the end of an ARN part. Cases
 * that were neither ruled out nor confirmed are added to `left`.
 */
export function findWidening(
  before: Side,
  after: Side,
  options: CompareOptions,
  left: Outcome[],
): Confirmed | undefined {
  const found = new Reading(before, after, options, false).find(left);
  if (found !== undefined || left.length > 0) return found;
  return isAmbiguous(before, after) ? new Reading(before, after, options, true).find(left) : undefined;
}

/** Whether the two interpretations of a `*` at the end of an ARN part can lead to different results. */
export function isAmbiguous(before: Side, after: Side): boolean {
  return hasRunOns(before.policies) || hasRunOns(after.policies);
}

/**
 * Two sides under one interpretation of a `*` at the end of an ARN part. Parsed patterns and conditions are cached
 * between searches.
 */
export class Reading {
  readonly knowledge: Knowledge;
  readonly #sides: readonly [Side, Side];
  readonly #options: CompareOptions;
  readonly #regions: readonly [Region, Region];
  readonly #budget: Budget;
  readonly #solver: Solver;
  readonly #base: Assumptions;
  readonly #callers: readonly CallerClass[];
  readonly #spelling: ReadonlyMap<string, string>;

  constructor(before: Side, after: Side, options: CompareOptions, runOn: boolean) {
    const { catalogue, given = {}, steps = STEPS } = options;
    this.knowledge = knowledgeOf(given, catalogue, runOn);
    this.#sides = [before, after];
    this.#options = options;
    this.#budget = new Budget(steps);
    this.#solver = new Solver(new TextSearch(this.#budget), this.#budget, (key) => this.#single(key));
    this.#base = this.#solver.assume(new Map(), [...this.knowledge.given].map(givenLiteral)) ?? new Map();
    const [earlier, later] = [regionOf(before, this.knowledge), regionOf(after, this.knowledge)];
    this.#regions = [earlier, later];
    this.#callers = callersOf(before, earlier, later);
    this.#spelling = spellings([before.policies, after.policies], Object.keys(given));
  }

  /**
   * The first widening that `evaluate` confirms. Cases that were neither ruled out nor confirmed are added to `left`.
   * @param focus Restricts each pass to the relevant rules. Default: all rules.
   */
  find(left: Outcome[], focus: (pass: Pass) => Pass | undefined = (pass) => pass): Confirmed | undefined {
    const [before, after] = this.#sides;
    const { catalogue, newActions = 'count', steps = STEPS } = this.#options;
    this.#budget.refill(steps);
    let found: Confirmed | undefined;
    for (const caller of this.#callers) {
      const callers = before.kind === 'caller' ? undefined : caller.examples;
      for (const whole of this.#passes(caller)) {
        const pass = focus(whole);
        if (pass === undefined) continue;
        const { walk } = this.#budget;
        const sides = { before: before.policies, after: after.policies, grant: pass.grant, callers, walk };
        const decision = new Decision({
          solver: this.#solver,
          budget: this.#budget,
          base: this.#base,
          caller,
          free: before.kind === 'caller' ? FREE : [],
          groups: { catalogue, newActions },
          offer: (open) => {
            this.#budget.spend(STEPS_OF_AN_OFFER);
            const single = (key: string) => this.#single(key);
            const several = (key: string) => this.knowledge.multiplicity(key) === 'several';
            const outcome = confirm(open, { ...sides, catalogue, single, several, spelling: this.#spelling });
            if (outcome.kind === 'confirmed') found = outcome.found;
            else left.push(outcome);
            return outcome.kind === 'confirmed';
          },
        });
        if (decision.widens(pass.before, pass.after)) return found;
      }
    }
    return undefined;
  }

  /** The number of steps so far. */
  get spent(): number {
    return this.#budget.spent;
  }

  #passes(caller: CallerClass): readonly Pass[] {
    const [before, after] = this.#sides;
    const [earlier, later] = this.#regions;
    return before.kind === 'caller'
      ? callerPasses(earlier, later, this.#options.resourcePolicies ?? 'count')
      : resourcePasses(earlier, later, caller.entity && after.policies.resource?.kind !== 'trust');
  }

  #single(key: string): boolean {
    return this.knowledge.multiplicity(key) === 'single';
  }
}

function knowledgeOf(
  given: Readonly<Record<string, string>>,
  catalogue: Catalogue | undefined,
  runOn: boolean,
): Knowledge {
  const known = new Map(Object.entries(given).map(([key, value]) => [foldAscii(key), value]));
  const answers = new Map<string, ReturnType<Knowledge['multiplicity']>>();
  const multiplicity = (key: string) => {
    const answer = answers.get(key) ?? (known.has(key) ? 'single' : multiplicityOf(key, catalogue));
    answers.set(key, answer);
    return answer;
  };
  return { ...knowNothing(), given: known, multiplicity, runOn };
}

/** An unlisted key, such as a token claim, may have several values. */
function multiplicityOf(key: string, catalogue: Catalogue | undefined): ReturnType<Knowledge['multiplicity']> {
  if (isMultivalued(key)) return 'several';
  if (globalKeys().find(key) !== undefined) return 'single';
  const lookup = catalogue?.conditionKey(key);
  if (lookup?.known !== true) return 'unknown';
  return catalogue?.hasService(key.slice(0, key.indexOf(':'))) === true ? 'single' : 'unknown';
}

function givenLiteral([key, value]: readonly [string, string]): Literal {
  return literal({
    subject: keySubject(key),
    absent: false,
    quantifier: 'every',
    set: { theory: 'text', inside: true, texts: textSet([toPattern([{ kind: 'literal', text: value }])]) },
  });
}

/**
 * The callers that the rules can distinguish. If the rules contain no principals, the only caller is the identity to
 * which the policies are attached.
 */
function callersOf({ kind }: Side, before: Region, after: Region): readonly CallerClass[] {
  if (kind === 'caller') return [ATTACHED];
  const rules = [before, after].flatMap(({ layers, denies }) => [...layers.flatMap(({ allows }) => allows), ...denies]);
  return callerClasses(rules);
}

const ATTACHED: CallerClass = { examples: [], entity: true, required: () => 3, forbidden: () => 3 };
