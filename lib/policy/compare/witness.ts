/**
 * Converts a case that was not ruled out into a request, and checks with `evaluate` that the two sides decide it
 * differently.
 */
import type { Catalogue } from '../catalogue-types';
import { PolicyError } from '../evaluate/error';
import { evaluate, type Verdict } from '../evaluate/evaluate';
import type { Policies } from '../evaluate/policies';
import type { Context, Principal, Request } from '../evaluate/request';
import { exactAction, SOME_ACTION, textOfPattern } from './action-groups';
import { Budget, OverBudget, type Walk } from './budget';
import { variableKey } from './condition-sets';
import { contains } from './contain';
import type { Case } from './decide';
import { keyOfList } from './doubts';
import type { GrantSource } from './grants';
import type { Literal, ValueSet } from './literal';
import { type Pattern, toPattern } from './pattern';
import { sampleLikely } from './realistic-values';
import { ANY_ARN, EXAMPLE_ACCOUNT, FAMILIAR_ACTIONS, resourceHints } from './resource-hints';
import { type Assignment, assignments, bind, sampleText, variablesOf } from './sample';
import { TextSearch, textSet } from './search';
import { type CandidateRequest, callerTrials, DERIVED, factsOf, resourceTrials, type Setting } from './settings';

/** A request for which `evaluate` confirmed that one side permits it and the other side does not. */
export interface Confirmed {
  readonly request: Request;
  readonly setting: Setting;
  readonly before: Verdict;
  readonly after: Verdict;
}

export interface WitnessOptions {
  readonly before: Policies;
  readonly after: Policies;
  readonly catalogue: Catalogue | undefined;
  /** Whether a request contains at most one value of a key, given in lower case. */
  readonly single: (key: string) => boolean;
  /** Whether a request contains a list for the key, given in lower case. */
  readonly several: (key: string) => boolean;
  /** Maps the lower-case form of actions and context keys to their spelling in the policies. */
  readonly spelling: ReadonlyMap<string, string>;
  /** The budget that all searches of the comparison share. */
  readonly walk: Walk;
  /** The kind of policy that would grant the request. */
  readonly grant: GrantSource;
  /** The possible callers; absent if the policies contain no principals. */
  readonly callers: readonly Principal[] | undefined;
}

/** The result for a case. */
export type Outcome =
  | { readonly kind: 'confirmed'; readonly found: Confirmed }
  /** The catalogue contains no matching action. */
  | { readonly kind: 'no-action'; readonly patterns: readonly string[] }
  | { readonly kind: 'unconfirmed'; readonly example: CandidateRequest | undefined };

/**
 * The maximum number of actions to try for one case. Several actions are tried because AWS rejects some actions for
 * some callers regardless of policies.
 */
const MOST_ACTIONS = 12;
/** The maximum number of steps for one case. */
const STEPS = 20_000;

/** Searches the case for a request that `evaluate` confirms. */
export function confirm(left: Case, options: WitnessOptions): Outcome {
  const search = new TextSearch(new Budget(STEPS, options.walk));
  try {
    return tryCase(left, search, options);
  } catch (error) {
    if (error instanceof OverBudget) return { kind: 'unconfirmed', example: undefined };
    throw error;
  }
}

function tryCase(left: Case, search: TextSearch, options: WitnessOptions): Outcome {
  const actions = actionsOf(left, search, options);
  if (actions.length === 0) return { kind: 'no-action', patterns: left.group.patterns.map(textOfPattern) };
  const literals = [...left.model.values()].flat();
  const { callers } = options;
  // Some context keys are derived from the caller, so each caller is tried with its own values.
  const asksCaller = callers !== undefined && keysOf(literals).some((key) => DERIVED.has(key));
  const attempts = asksCaller ? callers.map((caller) => [caller]) : [callers];
  let example: CandidateRequest | undefined;
  if (callers === undefined && keysOf(literals).some((key) => DERIVED.has(key))) {
    const outcome = tryCallers(left, actions, search, EXAMPLE_FACTS, options);
    if (outcome.kind === 'confirmed') return outcome;
  }
  for (const some of attempts) {
    const [caller] = asksCaller ? (some ?? []) : [];
    const outcome = tryCallers(left, actions, search, caller === undefined ? NO_FACTS : factsOf(caller), {
      ...options,
      callers: some,
    });
    if (outcome.kind === 'confirmed') return outcome;
    if (outcome.kind === 'unconfirmed') example ??= outcome.example;
  }
  return { kind: 'unconfirmed', example };
}

