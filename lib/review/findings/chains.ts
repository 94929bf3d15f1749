/** Chains of roles: who may assume whom, and on to whom. */
import { Allowance, allowanceOf } from '../diff/allowance';
import { accountOf, entriesOf, isAccount } from '../diff/principals';
import { pairOf } from '../diff/side';
import type { Estate, Identity } from '../model';
import { type Check, type FindingKind, finding, type ReviewContext } from './finding';
import { ESCALATING, held } from './powers';

const kind: FindingKind = {
  id: 'assume-chain',
  title: 'An identity reaches a role over another role',
  severities: ['high', 'critical'],
  why: 'What an identity may do is also what the roles may do that it reaches step by step.',
  mend: 'Take one step out: the permission to assume, or the principal in the trust.',
};

export const chains: Check = {
  kinds: [kind],
  *find(context) {
    const touched = touchedRoles(context);
    if (touched.size === 0) return;
    const { before, after } = context.access;
    const [earlier, later] = [new Reach(before), new Reach(after)];
    for (const start of later.startsThrough(touched)) {
      const known = earlier.from(start.key);
      for (const [end, path] of later.from(start.key)) {
        if (path.length < 3 || known.has(end) || !path.some((key) => touched.has(key))) continue;
        const last = after.identities.get(end);
        if (last === undefined) continue;
        yield finding(kind, {
          place: last.place ?? { address: last.name },
          identity: start.key,
          severity: later.escalates(last) ? 'critical' : 'high',
          message: `The ${start.kind} ${start.name} could now reach the role ${last.name}: ${path.map((key) => after.identities.get(key)?.name ?? key).join(' → ')}.`,
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

/** Who may assume whom on one side. Conditions are taken to hold; roles whose trust cannot be read are left out. */
class Reach {
  readonly #estate: Estate;
  readonly #byPrincipal = new Map<string, Identity[]>();
  readonly #byAccount = new Map<string, Identity[]>();
  readonly #open: Identity[] = [];
  readonly #allowances = new Map<string, Allowance>();

  constructor(estate: Estate) {
    this.#estate = estate;
    for (const role of estate.identities.values()) {
      if (role.trust?.document.kind !== 'known') continue;
      for (const { named } of entriesOf(role.trust.document.value)) {
        if (named.kind === 'Everyone') this.#open.push(role);
        else if (named.kind !== 'AWS') continue;
        else if (isAccount(named)) put(this.#byAccount, accountOf(named) ?? '', role);
        else put(this.#byPrincipal, named.value, role);
      }
    }
  }

  /** The identities from which a path may lead through one of these: they themselves, and whoever comes before them. */
  startsThrough(keys: ReadonlySet<string>): readonly Identity[] {
    const steps = new Map<string, string[]>();
    for (const identity of this.#estate.identities.values()) {
      for (const next of this.#next(identity)) {
        steps.set(next.key, [...(steps.get(next.key) ?? []), identity.key]);
      }
    }
    const found = new Set(keys);
    for (const key of found) for (const earlier of steps.get(key) ?? []) found.add(earlier);
    return [...found].flatMap((key) => this.#estate.identities.get(key) ?? []);
  }

  /** Roles that are reached, each with the shortest path to it, which begins with the identity itself. */
  from(key: string): ReadonlyMap<string, readonly string[]> {
    const paths = new Map<string, readonly string[]>([[key, [key]]]);
    for (const [at, path] of paths) {
      const identity = this.#estate.identities.get(at);
      if (identity === undefined || path.length > LONGEST) continue;
      for (const next of this.#next(identity)) if (!paths.has(next.key)) paths.set(next.key, [...path, next.key]);
    }
    paths.delete(key);
    return paths;
  }

  /** Whether a role has an action of its own with which it could gain more. */
  escalates(role: Identity): boolean {
    return held(this.#allowance(role), ESCALATING.values()).some(({ action }) => !/^sts:/i.test(action));
  }

  #next(identity: Identity): readonly Identity[] {
    const arn = identity.arn.kind === 'known' ? identity.arn.value : undefined;
    if (arn === undefined || identity.kind === 'group') return [];
    const allowance = this.#allowance(identity);
    const account = identity.account.kind === 'known' ? identity.account.value : '';
    const named = this.#byPrincipal.get(arn) ?? [];
    const may = (role: Identity) =>
      role.arn.kind === 'known' && allowance.grants('sts:AssumeRole', role.arn.value).length > 0;
    // To be named in the trust is a grant of its own within an account, but for what an explicit deny holds back.
    const by = named.filter(
      (role) =>
        role.arn.kind === 'known' &&
        (sameAccount(role, account) ? !allowance.denied('sts:AssumeRole', role.arn.value) : may(role)),
    );
    if (!allowance.mentions('sts:AssumeRole')) return by;
    const through = [...(this.#byAccount.get(account) ?? []), ...this.#open].filter((role) => may(role));
    return [...new Set([...by, ...through])].filter(({ key }) => key !== identity.key);
  }

  #allowance(identity: Identity): Allowance {
    const known = this.#allowances.get(identity.key);
    if (known !== undefined) return known;
    const { after } = pairOf(undefined, identity, { before: this.#estate, after: this.#estate });
    const allowance = after === undefined ? NOBODY : allowanceOf(after);
    this.#allowances.set(identity.key, allowance);
    return allowance;
  }
}

const NOBODY = new Allowance({ documents: [], boundary: undefined });

/** Steps of a chain that are followed. */
const LONGEST = 6;

function sameAccount({ account }: Identity, other: string): boolean {
  return account.kind === 'unknown' || account.value === other;
}

function put(map: Map<string, Identity[]>, key: string, identity: Identity): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [identity]);
  else list.push(identity);
}
