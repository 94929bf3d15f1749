/**
 * Takes leases back by tags of their role, which the role's own policy reads in denies alone: one tag for each lease that
 * stands revoked, and one that shuts the whole role. A record of each is written before its tag, so that a revocation
 * whose tag was never set is completed by the next pruning, and removed after it.
 */
import { REVOKED_SLOTS, revokedTag, SHUT_TAG } from '@leasehold/documents';
import type { Revocation, Revoker } from '../ports';
import type { RevocationKey, RevocationRecords, RevokedLease, Standing } from './revocation-records';
import { isFull, type RoleTags, type Tags } from './role-tags';

/** Seconds that a deny outlives its lease, so that no clock of ours takes it away before AWS's ends the lease. */
export const MARGIN = 120;
/** Seconds of the longest lease that a broker opens. */
const LONGEST_LEASE = 3600;
/** Roles that are pruned at once. */
const AT_ONCE = 10;
/** Of so many prunings each role has its turn to be looked at though nothing is on record of it. */
const TURNS = 60;

/** {@link Revoker} of AWS. */
export class IamRevoker implements Revoker {
  readonly #records: RevocationRecords;
  readonly #tags: RoleTags;
  readonly #roles: Readonly<Record<string, string>>;

  /** @param roles Role → name of its IAM role. */
  constructor(records: RevocationRecords, tags: RoleTags, roles: Readonly<Record<string, string>>) {
    this.#records = records;
    this.#tags = tags;
    this.#roles = roles;
  }

