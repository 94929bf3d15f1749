/** How a human is asked: what an approver is shown, and what comes back. */

/**
 * One statement of a lease's permissions as an approver reads it, parameters filled in.
 * @example
 * const may: Permission = {
 *   effect: 'Allow',
 *   actions: ['s3:ListBucket'],
 *   resources: ['arn:aws:s3:::hermes-dev-deploy'],
 *   conditions: { StringLike: { 's3:prefix': ['1.4.2/*'] } },
 * };
 * @public
 */
export interface Permission {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Operator → key → values; empty when there is none. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/**
 * What an approver is asked. Nothing in it is secret; everything that the agent wrote is data, to be escaped for
 * wherever it is shown.
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
  /** ARN of the agent that asks. */
  readonly agent: string;
  readonly reason: string;
  /** What the agent says that it will run with the lease, as {@link LeaseRequest.command}. */
  readonly command?: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
  /** Exactly what the lease may do. */
  readonly permissions: readonly Permission[];
  /** What the lease comes to beyond its own actions, a sentence each: a role that it can run code as, for one. */
  readonly notices?: readonly string[];
  /** Length of the lease in seconds. */
  readonly durationSeconds: number;
  /** When the lease ends if it is approved at once. */
  readonly expiresAt: Date;
  /** When the question lapses. */
  readonly answerBy: Date;
  /** Approvers who may answer, each with a device of their own. */
  readonly approvers: readonly string[];
}

/**
 * A human's yes: who, and the code of their device. The code can be taken once, and is in nothing that prints,
 * serialises or clones.
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

  /** The code, the first time; `undefined` from then on. */
  takeCode(): string | undefined {
    const code = this.#code;
    this.#code = undefined;
    return code;
  }
}

/**
 * What came of a human's yes: AWS opened the lease, or it did not.
 * @example
 * options.outcome?.then(({ opened, because }) => tellApprover(opened ? 'It is open.' : `It is not open: ${because}`));
 * @public
 */
export interface ApprovalOutcome {
  readonly opened: boolean;
  /** A sentence: until when it is open, or why it is not. */
  readonly because: string;
}

/**
 * What a channel is told besides the request.
 * @example
 * const approval: ApprovalChannel = async (request, { signal, isUsed }) => askUntilUnused(request, signal, isUsed);
 * @public
 */
export interface ApprovalContext {
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Resolves once AWS has answered the call that the code was for. Never rejects. @default nobody will tell */
  readonly outcome?: Promise<ApprovalOutcome>;
  /** Whether a code of an approver was sent to AWS before, which takes each once. @default none was */
  readonly isUsed?: (approver: string, code: string) => boolean;
}

/**
 * Asks a human. Resolves with their yes.
 *
 * Rejects with a {@link LeaseError}: `denied` when they say no, `lapsed` when `answerBy` passes, `channel-failed` when
 * nobody can be asked. When `signal` aborts, it stops asking (takes the question back where it can) and rejects with
 * `aborted`. It never keeps and never logs a code.
 *
 * A yes opens nothing by itself. `outcome` resolves once AWS has answered the call that the code was for; until then a
 * channel says no more than that the code was passed on. It never rejects, and stays open where no code was passed on.
 * @example
 * const approval: ApprovalChannel = async (request, { signal }) => {
 *   const code = await askSomebody(approvalLines(request), { until: request.answerBy, signal });
 *   return new Approval('lead', code);
 * };
 * @public
 */
export type ApprovalChannel = (request: ApprovalRequest, context: ApprovalContext) => Promise<Approval>;
