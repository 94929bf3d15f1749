/** Calls IAM with the credentials of the person who runs the probes. */
import { clipped, onOneLine } from '@leasehold/contract/text';
import type { Partition } from '@leasehold/definitions';
import { iamRegion } from '@leasehold/documents';
import type { CallInput, CallOutput, Clients, CommandOf } from '../aws/clients';
import type { Secrets } from '../aws/secrets';
import type { ProbeClock } from '../clock';
import { ConformanceError } from '../error';

export class Administrator {
  readonly #clients: Clients;
  readonly #clock: ProbeClock;
  readonly #secrets: Secrets;
  readonly region: string;

  constructor(clients: Clients, clock: ProbeClock, secrets: Secrets, partition: Partition) {
    this.#clients = clients;
    this.#clock = clock;
    this.#secrets = secrets;
    this.region = iamRegion(partition);
  }

  /**
   * Sends one IAM call. Retries for 30 seconds if IAM's eventual consistency may have caused the error.
   * @throws ConformanceError `refused`
   */
  async call<C extends CommandOf<'iam'>>(
    command: C,
    input: CallInput<'iam', C>,
    signal: AbortSignal,
  ): Promise<CallOutput<'iam', C>> {
    const until = this.#clock.now() + 30_000;
    for (;;) {
      try {
        return await this.#clients.send({ service: 'iam', command, input, region: this.region }, signal);
      } catch (error) {
        if (error instanceof ConformanceError || signal.aborted) throw error;
        if (!isPassing(error) || this.#clock.now() >= until) throw this.#refused(command, error);
      }
      await this.#clock.sleep(2000, signal);
    }
  }

  /** Sends one IAM call that removes or reads a resource. Returns `undefined` if the resource does not exist. */
  async remove<C extends CommandOf<'iam'>>(
    command: C,
    input: CallInput<'iam', C>,
    signal: AbortSignal,
  ): Promise<CallOutput<'iam', C> | undefined> {
    try {
      return await this.call(command, input, signal);
    } catch (error) {
      if (error instanceof ConformanceError && /NoSuchEntity/.test(codeOf(error.cause))) return undefined;
      throw error;
    }
  }

  #refused(command: string, error: unknown): ConformanceError {
    const message = error instanceof Error ? error.message : '';
    const text = clipped(onOneLine(this.#secrets.without(message)), 300);
    return new ConformanceError(
      'refused',
      `iam:${command} failed: ${codeOf(error)}${text === '' ? '' : `: ${text}`}`,
      'Use credentials that may do this; `leasehold conformance --policy` prints the policy that a run needs.',
      { cause: error },
    );
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/**
 * Whether an error is transient. IAM is eventually consistent, so it may at first reject, for example, a trust policy
 * that names a new user.
 */
function isPassing(error: unknown): boolean {
  const [code, message] = [codeOf(error), error instanceof Error ? error.message : ''];
  return (
    /^(ConcurrentModification|EntityTemporarilyUnmodifiable|DeleteConflict|ServiceFailure|Throttl)/.test(code) ||
    (/^MalformedPolicyDocument/.test(code) && message.includes('Invalid principal'))
  );
}
