/**
 * The leases and pending requests of one client. For each role, there is at most one lease or pending request at a
 * time.
 */
import { createHash } from 'node:crypto';
import type { Lease, LeaseClient, LeaseRequest } from '@leasehold/runtime';
import { Refusal, refusalOf } from './refusal';

/** The body of a lease request, without the abort signal. */
export type DeskRequest = Omit<LeaseRequest, 'signal'>;

interface Waiting {
  readonly key: string;
  readonly lease: Promise<Lease>;
  readonly stop: AbortController;
  /** Number of callers that are waiting for the answer. When the last caller disconnects, the request is withdrawn. */
  callers: number;
}

interface Held {
  readonly lease: Lease;
  /** A key that identifies the request. `undefined` for a lease that was requested elsewhere. */
  readonly key: string | undefined;
}

export class Desk {
  readonly #client: LeaseClient | undefined;
  readonly #now: () => number;
  readonly #held = new Map<string, Held>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #refused = new Map<string, Refusal>();

  constructor(client: LeaseClient | undefined, now: () => number) {
    this.#client = client;
    this.#now = now;
  }

  /** Stores a lease that was requested elsewhere as one of the client's leases. */
  hold(lease: Lease): void {
    this.#held.set(lease.role, { lease, key: undefined });
    this.#refused.delete(lease.role);
  }

  /**
   * Requests a lease and waits for a person's decision. If the same request is pending or its lease is still valid, no
   * person is asked again. `gone` is aborted when the caller stops waiting.
   * @throws Refusal
   */
  async ask(role: string, request: DeskRequest, gone: AbortSignal): Promise<Lease> {
    const client = this.#client;
    if (!client) {
      throw new Refusal(403, 'denied', 'This endpoint serves only the lease with which it was started.', START);
    }
    const key = keyOf(role, request);
    const held = this.#live(role);
    if (held?.key === key) return held.lease;
    const waiting = this.#waiting.get(role);
    if (waiting && waiting.key !== key) {
      throw new Refusal(
        409,
        'busy',
        `Another request for ${role} is waiting for the approval of a human.`,
        'Wait for its answer.',
        true,
      );
    }
    return this.#join(role, waiting ?? this.#open(client, role, request, key), gone);
  }

  /**
   * The cached lease for a role.
   * @throws Refusal immediately if there is no lease, because SDKs do not wait for a person.
   */
  lease(role: string): Lease {
    const held = this.#live(role);
    if (held) return held.lease;
    if (this.#waiting.has(role)) {
      throw new Refusal(
        403,
        'pending',
        `A human has been asked to approve a lease of ${role}, but has not answered yet.`,
        LATER,
        true,
      );
    }
    const refused = this.#refused.get(role);
    if (refused) throw refused;
    throw new Refusal(403, 'no-lease', `There is no lease of ${role}.`, askFor(role));
  }

  /** Withdraws every pending request and discards every lease. */
  close(): void {
    for (const { stop } of this.#waiting.values()) stop.abort();
    this.#waiting.clear();
    this.#held.clear();
    this.#refused.clear();
  }

  #live(role: string): Held | undefined {
    const held = this.#held.get(role);
    if (!held || held.lease.expiresAt.getTime() > this.#now()) return held;
    this.#held.delete(role);
    const { id, expiresAt } = held.lease;
    const over = `Lease ${id} of ${role} ended at ${expiresAt.toISOString()}.`;
    this.#refused.set(role, new Refusal(403, 'expired', over, askFor(role)));
    return undefined;
  }

  #open(client: LeaseClient, role: string, request: DeskRequest, key: string): Waiting {
    const stop = new AbortController();
    const lease = client.lease(role, { ...request, signal: stop.signal }).then(
      (opened) => {
        if (this.#waiting.get(role) === waiting) {
          this.#held.set(role, { lease: opened, key });
          this.#refused.delete(role);
        }
        return opened;
      },
      (error: unknown) => {
        const refusal = refusalOf(error);
        if (this.#waiting.get(role) === waiting && refusal.code !== 'aborted') this.#refused.set(role, refusal);
        throw refusal;
      },
    );
    const waiting: Waiting = { key, lease, stop, callers: 0 };
    this.#waiting.set(role, waiting);
    const ended = () => {
      if (this.#waiting.get(role) === waiting) this.#waiting.delete(role);
    };
    lease.then(ended, ended);
    return waiting;
  }

  async #join(role: string, waiting: Waiting, gone: AbortSignal): Promise<Lease> {
    waiting.callers += 1;
    const leave = () => {
      waiting.callers -= 1;
      if (waiting.callers > 0) return;
      // Later callers make a new request. An answer to the old request is discarded.
      if (this.#waiting.get(role) === waiting) this.#waiting.delete(role);
      waiting.stop.abort();
    };
    if (gone.aborted) leave();
    else gone.addEventListener('abort', leave, { once: true });
    try {
      return await waiting.lease;
    } finally {
      gone.removeEventListener('abort', leave);
    }
  }
}

const LATER = 'Try again after the request has been answered.';
const START = 'Request a new one.';

function askFor(role: string): string {
  return `Request a lease first: leasehold request ${role} --reason "…", or POST /leases/${role}.`;
}

/** A text that is equal for equal requests, regardless of the order of keys. Contains no token. */
function keyOf(role: string, request: DeskRequest): string {
  const { reason, parameters, duration, narrow, gate, subjectToken } = request;
  const sorted = Object.entries(parameters ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const narrowed = narrow ? [narrow.actions ?? null, narrow.resources ?? null] : null;
  const subject = subjectToken === undefined ? null : createHash('sha256').update(subjectToken).digest('hex');
  return JSON.stringify([role, reason, sorted, duration ?? null, narrowed, gate ?? null, subject]);
}
