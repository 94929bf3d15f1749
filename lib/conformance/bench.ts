/**
 * The operations available to a probe: getting leases, using leases, and waiting for results. Every call is recorded as
 * evidence.
 */
import { defined } from '@leasehold/contract/defined';
import { LEASE_ID_PREFIX, LEASE_ID_TAG, parameterTag, REASON_TAG } from '@leasehold/documents';
import { type Answer, answerOfError, isWrongCode } from './aws/answer';
import type { CallInput, CallOutput, CommandOf, Service } from './aws/clients';
import type { HeldKeys } from './aws/secrets';
import { ConformanceError } from './error';
import { LIST_TABLES, type RoleKey, type TARGETS } from './identities/definitions';
import { plannedRole } from './identities/plan';
import { Inconclusive } from './inconclusive';
import type { Lab, Trace } from './lab';
import { STEP_SECONDS, type TotpDevice } from './totp-device';

/** The response to a call that may return credentials. */
export interface Opened extends Answer {
  readonly keys?: HeldKeys;
  /** PackedPolicySize, in per cent. */
  readonly packed?: number;
}

/** The code of an MFA device, for one call. */
export interface Code {
  readonly SerialNumber: string;
  readonly TokenCode: string;
}

export interface LeaseOptions {
  /** Name of the session. @default the lease's id */
  readonly name?: string;
  /** @default a reason that the trust policies accept */
  readonly reason?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Further session tags. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly policy?: string;
  /** The keys that sign the call. @default the agent's long-term key, or the broker's session */
  readonly keys?: HeldKeys;
}

const REASON = 'Trying what AWS does';
const SHORTEST_SESSION = 900;

export class Bench {
  readonly lab: Lab;
  readonly #trace: Trace;

  constructor(lab: Lab, trace: Trace) {
    this.lab = lab;
    this.#trace = trace;
  }

  /** The region in which STS is called. */
  get region(): string {
    return this.lab.regions[0];
  }

