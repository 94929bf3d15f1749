/** Computes the permissions that an identity gained, for use by the checks. */
import { compileActionPattern, ESCALATIONS, parseArn, SENSITIVE_READS } from '@leasehold/policy';
import { type ActionChange, actionChanges } from '../diff/access-change';
import { type Allowance, allowanceOf, EXCLUSION, type MatchingAllow } from '../diff/allowance';
import type { IdentityDiff } from '../diff/identity-diff';
import type { Side } from '../diff/side';
import type { ReviewContext } from './finding';

/** An action that an identity gained and that is in a curated list. */
export interface Gained {
  readonly action: string;
  readonly resources: readonly string[];
}

/** The permissions that were added to an identity's policies, including permissions that its boundary blocks. */
export function gainedUnbounded(diff: IdentityDiff, context: ReviewContext): readonly ActionChange[] {
  const known = memory.get(diff);
  if (known !== undefined) return known;
  const { before, after } = diff.pair;
  const free = (side: Side | undefined) => side && { ...side, boundary: undefined };
  const bounded = before?.boundary !== undefined || after?.boundary !== undefined;
  const found = bounded
    ? actionChanges({ before: free(before), after: free(after), alike: [] }, context.catalogue, context.steps).gained
    : diff.changes.gained;
  memory.set(diff, found);
  return found;
}

/**
 * Whether any allow statement of a side contains a privilege escalation action. This quick test runs before a detailed
 * test.
 */
export function mayEscalate(side: Side): boolean {
  return allowanceOf(side)
    .allowing()
    .some(({ patterns, negated }) => negated || patterns.some(escalates));
}

const escalating = new Map<string, boolean>();

function escalates(pattern: string): boolean {
  const known = escalating.get(pattern);
  if (known !== undefined) return known;
  const answer = ESCALATING.has(pattern.toLowerCase()) || coveredBy(pattern, ESCALATING).length > 0;
  if (escalating.size < MOST_REMEMBERED) escalating.set(pattern, answer);
  return answer;
}

const MOST_REMEMBERED = 50_000;

const memory = new WeakMap<IdentityDiff, readonly ActionChange[]>();

/**
 * The actions in a list that also occur in the changes. A pattern in the changes counts as each action that it covers.
 */
export function listed(changes: readonly ActionChange[], list: ReadonlyMap<string, string>): readonly Gained[] {
  const found = new Map<string, Set<string>>();
  const add = (action: string, resources: readonly string[]) => {
    const places = found.get(action) ?? new Set();
    for (const resource of resources) places.add(resource);
    found.set(action, places);
  };
  for (const { action, resources: written, certain } of changes) {
    const resources = written.filter((resource) => isFor(action, resource));
    // According to AWS, the action works on none of the resources.
    if (certain && resources.length === 0) continue;
    const exact = list.get(action.toLowerCase());
    if (exact !== undefined) add(exact, resources);
    else {
      for (const covered of coveredBy(action, list)) {
        const reached = resources.filter((resource) => isFor(covered, resource));
        if (!certain || reached.length > 0) add(covered, reached);
      }
    }
  }
  return [...found].map(([action, places]) => ({ action, resources: [...places].sort() })).sort(byAction);
}

/** The resources of the statements that allow an action, sorted. */
export function resourcesOf(grants: readonly MatchingAllow[]): readonly string[] {
  return [...new Set(grants.flatMap(({ resources }) => resources))].sort();
}

/** Maps lower-case names to the names of the curated actions. */
export const ESCALATING: ReadonlyMap<string, string> = namesOf(ESCALATIONS.map(({ action }) => action));
export const SENSITIVE: ReadonlyMap<string, string> = namesOf(SENSITIVE_READS.map(({ action }) => action));

/** The actions in a list that an allowance grants. */
export function held(allowance: Allowance, actions: Iterable<string>): readonly Gained[] {
  return [...actions].flatMap((action) => {
    const grants = allowance.grants(action);
    return grants.length === 0 ? [] : [{ action, resources: resourcesOf(grants) }];
  });
}

function namesOf(actions: readonly string[]): ReadonlyMap<string, string> {
  return new Map(actions.map((action) => [action.toLowerCase(), action] as const));
}

/** Whether an action can apply to a resource: IAM actions work only on IAM resources. */
function isFor(action: string, resource: string): boolean {
  const service = parseArn(resource)?.service;
  return !/^iam:/i.test(action) || service === undefined || service === 'iam' || /[*?]/.test(service);
}

function coveredBy(pattern: string, list: ReadonlyMap<string, string>): readonly string[] {
  const excluding = pattern.startsWith(EXCLUSION);
  const texts = excluding ? pattern.slice(EXCLUSION.length).split(', ') : [pattern];
  if (!excluding && !/[*?]/.test(pattern)) return [];
  const matchers = texts.map(compileActionPattern);
  return [...list].flatMap(([name, action]) =>
    matchers.some((matches) => matches(name)) !== excluding ? [action] : [],
  );
}

function byAction(one: Gained, other: Gained): number {
  return one.action < other.action ? -1 : 1;
}
