/**
 * Revokes leases with the revocation policy, which needs no role tags. The policy is always written from all records,
 * and written again until no record was added in the meantime. So if several calls run at the same time, the last write
 * contains the denials that all of them recorded.
 */

import { isDeepStrictEqual } from 'node:util';
import type { Environment } from '@leasehold/definitions';
import { type Denials, NO_DENIALS, readRevocationPolicy, revocationPolicy } from '@leasehold/documents';
import type { PolicyDocument } from '@leasehold/policy';
import { LONGEST_LEASE } from '../durations';
import { Unavailable } from '../port-errors';
import type { Clock } from '../ports';
import type { Denial, DenialRecords } from './denial-records';
import type { PolicyVersions } from './policy-versions';
import { MARGIN } from './revocation-times';

/** Maximum number of times that a single call rewrites the policy because other calls added records in the meantime. */
const MOST_WRITES = 10;
/** If there is no record, the policy is checked in one out of this many pruning runs. */
const TURNS = 60;

export interface PolicyDenialsOptions {
  readonly records: DenialRecords;
  readonly versions: PolicyVersions;
  readonly environment: Environment;
  /** Names of the roles to which the policy is attached. */
  readonly roles: ReadonlySet<string>;
  readonly clock: Clock;
}

/** The denials in the revocation policy. */
export class PolicyDenials {
  readonly #options: PolicyDenialsOptions;

  constructor(options: PolicyDenialsOptions) {
    this.#options = options;
  }

  /** Whether the policy is attached to a role. */
  covers(role: string): boolean {
    return this.#options.roles.has(role);
  }

  /**
   * Makes AWS deny leases or whole roles. Applies only to roles that the policy {@link covers}.
   * @returns all denials that the policy now contains
   * @throws {Refused} {@link Unavailable}
   */
  async deny(denials: readonly Denial[]): Promise<Denials> {
    if (denials.length === 0) return NO_DENIALS;
    const { records, clock, environment } = this.#options;
    await Promise.all(denials.map((denial) => records.add(denial)));
    const written = await this.#write(clock());
    return readRevocationPolicy(written, environment) ?? NO_DENIALS;
  }

  /** The roles for which the policy in IAM denies all sessions. @throws {Refused} {@link Unavailable} */
  async deniedRoles(): Promise<ReadonlySet<string>> {
    const { versions, environment, roles } = this.#options;
    const current = await versions.current();
    const denials = (current && readRevocationPolicy(current, environment)) ?? NO_DENIALS;
    return denials.everything ? roles : denials.roles;
  }

  /** Removes denials for leases that have ended, and repairs the policy. @throws {Refused} {@link Unavailable} */
  async prune(now: number): Promise<void> {
    const { records, roles } = this.#options;
    if (roles.size === 0) return;
    const known = await records.all();
    if (known.length === 0 && Math.floor(now / 60) % TURNS !== 0) return;
    await this.#repair(now);
    for (const denial of known) if (!isLive(denial, now)) await records.remove(denial);
  }

  async #repair(now: number): Promise<void> {
    const { records, versions, environment } = this.#options;
    const current = await versions.current();
    // The stack was not applied yet.
    if (current === undefined) return;
    // Read after the policy: a record is written before the policy and removed after it, so each denial that another
    // call wrote meanwhile has a record here, unless it has ended.
    const known = await records.all();
    const isWritten = (denials: readonly Denial[]) =>
      isDeepStrictEqual(current, revocationPolicy(toDenials(denials), environment));
    if (isWritten(known.filter((denial) => isLive(denial, now)))) return;
    if (!isWritten(known)) {
      for (const denial of this.#withoutRecord(current, known, now)) await records.add(denial);
    }
    await this.#write(now);
  }

  /**
   * Denials in the policy that have no record, for example after the table was restored. They remain for the maximum
   * duration of a lease. A policy does not show whether a role is denied because it was revoked, or because the denials
   * of its leases did not fit. So if the last write failed, a role whose leases did not fit is among them too.
   */
  #withoutRecord(current: PolicyDocument, known: readonly Denial[], now: number): readonly Denial[] {
    const { environment, roles } = this.#options;
    const { leases, roles: denied, everything } = readRevocationPolicy(current, environment) ?? NO_DENIALS;
    const recorded = toDenials(known);
    const until = now + LONGEST_LEASE;
    return [
      ...[...leases.keys()].filter((lease) => !recorded.leases.has(lease)).map((lease) => ({ lease, until })),
      ...[...(everything ? roles : denied)]
        .filter((role) => roles.has(role) && !recorded.roles.has(role))
        .map((role) => ({ role, until })),
    ];
  }

  async #write(now: number): Promise<PolicyDocument> {
    const { records, versions, environment } = this.#options;
    let written: PolicyDocument | undefined;
    for (let writes = 0; writes <= MOST_WRITES; writes += 1) {
      const live = (await records.all()).filter((denial) => isLive(denial, now));
      const wanted = revocationPolicy(toDenials(live), environment);
      if (written !== undefined && isDeepStrictEqual(written, wanted)) return written;
      await versions.write(wanted);
      written = wanted;
    }
    throw new Unavailable('iam:CreatePolicyVersion');
  }
}

function isLive({ until }: Denial, now: number): boolean {
  return now < until + MARGIN;
}

function toDenials(all: readonly Denial[]): Denials {
  return {
    leases: new Map(all.flatMap(({ lease, role }) => (lease === undefined ? [] : [[lease, role] as const]))),
    roles: new Set(all.flatMap(({ lease, role }) => (lease === undefined && role !== undefined ? [role] : []))),
    everything: false,
  };
}
