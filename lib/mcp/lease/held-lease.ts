/** One lease of a session and its state. Contains the credentials provider, which is never part of an output. */
import {
  type Lease,
  type LeaseCredentialsProvider,
  LeaseError,
  type LeaseGrant,
  type PendingLease,
} from '@leasehold/runtime';
import { type Problem, problemOf, Refusal } from '../error';

/** States of a lease in the tools' outputs. `ended`: the lease was returned, or its request was withdrawn. */
export const LEASE_STATES = ['pending', 'issued', 'expired', 'denied', 'lapsed', 'failed', 'ended'] as const;
export type LeaseState = (typeof LEASE_STATES)[number];

/** The request, as shown in tool outputs. */
export interface AskedLease {
  /** The role. If the agent described only its intent, the role is absent until the broker has selected a role. */
  readonly role?: string;
  readonly reason: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

export class HeldLease {
  readonly asked: AskedLease;
  readonly #stop = new AbortController();
  readonly #known: Promise<void>;
  readonly #settled: Promise<void>;
  readonly #over: Promise<void>;
  #tellKnown: () => void = () => {};
  #tellSettled: () => void = () => {};
  #tellOver: () => void = () => {};
  #state: LeaseState = 'pending';
  #pending: PendingLease | undefined;
  #lease: Lease | undefined;
  #id: string | undefined;
  #grant: LeaseGrant | undefined;
  #expiresAt: Date | undefined;
  #problem: Problem | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(asked: AskedLease) {
    this.asked = asked;
    this.#known = new Promise((resolve) => {
      this.#tellKnown = resolve;
    });
    this.#settled = new Promise((resolve) => {
      this.#tellSettled = resolve;
    });
    this.#over = new Promise((resolve) => {
      this.#tellOver = resolve;
    });
  }

  get state(): LeaseState {
    if (this.#state === 'issued' && (this.#expiresAt?.getTime() ?? 0) <= Date.now()) this.#end('expired');
    return this.#state;
  }

  get id(): string | undefined {
    return this.#id;
  }

  get pending(): PendingLease | undefined {
    return this.#state === 'pending' ? this.#pending : undefined;
  }

  get grant(): LeaseGrant | undefined {
    return this.#grant;
  }

  get expiresAt(): Date | undefined {
    return this.#expiresAt;
  }

  /** Why there is no lease. */
  get problem(): Problem | undefined {
    return this.#problem;
  }

  /** Aborts when the request is withdrawn. */
  get withdrawn(): AbortSignal {
    return this.#stop.signal;
  }

  /** Resolves when the lease id is known or the request is decided. Never rejects. */
  get known(): Promise<void> {
    return this.#known;
  }

  /** Resolves when the request is decided. Never rejects. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  /** Marks the request as pending, which means that people were asked to approve it. */
  asks(pending: PendingLease): void {
    this.#id = pending.id;
    this.#pending = pending;
    this.#tellKnown();
  }

  /**
   * Marks the lease as issued.
   * @returns a promise that resolves when the lease has ended and the credentials are discarded.
   */
  issue(lease: Lease): Promise<void> {
    if (this.#state !== 'pending') return Promise.resolve();
    const { id, grant, expiresAt } = lease;
    this.#id = id;
    this.#grant = grant;
    this.#expiresAt = expiresAt;
    this.#lease = lease;
    this.#state = 'issued';
    const left = Math.min(Math.max(expiresAt.getTime() - Date.now(), 0), LONGEST_TIMER);
    this.#timer = setTimeout(() => this.#end('expired'), left).unref();
    this.#tell();
    return this.#over;
  }

  /** Marks the request as failed or denied. */
  refuse(error: unknown): void {
    if (this.#state !== 'pending') return;
    const problem = problemOf(error);
    const code = error instanceof LeaseError ? error.code : undefined;
    this.#problem = problem;
    this.#end(code === 'denied' || code === 'lapsed' ? code : 'failed');
  }

  /** Withdraws the request, or discards the credentials. */
  end(): void {
    if (this.#state === 'pending' || this.#state === 'issued') this.#end('ended');
    this.#stop.abort();
  }

  /** The credentials provider of an issued lease. @throws Refusal */
  credentials(): LeaseCredentialsProvider {
    if (this.state === 'issued' && this.#lease !== undefined) return this.#lease.credentials;
    throw this.notIssued();
  }

  notIssued(): Refusal {
    const id = this.#id ?? 'the request';
    if (this.#state === 'pending') {
      return new Refusal(
        'not-issued',
        `${id} waits for people`,
        'Call lease_status, which waits for the answer.',
        true,
      );
    }
    return new Refusal(
      'not-issued',
      `${id} is no longer in use: ${this.#state}`,
      'If the task is not done, request a new lease and state a new reason. If the lease was denied, report the denial to the human.',
    );
  }

  #end(state: LeaseState): void {
    this.#state = state;
    this.#lease = undefined;
    clearTimeout(this.#timer);
    this.#tell();
    this.#tellOver();
  }

  #tell(): void {
    this.#tellKnown();
    this.#tellSettled();
  }
}

/** Maximum delay of a Node.js timer, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;
