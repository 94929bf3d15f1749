/** Turns a case that was not ruled out into a request, and asks `evaluate` whether it really tells the policies apart. */
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
import { sampleLikely } from './likely';
import type { Literal, ValueSet } from './literal';
import { type Pattern, toPattern } from './pattern';
import { ANY_ARN, EXAMPLE_ACCOUNT, FAMILIAR_ACTIONS, resourceHints } from './resource-hints';
import { type Assignment, assignments, bind, sampleText, variablesOf } from './sample';
import { TextSearch, textSet } from './search';
import { type Asked, callerTrials, DERIVED, factsOf, resourceTrials, type Setting } from './settings';

/** A request that the one side permits and the other does not, as `evaluate` says. */
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
  /** Whether a request carries at most one value of a key, given in lower case. */
  readonly single: (key: string) => boolean;
  /** Whether a request carries the key as a list, given in lower case. */
  readonly several: (key: string) => boolean;
  /** Names of actions and context keys as the policies write them, by their lower case. */
  readonly spelling: ReadonlyMap<string, string>;
  /** What the search may cost, with all others of the comparison. */
  readonly walk: Walk;
  /** By whose word it would be permitted. */
  readonly grant: GrantSource;
  /** Who may have asked; left out where the policies do not say whom they speak of. */
  readonly callers: readonly Principal[] | undefined;
}

/** What came of a case. */
export type Outcome =
  | { readonly kind: 'confirmed'; readonly found: Confirmed }
  /** The catalogue lists no action that fits. */
  | { readonly kind: 'no-action'; readonly patterns: readonly string[] }
  | { readonly kind: 'unconfirmed'; readonly example: Asked | undefined };

/** Actions that are tried for one case: some are refused to some callers whatever the policies say. */
const MOST_ACTIONS = 12;
/** How long one case may be tried. */
const STEPS = 20_000;

/** Looks for a request in the case that `evaluate` confirms. */
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
  // What follows from the caller differs from caller to caller, so each is tried with its own facts.
  const asksCaller = callers !== undefined && keysOf(literals).some((key) => DERIVED.has(key));
  const attempts = asksCaller ? callers.map((caller) => [caller]) : [callers];
  let example: Asked | undefined;
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

/** What follows from a caller of the example account who asks for something of the same account. */
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
  let example: Asked | undefined;
  for (const assignment of assignments(search, [...model.values()].flat(), options.single, facts)) {
    const context = contextOf(model, assignment, search, facts, options);
    if (context === undefined) continue;
    const sets = (model.get('resource') ?? []).map(({ set }) => bind(set, assignment));
    // First what looks like a request that can occur: a resource of the action's own service.
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

/** The context keys that the literals speak of, by themselves or by a variable. */
function keysOf(literals: readonly Literal[]): readonly string[] {
  const variables = variablesOf(literals).map((name) => variableKey(name).key);
  return [...literals.map(({ subject }) => subject.name), ...variables];
}

function confirmRequest(asked: Asked, { before, after, callers, grant }: WitnessOptions): Confirmed | undefined {
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

/** The same request for another action, where it tells the sides apart too. */
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

/** A request that makes no sense for one of the sides confirms nothing. */
function verdictOf(request: Request, policies: Policies): Verdict | undefined {
  try {
    return evaluate(request, policies);
  } catch (error) {
    if (error instanceof PolicyError) return undefined;
    throw error;
  }
}

/** Actions that all literals admit: those named outright, then those that the catalogue lists. */
function actionsOf({ model, group }: Case, search: TextSearch, { catalogue, spelling }: WitnessOptions): string[] {
  const { patterns } = group;
  const literals = model.get('action') ?? [];
  // That an action is one of the group need not be asked of each of them.
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

/** Actions that the catalogue says nothing of: those that everybody knows, else a made-up name. */
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

/** Resources that lie in all sets: those that look like resources of the action, or any. */
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
