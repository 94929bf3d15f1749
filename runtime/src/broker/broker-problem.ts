/** What the broker answered when it refused, as an error of the runtime. */
import type { Problem, ProblemCode } from '../contract';
import { LeaseError, type LeaseErrorCode } from '../errors';

/**
 * The broker refused. `code` tells it in the words of every other error, `problem.code` in the broker's own;
 * `nearest` is the nearest scope that the caller could have.
 * @example
 * if (error instanceof BrokerProblem && error.problem.code === 'outside-envelope') return replan(error.nearest);
 * @public
 */
export class BrokerProblem extends LeaseError {
  override readonly name = 'BrokerProblem';
  /** Seconds after which the same can be asked again; undefined when time alone mends nothing. */
  readonly retryAfter: number | undefined;

  constructor(
    /** The answer, as it came: problem details (RFC 9457). */
    readonly problem: Problem,
  ) {
    const { code, detail, mend, retryable } = problem;
    super(leaseCode(code, retryable), shown(detail), shown(mend), retryable);
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
      ...(lease === undefined ? {} : { lease }),
      ...(nearest === undefined ? {} : { nearest }),
      ...(retryAfter === undefined ? {} : { retryAfter }),
    };
  }
}

/** Characters of a sentence of the broker's, which may quote a model. */
const LONGEST = 2000;

/** What hides characters is loaded by the first refusal, not by the import. */
function shown(text: string): string {
  const { clipped }: typeof import('../visible') = require('../visible');
  return clipped(text, LONGEST);
}

/** A token that could not be checked is not refused: the issuer's keys were out of reach. */
function leaseCode(code: ProblemCode, retryable: boolean): LeaseErrorCode {
  return code === 'subject-invalid' && retryable ? 'unavailable' : LEASE_CODES[code];
}

const LEASE_CODES = {
  malformed: 'invalid-request',
  'unsupported-media-type': 'invalid-request',
  'too-large-body': 'invalid-request',
  forbidden: 'denied',
  'not-found': 'invalid-request',
  'subject-invalid': 'denied',
  'key-reused': 'invalid-request',
  'version-conflict': 'invalid-request',
  'not-eligible': 'denied',
  'invalid-request': 'invalid-request',
  'over-budget': 'denied',
  'outside-hours': 'denied',
  'reviewer-denied': 'denied',
  'reviewer-failed': 'denied',
  'outside-envelope': 'denied',
  'too-large': 'invalid-request',
  'approver-denied': 'denied',
  'wrong-state': 'denied',
  'another-grant': 'denied',
  'not-an-approver': 'denied',
  'own-lease': 'denied',
  'said-already': 'denied',
  'not-the-requester': 'denied',
  'collected-already': 'denied',
  lapsed: 'lapsed',
  expired: 'expired',
  revoked: 'denied',
  'role-shut': 'denied',
  busy: 'unavailable',
  unavailable: 'unavailable',
} as const satisfies Readonly<Record<ProblemCode, LeaseErrorCode>>;
