/** Analyzes the AWS-managed policies of a role, action by action. */
import type { PinnedPolicy, Role } from '@leasehold/definitions';
import {
  type ActionInfo,
  accessUnder,
  type Catalogue,
  compileActionPattern,
  escalation,
  foldAscii,
  hasWildcard,
} from '@leasehold/policy';
import { awsManagedPowers } from '@leasehold/policy/aws-managed';
import { escalates, whySensitive } from './reading';

/** The known text of one AWS-managed policy, without actions that the role denies on every resource. */
export interface ManagedReading {
  readonly policy: PinnedPolicy;
  readonly index: number;
  /**
   * Whether the policy contains only Allow statements with `Action` and `Resource`, without `NotAction` or
   * `NotResource`.
   */
  readonly plain: boolean;
  readonly sensitive: readonly ActionInfo[];
  /**
   * Actions that are possibly not read actions: the id of each action or, if the action is unknown, its text in the
   * policy.
   */
  readonly notReads: readonly string[];
}

/** The AWS-managed policies of a role that have a known text. */
export function readManaged(role: Role, catalogue: Catalogue): readonly ManagedReading[] {
  const denied = deniedEverywhere(role);
  return (role.managedPolicies ?? []).flatMap((policy, index): readonly ManagedReading[] => {
    const powers = awsManagedPowers(policy.arn);
    if (powers === undefined) return [];
    const sensitive = new Map<string, ActionInfo>();
    const notReads = new Set<string>();
    for (const { actions, conditions } of powers.statements) {
      for (const pattern of actions) {
        const covered = catalogue.expand(pattern);
        // The catalogue contains only the named services, so a pattern with a service wildcard cannot be expanded.
        const unknown = covered.length === 0 || hasWildcard(pattern.split(':')[0] ?? '');
        if (unknown && !denied(pattern)) notReads.add(pattern);
        for (const action of covered.filter(({ id }) => !denied(id))) {
          if (whySensitive(action.id) !== undefined) sensitive.set(action.id, action);
          if (accessUnder(action, conditions) !== 'read' || gives(action)) notReads.add(action.id);
        }
      }
    }
    return [{ policy, index, plain: powers.plain, sensitive: [...sensitive.values()], notReads: [...notReads].sort() }];
  });
}

/** Action patterns in a role's AWS-managed policies, in lower case. */
export function managedPatterns({ managedPolicies = [] }: Role): ReadonlySet<string> {
  const statements = managedPolicies.flatMap(({ arn }) => awsManagedPowers(arn)?.statements ?? []);
  return new Set(statements.flatMap(({ actions }) => actions.map(foldAscii)));
}

function gives(action: ActionInfo): boolean {
  return escalates(action) || escalation(action.id)?.kind === 'hijack';
}

/** Whether an action or a pattern is denied on every resource and without a condition. */
function deniedEverywhere({ deny }: Role): (pattern: string) => boolean {
  const patterns = deny
    .filter(({ resources, conditions }) => resources.includes('*') && Object.keys(conditions).length === 0)
    .flatMap(({ actions }) => actions);
  const matchers = patterns.map(compileActionPattern);
  const written = new Set(patterns.map(foldAscii));
  return (pattern) =>
    written.has(foldAscii(pattern)) || (!hasWildcard(pattern) && matchers.some((matches) => matches(pattern)));
}
