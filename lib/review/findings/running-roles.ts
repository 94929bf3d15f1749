/** Finds existing functions, clusters, pipelines and other resources whose role changes. */
import { actionChanges } from '../diff/access-change';
import { pairOf } from '../diff/side';
import type { Identity, RunningRole } from '../model';
import type { ReviewFinding } from '../review';
import { show } from './attributes';
import { type Check, type FindingKind, finding, type ReviewContext } from './finding';
import { identityNamed, type Power, powerOfAddresses, powerOfNamed } from './power-of';

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
    for (const change of context.access.runningRoles ?? []) yield* judge(change, context);
  },
};

function* judge({ place, from, to, names }: RunningRole, context: ReviewContext): Iterable<ReviewFinding> {
  const power = to === undefined ? powerOfAddresses(names, context) : powerOfNamed(to, context);
  const earlier = from === undefined ? undefined : identityNamed(from, context.access.before);
  const later = power.identity;
  if (earlier !== undefined && later !== undefined && power.kind !== 'unread') {
    if (!gains(earlier, later, context)) return;
  }
  yield finding(kind, {
    place,
    severity: severityOf(power),
    message: `${place.address} now runs with the role ${power.label ?? show(to)}, ${power.words}, instead of ${show(from)}.`,
  });
}

/** Whether one role permits something that the other, in its state before the plan, does not. */
function gains(before: Identity, after: Identity, { access, catalogue, steps }: ReviewContext): boolean {
  const { gained, wider } = actionChanges(pairOf(before, after, access), catalogue, steps);
  return gained.length > 0 || (wider !== undefined && wider.kind !== 'not-widened');
}

function severityOf({ kind: power }: Power) {
  return power === 'everything' ? 'critical' : power === 'some' ? 'medium' : 'high';
}
