/** Roles that an identity can newly assume, in one step or over others, with what is behind them. */
import { allowed, worstChange } from '../diff/access-change';
import { allowanceOf } from '../diff/allowance';
import { widens } from '../diff/demands';
import { Reach } from '../diff/reach';
import { permissionsOf, type Side } from '../diff/side';
import type { Severity } from '../review';
import { newRoles } from './asking';
import { type Check, type FindingKind, finding, type ReviewContext } from './finding';
import { ESCALATING, held } from './powers';

const kind: FindingKind = {
  id: 'assume-chain',
  title: 'An identity can assume a role that can do more',
  severities: ['high', 'critical'],
  why: 'What an identity may do is also what the roles may do that it reaches, in one step or in several.',
  mend: 'Take one step out: the permission to assume, or the principal in the trust.',
};

export const chains: Check = {
  kinds: [kind],
  *find(context) {
    const touched = touchedRoles(context);
    if (touched.size === 0) return;
    const { before, after } = context.access;
    const [earlier, later] = [new Reach(before), new Reach(after)];
    const asked = new Set(newRoles(context));
    for (const start of later.startsThrough(touched)) {
      const known = earlier.from(start.key);
      for (const [end, path] of later.from(start.key)) {
        if (known.has(end) || !path.some((key) => touched.has(key))) continue;
        const last = after.identities.get(end);
        if (last === undefined) continue;
        const side = later.sideOf(last);
        const behind = powerOf(side, context);
        if (path.length === 2) {
          // What the plan makes together is reported of each; asking for a role of Leasehold's is no power of its own.
          if (!before.identities.has(start.key) && start.place !== undefined && !before.identities.has(end)) continue;
          if (last.arn.kind === 'known' && asked.has(last.arn.value)) continue;
          // A role that lets somebody in is a finding of its own; only what is graver is told here.
          if (!touched.has(start.key) && behind.severity !== 'critical') continue;
          if (!hasMore(later.sideOf(start), side, context)) continue;
        }
        yield finding(kind, {
          place: (path.length === 2 ? start.place : last.place) ?? last.place ?? { address: last.name },
          identity: start.key,
          severity: behind.severity,
          message: `The ${start.kind} ${start.name} could now ${path.length === 2 ? 'assume' : 'reach'} the role ${last.name}, which ${behind.words}${path.length === 2 ? '' : `: ${path.map((key) => after.identities.get(key)?.name ?? key).join(' → ')}`}.`,
        });
      }
    }
  },
};

/** Identities whose trust or permissions changed so that a step may be new. */
function touchedRoles({ diffs }: ReviewContext): ReadonlySet<string> {
  return new Set(
    diffs.flatMap(({ key, state, permissions, trust, before, after }) => {
      if (after === undefined) return [];
      const opened = state === 'new' || trust?.wider === true || (trust?.added.length ?? 0) > 0;
      const stronger = permissions.kind === 'widened' || permissions.kind === 'unknown';
      const unread = after.trust?.document.kind === 'unknown' && before?.trust?.document.kind === 'known';
      return opened || stronger || unread ? [key] : [];
    }),
  );
}

interface Power {
  readonly severity: Severity;
  readonly words: string;
}

/** What a role may do, in words, and how bad it is to gain it. */
function powerOf(side: Side | undefined, { catalogue }: ReviewContext): Power {
  if (side === undefined) return { severity: 'high', words: 'the plan does not show' };
  const escalating = held(allowanceOf(side), ESCALATING.values()).filter(({ action }) => !/^sts:/i.test(action));
  const severity = escalating.length > 0 ? 'critical' : 'high';
  const all = allowed(side, catalogue);
  const every = all.find(({ action, resources }) => action === '*' && resources.includes('*'));
  if (every !== undefined) return { severity, words: 'may do everything (* on *)' };
  const worst = worstChange(all);
  const unread = side.unknown.length > 0 ? ' and what cannot be read' : '';
  if (worst === undefined) return { severity, words: unread === '' ? 'may do nothing yet' : 'has policies that cannot be read' };
  const more = all.length - 1;
  const others = more > 0 ? ` and ${more} more action${more > 1 ? 's' : ''}` : '';
  return { severity, words: `may do ${worst.action} on ${worst.resources[0] ?? 'some resource'}${others}${unread}` };
}

/** Whether a role may do anything that whoever assumes it may not, or nobody can show that it may not. */
function hasMore(one: Side | undefined, role: Side | undefined, { catalogue, steps }: ReviewContext): boolean {
  if (one === undefined || role === undefined || role.unknown.length > 0) return true;
  const options = { catalogue, steps, resourcePolicies: 'ignore' } as const;
  return widens(permissionsOf(one), permissionsOf(role), options);
}
