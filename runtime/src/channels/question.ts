/** A pending approval request, with the logic that all channels share. */
import { randomUUID } from 'node:crypto';
import { visible } from '@leasehold/contract/text';
import { Approval, type ApprovalContext, type ApprovalOutcome, type ApprovalRequest } from '../approval';
import { aborted } from '../errors';
import { LeaseError } from '../lease-error';

/** How an approval request ended. */
export type Ending =
  | { readonly how: 'approved' | 'denied'; readonly approver: string }
  | { readonly how: 'lapsed' | 'aborted' | 'failed' };

/** Reasons why an answer is rejected. */
export type Refusal = 'over' | 'not-an-approver' | 'not-a-code' | 'used-code';

/** The message for a person whose answer was rejected. */
export const REFUSALS: Readonly<Record<Refusal, string>> = {
  over: 'This request has ended, and accepts no more answers.',
  'not-an-approver': 'You are not an approver of this request.',
  'not-a-code': 'A code has six digits. Nothing was approved.',
  'used-code': 'This code was already used: AWS accepts each code once. Wait for the next code. Nothing was approved.',
};

/**
 * A pending approval request. Until the request lapses or is withdrawn, it accepts one answer from one of its
 * approvers. Later answers are rejected.
 */
export class PendingApproval {
  /**
   * A random key that identifies the request on every channel, so that an answer to a different request is not
   * accepted.
   */
  readonly key: string = randomUUID();
  readonly request: ApprovalRequest;
  /** The approval. Settles as defined by {@link ApprovalChannel}. */
  readonly answer: Promise<Approval>;
  /** The outcome of the AWS call. Undefined if the outcome is not reported. */
  readonly outcome: Promise<ApprovalOutcome> | undefined;
  readonly #isUsed: NonNullable<ApprovalContext['isUsed']>;
  readonly #over = new AbortController();
  readonly #settle: { readonly approve: (approval: Approval) => void; readonly reject: (error: LeaseError) => void };
  #ending: Ending | undefined;

  constructor(request: ApprovalRequest, signal: AbortSignal, known: Omit<ApprovalContext, 'signal'> = {}) {
    this.request = request;
    this.outcome = known.outcome;
    this.#isUsed = known.isUsed ?? (() => false);
    const { promise, ...settle } = deferred<Approval>();
    this.answer = promise;
    this.#settle = { approve: settle.resolve, reject: settle.reject };
    // Prevents an unhandled rejection: a channel may still be opening when the request ends.
    promise.catch(() => {});
    const abort = () => this.#end({ how: 'aborted' }, aborted());
    if (signal.aborted) abort();
    else {
      signal.addEventListener('abort', abort, { once: true });
      this.over.addEventListener('abort', () => signal.removeEventListener('abort', abort));
      this.#watch();
    }
  }

