/**
 * The leases of one MCP session. A session has access only to its own leases. They are discarded when the session ends.
 */
import { defined } from '@leasehold/contract/defined';
import type { Lease, LeaseRequest, PendingLease } from '@leasehold/runtime';
import type { SessionClient } from '@leasehold/runtime/internal';
import { Refusal } from '../error';
import type { SecretList } from '../secrets';
import { HeldLease } from './held-lease';

/** A lease request from the model. */
export type LeaseAsked =
  | ({ readonly role: string } & Omit<LeaseRequest, 'signal' | 'onPending' | 'subjectToken' | 'command'>)
  | { readonly intent: string };

export interface DeskOptions {
  /**
   * A client of this session only. Its requests are not shared with other sessions, so that each approval results in
   * one lease for one session.
   */
  readonly client: SessionClient;
  readonly secrets: SecretList;
  /**
   * Request settings that the person who started the server specified: the gate, and the user on whose behalf leases
   * are requested.
   */
  readonly defaults: (role: string | undefined) => Pick<LeaseRequest, 'gate' | 'subjectToken'>;
}

/** Maximum number of pending and issued leases in a session. */
const MOST = 20;
/** Maximum number of leases that a session remembers, including ended leases. */
const REMEMBERED = 200;

export class LeaseDesk {
  readonly #options: DeskOptions;
  readonly #leases = new Map<string, HeldLease>();
  #closed = false;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  /**
   * Requests a lease. If the same request is already pending, or its lease is still valid, returns that lease and
   * does not send a new request.
   * @throws Refusal
   */
  request(asked: LeaseAsked): HeldLease {
    const key = keyOf(asked);
    const known = this.#leases.get(key);
    if (known !== undefined && isActive(known)) return known;
    if (this.#closed) throw new Refusal('busy', 'the session is over', 'Open a new session.');
    if ([...this.#leases.values()].filter(isActive).length >= MOST) {
      throw new Refusal(
        'busy',
        `${MOST} leases are in use`,
        'Use end_lease to end leases that you no longer need.',
        true,
      );
    }
    const held = new HeldLease(describe(asked));
    this.#leases.delete(key);
    this.#leases.set(key, held);
    this.#forgetOldest();
    void this.#open(held, asked);
    return held;
  }

  /** @throws Refusal */
  find(id: string): HeldLease {
    const found = [...this.#leases.values()].reverse().find((held) => held.id === id);
    if (found !== undefined) return found;
    throw new Refusal(
      'no-lease',
      'this session has no lease with that id',
      'Use the id that request_lease returned, or request a lease.',
    );
  }

  /** Withdraws every pending request and discards every lease. */
  close(): void {
    this.#closed = true;
    for (const held of this.#leases.values()) held.end();
  }

  async #open(held: HeldLease, asked: LeaseAsked): Promise<void> {
    const { client, defaults } = this.#options;
    const signal = held.withdrawn;
    const onPending = (pending: PendingLease) => held.asks(pending);
    const use = (lease: Lease) => this.#use(held, lease);
    try {
      if ('intent' in asked) {
        const { subjectToken } = defaults(undefined);
        const options = { signal, onPending, ...defined({ subjectToken }) };
        await this.#hiding(subjectToken === undefined ? [] : [subjectToken], () =>
          client.withLeaseFor(asked.intent, options, use),
        );
      } else {
        const { role, ...request } = asked;
        const chosen = defaults(role);
        // The operator's settings override those of the model.
        const all = { ...request, ...chosen, signal, onPending };
        await this.#hiding(chosen.subjectToken === undefined ? [] : [chosen.subjectToken], () =>
          client.withLease(role, all, use),
        );
      }
    } catch (error) {
      held.refuse(error);
    }
  }

  /** Keeps a lease until it ends. Until then, its credentials are in the list of secrets. */
  async #use(held: HeldLease, lease: Lease): Promise<void> {
    const { accessKeyId, secretAccessKey, sessionToken } = await lease.credentials();
    await this.#hiding([accessKeyId, secretAccessKey, sessionToken], () => held.issue(lease));
  }

  /**
   * Runs work while the given secrets are removed from every output. They are also removed for some time afterwards,
   * because a response may still be in progress.
   */
  async #hiding(secrets: readonly string[], work: () => Promise<void>): Promise<void> {
    const forget = this.#options.secrets.add(secrets);
    try {
      await work();
    } finally {
      setTimeout(forget, LINGER).unref();
    }
  }

  #forgetOldest(): void {
    for (const [key, held] of this.#leases) {
      if (this.#leases.size <= REMEMBERED) return;
      if (!isActive(held)) this.#leases.delete(key);
    }
  }
}

/** Milliseconds for which the credentials of an ended lease stay in the list of secrets. */
const LINGER = 600_000;

function isActive({ state }: HeldLease): boolean {
  return state === 'pending' || state === 'issued';
}

function describe(asked: LeaseAsked) {
  if ('intent' in asked) return { reason: asked.intent };
  const { role, reason, parameters } = asked;
  return { role, reason, ...defined({ parameters }) };
}

/** A key that is equal for equal requests, regardless of the order of their properties. */
function keyOf(asked: LeaseAsked): string {
  if ('intent' in asked) return JSON.stringify(['intent', asked.intent]);
  const { role, reason, parameters, duration, narrow, gate } = asked;
  const sorted = Object.entries(parameters ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const narrowed = narrow ? [narrow.actions ?? null, narrow.resources ?? null] : null;
  return JSON.stringify(['role', role, reason, sorted, duration ?? null, narrowed, gate ?? null]);
}