const NO_FACTS: ReadonlyMap<string, string> = new Map();

/** The facts about a caller of the example account and a resource in the same account. */
const EXAMPLE_FACTS: ReadonlyMap<string, string> = new Map([
  ...factsOf({ kind: 'session', roleArn: `arn:aws:iam::${EXAMPLE_ACCOUNT}:role/example`, sessionName: 'example' }),
  ['aws:resourceaccount', EXAMPLE_ACCOUNT],
]);

function tryCallers(
  { model }: Case,
  actions: readonly string[],
  search: TextSearch,
  facts: ReadonlyMap<string, string>,
  options: WitnessOptions,
): Outcome {
  const asksResource = model.has('resource');
  let example: CandidateRequest | undefined;
  for (const assignment of assignments(search, [...model.values()].flat(), options.single, facts)) {
    const context = contextOf(model, assignment, search, facts, options);
    if (context === undefined) continue;
    const sets = (model.get('resource') ?? []).map(({ set }) => bind(set, assignment));
    // First try a realistic request: a resource of the action's own service.
    for (const likely of asksResource ? [true, false] : [true]) {
      for (const action of actions) {
        for (const resource of asksResource ? resourcesOf(sets, action, search, options, likely) : [undefined]) {
          example ??= { action, resource, context };
          const found = confirmRequest({ action, resource, context }, options);
          if (found !== undefined) return { kind: 'confirmed', found };
        }
      }
    }
  }
  return { kind: 'unconfirmed', example };
}

/** The context keys in the literals, directly or as variables. */
function keysOf(literals: readonly Literal[]): readonly string[] {
  const variables = variablesOf(literals).map((name) => variableKey(name).key);
  return [...literals.map(({ subject }) => subject.name), ...variables];
}

function confirmRequest(
  asked: CandidateRequest,
  { before, after, callers, grant }: WitnessOptions,
): Confirmed | undefined {
  const inSession = [before, after].some(({ session, scopeDown }) => (session ?? scopeDown) !== undefined);
  const trials =
    callers === undefined
      ? callerTrials(asked, grant, inSession)
      : resourceTrials(asked, callers, after.resource?.kind === 'trust');
  for (const { request, setting } of trials) {
    const later = verdictOf(request, { ...after, ...setting.policies });
    if (later?.outcome !== 'allowed') continue;
    const earlier = verdictOf(request, { ...before, ...setting.policies });
    if (earlier !== undefined && earlier.outcome !== 'allowed') {
      return { request, setting, before: earlier, after: later };
    }
  }
  return undefined;
}

/** The same request with another action, if the two sides decide it differently too. */
export function confirmAgain(
  found: Confirmed,
  action: string,
  before: Policies,
  after: Policies,
): Confirmed | undefined {
  const request = { ...found.request, action };
  const later = verdictOf(request, { ...after, ...found.setting.policies });
  const earlier = verdictOf(request, { ...before, ...found.setting.policies });
  const apart = later?.outcome === 'allowed' && earlier !== undefined && earlier.outcome !== 'allowed';
  return apart ? { request, setting: found.setting, before: earlier, after: later } : undefined;
}

/** The verdict, or `undefined` for a request that is invalid for one of the sides. Such a request confirms nothing. */
function verdictOf(request: Request, policies: Policies): Verdict | undefined {
  try {
    return evaluate(request, policies);
  } catch (error) {
    if (error instanceof PolicyError) return undefined;
    throw error;
  }
}

/**
 * Actions that satisfy all literals: first actions that the policies name explicitly, then actions in the catalogue.
 */
