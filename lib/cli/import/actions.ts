/**
 * Classifies an action. Returns the access level of the role that will contain the action, or the reason why no role
 * will contain it.
 */
import {
  type ActionInfo,
  accessOf,
  type Catalogue,
  compileActionPattern,
  compileGlob,
  escalation,
  foldAscii,
  hasWildcard,
  identityRead,
  many,
  needsNoPermission,
  type Statement,
  sensitiveRead,
} from '@leasehold/policy';
import type { DraftAccess } from './model';

/** The reason why an action or a resource cannot be imported, and what to do instead. */
export interface Refusal {
  readonly why: string;
  readonly instead: string;
}

/**
 * The access level of an action, or the reason why no role may permit the action, or `free` if the action needs no
 * permission.
 */
export type Fate = DraftAccess | 'free' | Refusal;

const PASS_ROLE: Refusal = {
  why: 'A caller that passes a role to a service gets the permissions of that role.',
  instead: 'Declare the role under `external:` of the project, and name it with its service under `passes:`.',
};
const ASSUME: Refusal = {
  why: 'A caller that assumes another role gets the permissions of that role.',
  instead: 'Declare the role under `external:` of the project, and name it under `assumes:`.',
};
const BECOMES_OTHER: Refusal = {
  why: 'The action gives access to credentials, or to permissions that the role does not have.',
  instead: 'Leave the action to a human administrator, or to a pipeline that is not an agent.',
};
const PERMISSIONS: Refusal = {
  why: 'The action changes permissions, so a lease could remove every limit of the role.',
  instead: 'Change permissions in Terraform, where each change is reviewed.',
};
const BOUNDARY: Refusal = {
  why: 'The boundary of every role denies changes to IAM, STS, Organizations and account settings.',
  instead: 'Leave it to a human administrator.',
};

const FENCED: ReadonlySet<string> = new Set(['iam', 'sts', 'organizations', 'account']);

/** @see Fate */
export function fateOf(action: ActionInfo): Fate {
  if (needsNoPermission(action.id)) return 'free';
  const kind = escalation(action.id)?.kind;
  if (kind === 'pass-role') return PASS_ROLE;
  if (action.id === 'sts:AssumeRole') return ASSUME;
  if (kind === 'identity') return BECOMES_OTHER;
  const access = accessOf(action);
  if (access === 'permissions') return PERMISSIONS;
  return FENCED.has(action.service) && !identityRead(action.id) ? BOUNDARY : access;
}

/** Whether a role that permits the action must state a reason. */
export function isSensitive(id: string): boolean {
  return sensitiveRead(id) !== undefined || identityRead(id);
}

/** Whether the action can be used to take over a resource that runs with a different role. */
export function hijacks(id: string): boolean {
  return escalation(id)?.kind === 'hijack';
}

/**
 * The action patterns in a statement, the actions that they match today, and the patterns that do not match any action.
 */
export interface NamedActions {
  readonly patterns: readonly string[];
  readonly actions: readonly ActionInfo[];
  readonly unknown: readonly string[];
}

/** The actions of a statement. */
export function actionsOf(statement: Statement, catalogue: Catalogue): NamedActions {
  if (statement.NotAction !== undefined) {
    const excluded = many(statement.NotAction).map(compileActionPattern);
    const actions = catalogue.expand('*').filter(({ id }) => !excluded.some((matches) => matches(id)));
    return { patterns: [], actions, unknown: [] };
  }
  const patterns = [...new Set(many(statement.Action))];
  const found = patterns.map((pattern) => ({ pattern, actions: expand(pattern, catalogue) }));
  return {
    patterns: patterns.filter(hasWildcard),
    actions: [...new Map(found.flatMap(({ actions }) => actions.map((action) => [action.id, action]))).values()],
    unknown: found.filter(({ actions }) => actions.length === 0).map(({ pattern }) => pattern),
  };
}

/**
 * Expands a pattern, including patterns such as `s3*:Get*`. The catalogue only expands patterns for a single service.
 */
function expand(pattern: string, catalogue: Catalogue): readonly ActionInfo[] {
  const colon = pattern.indexOf(':');
  if (!hasWildcard(pattern.slice(0, Math.max(colon, 0)))) return catalogue.expand(pattern);
  const matches = compileActionPattern(pattern);
  return catalogue.expand('*').filter(({ id }) => matches(id));
}

/**
 * Lists actions for a role: as a pattern from the source if the guardrails accept the pattern, else one by one. A
 * pattern is only used if it matches several actions, if the statement permits all of them, and if none of them is
 * sensitive. The pattern is written in AWS's spelling.
 */
export function shortest(ids: readonly string[], patterns: readonly string[], catalogue: Catalogue): readonly string[] {
  const wanted = new Set(ids);
  const kept = patterns.filter((pattern) => {
    const [service = '', name = ''] = pattern.split(/:(.*)/s);
    if (service !== foldAscii(service) || hasWildcard(service) || !/[A-Za-z]/.test(name)) return false;
    const covered = catalogue.expand(pattern);
    if (covered.length < 2 || covered.length === catalogue.expand(`${service}:*`).length) return false;
    const matches = compileGlob(pattern);
    return covered.every(({ id }) => wanted.has(id) && !isSensitive(id) && !hijacks(id) && matches(id));
  });
  const covered = new Set(kept.flatMap((pattern) => catalogue.expand(pattern).map(({ id }) => id)));
  return [...kept, ...ids.filter((id) => !covered.has(id))].toSorted();
}
