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
  why: 'Whoever determines what it runs, or sends input to it, then acts with the new role.',
  hint: 'Give the new role no more permissions than the old one, or create another resource for the new task.',
};

export const runningRoles: Check = {
  kinds: [kind],
  *find(context) {
    for (const change of oncePerRole(context.access.runningRoles ?? [])) yield* judge(change, context);
  },
};

/** A resource may name the same role in several attributes. The one that names the earlier role counts. */
function oncePerRole(changes: readonly RunningRole[]): Iterable<RunningRole> {
  const told = new Map<string, RunningRole>();
  for (const change of changes) {
    const { place, to, names } = change;
    const isNamed = to !== undefined || names.length > 0;
    const key = JSON.stringify([place.address, isNamed ? (to ?? names) : place.attribute]);
    if (told.get(key)?.from === undefined) told.set(key, change);
  }
  return told.values();
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

/** Whether one role permits something that the other, in its state before the plan, does not. */
function gains(before: Identity, after: Identity, { access, catalogue, steps }: ReviewContext): boolean {
  const { gained, wider } = actionChanges(pairOf(before, after, access), catalogue, steps);
  return gained.length > 0 || (wider !== undefined && wider.kind !== 'not-widened');
}
