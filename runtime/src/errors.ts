/** The errors of the runtime. Each error has a code, a hint, and a property that states whether a retry can help. */

import type { Problem } from '@leasehold/contract';
import { defined } from '@leasehold/contract/defined';
import type { CredentialPlace } from './environment/credential-place';
import { LeaseError } from './lease-error';

/**
 * The lease has ended. Leases are never renewed: a new task needs a new request. The error's code is `expired`.
 * @example
 * if (error instanceof LeaseExpired) return `The lease ${error.leaseId} has ended: make a new plan.`;
 * @public
 */
export class LeaseExpired extends LeaseError {
  override readonly name = 'LeaseExpired';

  constructor(
    /** Id of the lease. */
    readonly leaseId: string,
    message: string,
  ) {
    super('expired', message, 'Request a new lease for the new task, and state a new reason.', false);
  }
}

/**
 * The process can access other AWS credentials. The error contains the places of the credentials, but not their values.
 * The error's code is `environment-not-clean`.
 * @example
 * for (const { what, where } of error.places) console.error(`${what} in ${where}`);
 * @public
 */
export class EnvironmentNotClean extends LeaseError {
  override readonly name = 'EnvironmentNotClean';

  constructor(
    /** Every location where credentials were found. Never empty. */
    readonly places: readonly CredentialPlace[],
  ) {
    super(
      'environment-not-clean',
      `the agent can read other AWS credentials: ${places.map(({ what, where }) => `${what} (${where})`).join('; ')}`,
      'Remove these credentials from the environment of the agent, because a lease limits nothing while the agent can use other credentials.',
      false,
    );
  }
}

/**
 * The broker refused. `code` is one of the runtime's own codes, `problem.code` is the broker's. `nearest` is the
 * nearest scope that the caller could get.
 * @example
 * if (error instanceof BrokerProblem && error.problem.code === 'outside-envelope') return replan(error.nearest);
 * @public
 */
export class BrokerProblem extends LeaseError {
  override readonly name = 'BrokerProblem';
  /** Number of seconds after which the same request can be repeated. Undefined if waiting does not help. */
  readonly retryAfter: number | undefined;

  constructor(
    /** The unchanged response: problem details (RFC 9457). */
    readonly problem: Problem,
  ) {
    // Loaded for the first refusal, not when the package is imported.
    const { refusalOf }: typeof import('./broker/refusal') = require('./broker/refusal');
    const { code, message, hint } = refusalOf(problem);
    super(code, message, hint, problem.retryable);
    this.retryAfter = problem.retryAfter;
  }

  /** The nearest scope that the caller could get, if there is one. */
  get nearest(): Problem['nearest'] {
    return this.problem.nearest;
  }

  /** All data of the error except the stack trace, for logs and for the model that the agent uses. */
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

/** The error for a request that breaks a rule. Used before a person is asked. */
export function invalidRequest(message: string, hint: string): LeaseError {
  return new LeaseError('invalid-request', message, hint, false);
}

/** The error for a caller that cancelled its request. */
export function aborted(): LeaseError {
  return new LeaseError(
    'aborted',
    'the request was withdrawn',
    'If the task still needs a lease, request a new lease.',
    true,
  );
}

/** The error for an invalid manifest. */
export function invalidManifest(message: string, hint: string): LeaseError {
  return new LeaseError('invalid-manifest', message, hint, false);
}

/**
 * A cause that contains only the name and message of a foreign error: SDK errors contain requests, and requests contain
 * codes and credentials. Each of `secrets` is redacted from the message.
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

/** Maximum number of characters to keep from a foreign message. */
const LONGEST_MESSAGE = 2000;
