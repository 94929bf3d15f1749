/** Gate `broker`: sends the request, waits for the decision, and collects the approved lease. */
import { randomBytes } from 'node:crypto';
import type { LeaseView } from '@leasehold/contract';
import { defined } from '@leasehold/contract/defined';
import { Field, readStatements } from '@leasehold/contract/permission';
import type { BrokerClient, CollectedLease, RequestedLease } from '../broker/broker-client';
import type { KeyIdentity } from '../credentials/lease-credentials';
import { invalidRequest } from '../errors';
import type { LeaseClientOptions, LeaseGrant, PendingLease } from '../lease-client';
import { LeaseError } from '../lease-error';
import type { Manifest } from '../manifest';
import type { AskedOfBroker } from './broker-request';
import { frozenGrant, IssuedLease } from './issued-lease';
import { type Pause, patiently } from './patience';
import type { Sts } from './sts';

/** The dependencies of the gate. */
export interface BrokerGateOptions {
  readonly manifest: Manifest;
  readonly url: string;
  readonly region: string;
  readonly credentials: KeyIdentity | (() => Promise<KeyIdentity>) | undefined;
  /** The person who signed in, instead of an AWS identity. */
  readonly signIn: LeaseClientOptions['signIn'];
  /** Seconds within which people must answer; undefined to use the broker's own limit. */
  readonly answerWithin: number | undefined;
  /** Attenuates leases. */
  readonly sts: Sts;
  /** Returns milliseconds since 1970. */
  readonly now: () => number;
  readonly pause: Pause;
}

/** Maximum duration of a long poll in seconds. */
const LONGEST_WAIT = 20;
/** Minimum number of milliseconds between polls that return immediately. */
const BREATH = 1000;
/** Number of seconds for which a lost response can be requested again. */
const AGAIN_WITHIN = 50;
const TRIES = 5;
/** Maximum number of consecutive failed polls while people decide. These polls take about two minutes. */
const POLLS = 10;
/** Maximum number of seconds to wait. No approval request stays open longer than this. */
const LONGEST = 86_400;

export class BrokerGate {
  readonly #options: BrokerGateOptions;
  #client: BrokerClient | undefined;

  constructor(options: BrokerGateOptions) {
    this.#options = options;
  }

  /** @throws LeaseError */
  async open(
    asked: AskedOfBroker,
    signal: AbortSignal,
    tell: (pending: PendingLease) => void = () => {},
  ): Promise<IssuedLease> {
    const { answerWithin, now } = this.#options;
    const until = now() + (answerWithin ?? LONGEST) * 1000;
    const requested = await this.#request(asked, signal);
    if (!isHandedOver(requested) && WAITING.includes(requested.lease.state)) {
      tell(pendingOf(requested.lease, until));
    }
    const { lease, credentials } = isHandedOver(requested)
      ? requested
      : await this.#awaited(requested.lease, until, signal);
    const grant = grantOf(lease, asked, this.#options.manifest);
    const { sts } = this.#options;
    return new IssuedLease({
      id: lease.id,
      grant,
      parts: {
        accessKeyId: credentials.accessKeyId,
        secretAccessKey: credentials.secretAccessKey,
        sessionToken: credentials.sessionToken,
        expiresAt: credentials.expiration.getTime(),
      },
      now,
      cut: (from, to) => sts.scoped(from, to),
    });
  }

  /**
   * Makes one request. Resends the request if the response was lost. If the lease was already requested, only reads the
   * lease.
   */
  #request({ body, lease }: AskedOfBroker, signal: AbortSignal): Promise<RequestedLease> {
    if (lease !== undefined) return this.#requestedBefore(lease, body, signal);
    const idempotencyKey = randomBytes(24).toString('base64url');
    return this.#again(signal, () => this.#broker().request(body, { idempotencyKey, signal }));
  }

