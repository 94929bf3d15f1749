/** The lease client: validates a request and opens the lease through its gate. */

import { homedir } from 'node:os';
import { harmlessCause, invalidRequest } from '../errors';
import type {
  IntentOptions,
  Lease,
  LeaseClient,
  LeaseClientOptions,
  LeaseRequest,
  PendingLease,
} from '../lease-client';
import { LeaseError } from '../lease-error';
import type { Manifest } from '../manifest';
import { readManifest } from '../read-manifest';
import { BrokerGate } from './broker-gate';
import { askedByIntent } from './broker-request';
import { type CheckedRequest, check, chooseAgent } from './checked-request';
import { CircuitBreaker } from './circuit-breaker';
import { brokerEndpoint, stsEndpoint } from './endpoint';
import { HumanGate, noChannel } from './human-gate';
import { InFlight } from './in-flight';
import { IssuedLease } from './issued-lease';
import { type Pause, pause } from './patience';
import type { Asker } from './requester';
import type { SessionClient } from './session-client';
import { Sts } from './sts';

/** Seconds that a person has to answer. */
const ANSWER_WITHIN = 300;
const LONGEST_ANSWER = 86_400;

/**
 * A client that uses the system clock. It does not send requests or load an SDK before the first lease.
 * @throws LeaseError
 */
export function createLeaseClient(options: LeaseClientOptions): LeaseClient {
  return new Client(options, Date.now);
}

/** The client. Its constructor also accepts a clock (milliseconds since 1970) and a pause function. @internal */
export class Client implements LeaseClient {
  readonly manifest: Manifest;
  /** The requesting agent; undefined if a person who signed in requests the leases. */
  readonly #agent: Asker | undefined;
  readonly #human: HumanGate;
  readonly #broker: BrokerGate | undefined;
  readonly #breaker: CircuitBreaker;
  readonly #inFlight: Requests = new InFlight();

  constructor(options: LeaseClientOptions, now: () => number, wait: Pause = pause) {
    const { approval, credentials, signIn } = options;
    if (signIn !== undefined && (options.agent !== undefined || credentials !== undefined)) {
      throw invalidRequest(
        'the requester is both a person who signed in and an agent',
        'Pass `signIn`, or `agent` and `credentials`.',
      );
    }
    demandHome();
    const manifest = readManifest(options.manifest);
    this.manifest = manifest;
    this.#agent = signIn === undefined ? chooseAgent(manifest, options.agent) : undefined;
    const within = answerWithin(options.answerWithin);
    const sts = new Sts({
      endpoint: stsEndpoint(options.endpoint, manifest.stsEndpoint, process.env),
      region: manifest.region,
      credentials,
    });
    const url = brokerEndpoint(options.broker, manifest.broker?.url, process.env);
    const isChannel = typeof approval === 'function';
    if (!isChannel && (approval !== undefined || url === undefined)) throw noChannel();
    this.#human = new HumanGate({
      manifest,
      approval,
      answerWithin: within ?? ANSWER_WITHIN,
      sts,
      now,
      usedCodes: options.usedCodes,
    });
    if (url !== undefined) {
      const { region } = manifest.broker ?? manifest;
      this.#broker = new BrokerGate({
        manifest,
        url,
        region,
        credentials,
        signIn,
        answerWithin: within,
        sts,
        now,
        pause: wait,
      });
    }
    this.#breaker = new CircuitBreaker(now);
  }

  lease(role: string, request: LeaseRequest): Promise<Lease> {
    return this.#lease(role, request);
  }

  leaseFor(intent: string, options: IntentOptions = {}): Promise<Lease> {
    return this.#leaseFor(intent, options);
  }

  async withLease<T>(role: string, request: LeaseRequest, work: (lease: Lease) => Promise<T>): Promise<T> {
    return during(await this.#lease(role, request), work);
  }

  /** See {@link SessionClient}. @internal */
  apart(): SessionClient {
    const inFlight: Requests = new InFlight();
    return {
      withLease: async (role, request, work) => during(await this.#lease(role, request, inFlight), work),
      withLeaseFor: async (intent, options, work) => during(await this.#leaseFor(intent, options, inFlight), work),
    };
  }

  async #lease(role: string, request: LeaseRequest, inFlight?: Requests): Promise<IssuedLease> {
    const asked = check(this.manifest, this.#agent, role, request, this.#broker !== undefined);
    return this.#join(asked, request, inFlight);
  }

  async #leaseFor(intent: string, options: IntentOptions, inFlight?: Requests): Promise<IssuedLease> {
    return this.#join(askedByIntent(this.manifest, intent, options, this.#broker !== undefined), options, inFlight);
  }

  #join(
    asked: CheckedRequest,
    { signal, onPending }: Pick<LeaseRequest, 'signal' | 'onPending'>,
    inFlight = this.#inFlight,
  ): Promise<IssuedLease> {
    return inFlight.join(asked.identity, signal, (stop, tell) => this.#open(asked, stop, tell), onPending);
  }

  async #open(asked: CheckedRequest, signal: AbortSignal, tell: (pending: PendingLease) => void): Promise<IssuedLease> {
    this.#breaker.demandNotOpen();
    if (asked.gate === 'mfa') await this.#human.demandReady(asked, signal);
    try {
      const lease = await this.#opened(asked, signal, tell);
      this.#breaker.ended();
      return lease;
    } catch (error) {
      this.#breaker.ended(error);
      throw error instanceof LeaseError ? error : unforeseen(error);
    }
  }

  #opened(asked: CheckedRequest, signal: AbortSignal, tell: (pending: PendingLease) => void): Promise<IssuedLease> {
    if (asked.gate === 'mfa') return this.#human.open(asked, signal, tell);
    // `check` accepts a request for the broker only if there is a broker.
    if (this.#broker === undefined) throw new TypeError('there is no broker');
    return this.#broker.open(asked, signal, tell);
  }
}

type Requests = InFlight<IssuedLease, PendingLease>;

/**
 * Uses a copy of the lease, which is discarded at the end, because concurrent callers with the same request keep their
 * own copies.
 */
async function during<T>(issued: IssuedLease, work: (lease: Lease) => Promise<T>): Promise<T> {
  const lease = IssuedLease.copy(issued);
  try {
    return await work(lease);
  } finally {
    IssuedLease.forget(lease);
  }
}

/**
 * Requires a home folder. Without a home folder, the AWS SDK ends the process in a way that no `catch` can intercept.
 */
function demandHome(): void {
  try {
    homedir();
  } catch (error) {
    throw new LeaseError(
      'invalid-request',
      'this user has no home: HOME is not set, and the list of users has no entry for them',
      'Set HOME. If there is no home folder, set HOME to a folder that does not exist: HOME=/nonexistent.',
      false,
      { cause: harmlessCause(error) },
    );
  }
}

function answerWithin(seconds: number | undefined): number | undefined {
  if (seconds === undefined) return undefined;
  if (Number.isSafeInteger(seconds) && seconds >= 1 && seconds <= LONGEST_ANSWER) return seconds;
  throw invalidRequest(
    `answerWithin is ${String(seconds)}`,
    `Use a whole number of seconds from 1 to ${LONGEST_ANSWER}. The default is ${ANSWER_WITHIN}.`,
  );
}

function unforeseen(error: unknown): LeaseError {
  return new LeaseError(
    'unavailable',
    'the lease failed with an unexpected error',
    'Report the `cause` of the error.',
    false,
    {
      cause: harmlessCause(error),
    },
  );
}