  /** Sends a call, and records the answer. */
  async ask<S extends Service, C extends CommandOf<S>>(
    service: S,
    command: C,
    input: CallInput<S, C>,
    { what, keys, region = this.region }: { readonly what: string; readonly keys?: HeldKeys; readonly region?: string },
  ): Promise<Answer & { readonly output?: CallOutput<S, C> }> {
    const { clients, secrets, signal } = this.lab;
    const facts = { call: `${service}:${command}`, what, region };
    try {
      const output = await clients.send({ service, command, input, region, keys }, signal);
      const { requestId } = (output as { readonly $metadata?: { readonly requestId?: string } }).$metadata ?? {};
      const answer: Answer = { ...facts, outcome: 'allowed', ...defined({ requestId }) };
      this.#trace.push(answer);
      return { ...answer, output };
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof ConformanceError) throw new Inconclusive(error.message, 'not run');
      const answer = answerOfError(error, facts, secrets);
      this.#trace.push(answer);
      if (answer.code === 'NotImplemented') {
        throw new Inconclusive(`The endpoint does not simulate ${facts.call}.`, 'not run');
      }
      return answer;
    }
  }

  /** Returns a bench with its own trace, for calls that run in parallel with other calls. */
  apart(): { readonly bench: Bench; readonly trace: Trace } {
    const trace: Trace = [];
    return { bench: new Bench(this.lab, trace), trace };
  }

  /** Records a response to a call that was made without an SDK client. */
  note(answer: Answer): void {
    this.#trace.push(answer);
  }

  /** Assumes a role with the agent's access key and, if one is given, an MFA code, in the same way as an agent. */
  openAsAgent(key: RoleKey, what: string, code: Code | undefined, options: LeaseOptions = {}): Promise<Opened> {
    const { plan, identities } = this.lab;
    return this.#open(
      key,
      what,
      { ...options, keys: options.keys ?? identities.agent },
      {
        SourceIdentity: plan.agent.name,
        ...code,
      },
    );
  }

  /** Assumes a role with the session of the probes' broker, as the deployed broker does. */
  openAsBroker(key: RoleKey, what: string, options: LeaseOptions = {}): Promise<Opened> {
    const { broker, plan } = this.lab;
    if (broker === undefined) throw new Inconclusive('The probe could not assume the role of the broker.');
    const tags = { requester: plan.agent.name, ...options.tags };
    return this.#open(
      key,
      what,
      { ...options, tags, keys: options.keys ?? broker },
      { SourceIdentity: plan.agent.name },
    );
  }

  /** Assumes a role that is not managed by Leasehold, with the credentials of a session (role chaining). */
  chain(target: (typeof TARGETS)[number], what: string, keys: HeldKeys): Promise<Opened> {
    const RoleArn = plannedRole(this.lab.plan, target).arn;
    return this.assume({ RoleArn, RoleSessionName: 'chained', DurationSeconds: SHORTEST_SESSION }, what, keys);
  }

  /** Sends one AssumeRole call. */
  async assume(input: CallInput<'sts', 'AssumeRole'>, what: string, keys: HeldKeys): Promise<Opened> {
    const { output, ...answer } = await this.ask('sts', 'AssumeRole', input, { what, keys });
    const issued = this.lab.secrets.keysIn(what, output?.Credentials);
    return { ...answer, ...defined({ keys: issued, packed: output?.PackedPolicySize }) };
  }

  /** Sends one GetScopedCredentials call. */
  async scope(input: CallInput<'sts', 'GetScopedCredentials'>, what: string, keys: HeldKeys): Promise<Opened> {
    const { output, ...answer } = await this.ask('sts', 'GetScopedCredentials', input, { what, keys });
    return { ...answer, ...defined({ keys: this.lab.secrets.keysIn(what, output?.Credentials) }) };
  }

  /** Makes a read-only call with a session: lists at most one DynamoDB table. Every probe role allows this call. */
  use(keys: HeldKeys, what: string, region: string = this.region): Promise<Answer> {
    return this.ask('dynamodb', 'ListTables', { Limit: 1 }, { what: `${LIST_TABLES} ${what}`, keys, region });
  }

  /** Returns an MFA code that was never sent. If there is no such code, waits for the next code. */
  async freshCode(device: TotpDevice = this.#soonest()): Promise<Code> {
    await this.#waitUntil(device.freshFrom);
    return { SerialNumber: device.serialNumber, TokenCode: device.take(this.lab.clock.now()) };
  }

  /**
   * Waits for an MFA device whose codes of the previous, the current and the next time step are all unused, and returns
   * it near the start of a step.
   */
  async restedDevice(): Promise<TotpDevice> {
    const device = this.#soonest();
    const step = STEP_SECONDS * 1000;
    await this.#waitUntil(device.freshFrom + 2 * step);
    const into = this.lab.clock.now() % step;
    if (into > step / 2) await this.pause((step - into) / 1000 + 1);
    return device;
  }

  /** Waits. @param seconds duration, measured with AWS's clock */
  pause(seconds: number): Promise<void> {
    return this.lab.clock.sleep(seconds * 1000, this.lab.signal);
  }

  /**
   * Repeats a call while a policy denies it, because a new identity becomes usable only after some seconds. Returns
   * the last response.
   */
  async eventually<A extends Answer>(attempt: () => Promise<A>): Promise<A> {
    const { answer } = await this.until(attempt, ({ outcome }) => outcome !== 'denied', this.lab.patience.settle);
    return answer;
  }

  /**
   * Makes a call that needs an MFA code. While the call is denied, repeats it with a new code, up to three codes in
   * total. Returns the last response.
   */
  async eventuallyWithCode(attempt: (code: Code) => Promise<Opened>): Promise<Opened> {
    let answer = await attempt(await this.freshCode());
    for (let more = 2; more > 0 && (answer.outcome === 'denied' || isWrongCode(answer)); more--) {
      answer = await attempt(await this.freshCode());
    }
    return answer;
  }

  /**
   * Repeats a call until the response meets the condition or the time limit is reached. Also returns the elapsed
   * seconds.
   */
  async until<A extends Answer>(
    attempt: () => Promise<A>,
    wanted: (answer: A) => boolean,
    seconds: number,
  ): Promise<{ readonly answer: A; readonly seconds: number; readonly met: boolean }> {
    const { clock } = this.lab;
    const start = clock.now();
    for (;;) {
      const kept = this.#trace.length;
      const answer = await attempt();
      const passed = (clock.now() - start) / 1000;
      if (wanted(answer) || passed >= seconds) return { answer, seconds: passed, met: wanted(answer) };
      // Only the last of several equal answers is kept as evidence.
      this.#trace.length = kept;
      await this.pause(POLL_SECONDS);
    }
  }

  /** The keys in an answer. @throws Inconclusive if the call was not allowed: then the probe cannot decide */
  keysOf(opened: Opened): HeldKeys {
    if (opened.keys !== undefined) return opened.keys;
    throw new Inconclusive(`${opened.what} did not return credentials (${opened.code ?? opened.outcome}).`);
  }

  /**
   * Requires that a control call was allowed. Without an allowed control, the denial of another call proves nothing.
   */
  demandAllowed(answer: Answer): void {
    if (answer.outcome === 'allowed') return;
    throw new Inconclusive(
      `The control test failed: ${answer.what} was not allowed (${answer.code ?? answer.outcome}).`,
    );
  }

  #open(
    key: RoleKey,
    what: string,
    { name, reason = REASON, parameters = {}, tags = {}, policy, keys }: LeaseOptions,
    more: Pick<CallInput<'sts', 'AssumeRole'>, 'SourceIdentity' | 'SerialNumber' | 'TokenCode'>,
  ): Promise<Opened> {
    const { plan } = this.lab;
    if (keys === undefined) throw new TypeError('nobody calls');
    const id = `${LEASE_ID_PREFIX}probe-${++this.lab.leases}`;
    const all = {
      [LEASE_ID_TAG]: id,
      [REASON_TAG]: reason,
      ...Object.fromEntries(Object.entries(parameters).map(([each, value]) => [parameterTag(each), value])),
      ...tags,
    };
    return this.assume(
      {
        RoleArn: plannedRole(plan, key).arn,
        RoleSessionName: name ?? all[LEASE_ID_TAG],
        DurationSeconds: SHORTEST_SESSION,
        Tags: Object.entries(all).map(([Key, Value]) => ({ Key, Value })),
        ...defined({ Policy: policy }),
        ...more,
      },
      what,
      keys,
    );
  }

  #soonest(): TotpDevice {
    const [first, ...rest] = this.lab.identities.devices;
    if (first === undefined) throw new TypeError('there is no MFA device');
    return rest.reduce((best, device) => (device.freshFrom < best.freshFrom ? device : best), first);
  }

  async #waitUntil(time: number): Promise<void> {
    const left = time - this.lab.clock.now();
    if (left > 0) await this.lab.clock.sleep(left + 500, this.lab.signal);
  }
}

const POLL_SECONDS = 2;
