/** Types for approvals: the information that an approver sees, and the result that a channel returns. */

import type { Permission } from '@leasehold/contract/permission';

export type { Permission } from '@leasehold/contract/permission';

/**
 * A request for approval. It contains no secret. All text that the agent wrote is untrusted data, and must be escaped
 * for the medium that shows it.
 * @example
 * const show = (request: ApprovalRequest) => approvalLines(request).join('\n');
 * @public
 */
export interface ApprovalRequest {
  /** The lease id, for example `lh-01jd…`. */
  readonly id: string;
  readonly role: string;
  readonly roleArn: string;
  readonly purpose: string;
  readonly project: string;
  readonly environment: string;
  readonly account: string;
  /** ARN of the requesting agent. */
  readonly agent: string;
  readonly reason: string;
  /** The command that, according to the agent, will run with the lease, as in {@link LeaseRequest.command}. */
  readonly command?: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
  /** The exact permissions of the lease. */
  readonly permissions: readonly Permission[];
  /**
   * Effects of the lease beyond its own actions, each as one sentence. An example is that the lease permits running
   * code with another role.
   */
  readonly notices?: readonly string[];
  /** Duration of the lease in seconds. */
  readonly durationSeconds: number;
  /** The time at which the lease ends if it is approved immediately. */
  readonly expiresAt: Date;
  /** The time at which the request lapses. */
  readonly answerBy: Date;
  /** The approvers who may approve or deny. Each approver has their own device. */
  readonly approvers: readonly string[];
}

/**
 * A human's approval: the approver, and a code from the approver's device. The code can be read once, and is not
 * included when the object is printed, serialized or cloned.
 * @example
 * return new Approval('lead', '123456');
 * @public
 */
export class Approval {
  #code: string | undefined;

  /**
   * @param approver One of {@link ApprovalRequest.approvers}.
   * @param code Six digits.
   */
  constructor(
    readonly approver: string,
    code: string,
  ) {
    this.#code = code;
  }

  /** Returns the code on the first call, and `undefined` on later calls. */
  takeCode(): string | undefined {
    const code = this.#code;
    this.#code = undefined;
    return code;
  }
}

/**
 * The outcome of an approval: whether AWS issued the lease's credentials.
 * @example
 * options.outcome?.then(({ opened, because }) => tellApprover(opened ? 'It is open.' : `It is not open: ${because}`));
 * @public
 */
export interface ApprovalOutcome {
  readonly opened: boolean;
  /** A sentence that states when the lease ends, or why the lease is not open. */
  readonly because: string;
}

/**
 * The options that a channel receives in addition to the request.
 * @example
 * const approval: ApprovalChannel = async (request, { signal, isUsed }) => askUntilUnused(request, signal, isUsed);
 * @public
 */
export interface ApprovalContext {
  /** Aborts when the caller no longer waits for the approval. */
  readonly signal: AbortSignal;
  /**
   * Resolves when AWS has responded to the call that used the code. Never rejects.
   * @default the outcome is not reported
   */
  readonly outcome?: Promise<ApprovalOutcome>;
  /** Whether an approver's code was already sent to AWS. AWS accepts each code once. @default no code was used */
  readonly isUsed?: (approver: string, code: string) => boolean;
}

/**
 * Asks a human for approval. Resolves with the approval.
 *
 * Rejects with a {@link LeaseError}: `denied` when the human denies, `lapsed` when `answerBy` passes, `channel-failed`
 * when nobody can be asked. When `signal` aborts, the channel stops asking, withdraws the request where it can, and
 * rejects with `aborted`. It never stores or logs a code.
 *
 * An approval alone opens nothing. `outcome` resolves once AWS has answered the call that used the code. Until then a
 * channel reports only that the code was passed on. `outcome` never rejects, and never settles where no code was passed
 * on.
 * @example
 * const approval: ApprovalChannel = async (request, { signal }) => {
 *   const code = await askSomebody(approvalLines(request), { until: request.answerBy, signal });
 *   return new Approval('lead', code);
 * };
 * @public
 */
export type ApprovalChannel = (request: ApprovalRequest, context: ApprovalContext) => Promise<Approval>;