  async revoke(role: string, leases: readonly Revocation[]): Promise<{ readonly shutUntil?: number }> {
    if (leases.length === 0) return {};
    const roleName = this.#roleName(role);
    const standing = await this.#records.standing(role);
    const tags = await this.#takeSlots(role, leases, standing);
    const until = Math.max(...leases.map((lease) => lease.until));
    if (tags === undefined) return { shutUntil: await this.#shut(role, until) };
    try {
      await this.#tags.set(roleName, tags);
    } catch (error) {
      if (!isFull(error)) throw error;
      return { shutUntil: await this.#shut(role, until) };
    }
    return standing.shutUntil === undefined ? {} : { shutUntil: standing.shutUntil };
  }

  async shut(role: string, until: number): Promise<void> {
    await this.#shut(role, until);
  }

  /**
   * Each run looks at the roles of which something is on record, and at one in sixty of the others.
   * @throws what went wrong with a role, after the others were looked at
   */
  async prune(now: number): Promise<void> {
    const roles = Object.keys(this.#roles);
    const turn = Math.floor(now / 60) % TURNS;
    const failures: unknown[] = [];
    for (let from = 0; from < roles.length; from += AT_ONCE) {
      const some = roles.slice(from, from + AT_ONCE);
      const done = await Promise.allSettled(
        some.map((role, index) => this.#pruneRole(role, now, (from + index) % TURNS === turn)),
      );
      failures.push(...done.flatMap((each) => (each.status === 'rejected' ? [each.reason] : [])));
    }
    if (failures.length > 0) throw failures[0];
  }

  async #pruneRole(role: string, now: number, isItsTurn: boolean): Promise<void> {
    const standing = await this.#records.standing(role);
    const isOnRecord = standing.slots.size > 0 || standing.shutUntil !== undefined;
    if (!isOnRecord && !isItsTurn) return;
    const roleName = this.#roleName(role);
    const tags = await this.#tags.list(roleName);
    // Of a role that is not there nothing can be in use.
    const isOver = (until: number) => tags === undefined || until + MARGIN <= now;
    if (tags !== undefined) {
      await this.#adopt(role, standing, tags, now);
      // What must stand goes before what can go.
      await this.#tags.set(roleName, missing(standing, tags, isOver));
    }
    const over = placesOf(standing).filter(({ until }) => isOver(until));
    const claimed = await Promise.all(over.map(({ place, until }) => this.#records.claim(role, place, until, now)));
    const claims = claimed.filter((claim) => claim !== undefined);
    const keys = claims
      .map(({ place }) => tagOf(place))
      .filter((key) => tags !== undefined && Object.hasOwn(tags, key));
    await this.#tags.remove(roleName, keys);
    for (const claim of claims) {
      if ((await this.#records.remove(claim)) || claim.place !== 'shut') continue;
      // Somebody shut it for longer while it was being opened, and their tag may be what was removed.
      await this.#shut(role, claim.until);
    }
  }

  /**
   * A tag of which nothing is on record, say because the table was restored, stands as long as the lease that it names can
   * last at most.
   */
  async #adopt(role: string, standing: Standing, tags: Tags, now: number): Promise<void> {
    const until = now + LONGEST_LEASE;
    for (let slot = 1; slot <= REVOKED_SLOTS; slot += 1) {
      const lease = tags[revokedTag(slot)];
      if (lease !== undefined && !standing.slots.has(slot)) await this.#records.take(role, slot, { lease, until });
    }
    const shut = tags[SHUT_TAG];
    if (shut !== undefined && standing.shutUntil === undefined) {
      await this.#records.shut(role, timeOf(shut) ?? until);
    }
  }

  /** Takes a slot for each lease that has none. @returns the tags to set; `undefined` where there is no room for all */
  async #takeSlots(role: string, leases: readonly Revocation[], standing: Standing): Promise<Tags | undefined> {
    const free = slotNumbers().filter((slot) => !standing.slots.has(slot));
    const tags: Record<string, string> = {};
    const without: RevokedLease[] = [];
    for (const { lease, until } of leases) {
      const known = [...standing.slots].find(([, each]) => each.lease === lease && each.until >= until);
      if (known === undefined) without.push({ lease, until });
      else tags[revokedTag(known[0])] = lease;
    }
    if (without.length > free.length) return undefined;
    for (const revoked of without) {
      const slot = await this.#takeFirst(role, free, revoked);
      if (slot === undefined) return undefined;
      tags[revokedTag(slot)] = revoked.lease;
    }
    return tags;
  }

  /** Takes the first slot that nobody else took meanwhile; drops those looked at from `free`. */
  async #takeFirst(role: string, free: number[], revoked: RevokedLease): Promise<number | undefined> {
    for (let slot = free.shift(); slot !== undefined; slot = free.shift()) {
      if (await this.#records.take(role, slot, revoked)) return slot;
    }
    return undefined;
  }

  async #shut(role: string, until: number): Promise<number> {
    const roleName = this.#roleName(role);
    const shutUntil = await this.#records.shut(role, until);
    await this.#tags.set(roleName, { [SHUT_TAG]: timeText(shutUntil) });
    return shutUntil;
  }

  #roleName(role: string): string {
    const name = Object.hasOwn(this.#roles, role) ? this.#roles[role] : undefined;
    if (name === undefined) throw new RangeError(`The broker opens no role ${role}.`);
    return name;
  }
}

/** Tags that are on record and not there, or with another value. */
function missing(standing: Standing, tags: Tags, isOver: (until: number) => boolean): Tags {
  const wanted: Record<string, string> = {};
  for (const [slot, { lease, until }] of standing.slots) if (!isOver(until)) wanted[revokedTag(slot)] = lease;
  const { shutUntil } = standing;
  if (shutUntil !== undefined && !isOver(shutUntil)) wanted[SHUT_TAG] = timeText(shutUntil);
  return Object.fromEntries(Object.entries(wanted).filter(([key, value]) => tags[key] !== value));
}

function placesOf({
  slots,
  shutUntil,
}: Standing): readonly { readonly place: RevocationKey; readonly until: number }[] {
  const places = [...slots].map(([place, { until }]) => ({ place, until }));
  return shutUntil === undefined ? places : [...places, { place: 'shut' as const, until: shutUntil }];
}

function tagOf(place: RevocationKey): string {
  return place === 'shut' ? SHUT_TAG : revokedTag(place);
}

function slotNumbers(): number[] {
  return Array.from({ length: REVOKED_SLOTS }, (_, index) => index + 1);
}

/** Seconds since 1970 as people read them, for example `2026-11-27T18:00:00Z`. */
function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000', '');
}

function timeOf(value: string): number | undefined {
  const time = Math.floor(Date.parse(value) / 1000);
  return Number.isSafeInteger(time) && time >= 0 ? time : undefined;
}
