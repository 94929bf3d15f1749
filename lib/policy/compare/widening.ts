/** Looks for a request that one side permits and the other does not, for each caller and each kind of grant. */
import type { Catalogue } from '../catalogue-types';
import { globalKeys } from '../condition-keys';
import { foldAscii } from '../glob';
import { Budget } from './budget';
import { type CallerClass, callerClasses } from './callers';
import type { CompareOptions } from './compare';
import { type Knowledge, knowNothing } from './conditions';
import { Decision, type Region } from './decide';
import { callerPasses, FREE, resourcePasses } from './grants';
import { keySubject, type Literal, literal } from './literal';
import { toPattern } from './pattern';
import { TextSearch, textSet } from './search';
import { hasRunOns, regionOf, type Side } from './sides';
import { Solver } from './solver';
import { spellings } from './spellings';
import { type Confirmed, confirm, type Outcome } from './witness';

const STEPS = 200_000;
/** What it costs to look for a witness in a case that was left. */
const STEPS_OF_AN_OFFER = 1_000;

/**
 * The first widening that `evaluate` confirms, under either reading of a star that ends a part of an ARN. Cases that
 * were neither ruled out nor confirmed are added to `left`.
 */
export function findWidening(
  before: Side,
  after: Side,
  options: CompareOptions,
  left: Outcome[],
): Confirmed | undefined {
  const found = findReading(before, after, options, left, false);
  if (found !== undefined || left.length > 0) return found;
  const ambiguous = hasRunOns(before.policies) || hasRunOns(after.policies);
  return ambiguous ? findReading(before, after, options, left, true) : undefined;
}

/** The first widening that `evaluate` confirms. Cases that were neither ruled out nor confirmed are added to `left`. */
function findReading(
  before: Side,
  after: Side,
  options: CompareOptions,
  left: Outcome[],
  runOn: boolean,
): Confirmed | undefined {
  const { catalogue, newActions = 'count', given = {}, resourcePolicies = 'count', steps = STEPS } = options;
  const budget = new Budget(steps);
  const search = new TextSearch(budget);
  const knowledge = knowledgeOf(given, catalogue, runOn);
  const single = (key: string) => knowledge.multiplicity(key) === 'single';
  const solver = new Solver(search, budget, single);
  const base = solver.assume(new Map(), [...knowledge.given].map(givenLiteral)) ?? new Map();
  const [earlier, later] = [regionOf(before, knowledge), regionOf(after, knowledge)];
  const spelling = spellings([before.policies, after.policies], Object.keys(given));
  let found: Confirmed | undefined;
  for (const caller of callersOf(before, earlier, later)) {
    const passes =
      before.kind === 'caller'
        ? callerPasses(earlier, later, resourcePolicies)
        : resourcePasses(earlier, later, caller.entity && after.policies.resource?.kind !== 'trust');
    const callers = before.kind === 'caller' ? undefined : caller.examples;
    for (const pass of passes) {
      const sides = { before: before.policies, after: after.policies, grant: pass.grant, callers };
      const decision = new Decision({
        solver,
        budget,
        base,
        caller,
        free: before.kind === 'caller' ? FREE : [],
        groups: { catalogue, newActions },
        offer: (open) => {
          budget.spend(STEPS_OF_AN_OFFER);
          const outcome = confirm(open, { ...sides, catalogue, single, spelling });
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

/** A key that no list knows, such as a claim of a token, may carry several values. */
function multiplicityOf(key: string, catalogue: Catalogue | undefined): ReturnType<Knowledge['multiplicity']> {
  const global = globalKeys().find(key);
  if (global !== undefined) return global.multivalued ? 'several' : 'single';
  const lookup = catalogue?.conditionKey(key);
  if (lookup?.known !== true) return 'unknown';
  if (lookup.info.multivalued) return 'several';
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

/** The callers that the rules can tell apart; where they speak of nobody, the one they are attached to. */
function callersOf({ kind }: Side, before: Region, after: Region): readonly CallerClass[] {
  if (kind === 'caller') return [ATTACHED];
  const rules = [before, after].flatMap(({ layers, denies }) => [...layers.flatMap(({ allows }) => allows), ...denies]);
  return callerClasses(rules);
}

const ATTACHED: CallerClass = { examples: [], entity: true, required: () => 3, forbidden: () => 3 };
