/** What an identity gained or lost: action by action, and grouped by service and access level. */

import type { AccessLevel, ActionInfo, Catalogue } from '@leasehold/policy';
import {
  accessOf,
  type Comparison,
  compare,
  compileActionPattern,
  escalation,
  gainedActions,
  PolicyError,
  type Statement,
} from '@leasehold/policy';
import { isReadOnlyByAws } from '@leasehold/policy/aws-managed';
import type { AccessChange } from '../review';
import { allowanceOf, EXCLUSION, isEverything } from './allowance';
import { broadGains } from './broad-gains';
import { linked } from './linked-keys';
import { narrowedGains } from './narrowed-gains';
import { type PlainGain, plainChanges } from './plain-changes';
import { servicesOfResources } from './services';
import { type Pair, permissionsOf, type Side } from './side';

/** One action gained or lost. */
export interface ActionChange {
  /** The action name in canonical case, or a pattern that matches no known action. */
  readonly action: string;
  /** The service prefix in lower case. `*` for a pattern that covers all services. */
  readonly service: string;
  readonly level: AccessLevel | 'unknown';
  /** The access level of the action. If the action has several levels, this is the most dangerous level. */
  readonly access: 'read' | 'write' | 'delete' | 'permissions' | 'unknown';
  /** Resource patterns as written, sorted. */
  readonly resources: readonly string[];
  /** False if it is uncertain whether the identity gained the action. */
  readonly certain: boolean;
}

export interface ActionChanges {
  readonly gained: readonly ActionChange[];
  readonly lost: readonly ActionChange[];
  /** The result of `compare` in both directions. Undefined if the lists of gains and losses are complete. */
  readonly wider?: Comparison;
  readonly narrower?: Comparison;
}

/** The permissions that changed between the two sides of an identity. Parts that cannot be read are not included. */
export function actionChanges({ before, after }: Pair, catalogue: Catalogue, steps: number): ActionChanges {
  if (before === undefined) return { gained: after === undefined ? [] : allowed(after, catalogue), lost: [] };
  if (after === undefined) return { gained: [], lost: allowed(before, catalogue) };
  const plain = plainChanges(before, after, catalogue);
  if (plain !== undefined) {
    const change = ({ action, resources }: PlainGain) => toChange(action, resources, catalogue, true);
    return { gained: plain.gained.map(change), lost: plain.lost.map(change) };
  }
  const wider = comparison(before, after, catalogue, steps);
  const narrower = comparison(after, before, catalogue, steps);
  return {
    gained: wider.kind === 'not-widened' ? [] : gainedBy(before, after, catalogue, steps),
    lost: narrower.kind === 'not-widened' ? [] : gainedBy(after, before, catalogue, steps),
    wider,
    narrower,
  };
}

/** Everything that a side may do at most. */
export function allowed(side: Side, catalogue: Catalogue): readonly ActionChange[] {
  const allowance = allowanceOf(side);
  const resources = new Map<string, Set<string>>();
  for (const { grant, patterns, negated } of allowance.allowing()) {
    for (const action of namesOf(withinServices(patterns, negated, grant.statement), negated, catalogue)) {
      for (const left of isConcrete(action) ? [action] : allowance.left(action)) {
        if (isConcrete(left) && allowance.grants(left).length === 0) continue;
        const places = worksOn(left, grant.resources, catalogue);
        // A pattern of actions permits these actions by its text alone.
        if (places.length === 0 && !patterns.includes(action)) continue;
        const known = resources.get(left) ?? new Set();
        for (const resource of places.length === 0 ? grant.resources : places) known.add(resource);
        resources.set(left, known);
      }
    }
  }
  return [...resources]
    .map(([action, places]) => toChange(action, [...places].sort(), catalogue, true))
    .sort((one, other) => (one.action < other.action ? -1 : 1));
}

/** Groups changes by service and access level. Permissions management comes first, then write, tagging, read, list. */
export function byServiceAndLevel(changes: readonly ActionChange[]): readonly AccessChange[] {
  const groups = new Map<string, { change: ActionChange; actions: string[]; resources: Set<string> }>();
  for (const change of changes) {
    const key = `${change.service} ${change.level}`;
    const group = groups.get(key) ?? { change, actions: [], resources: new Set<string>() };
    group.actions.push(change.action);
    for (const resource of change.resources) group.resources.add(resource);
    groups.set(key, group);
  }
  return [...groups.values()]
    .map(({ change, actions, resources }) => ({
      service: change.service,
      level: change.level,
      actions: actions.sort(),
      resources: [...resources].sort(),
    }))
    .sort((one, other) => rankOf(one.level) - rankOf(other.level) || (one.service < other.service ? -1 : 1));
}

/** The most dangerous of some changes; `undefined` for none. */
export function worstChange(changes: readonly ActionChange[]): ActionChange | undefined {
  return changes.toSorted(
    (one, other) =>
      DANGER[one.access] - DANGER[other.access] ||
      tellingOf(one.action) - tellingOf(other.action) ||
      (one.action < other.action ? -1 : 1),
  )[0];
}

/** Among equally dangerous actions, well-known ones come first. */
function tellingOf(action: string): number {
  if (escalation(action)?.kind === 'identity' && action.startsWith('iam:')) return 0;
  return /:(Put|Add|Attach|Create)\w*(Policy|Permission|Acl)$/.test(action) ? 1 : 2;
}

const DANGER: Readonly<Record<ActionChange['access'], number>> = {
  permissions: 0,
  unknown: 1,
  delete: 2,
  write: 3,
  read: 4,
};

function rankOf(level: AccessChange['level']): number {
  return LEVELS.indexOf(level);
}

