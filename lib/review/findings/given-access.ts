/**
 * Reports access that is given without a policy: through grants, shares and assignments, and through roles that a
 * resource assigns to others.
 */
import { accountNamed } from '../account-ids';
import { sameValue } from '../diff/equal-values';
import type { Watched } from '../model';
import { Unread } from '../model';
import type { ReviewFinding, Severity } from '../review';
import type { AccessGrantType } from '../types/grants';
import { grantOf, roleGrantOf } from '../types/named-attributes';
import { LETS_IN } from '../types/open-access-types';
import type { RoleGrant } from '../types/role-grants';
import { isTrue, show, valueAt } from './attributes';
import { type Change, type Check, type FindingKind, finding, listOf, type ReviewContext } from './finding';

import { valuesAlong, writtenAlong } from './paths';
import { atTheLeast, type Power, powerOfAddresses, powerOfNamed } from './power-of';
import { foreign, open } from './resource-kinds';

const given: FindingKind = {
  id: 'access-given',
  title: 'A grant, share or assignment gives access',
  severities: ['high', 'critical', 'medium', 'low'],
  why: 'The grantee needs no policy for this access, so no comparison of policies shows the access.',
  hint: 'Make sure that all of these identities need the access. Otherwise remove the grant.',
};

export const givenAccess: Check = {
  kinds: [given],
  *find(context) {
    for (const change of context.watched) {
      const { after } = change;
      if (after === undefined) continue;
      const [grant, roles] = [grantOf(after.type), roleGrantOf(after.type)];
      if (grant !== undefined) yield* granted(change, after, grant, context);
      if (roles !== undefined) yield* handedOut(change, after, roles, context);
      yield* credential(change, after);
    }
  },
};

/** A recipient of access. */
interface Recipient {
  readonly path: string;
  readonly value: unknown;
}

function recipients(watched: Watched | undefined, { to, nobody }: AccessGrantType): readonly Recipient[] {
  return to.flatMap((path) =>
    writtenAlong(watched, path)
      .flatMap((value) => (typeof value === 'string' ? value.split(/[\s,]+/) : [value]))
      .filter((value) => value !== '' && !(typeof value === 'string' && nobody?.test(value) === true))
      .map((value) => ({ path, value })),
  );
}

function* granted(
  change: Change<Watched>,
  after: Watched,
  grant: AccessGrantType,
  context: ReviewContext,
): Iterable<ReviewFinding> {
  const { before } = change;
  const was = recipients(before, grant);
  const more = (grant.gives ?? []).filter((path) => before !== undefined && gives(before, path) !== gives(after, path));
  for (const { path, value } of recipients(after, grant)) {
    const known = was.some((other) => other.path === path && value !== Unread && other.value === value);
    if (known && more.length === 0) continue;
    // A value that was unreadable both before and after counts as unchanged.
    if (value === Unread && more.length === 0 && was.some((other) => other.path === path && other.value === Unread)) {
      continue;
    }
    yield told(after, grant, { path, value }, known ? more : [], context);
  }
}

function gives(watched: Watched, path: string): string {
  const text = (value: unknown) => (value === Unread ? '?' : (JSON.stringify(value) ?? ''));
  return writtenAlong(watched, path).map(text).toSorted().join('\n');
}

function told(
  { place, account, names, values }: Watched,
  grant: AccessGrantType,
  { path, value }: Recipient,
  more: readonly string[],
  { accounts }: ReviewContext,
): ReviewFinding {
  const attribute = path.split('.')[0] ?? path;
  const at = { address: place.address, attribute };
  const what = more.length === 0 ? '' : `, now with another ${listOf(more)}`;
  const say = (whom: string) => `${place.address} ${grant.how} ${whom}${what}.`;
  if (value === Unread) {
    const [own, ...others] = names?.[attribute] ?? [];
    if (own === undefined) {
      return finding(given, { place: at, severity: 'high', message: say('somebody whom the plan does not show') });
    }
    return finding(given, {
      place: at,
      severity: grant.severity ?? 'medium',
      message: say(listOf([own, ...others])),
    });
  }
  const text = String(value);
  if (/^(\*|all)$/i.test(text) || grant.everybody?.test(text)) {
    const organization = grant.within === undefined ? undefined : valuesAlong(values, grant.within)[0];
    if (typeof organization === 'string' && /^o-[a-z0-9]+$/.test(organization)) {
      return finding(given, {
        place: at,
        severity: 'medium',
        message: say(`everybody of organization ${organization}`),
      });
    }
    return finding(open, { place: at, message: say(`everybody (${text})`) });
  }
  const named = accountNamed(text);
  const home = account.kind === 'known' && accounts.has(account.value) ? account.value : undefined;
  if (named !== undefined && !accounts.has(named)) {
    return finding(foreign, { place: at, message: say(`${text}, of an account that is none of this plan`) });
  }
  if (named !== undefined && home !== undefined && named !== home) {
    return finding(foreign, { place: at, severity: 'medium', message: say(`${text}, of another account`) });
  }
  const whom = grant.people ? `${text} of a directory that the plan does not show` : text;
  return finding(given, { place: at, severity: grant.severity ?? 'medium', message: say(whom) });
}

function* handedOut(
  { before }: Change<Watched>,
  after: Watched,
  { roles, who = [], workload }: RoleGrant,
  context: ReviewContext,
): Iterable<ReviewFinding> {
  const others = who.filter((path) => before !== undefined && gives(before, path) !== gives(after, path));
  for (const { path, to, everybody } of roles) {
    const known = writtenAlong(before, path);
    for (const role of writtenAlong(after, path)) {
      if (known.some((other) => sameValue(other, role)) && others.length === 0) continue;
      const attribute = path.split('.')[0] ?? path;
      const power = role === Unread ? powerOfAddresses(after.names?.[attribute], context) : powerOfNamed(role, context);
      yield finding(given, {
        place: { address: after.place.address, attribute },
        severity: severityOf(power, everybody === true, workload === true),
        message: `${after.place.address} hands ${to} the role ${power.label ?? show(role)}, ${power.words}.`,
      });
    }
  }
}

function severityOf({ kind }: Power, everybody: boolean, workload: boolean): Severity {
  if (kind === 'everything') return 'critical';
  if (everybody) return atTheLeast('high', kind === 'escalates' ? 'critical' : 'high');
  // The pods of a cluster belong to the plan, and the role's trust policy is reviewed separately.
  if (workload) return kind === 'escalates' ? 'high' : kind === 'unread' ? 'medium' : 'low';
  return kind === 'some' ? 'medium' : 'high';
}

/** New keys and token issuers. They give access to whoever has the key or token. */
function* credential({ before }: Change<Watched>, after: Watched): Iterable<ReviewFinding> {
  const rule = LETS_IN[after.type];
  if (rule === undefined) return;
  const changed = rule.by.filter((path) => {
    const [was, is] = [valueAt(before?.values, path), valueAt(after.values, path)];
    return before === undefined
      ? isTrue(is) || !rule.onlyWhenTrue || (rule.unlessFalse === true && is !== false)
      : !sameValue(was ?? null, is ?? null) && (isTrue(is) || !rule.onlyWhenTrue);
  });
  const [attribute] = changed;
  if (attribute === undefined) return;
  yield finding(given, {
    place: { address: after.place.address, attribute },
    severity: rule.severity,
    message: `${after.place.address} ${rule.how}.`,
  });
}