  /** Compares the lease with the request before the lease is collected, because a lease can be collected only once. */
  async #requestedBefore(id: string, body: AskedOfBroker['body'], signal: AbortSignal): Promise<RequestedLease> {
    const lease = await this.#again(signal, () => this.#broker().status(id, { signal }));
    const difference = lease.grant && differenceOf(lease.grant, body);
    if (difference === undefined) return { lease };
    throw invalidRequest(
      `the lease ${id} was requested differently: ${difference}`,
      'Repeat the role, reason, parameters and duration of the original request, or request a new lease.',
    );
  }

  /**
   * Waits until no approval is pending, and then collects the lease. If the lease was not approved, the response to
   * `collect` contains the reason.
   */
  async #awaited(asked: LeaseView, until: number, signal: AbortSignal): Promise<CollectedLease> {
    let lease = asked;
    while (WAITING.includes(lease.state)) lease = await this.#changed(lease, until, signal);
    return this.#again(signal, () => this.#broker().collect(lease.id, { signal }));
  }

  /** The lease after one long poll. @throws LeaseError `lapsed` if the time for an answer has passed */
  async #changed(lease: LeaseView, until: number, signal: AbortSignal): Promise<LeaseView> {
    const { now, pause } = this.#options;
    const began = now();
    const left = Math.ceil((until - began) / 1000);
    if (left <= 0) throw this.#unanswered(lease);
    const wait = Math.min(LONGEST_WAIT, left);
    const patience = { tries: POLLS, until, now, pause, signal };
    const after = lease.sequence;
    const found = await patiently(patience, () => this.#broker().status(lease.id, { wait, after, signal }));
    // Pauses if the broker returns without waiting, to avoid a busy loop.
    if (found.sequence === after && WAITING.includes(found.state) && now() - began < BREATH)
      await pause(BREATH, signal);
    return found;
  }

  #unanswered({ id }: LeaseView): LeaseError {
    return new LeaseError(
      'lapsed',
      `nobody answered for the lease ${id} within ${this.#options.answerWithin ?? LONGEST} seconds`,
      'Request the lease again when an approver is available.',
      true,
    );
  }

  /** Repeats a call whose answer was lost, within the minute in which the broker returns the same answer. */
  #again<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const { now, pause } = this.#options;
    return patiently({ tries: TRIES, until: now() + AGAIN_WITHIN * 1000, now, pause, signal }, work);
  }

  /** Loaded for the first lease, not when the package is imported. */
  #broker(): BrokerClient {
    if (this.#client !== undefined) return this.#client;
    const room: typeof import('../broker/create-broker-client') = require('../broker/create-broker-client');
    const { url, region, credentials, signIn } = this.#options;
    const person = signIn && ({ as: 'requester', token: signIn.token } as const);
    this.#client = room.createBrokerClient({ url, region, ...defined({ credentials, signIn: person }) });
    return this.#client;
  }
}

const WAITING: readonly LeaseView['state'][] = ['requested', 'pending'];

function pendingOf({ id, approval }: LeaseView, until: number): PendingLease {
  const answerBy = new Date(Math.min(until, (approval?.until ?? Number.POSITIVE_INFINITY) * 1000));
  return { id, gate: 'broker', answerBy, approvers: approval?.approvers ?? [] };
}

function isHandedOver(requested: RequestedLease): requested is CollectedLease {
  return requested.credentials !== undefined;
}

/** The grant of the broker, if it matches the request. @throws LeaseError `unavailable` */
function grantOf({ grant, environment }: LeaseView, { body }: AskedOfBroker, manifest: Manifest): LeaseGrant {
  if (grant === undefined) throw another('its answer contains no grant');
  const { role: name, roleArn, seconds, reason, parameters, policy } = grant;
  const role = Object.hasOwn(manifest.roles, name) ? manifest.roles[name] : undefined;
  if (role?.arn !== roleArn || environment !== manifest.environment) throw another('its role is not in the manifest');
  const difference = differenceOf(grant, body);
  if (difference !== undefined) throw another(difference);
  if ('role' in body && seconds > role.lease.maxSeconds) throw another('it is longer');
  const place = new Field(policy, 'the policy', (at, expected) => another(`${at} should be ${expected}`));
  return frozenGrant({ role: name, parameters, permissions: readStatements(place), reason, durationSeconds: seconds });
}

/** What a grant has that the request does not. Undefined if the grant is what was requested, or less. */
function differenceOf(
  { role, reason, parameters, seconds }: NonNullable<LeaseView['grant']>,
  body: AskedOfBroker['body'],
): string | undefined {
  if (!('role' in body)) return undefined;
  if (role !== body.role) return 'it is of another role';
  if (reason !== body.reason) return 'it is for another reason';
  const asked = Object.entries(body.parameters ?? {});
  if (asked.some(([name, value]) => parameters[name] !== value)) return 'its parameters are others';
  return seconds > (body.seconds ?? seconds) ? 'it is longer' : undefined;
}

function another(why: string): LeaseError {
  return new LeaseError(
    'unavailable',
    `the broker returned a lease that was not requested: ${why}`,
    'Check that the manifest belongs to this broker. Write it again: npx leasehold manifest --env ENVIRONMENT --broker-url URL > leasehold.json',
    false,
  );
}
