/**
 * How a grant differs from an earlier grant of the same role: what it additionally permits, no longer permits, or
 * permits under other conditions.
 */
import type { Grant } from '@leasehold/contract/event';
import { solid, spoken, visible } from '@leasehold/contract/text';
import { gainedActions, loadCatalogueFor } from '@leasehold/policy/core';

/**
 * A value that differs between the grants, as it is shown. `before` or `after` is undefined if that grant does not have
 * the value.
 */
export interface ChangedValue {
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** An action that only one of the two grants permits, with the resources. */
export interface ChangedAction {
  readonly action: string;
  readonly resources: readonly string[];
}

export interface GrantDifference {
  readonly values: readonly ChangedValue[];
  readonly added: readonly ChangedAction[];
  readonly removed: readonly ChangedAction[];
  /** Actions that both grants permit on the same resources, under different conditions. */
  readonly otherwise: readonly ChangedAction[];
  /** Why parts of the permissions could not be compared. Everything in this list counts as added. */
  readonly undecided: readonly string[];
}

/** Maximum number of steps for the comparison of one action, so that the page stays responsive. */
const STEPS = 20_000;

/** @throws {PolicyError} for a policy that cannot be read */
export async function differenceOf(before: Grant, after: Grant): Promise<GrantDifference> {
  const catalogue = await loadCatalogueFor([before, after].flatMap(({ policy }) => patternsIn(policy)));
  // A session policy only limits: what counts is what each grant permits itself.
  const options = { catalogue, resourcePolicies: 'ignore', newActions: 'ignore', steps: STEPS } as const;
  const gained = gainedActions(before.policy, after.policy, options);
  const lost = gainedActions(after.policy, before.policy, options);
  const names = (grant: Grant) =>
    Object.fromEntries((grant.managedPolicies ?? []).map(({ arn, sha256 }) => [arn, sha256]));
  return {
    values: [
      ...changed(before.parameters, after.parameters),
      ...changed({ Length: spoken(before.seconds) }, { Length: spoken(after.seconds) }, visible),
      ...changed({ 'Source identity': before.sourceIdentity }, { 'Source identity': after.sourceIdentity }),
      ...changed(names(before), names(after)),
    ],
    added: gained.gained.filter((action) => !isIn(lost.gained, action)).map(shown),
    removed: lost.gained.filter((action) => !isIn(gained.gained, action)).map(shown),
    otherwise: gained.gained.filter((action) => isIn(lost.gained, action)).map(shown),
    undecided: [...gained.undecided, ...lost.undecided].map(({ action, why }) => visible(`${action}: ${why}`)),
  };
}

/** Whether the two grants permit the same with the same values. */
export function isSame({ values, ...permissions }: GrantDifference): boolean {
  return values.length === 0 && permitsSame(permissions);
}

/** Whether the two grants permit the same. */
export function permitsSame({ added, removed, otherwise, undecided }: Omit<GrantDifference, 'values'>): boolean {
  return [added, removed, otherwise, undecided].every((each) => each.length === 0);
}

function isIn(actions: readonly ChangedAction[], { action, resources }: ChangedAction): boolean {
  return actions.some((each) => each.action === action && each.resources.join(' ') === resources.join(' '));
}

function shown({ action, resources }: ChangedAction): ChangedAction {
  return { action: visible(action), resources: resources.map(visible) };
}

function changed(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  shownAs: (value: string) => string = solid,
): readonly ChangedValue[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => {
    const [a, b] = [before, after].map((values) => (Object.hasOwn(values, name) ? values[name] : undefined));
    const show = (value: string | undefined) => (value === undefined ? undefined : shownAs(value));
    return a === b ? [] : [{ name: visible(name), before: show(a), after: show(b) }];
  });
}

/** The action patterns of a policy. A statement without `Action` can concern every service. */
function patternsIn({ Statement: statements }: Grant['policy']): readonly string[] {
  return [statements].flat().flatMap((statement) => [statement.Action ?? '*'].flat());
}
