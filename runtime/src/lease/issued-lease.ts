/** A lease with issued credentials. */
import { defined } from '@leasehold/contract/defined';
import { LeaseCredentials, type LeaseCredentialsProvider, type LeasedParts } from '../credentials/lease-credentials';
import { invalidRequest, LeaseExpired } from '../errors';
import type { Attenuation, Lease, LeaseGrant } from '../lease-client';
import { narrowed, sessionPolicy } from '../narrowing';
import type { ScopeDown } from './sts';

/**
 * Maximum duration in seconds of credentials from GetScopedCredentials:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html
 */
const LONGEST = 129_600;

/** The data of a lease. */
export interface Issued {
  readonly id: string;
  readonly grant: LeaseGrant;
  readonly parts: LeasedParts;
  /** Returns milliseconds since 1970. */
  readonly now: () => number;
  /** Attenuates credentials. */
  readonly cut: (parts: LeasedParts, to: ScopeDown) => Promise<LeasedParts>;
  /** The lease from which this lease was attenuated. When that lease ends, this lease ends too. */
  readonly parent?: IssuedLease;
}

/**
 * A lease. Its credentials are in a private field, so that printing, serializing or cloning the lease does not reveal
 * them.
 */
export class IssuedLease implements Lease {
  readonly id: string;
  readonly role: string;
  readonly grant: LeaseGrant;
  readonly credentials: LeaseCredentialsProvider;
  readonly #expiresAt: number;
  #issued: Issued | undefined;

  constructor(issued: Issued) {
    this.id = issued.id;
    this.role = issued.grant.role;
    this.grant = issued.grant;
    this.credentials = async () => new LeaseCredentials(this.#held().parts);
    this.#expiresAt = issued.parts.expiresAt;
    this.#issued = issued;
    Object.freeze(this);
  }

  /** A copy of the lease that can be discarded without discarding the lease itself. */
  static copy(lease: IssuedLease): IssuedLease {
    return new IssuedLease(lease.#held());
  }

  /**
   * Discards the credentials. After that, the credentials providers of this lease and of all leases that were
   * attenuated from it reject every call.
   */
  static forget(lease: IssuedLease): void {
    lease.#issued = undefined;
  }

  get expiresAt(): Date {
    return new Date(this.#expiresAt);
  }

  async attenuate(to: Attenuation): Promise<Lease> {
    const { id, grant, parts, now, cut } = this.#held();
    const left = Math.floor((parts.expiresAt - now()) / 1000);
    const seconds = checkDuration(to.duration, left);
    const permissions = narrowed(grant.permissions, to);
    const policy = permissions === grant.permissions ? undefined : sessionPolicy(permissions);
    // Without a duration, AWS uses the end of the original session. AWS refuses a duration that is longer by even a
    // second.
    const durationSeconds = seconds !== undefined && seconds < left ? seconds : undefined;
    const isLess = policy !== undefined || durationSeconds !== undefined;
    const less = isLess ? await cut(parts, defined({ policy, durationSeconds })) : parts;
    return new IssuedLease({
      id,
      grant: frozenGrant({ ...grant, permissions, durationSeconds: seconds ?? left }),
      parts: { ...less, expiresAt: Math.min(less.expiresAt, parts.expiresAt) },
      now,
      cut,
      parent: this,
    });
  }

  /** Shows everything except the credentials. */
  toJSON(): { readonly id: string; readonly role: string; readonly expiresAt: string; readonly grant: LeaseGrant } {
    return { id: this.id, role: this.role, expiresAt: this.expiresAt.toISOString(), grant: this.grant };
  }

  /** Shows everything except the credentials. */
  toString(): string {
    return `[lease ${this.id} of ${this.role}, until ${this.expiresAt.toISOString()}]`;
  }

  /** @throws LeaseExpired when the lease, or a lease from which it was attenuated, has ended */
  #held(): Issued {
    const issued = this.#issued;
    if (issued === undefined) throw new LeaseExpired(this.id, `the lease ${this.id} of ${this.role} was discarded`);
    if (issued.parent !== undefined) issued.parent.#held();
    if (issued.now() < issued.parts.expiresAt) return issued;
    IssuedLease.forget(this);
    throw this.#over();
  }

  #over(): LeaseExpired {
    const ended = this.expiresAt.toISOString();
    return new LeaseExpired(this.id, `the lease ${this.id} of ${this.role} is over since ${ended}`);
  }
}

/** A deep-frozen copy of a grant. */
export function frozenGrant(grant: LeaseGrant): LeaseGrant {
  return deeplyFrozen({
    ...grant,
    permissions: structuredClone(grant.permissions),
    parameters: { ...grant.parameters },
  });
}

function deeplyFrozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) deeplyFrozen(inner);
  return Object.freeze(value);
}

function checkDuration(seconds: number | undefined, left: number): number | undefined {
  if (seconds === undefined) return undefined;
  if (Number.isSafeInteger(seconds) && seconds >= 1 && seconds <= LONGEST) return Math.min(seconds, Math.max(left, 1));
  throw invalidRequest(
    `the duration is ${String(seconds)}, and must be a whole number of seconds from 1 to ${LONGEST} for an attenuated lease`,
    'Use at least one second, or omit the duration to keep the remaining time of the lease.',
  );
}
