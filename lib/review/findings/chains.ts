/**
 * Finds roles that an identity can newly assume, directly or through other roles, and reports the permissions of these
 * roles.
 */
import { allowed, worstChange } from '../diff/access-change';
import { allowanceOf } from '../diff/allowance';
import { widens } from '../diff/demands';
import { Reach } from '../diff/reach';
import { permissionsOf, type Side } from '../diff/side';
import type { Identity } from '../model';
import type { Severity } from '../review';
import { newRoles } from './asking';
import { type Check, type FindingKind, finding, type ReviewContext } from './finding';
import { ESCALATING, held } from './powers';

const kind: FindingKind = {
  id: 'assume-chain',
  title: 'An identity can assume a role that can do more',
  severities: ['high', 'critical'],
  why: 'An identity that can assume a role, directly or through other roles, can do everything that this role can do.',
  hint: 'Remove one step: the permission to assume a role, or the principal in the trust policy of that role.',
};

export const chains: Check = {
  kinds: [kind],
  *find(context) {
    const touched = touchedRoles(context);
    if (touched.size === 0) return;
    const { before, after } = context.access;
    const [earlier, later] = [new Reach(before), new Reach(after)];
    const asked = new Set(newRoles(context));
    const powers = new Map<string, Power>();
    const powerBehind = (role: Identity): Power => {
      const power = powers.get(role.key) ?? powerOf(later.sideOf(role), context);
      powers.set(role.key, power);
      return power;
    };
    for (const start of later.startsThrough(touched)) {
      const known = earlier.from(start.key);
      const next: Identity[] = [];
      for (const [end, path] of later.from(start.key)) {
        if (known.has(end) || !path.some((key) => touched.has(key))) continue;
        const last = after.identities.get(end);
        if (last === undefined) continue;
        if (path.length === 2) {
          next.push(last);
          continue;
        }
        const { severity, words } = powerBehind(last);
        yield finding(kind, {
          place: last.place ?? { address: last.name },
          identity: start.key,
          severity,
          message: `The ${start.kind} ${start.name} could now reach the role ${last.name}, which ${words}: ${path.map((key) => after.identities.get(key)?.name ?? key).join(' → ')}.`,
        });
      }
      const roles = next
        .filter((role) => {
          // Resources that are created together are reported individually. Permission to request a role of Leasehold
          // adds no power by itself.
          const isNew = !before.identities.has(start.key) && start.place !== undefined;
          if (isNew && !before.identities.has(role.key)) return false;
          if (role.arn.kind === 'known' && asked.has(role.arn.value)) return false;
          // A role that permits a new principal has a separate finding, so only more severe powers are reported here.
          return touched.has(start.key) || powerBehind(role).severity === 'critical';
        })
        .sort((one, other) => Number(isCritical(powerBehind(other))) - Number(isCritical(powerBehind(one))));
      const index = roles.findIndex(
        (role, at) => at >= MOST_COMPARED || hasMore(later.sideOf(start), later.sideOf(role), context),
      );
      const worst = roles[index];
      if (worst === undefined) continue;
      const { severity, words } = powerBehind(worst);
      const others = roles.length - index - 1;
      yield finding(kind, {
        place: start.place ?? worst.place ?? { address: start.name },
        identity: start.key,
        severity,
        message: `The ${start.kind} ${start.name} could now assume the role ${worst.name}, which ${words}${others > 0 ? `, and ${others} more role${others > 1 ? 's' : ''}` : ''}.`,
      });
    }
  },
};

/**
 * Maximum number of roles to compare with the identity that may assume them. Any further roles count as more powerful
 * than the identity.
 */
const MOST_COMPARED = 5;

function isCritical({ severity }: Power): boolean {
  return severity === 'critical';
}

/** Identities whose trust or permissions changed in a way that may add a step to a role chain. */
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

/** A role's permissions in words, and the severity of gaining the role. */
function powerOf(side: Side | undefined, { catalogue }: ReviewContext): Power {
  if (side === undefined) return { severity: 'high', words: 'the plan does not show' };
  const escalating = held(allowanceOf(side), ESCALATING.values()).filter(({ action }) => !/^sts:/i.test(action));
  const severity = escalating.length > 0 ? 'critical' : 'high';
  const all = allowed(side, catalogue);
  const every = all.find(({ action, resources }) => action === '*' && resources.includes('*'));
  if (every !== undefined) return { severity, words: 'may do everything (* on *)' };
  const worst = worstChange(all);
  const unread = side.unknown.length > 0 ? ' and what cannot be read' : '';
  if (worst === undefined)
    return { severity, words: unread === '' ? 'may do nothing yet' : 'has policies that cannot be read' };
  const more = all.length - 1;
  const others = more > 0 ? ` and ${more} more action${more > 1 ? 's' : ''}` : '';
  return { severity, words: `may do ${worst.action} on ${worst.resources[0] ?? 'some resource'}${others}${unread}` };
}

/** Whether a role permits something that the identity assuming it lacks. True if uncertain. */
function hasMore(one: Side | undefined, role: Side | undefined, { catalogue, steps }: ReviewContext): boolean {
  if (one === undefined || role === undefined || role.unknown.length > 0) return true;
  const options = { catalogue, steps, resourcePolicies: 'ignore' } as const;
  return widens(permissionsOf(one), permissionsOf(role), options);
}