/** The access levels, sorted from most to least dangerous. */
const LEVELS: readonly AccessChange['level'][] = [
  'Permissions management',
  'unknown',
  'Write',
  'Tagging',
  'Read',
  'List',
];

function comparison(before: Side, after: Side, catalogue: Catalogue, steps: number): Comparison {
  try {
    return compare(...linked(permissionsOf(before), permissionsOf(after)), { catalogue, steps });
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return { kind: 'unknown', reason: `AWS would refuse a policy: ${error.message}` };
  }
}

function gainedBy(before: Side, after: Side, catalogue: Catalogue, steps: number): readonly ActionChange[] {
  const every = everythingNew(before, after);
  if (every !== undefined) return [toChange(every, ['*'], catalogue, true)];
  try {
    const { gained, undecided } = gainedActions(...linked(permissionsOf(before), permissionsOf(after)), {
      catalogue,
      steps,
      // If only a deny statement prevents a resource policy from granting an action, the finding is about this deny
      // statement, not about every action.
      resourcePolicies: 'ignore',
    });
    const options = { catalogue, steps, resourcePolicies: 'ignore' } as const;
    const broad = broadGains(before, after, options).flatMap((side) =>
      allowed(side, catalogue).filter(({ service }) => service === '*'),
    );
    const narrowed = narrowedGains(gained, before, after, options);
    const others = [
      ...narrowed.map(({ action, resources }) => toChange(action, resources, catalogue, true)),
      ...undecided
        .filter(({ action }) => mayWork(action, after, catalogue))
        .map(({ action }) => toChange(action, [], catalogue, false)),
    ].filter((change) => !broad.some((wide) => includes(wide, change)));
    // An action that works on none of the resources is permitted only by the text of the policy.
    const working = others.filter(({ certain, resources }) => !certain || resources.length > 0);
    return [...broad, ...(broad.length + working.length > 0 ? working : others)];
  } catch (error) {
    // A policy that AWS would reject is reported for the identity as a whole.
    if (error instanceof PolicyError) return [];
    throw error;
  }
}

/** Whether an action works on a resource on which it is allowed. True for an action that is not in the catalogue. */
function mayWork(action: string, side: Side, catalogue: Catalogue): boolean {
  const grants = allowanceOf(side).grants(action);
  return grants.length === 0 || grants.some(({ resources }) => worksOn(action, resources, catalogue).length > 0);
}

/** The resource patterns on which an action works. All patterns for an action that is not in the catalogue. */
function worksOn(action: string, resources: readonly string[], catalogue: Catalogue): readonly string[] {
  const info = catalogue.action(action);
  if (info === undefined) return resources;
  return resources.filter((text) => text === '*' || catalogue.acceptsResource(info, text));
}

/** Whether a gain of everything, apart from exceptions, includes another gain. */
function includes({ action, resources }: ActionChange, other: ActionChange): boolean {
  const exceptions = action.startsWith(EXCLUSION) ? action.slice(EXCLUSION.length).split(', ') : [];
  const excepted = exceptions.some((pattern) => compileActionPattern(pattern)(other.action));
  return (
    !excepted &&
    (resources.includes('*') ||
      (other.resources.length > 0 && other.resources.every((text) => resources.includes(text))))
  );
}

/** A new allow statement for everything that is not denied. `undefined` if there is none. */
function everythingNew(before: Side, after: Side): string | undefined {
  if (before.boundary !== undefined || after.boundary !== undefined) return undefined;
  return allowanceOf(before).everything() === undefined ? allowanceOf(after).everything() : undefined;
}

function toChange(action: string, resources: readonly string[], catalogue: Catalogue, certain: boolean): ActionChange {
  const info = catalogue.action(action);
  const reads = action.toLowerCase() === ATTENUATE || (info === undefined && isReadOnlyByAws(action));
  const named = action.includes(':') && !action.startsWith(EXCLUSION);
  const service = named ? action.slice(0, action.indexOf(':')).toLowerCase() : '*';
  const unlisted = isEverything(action) || action.startsWith(EXCLUSION) ? 'permissions' : 'unknown';
  return {
    action: info?.id ?? action,
    service,
    level: reads ? 'Read' : info === undefined ? 'unknown' : levelOf(info),
    access: reads ? 'read' : info === undefined ? unlisted : accessOf(info),
    resources,
    certain,
  };
}

/**
 * An action that is newer than the catalogue, and harmless: it creates credentials with a subset of the caller's
 * permissions. Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html
 */
const ATTENUATE = 'sts:getscopedcredentials';

function levelOf({ levels }: ActionInfo): AccessLevel {
  return LEVELS.find((level): level is AccessLevel => level !== 'unknown' && levels.includes(level)) ?? 'Write';
}

/**
 * An allow statement for every action, limited to resources of some services, allows only the actions of these
 * services.
 */
function withinServices(patterns: readonly string[], negated: boolean, statement: Statement): readonly string[] {
  const services = negated || !patterns.some(isEverything) ? undefined : servicesOfResources(statement);
  return services === undefined
    ? patterns
    : [...patterns.filter((each) => !isEverything(each)), ...services.map((each) => `${each}:*`)];
}

/** The actions that the patterns match. A pattern that the catalogue cannot resolve is returned unchanged. */
function namesOf(patterns: readonly string[], negated: boolean, catalogue: Catalogue): readonly string[] {
  if (negated) return [`${EXCLUSION}${patterns.join(', ')}`];
  return patterns.flatMap((pattern) => {
    const service = pattern.slice(0, Math.max(pattern.indexOf(':'), 0));
    if (!catalogue.hasService(service)) return [pattern];
    const infos = catalogue.expand(pattern);
    return infos.length === 0 ? [pattern] : infos.map(({ id }) => id);
  });
}

function isConcrete(action: string): boolean {
  return /^[\w-]+:\w+$/.test(action);
}
