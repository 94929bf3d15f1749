/** Determines who may assume which role on one side of a plan, step by step. */
import { parseArn } from '@leasehold/policy';
import type { Estate, Identity } from '../model';
import { Allowance, allowanceOf } from './allowance';
import { accountOf, entriesOf, isAccount } from './principals';
import { pairOf, type Side } from './side';

/** The role chains of one side. Conditions count as true. Roles whose trust policy cannot be read are omitted. */
export class Reach {
  readonly #estate: Estate;
  readonly #byPrincipal = new Map<string, Identity[]>();
  readonly #byAccount = new Map<string, Identity[]>();
  readonly #open: Identity[] = [];
  readonly #allowances = new Map<string, Allowance>();
  readonly #sides = new Map<string, Side>();
  readonly #steps = new Map<string, readonly Identity[]>();

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

  /**
   * The given identities, and every identity that may reach one of them through a role chain.
   */
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

  /** The roles that an identity can reach, each with the shortest path from the identity to the role. */
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

  /** An identity, with everything that affects its permissions on this side. */
  sideOf(identity: Identity): Side | undefined {
    const known = this.#sides.get(identity.key);
    if (known !== undefined) return known;
    const { after } = pairOf(undefined, identity, { before: this.#estate, after: this.#estate });
    if (after !== undefined) this.#sides.set(identity.key, after);
    return after;
  }

  #next(identity: Identity): readonly Identity[] {
    const known = this.#steps.get(identity.key);
    if (known !== undefined) return known;
    const steps = this.#stepsOf(identity);
    this.#steps.set(identity.key, steps);
    return steps;
  }

  /** A group represents its members. */
  #stepsOf(identity: Identity): readonly Identity[] {
    const allowance = this.#allowance(identity);
    const account = identity.account.kind === 'known' ? identity.account.value : '';
    const named = this.#named(identity, account);
    const may = (role: Identity) =>
      role.arn.kind === 'known' && allowance.grants('sts:AssumeRole', role.arn.value).length > 0;
    // Within an account, naming an identity in the trust policy is sufficient to permit it, unless an explicit deny
    // applies.
    const by = named.filter(
      (role) =>
        role.arn.kind === 'known' &&
        (sameAccount(role, account) ? !allowance.denied('sts:AssumeRole', role.arn.value) : may(role)),
    );
    if (!allowance.mentions('sts:AssumeRole')) return by;
    const through = [...(this.#byAccount.get(account) ?? []), ...this.#open].filter((role) => may(role));
    return [...new Set([...by, ...through])].filter(({ key }) => key !== identity.key);
  }

  /**
   * The roles whose trust policy names an identity. For an identity outside the plan, only the name is known, not the
   * path.
   */
  #named({ kind, name, arn, place }: Identity, account: string): readonly Identity[] {
    if (arn.kind === 'known') return this.#byPrincipal.get(arn.value) ?? [];
    if (place !== undefined || kind === 'group') return [];
    return [...this.#byPrincipal].flatMap(([principal, roles]) => {
      const parsed = parseArn(principal);
      const meant = parsed?.account === account && parsed.resource.startsWith(`${kind}/`);
      return meant && parsed.resource.endsWith(`/${name}`) ? roles : [];
    });
  }

  #allowance(identity: Identity): Allowance {
    const known = this.#allowances.get(identity.key);
    if (known !== undefined) return known;
    const side = this.sideOf(identity);
    const allowance = side === undefined ? NOBODY : allowanceOf(side);
    this.#allowances.set(identity.key, allowance);
    return allowance;
  }
}

const NOBODY = new Allowance({ documents: [], boundary: undefined });

/** Maximum length of a role chain. */
const LONGEST = 6;

function sameAccount({ account }: Identity, other: string): boolean {
  return account.kind === 'unknown' || account.value === other;
}

function put(map: Map<string, Identity[]>, key: string, identity: Identity): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [identity]);
  else list.push(identity);
}
