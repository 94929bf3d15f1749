/** The client: checks a request, asks a human, opens the role. */
import { harmlessCause, invalidRequest, LeaseError } from '../errors';
import type { Lease, LeaseClient, LeaseClientOptions, LeaseRequest } from '../lease-client';
import type { Manifest } from '../manifest';
import { readManifest } from '../read-manifest';
import { askHuman } from './ask-human';
import { type Asked, type Asker, check, chooseAgent, identityOf } from './asked';
import { CircuitBreaker } from './circuit-breaker';
import { stsEndpoint } from './endpoint';
import { InFlight } from './in-flight';
import { frozenGrant, IssuedLease } from './issued-lease';
import { newLeaseId } from './lease-id';
import { reasonTag } from './reason';
import { Sts } from './sts';

/** Seconds that a human has to answer. */
const ANSWER_WITHIN = 300;
const LONGEST_ANSWER = 86_400;

/** A client by the machine's clock. Nothing is asked and no SDK is loaded before the first lease. @throws LeaseError */
export function createLeaseClient(options: LeaseClientOptions): LeaseClient {
  return new Client(options, Date.now);
}

/** The client, with its clock: milliseconds since 1970. @internal */
export class Client implements LeaseClient {
  readonly manifest: Manifest;
  readonly #agent: Asker;
  readonly #approval: LeaseClientOptions['approval'];
  readonly #answerWithin: number;
  readonly #sts: Sts;
  readonly #breaker: CircuitBreaker;
  readonly #inFlight = new InFlight<IssuedLease>();
  readonly #now: () => number;

  constructor(options: LeaseClientOptions, now: () => number) {
    this.manifest = readManifest(options.manifest);
    this.#agent = chooseAgent(this.manifest, options.agent);
    if (typeof options.approval !== 'function') {
      throw invalidRequest(
        'there is no approval channel',
        'Give one as `approval`, for example terminal() of @leasehold/runtime/terminal.',
      );
    }
    this.#approval = options.approval;
    this.#answerWithin = answerWithin(options.answerWithin);
    this.#sts = new Sts({
      endpoint: stsEndpoint(options.endpoint, this.manifest.stsEndpoint, process.env),
      region: this.manifest.region,
      credentials: options.credentials,
    });
    this.#breaker = new CircuitBreaker(now);
    this.#now = now;
  }

  lease(role: string, request: LeaseRequest): Promise<Lease> {
    return this.#lease(role, request);
  }

  async withLease<T>(role: string, request: LeaseRequest, work: (lease: Lease) => Promise<T>): Promise<T> {
    // Whoever asked for the same at once keeps theirs.
    const lease = IssuedLease.copy(await this.#lease(role, request));
    try {
      return await work(lease);
    } finally {
      IssuedLease.forget(lease);
    }
  }

  async #lease(role: string, request: LeaseRequest): Promise<IssuedLease> {
    const asked = check(this.manifest, this.#agent, role, request);
    return this.#inFlight.join(identityOf(asked), request.signal, (signal) => this.#open(asked, signal));
  }

  async #open(asked: Asked, signal: AbortSignal): Promise<IssuedLease> {
    this.#breaker.demandOpen();
    await this.#sts.demandLongTermKey();
    try {
      const lease = await this.#askAndCut(asked, signal);
      this.#breaker.ended();
      return lease;
    } catch (error) {
      this.#breaker.ended(error);
      throw error instanceof LeaseError ? error : unforeseen(error);
    }
  }

  async #askAndCut(asked: Asked, signal: AbortSignal): Promise<IssuedLease> {
    const { role, parameters, reason, durationSeconds, permissions } = asked;
    const { session, ...manifest } = this.manifest;
    const now = this.#now();
    const id = newLeaseId(session.leaseIdPrefix, now);
    const grant = frozenGrant({ role: asked.name, parameters, permissions, reason, durationSeconds });
    const { approver, code } = await askHuman(
      this.#approval,
      {
        id,
        role: asked.name,
        roleArn: role.arn,
        purpose: role.purpose,
        project: manifest.project,
        environment: manifest.environment,
        account: manifest.account,
        agent: asked.agent.entry.arn,
        reason,
        parameters: grant.parameters,
        permissions: grant.permissions,
        durationSeconds,
        expiresAt: new Date(now + durationSeconds * 1000),
        answerBy: new Date(now + this.#answerWithin * 1000),
        approvers: [...asked.approvers],
      },
      this.#answerWithin,
      signal,
    );
    const parts = await this.#sts.assumeRole(
      {
        id,
        roleArn: role.arn,
        sourceIdentity: asked.sourceIdentity,
        serialNumber: asked.agent.entry.mfaDevices[approver] ?? '',
        code,
        durationSeconds,
        tags: { 'lease-id': id, reason: reasonTag(reason), ...tagsOf(parameters) },
        ...(asked.policy === undefined ? {} : { policy: asked.policy }),
      },
      signal,
    );
    return new IssuedLease({ id, grant, parts, now: this.#now, cut: (from, to) => this.#sts.scoped(from, to) });
  }
}

function tagsOf(parameters: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [`param.${name}`, value]));
}

function answerWithin(seconds: number = ANSWER_WITHIN): number {
  if (Number.isSafeInteger(seconds) && seconds >= 1 && seconds <= LONGEST_ANSWER) return seconds;
  throw invalidRequest(
    `answerWithin is ${String(seconds)}`,
    `Give whole seconds from 1 to ${LONGEST_ANSWER}; without it a human has ${ANSWER_WITHIN}.`,
  );
}

function unforeseen(error: unknown): LeaseError {
  return new LeaseError('unavailable', 'the lease failed in an unforeseen way', 'Report what the cause says.', false, {
    cause: harmlessCause(error),
  });
}