  /** Aborts when the request ends for any reason. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** How the request ended. `undefined` while the request is pending. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** Resolves with the ending when the request ends. */
  whenOver(): Promise<Ending> {
    return new Promise((resolve) => {
      const tell = () => resolve(this.#ending ?? { how: 'failed' });
      if (this.over.aborted) tell();
      else this.over.addEventListener('abort', tell, { once: true });
    });
  }

  /** Resolves with the final message: how the request ended and, after an approval, the outcome of the AWS call. */
  async whenSettled(): Promise<string> {
    const ending = await this.whenOver();
    const outcome = ending.how === 'approved' ? await this.outcome : undefined;
    return outcome === undefined ? endingText(ending) : `${yes(ending)} ${outcomeText(outcome)}`;
  }

  /** The reason why an answer by this person would be rejected. `undefined` if the answer would be accepted. */
  refuses(approver: string | undefined): Refusal | undefined {
    if (approver === undefined || !this.request.approvers.includes(approver)) return 'not-an-approver';
    return this.#ending === undefined ? undefined : 'over';
  }

  /** Accepts an approval. Returns the reason if it is rejected. */
  approve(approver: string | undefined, code: unknown): Refusal | undefined {
    const refusal = this.refuses(approver);
    if (refusal !== undefined || approver === undefined) return refusal ?? 'not-an-approver';
    const digits = typeof code === 'string' ? code.replace(/\s/g, '') : '';
    if (!/^\d{6}$/.test(digits)) return 'not-a-code';
    if (this.#isUsed(approver, digits)) return 'used-code';
    this.#end({ how: 'approved', approver }, new Approval(approver, digits));
    return undefined;
  }

  /** Accepts a denial. Returns the reason if it is rejected. */
  deny(approver: string | undefined): Refusal | undefined {
    const refusal = this.refuses(approver);
    if (refusal !== undefined || approver === undefined) return refusal ?? 'not-an-approver';
    this.#end({ how: 'denied', approver }, denied(approver));
    return undefined;
  }

  /** Ends the request because nobody can be asked. */
  fail(error: LeaseError): void {
    this.#end({ how: 'failed' }, error);
  }

  #end(ending: Ending, outcome: Approval | LeaseError): void {
    if (this.#ending !== undefined) return;
    this.#ending = ending;
    if (outcome instanceof LeaseError) this.#settle.reject(outcome);
    else this.#settle.approve(outcome);
    this.#over.abort();
  }

  /** Lets the request lapse at `answerBy`. The time until then may exceed the maximum delay of one timer. */
  #watch(): void {
    const left = this.request.answerBy.getTime() - Date.now();
    // An invalid date must not wait forever.
    if (!(left > 0)) {
      this.#end({ how: 'lapsed' }, lapsed());
      return;
    }
    const timer = setTimeout(() => this.#watch(), Math.min(left, LONGEST_TIMER));
    this.over.addEventListener('abort', () => clearTimeout(timer), { once: true });
  }
}

/** The ending of a request in one sentence, for people who still see the request. */
export function endingText(ending: Ending): string {
  switch (ending.how) {
    case 'approved':
      return `${yes(ending)} AWS decides whether the code opens the lease.`;
    case 'denied':
      return `Denied by ${ending.approver}.`;
    case 'lapsed':
      return 'Lapsed: nobody answered in time.';
    case 'aborted':
      return 'Withdrawn by the agent.';
    case 'failed':
      return 'This request was abandoned: an answer that you give here can no longer reach the agent.';
  }
}

function yes(ending: Ending): string {
  return 'approver' in ending ? `Approved by ${ending.approver}.` : '';
}

/** The outcome of the AWS call in one sentence. */
export function outcomeText({ opened, because }: ApprovalOutcome): string {
  return opened ? `AWS opened the lease. ${visible(because)}` : `AWS did not open the lease: ${visible(because)}`;
}

/** A {@link LeaseError} `channel-failed`. */
export function channelFailed(message: string, hint: string, retryable: boolean, cause?: unknown): LeaseError {
  return new LeaseError('channel-failed', message, hint, retryable, cause === undefined ? undefined : { cause });
}

/** Fails a request that cannot be approved by any of the people whom a channel can reach. */
export function demandApprover(question: PendingApproval, known: Iterable<string>, channel: string): void {
  const { approvers } = question.request;
  if ([...known].some((name) => approvers.includes(name))) return;
  question.fail(
    channelFailed(
      `${channel} cannot reach any approver of this request: ${approvers.join(', ')}`,
      `Map a ${channel} user to one of them in the channel's options.`,
      false,
    ),
  );
}

/** Maximum delay of a Node.js timer in milliseconds: a signed 32-bit number. */
const LONGEST_TIMER = 2 ** 31 - 1;

function denied(approver: string): LeaseError {
  return new LeaseError('denied', `${approver} denied the lease`, 'Do not ask for it again; ask a human why.', false);
}

function lapsed(): LeaseError {
  return new LeaseError(
    'lapsed',
    'nobody answered in time',
    'Request the lease again when an approver is available.',
    true,
  );
}

function deferred<T>() {
  let settle: { resolve: (value: T) => void; reject: (error: LeaseError) => void } = {
    resolve: () => {},
    reject: () => {},
  };
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
}
