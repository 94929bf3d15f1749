/** Every error of the runtime: a code, whether a retry can help, what to do. */

import type { Problem } from '@leasehold/contract';
import { defined } from '@leasehold/contract/defined';
import type { CredentialPlace } from './environment/credential-place';
import { LeaseError } from './lease-error';

/**
 * The lease is over. It never renews itself: a new task asks anew. Its code is `expired`.
 * @example
 * if (error instanceof LeaseExpired) return `The lease ${error.leaseId} is over: plan anew.`;
 * @public
 */
export class LeaseExpired extends LeaseError {
  override readonly name = 'LeaseExpired';

  constructor(
    /** Id of the lease. */
    readonly leaseId: string,
    message: string,
  ) {
    super('expired', message, 'Ask for a new lease for the new task, with its own reason.', false);
  }
}

/**
 * Other AWS credentials are within the process's reach. Names where, never what. Its code is `environment-not-clean`.
 * @example
 * for (const { what, where } of error.places) console.error(`${what} in ${where}`);
 * @public
 */
export class EnvironmentNotClean extends LeaseError {
  override readonly name = 'EnvironmentNotClean';

  constructor(
    /** Every place at which credentials were found; never empty. */
    readonly places: readonly CredentialPlace[],
  ) {
    super(
      'environment-not-clean',
      `other AWS credentials are within reach: ${places.map(({ what, where }) => `${what} (${where})`).join('; ')}`,
      'Take them away from where the agent runs: a lease bounds nothing as long as others lie beside it.',
      false,
    );
  }
}

/**
 * The broker refused. `code` tells it in the words of every other error, `problem.code` in the broker's own;
 * `nearest` is the nearest scope that the caller could have.
 * @example
 * if (error instanceof BrokerProblem && error.problem.code === 'outside-envelope') return replan(error.nearest);
 * @public
 */
export class BrokerProblem extends LeaseError {
  override readonly name = 'BrokerProblem';
  /** Seconds after which the same can be asked again; undefined when time alone fixes nothing. */
  readonly retryAfter: number | undefined;

  constructor(
    /** The answer, as it came: problem details (RFC 9457). */
    readonly problem: Problem,
  ) {
    // Loaded by the first refusal, not by the import.
    const { refusalOf }: typeof import('./broker/refusal') = require('./broker/refusal');
    const { code, message, hint } = refusalOf(problem);
    super(code, message, hint, problem.retryable);
    this.retryAfter = problem.retryAfter;
  }

  /** The nearest scope that the caller could have, where there is one. */
  get nearest(): Problem['nearest'] {
    return this.problem.nearest;
  }

  /** For logs and for the model that drives the agent: everything but the stack. */
  override toJSON() {
    const { problem, retryAfter } = this;
    const { code, lease, nearest } = problem;
    return {
      ...super.toJSON(),
      problem: code,
      ...defined({ lease, nearest, retryAfter }),
    };
  }
}

/** Refuses a request that breaks a rule, before a human is asked. */
export function invalidRequest(message: string, hint: string): LeaseError {
  return new LeaseError('invalid-request', message, hint, false);
}

/** Refuses a manifest. */
export function invalidManifest(message: string, hint: string): LeaseError {
  return new LeaseError('invalid-manifest', message, hint, false);
}

/**
 * An error of somebody else's, of which only the name and the message are kept: errors of SDKs hold requests, and
 * requests hold codes and credentials. Every one of `secrets` in its message is blotted out.
 */
export function harmlessCause(error: unknown, secrets: readonly string[] = []): Error {
  const [name, message] = error instanceof Error ? [error.name, error.message] : ['Error', 'a value was thrown'];
  const blotted = secrets
    .filter((secret) => secret !== '')
    .reduce((text, secret) => text.replaceAll(secret, '[secret]'), String(message).slice(0, LONGEST_MESSAGE));
  const cause = new Error(blotted);
  cause.name = String(name).slice(0, 100);
  cause.stack = `${cause.name}: ${blotted}`;
  return cause;
}

/** Characters of another's message that are kept. */
const LONGEST_MESSAGE = 2000;
