/**
 * Does one set of policies permit any request that another did not?
 *
 * docs/policy-compare.md says how it is decided, what is proven and what is answered with `unknown`.
 */
import type { Catalogue } from '../catalogue-types';
import { globalKeys } from '../condition-keys';
import type { PolicyDocument } from '../document';
import type { PolicyDocuments } from '../evaluate/policies';
import type { Request } from '../evaluate/request';
import { foldAscii } from '../glob';
import { Budget, OverBudget } from './budget';
import { type CallerClass, callerClasses } from './callers';
import type { Knowledge } from './conditions';
import { Decision, type Region } from './decide';
import { freeRules } from './free';
import { keySubject, type Literal, literal } from './literal';
import { toPattern } from './pattern';
import { TextSearch, textSet } from './search';
import { reasonOf, sentenceOf } from './sentences';
import { notComparable, type Permissions, readSide, regionOf, type Side } from './sides';
import { Solver } from './solver';
import { spellings } from './spellings';
import { type Confirmed, confirm, type Outcome } from './witness';

export type { Permissions } from './sides';

/** What a comparison found. Treat `unknown` as `widened`. */
export type Comparison =
  /** Proven: every request that `after` permits, `before` permitted. */
  | { readonly kind: 'not-widened' }
  | Widened
  /** Neither proven nor shown otherwise. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** A request that `after` permits and `before` did not, as `evaluate` confirms. */
export interface Widened {
  readonly kind: 'widened';
  readonly witness: Request;
  /**
   * Policies that the witness assumes beside those that were compared, the same for both sides: the trust policy of a
   * role that is assumed, say. `evaluate(witness, prepare({ ...after, ...beside }))` is `allowed`.
   */
  readonly beside: PolicyDocuments;
  /** The witness in words. */
  readonly sentence: string;
}

export interface CompareOptions {
  /**
   * The actions of the services that the policies speak of. Witnesses then name real actions.
   * @default none: action patterns are compared as texts
   */
  readonly catalogue?: Catalogue;
  /**
   * Whether a wildcard such as `s3:Get*` also means actions that AWS may add later. `ignore` takes it for the actions
   * that the catalogue lists, and needs one.
   * @default 'count'
   */
  readonly newActions?: 'count' | 'ignore';
  /**
   * Values of single-valued context keys that every request in question is known to carry, for example the tags of the
   * session that a grant is made for.
   */
  readonly given?: Readonly<Record<string, string>>;
  /**
   * How many steps of a search the comparison may take before it answers `unknown`; a step takes microseconds.
   * @default 200000
   */
  readonly steps?: number;
}

/**
 * Does `after` permit any request that `before` did not?
 *
 * @throws PolicyError for a document that AWS would refuse. Nothing else is thrown.
 */
export function compare(before: Permissions, after: Permissions, options: CompareOptions = {}): Comparison {
  const [earlier, later] = [readSide(before), readSide(after)];
  const odd = notComparable(earlier) ?? notComparable(later);
  if (odd !== undefined) return { kind: 'unknown', reason: odd };
  if (earlier.kind !== later.kind) {
    return { kind: 'unknown', reason: "A caller's policies cannot be held against a resource's policy." };
  }
  const left: Outcome[] = [];
  try {
    const found = findWidening(earlier, later, options, left);
    if (found !== undefined) return widened(found);
  } catch (error) {
    if (!(error instanceof OverBudget)) throw error;
    return { kind: 'unknown', reason: reasonOf(left, true) };
  }
  return left.length === 0 ? { kind: 'not-widened' } : { kind: 'unknown', reason: reasonOf(left, false) };
}

/** Whether one thing lies inside another. Treat `unknown` as `outside`. */
export type Containment =
  | { readonly kind: 'inside' }
  | (Omit<Widened, 'kind'> & { readonly kind: 'outside' })
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * Does everything that a policy permits lie inside a permissions boundary? What lies outside is not permitted, but says
 * that the policy was meant for more.
 *
 * @throws PolicyError for a document that AWS would refuse. Nothing else is thrown.
 */
export function insideBoundary(
  policy: Permissions,
  boundary: PolicyDocument | readonly PolicyDocument[],
  options: CompareOptions = {},
): Containment {
  return toContainment(compare(boundary, policy, options));
}

/**
 * Is a grant inside its envelope? Name the session's tags in `options.given`, for a grant in which the parameters are
 * filled in and an envelope in which they are variables.
 *
 * @throws PolicyError for a document that AWS would refuse. Nothing else is thrown.
 */
export function insideEnvelope(grant: Permissions, envelope: Permissions, options: CompareOptions = {}): Containment {
  return toContainment(compare(envelope, grant, options));
}

function toContainment(comparison: Comparison): Containment {
  if (comparison.kind === 'not-widened') return { kind: 'inside' };
  return comparison.kind === 'widened' ? { ...comparison, kind: 'outside' } : comparison;
}

function widened(found: Confirmed): Widened {
  return { kind: 'widened', witness: found.request, beside: found.setting.documents, sentence: sentenceOf(found) };
}

const STEPS = 200_000;

/** The first widening that `evaluate` confirms. Cases that were neither ruled out nor confirmed are added to `left`. */
function findWidening(before: Side, after: Side, options: CompareOptions, left: Outcome[]): Confirmed | undefined {
  const { catalogue, newActions = 'count', given = {}, steps = STEPS } = options;
  const budget = new Budget(steps);
  const search = new TextSearch(budget);
  const knowledge = knowledgeOf(given, catalogue);
  const single = (key: string) => knowledge.multiplicity(key) === 'single';
  const solver = new Solver(search, budget, single);
  const base = solver.assume(new Map(), [...knowledge.given].map(givenLiteral)) ?? new Map();
  const [earlier, later] = [regionOf(before, knowledge), regionOf(after, knowledge)];
  const spelling = spellings([before.policies, after.policies]);
  let found: Confirmed | undefined;
  for (const caller of callersOf(before, earlier, later)) {
    const decision = new Decision({
      solver,
      budget,
      base,
      caller,
      grantedElsewhere: isGrantedElsewhere(after) && caller.entity,
      free: before.kind === 'caller' ? freeRules() : [],
      groups: { catalogue, newActions },
      offer: (open) => {
        const callers = before.kind === 'caller' ? undefined : caller.examples;
        const outcome = confirm(open, {
          before: before.policies,
          after: after.policies,
          catalogue,
          single,
          spelling,
          callers,
        });
        if (outcome.kind === 'confirmed') found = outcome.found;
        else left.push(outcome);
        return outcome.kind === 'confirmed';
      },
    });
    decision.widens(earlier, later);
    if (found !== undefined) return found;
  }
  return undefined;
}

function knowledgeOf(given: Readonly<Record<string, string>>, catalogue: Catalogue | undefined): Knowledge {
  const known = new Map(Object.entries(given).map(([key, value]) => [foldAscii(key), value]));
  const answers = new Map<string, ReturnType<Knowledge['multiplicity']>>();
  const multiplicity = (key: string) => {
    const answer = answers.get(key) ?? (known.has(key) ? 'single' : multiplicityOf(key, catalogue));
    answers.set(key, answer);
    return answer;
  };
  return { given: known, multiplicity };
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

/** Of all policies of resources only trust policies have to allow, too, whatever the caller's own policies say. */
function isGrantedElsewhere({ kind, policies }: Side): boolean {
  return kind === 'resource' && policies.resource?.kind !== 'trust';
}

const ATTACHED: CallerClass = { examples: [], entity: true, required: () => 3, forbidden: () => 3 };