function actionsOf({ model, group }: Case, search: TextSearch, { catalogue, spelling }: WitnessOptions): string[] {
  const { patterns } = group;
  const literals = model.get('action') ?? [];
  // All candidates are in the group, so the group's own literal need not be checked.
  const [whole] = group.literals;
  const others = literals.filter(({ key }) => key !== whole?.key);
  const found = new Set<string>();
  for (const pattern of patterns) {
    const text = textOfPattern(pattern);
    const wild = /[*?]/.test(text);
    const known = catalogue !== undefined && (text === '*' || catalogue.hasService(text.split(':')[0] ?? ''));
    if (!wild) {
      if (admits(others, pattern)) found.add(catalogue?.action(text)?.id ?? spelling.get(text) ?? text);
    } else if (known) {
      for (const { id } of catalogue.expand(text)) {
        if (found.size >= MOST_ACTIONS) break;
        if (admits(literals, exactAction(id))) found.add(id);
      }
    }
    if (wild && found.size === 0 && (!known || text === '*')) {
      for (const made of makeActions(literals, search, catalogue)) found.add(made);
    }
    if (found.size >= MOST_ACTIONS) break;
  }
  return [...found];
}

/** Actions that are not in the catalogue: well-known ones, otherwise an invented name. */
function makeActions(
  literals: readonly Literal[],
  search: TextSearch,
  catalogue: Catalogue | undefined,
): readonly string[] {
  const unlisted = (action: string) => catalogue?.hasService(action.split(':')[0] ?? '') !== true;
  const familiar = FAMILIAR_ACTIONS.filter((action) => unlisted(action) && admits(literals, exactAction(action)));
  if (familiar.length > 0) return familiar;
  const text = sampleText(
    search,
    [SOME_ACTION, ...literals].map(({ set }) => set),
  );
  return text !== undefined && unlisted(text) ? [text] : [];
}

function admits(literals: readonly Literal[], action: Pattern): boolean {
  return literals.every(
    ({ set }) =>
      set.theory === 'text' && set.texts.patterns.some((pattern) => contains(pattern, action)) === set.inside,
  );
}

function contextOf(
  model: Case['model'],
  assignment: Assignment,
  search: TextSearch,
  facts: ReadonlyMap<string, string>,
  { single, several, spelling }: WitnessOptions,
): Context | undefined {
  const context: Record<string, string | readonly string[]> = {};
  const { context: needed } = assignment;
  const keys = new Set([...model.keys()].filter((key) => key.includes(':') && keyOfList(key) === undefined));
  const lists = new Set(
    [...model].flatMap(([key, literals]) => (literals.every(({ absent }) => absent) ? [] : (keyOfList(key) ?? []))),
  );
  for (const key of lists) keys.add(key);
  for (const key of [...keys, ...needed.keys()]) {
    if (facts.size > 0 && DERIVED.has(key)) continue;
    const value = needed.get(key);
    const exactly = value === undefined ? [] : [exactLiteral(key, value)];
    const literals = [...(model.get(key) ?? []), ...exactly].map((literal) => ({
      ...literal,
      set: bind(literal.set, assignment),
    }));
    const must = value !== undefined || lists.has(key);
    const sample = sampleLikely(search, key, literals, single(key) || value !== undefined, must);
    if (sample === undefined) return undefined;
    const { values } = sample;
    if (values === undefined) continue;
    const listed = typeof values === 'string' && (several(key) || lists.has(key));
    context[spelling.get(key) ?? key] = listed ? [values] : values;
  }
  return context;
}

function exactLiteral(key: string, value: string): Literal {
  const set: ValueSet = {
    theory: 'text',
    inside: true,
    texts: textSet([toPattern([{ kind: 'literal', text: value }])]),
  };
  return { subject: { kind: 'key', name: key }, absent: false, quantifier: 'every', set, key: '' };
}

/** Resources that are in all sets: only resources that look like resources of the action, or any resources. */
function resourcesOf(
  sets: readonly ValueSet[],
  action: string,
  search: TextSearch,
  { catalogue }: WitnessOptions,
  likely: boolean,
): string[] {
  if (!likely) {
    const texts = [ANY_ARN, undefined].map((some) =>
      sampleText(search, some === undefined ? sets : [...sets, { theory: 'text', inside: true, texts: some }]),
    );
    return [...new Set(texts.filter((text) => text !== undefined))].slice(0, MOST_RESOURCES);
  }
  const found = new Set<string>();
  for (const texts of resourceHints(action, catalogue)) {
    const text = sampleText(search, [...sets, { theory: 'text', inside: true, texts }]);
    if (text !== undefined) found.add(text);
    if (found.size >= MOST_RESOURCES) break;
  }
  return [...found];
}

const MOST_RESOURCES = 2;
