/** Finds existing functions, clusters, pipelines and other resources whose role changes. */
import { actionChanges } from '../diff/access-change';
import { pairOf } from '../diff/side';
import type { Identity, RunningRole } from '../model';
import type { ReviewFinding } from '../review';
import { show } from './attributes';
import { type Check, type FindingKind, finding, type ReviewContext } from './finding';
import { identityNamed, powerOfAddresses, powerOfNamed, severityOfPower } from './power-of';

const kind: FindingKind = {
  id: 'role-swapped',
  title: 'A running resource gets another role, which may do more',
  severities: ['high', 'critical', 'medium'],
  why: 'Anyone who determines what the resource runs, or sends input to the resource, acts with the permissions of the new role.',
  hint: 'Give the new role no more permissions than the old role, or create another resource for the new task.',
};

export const runningRoles: Check = {
  kinds: [kind],
  *find(context) {
    const told = new Set<string>();
    for (const change of oncePerRole(context.access.runningRoles ?? [])) {
      // If the resource had no role before, the change is omitted if another reported change of the resource names the
      // same role.
      if (change.from === undefined && told.has(targetOf(change))) continue;
      for (const found of judge(change, context)) {
        told.add(targetOf(change));
        yield found;
      }
    }
  },
};

/**
 * Removes duplicate changes. A resource may name the same role in several attributes. Each change from one role to
 * another counts once. Changes in attributes without an earlier role come last.
 */
function oncePerRole(changes: readonly RunningRole[]): Iterable<RunningRole> {
  const told = new Map<string, RunningRole>();
  const added = (change: RunningRole) => (change.from === undefined ? 1 : 0);
  for (const change of changes.toSorted((one, other) => added(one) - added(other))) {
    const key = JSON.stringify([targetOf(change), change.from]);
    if (!told.has(key)) told.set(key, change);
  }
  return told.values();
}

/** The resource and its new role. If no name of the role is known, the attribute is used instead. */
function targetOf({ place, to, names }: RunningRole): string {
  return JSON.stringify([place.address, to !== undefined || names.length > 0 ? (to ?? names) : place.attribute]);
}

function* judge({ place, from, to, names }: RunningRole, context: ReviewContext): Iterable<ReviewFinding> {
  const power = to === undefined ? powerOfAddresses(names, context) : powerOfNamed(to, context);
  const earlier = from === undefined ? undefined : identityNamed(from, context.access.before);
  const later = power.identity;
  if (earlier !== undefined && later !== undefined && power.kind !== 'unread') {
    if (!gains(earlier, later, context)) return;
  }
  yield finding(kind, {
    place,
    severity: severityOfPower(power),
    message: `${place.address} now runs with the role ${power.label ?? show(to)}, ${power.words}, instead of ${show(from)}.`,
  });
}

/** Whether one role permits something that the other role, in its state before the plan, does not permit. */
function gains(before: Identity, after: Identity, { access, catalogue, steps }: ReviewContext): boolean {
  const { gained, wider } = actionChanges(pairOf(before, after, access), catalogue, steps);
  return gained.length > 0 || (wider !== undefined && wider.kind !== 'not-widened');
}
