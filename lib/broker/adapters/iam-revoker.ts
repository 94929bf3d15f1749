/**
 * Revokes leases with tags on their role. Only deny statements in the role's own policy read these tags: one tag for
 * each revoked lease, and one tag that blocks the whole role. A record is written before each tag and removed after it.
 * So if a tag was never set for a revocation, the next pruning run completes the revocation.
 */
import { largest } from '@leasehold/contract/any-length';
import { defined } from '@leasehold/contract/defined';
import { REVOKED_SLOTS, revokedTag, SHUT_TAG } from '@leasehold/documents';
import { inBatches } from '../batches';
import { LONGEST_LEASE } from '../durations';
import type { Revocation, ShutRole } from '../ports';
import type { RevocationKey, RevocationRecords, RevokedLease, Standing } from './revocation-records';
import { MARGIN } from './revocation-times';
import { isFull, type RoleTags, type Tags } from './role-tags';

/** Maximum number of roles pruned in parallel. */
const AT_ONCE = 10;
/** A role without a record is checked in one out of this many pruning runs. */
const TURNS = 60;

/** Revokes leases and blocks roles, with tags. */
export class IamRevoker {
  readonly #records: RevocationRecords;
  readonly #tags: RoleTags;
  readonly #roles: Readonly<Record<string, string>>;

  /** @param roles Maps each role to the name of its IAM role. */
  constructor(records: RevocationRecords, tags: RoleTags, roles: Readonly<Record<string, string>>) {
    this.#records = records;
    this.#tags = tags;
    this.#roles = roles;
  }

  /**
   * Makes AWS deny leases of one role. If these leases need more tags than the role can have, makes AWS deny the whole
   * role.
   * @returns the time at which the block ends, if the role is blocked
   */
  async revoke(role: string, leases: readonly Revocation[]): Promise<{ readonly shutUntil?: number }> {
    if (leases.length === 0) return {};
    const roleName = this.#roleName(role);
    const standing = await this.#records.standing(role);
    const tags = await this.#takeSlots(role, leases, standing);
    const until = largest(leases.map((lease) => lease.until));
    if (tags === undefined) return { shutUntil: await this.#shut(role, until) };
    try {
      await this.#tags.set(roleName, tags);
    } catch (error) {
      if (!isFull(error)) throw error;
      return { shutUntil: await this.#shut(role, until) };
    }
    return defined({ shutUntil: standing.shutUntil });
  }

  /** Makes AWS deny every existing and new lease of a role until the given time. */
  async shut(role: string, until: number): Promise<void> {
    await this.#shut(role, until);
  }

  /** The roles that are blocked, and whether each has its tag. @throws {Unavailable} if the records cannot be read */
  async standing(): Promise<readonly Omit<ShutRole, 'policy'>[]> {
    const all = await inBatches(Object.keys(this.#roles), AT_ONCE, (role) => this.#standingOf(role));
    return all.filter((each) => each !== undefined);
  }

  async #standingOf(role: string): Promise<Omit<ShutRole, 'policy'> | undefined> {
    const { shutUntil: until } = await this.#records.standing(role);
    if (until === undefined) return undefined;
    try {
      const tags = (await this.#tags.list(this.#roleName(role))) ?? {};
      return { role, until, tag: Object.hasOwn(tags, SHUT_TAG) ? 'present' : 'missing' };
    } catch {
      return { role, until, tag: 'not-read' };
    }
  }

  /**
   * Each run checks the roles that have a record, and one in sixty of the other roles.
   * @throws the error for a role whose check failed, after the other roles were checked
   */
  async prune(now: number): Promise<void> {
    const turn = Math.floor(now / 60) % TURNS;
    const failures: unknown[] = [];
    await inBatches(Object.keys(this.#roles), AT_ONCE, async (role, index) => {
      try {
        await this.#pruneRole(role, now, index % TURNS === turn);
      } catch (error) {
        failures.push(error);
      }
    });
    if (failures.length > 0) throw failures[0];
  }

  async #pruneRole(role: string, now: number, isItsTurn: boolean): Promise<void> {
    const standing = await this.#records.standing(role);
    const isOnRecord = standing.slots.size > 0 || standing.shutUntil !== undefined;
    if (!isOnRecord && !isItsTurn) return;
    const roleName = this.#roleName(role);
    const tags = await this.#tags.list(roleName);
    // A role that does not exist has no credentials in use.
    const isOver = (until: number) => tags === undefined || until + MARGIN <= now;
    if (tags !== undefined) {
      await this.#adopt(role, standing, tags, now);
      // Missing tags are set before expired tags are removed.
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
      // In the meantime, another call may have blocked the role for a longer time, and this run may have removed that
      // block's tag.
      await this.#shut(role, claim.until);
    }
  }

  /**
   * Records a tag that has no record, for example after the table was restored. The tag remains for the maximum
   * duration of the lease that the tag names.
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

  /**
   * Takes a slot for each lease that has no slot yet.
   * @returns the tags to set. `undefined` if there are not enough slots.
   */
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

  /** Takes the first slot that is still free. Removes the slots that it tried from `free`. */
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

/** Tags that are recorded but missing on the role, or that have a different value on the role. */
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

/** The last second that a `Date` can represent. */
const LAST_SECOND = 8_640_000_000_000;

/**
 * Formats seconds since 1970 as ISO 8601, for example `2026-11-27T18:00:00Z`. A record that somebody edited can contain
 * a time after the last one that can be formatted. The role is then still denied, because only the presence of the tag
 * matters.
 */
function timeText(seconds: number): string {
  return new Date(Math.min(seconds, LAST_SECOND) * 1000).toISOString().replace('.000', '');
}

function timeOf(value: string): number | undefined {
  const time = Math.floor(Date.parse(value) / 1000);
  return Number.isSafeInteger(time) && time >= 0 ? time : undefined;
}
