/** A question on its way to an answer: what every channel that waits for a human has in common. */
import { randomUUID } from 'node:crypto';
import { visible } from '@leasehold/contract/text';
import { Approval, type ApprovalContext, type ApprovalOutcome, type ApprovalRequest } from '../approval';
import { LeaseError } from '../lease-error';

/** How a question ended. */
export type Ending =
  | { readonly how: 'approved' | 'denied'; readonly approver: string }
  | { readonly how: 'lapsed' | 'aborted' | 'failed' };

/** Why an answer was not taken. */
export type Refusal = 'over' | 'not-an-approver' | 'not-a-code' | 'used-code';

/** What whoever answered is told when the answer was not taken. */
export const REFUSALS: Readonly<Record<Refusal, string>> = {
  over: 'This request is over: it takes no more answers.',
  'not-an-approver': 'You are not an approver of this request.',
  'not-a-code': 'A code is six digits. Nothing was approved.',
  'used-code': 'That code was used: AWS takes each once. Wait for the next one. Nothing was approved.',
};

/**
 * A request that is being asked. It takes one answer, from one of its approvers, until it lapses or is taken back; what
 * comes later is refused.
 */
export class Question {
  /** Random. Names the question wherever it is asked, so that nothing that was meant for another can answer it. */
  readonly key: string = randomUUID();
  readonly request: ApprovalRequest;
  /** Settles as {@link ApprovalChannel} promises. */
  readonly answer: Promise<Approval>;
  /** What AWS answered; undefined where nobody will say. */
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
    // A channel may still be opening when the question ends.
    promise.catch(() => {});
    const abort = () => this.#end({ how: 'aborted' }, aborted());
    if (signal.aborted) abort();
    else {
      signal.addEventListener('abort', abort, { once: true });
      this.over.addEventListener('abort', () => signal.removeEventListener('abort', abort));
      this.#watch();
    }
  }

  /** Aborts when the question ends, however it ends. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** How it ended; `undefined` while it waits. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** Resolves with the ending when there is one. */
  whenOver(): Promise<Ending> {
    return new Promise((resolve) => {
      const tell = () => resolve(this.#ending ?? { how: 'failed' });
      if (this.over.aborted) tell();
      else this.over.addEventListener('abort', tell, { once: true });
    });
  }

  /** Resolves with the last that there is to tell of it: how it ended, and after a yes what AWS answered. */
  async whenSettled(): Promise<string> {
    const ending = await this.whenOver();
    const outcome = ending.how === 'approved' ? await this.outcome : undefined;
    return outcome === undefined ? endingText(ending) : `${yes(ending)} ${outcomeText(outcome)}`;
  }

  /** Why nothing that this person says would be taken; `undefined` when it would. */
  refuses(approver: string | undefined): Refusal | undefined {
    if (approver === undefined || !this.request.approvers.includes(approver)) return 'not-an-approver';
    return this.#ending === undefined ? undefined : 'over';
  }

  /** Takes an approver's yes. Says why when it does not. */
  approve(approver: string | undefined, code: unknown): Refusal | undefined {
    const refusal = this.refuses(approver);
    if (refusal !== undefined || approver === undefined) return refusal ?? 'not-an-approver';
    const digits = typeof code === 'string' ? code.replace(/\s/g, '') : '';
    if (!/^\d{6}$/.test(digits)) return 'not-a-code';
    if (this.#isUsed(approver, digits)) return 'used-code';
    this.#end({ how: 'approved', approver }, new Approval(approver, digits));
    return undefined;
  }

  /** Takes an approver's no. Says why when it does not. */
  deny(approver: string | undefined): Refusal | undefined {
    const refusal = this.refuses(approver);
    if (refusal !== undefined || approver === undefined) return refusal ?? 'not-an-approver';
    this.#end({ how: 'denied', approver }, denied(approver));
    return undefined;
  }

  /** Gives up: nobody can be asked. */
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

  /** Lapses at `answerBy`, which may be further away than one timer reaches. */
  #watch(): void {
    const left = this.request.answerBy.getTime() - Date.now();
    // A date that is none must not wait for ever.
    if (!(left > 0)) {
      this.#end({ how: 'lapsed' }, lapsed());
      return;
    }
    const timer = setTimeout(() => this.#watch(), Math.min(left, LONGEST_TIMER));
    this.over.addEventListener('abort', () => clearTimeout(timer), { once: true });
  }
}

/** An ending in one sentence, for whoever still looks at the question. */
export function endingText(ending: Ending): string {
  switch (ending.how) {
    case 'approved':
      return `${yes(ending)} AWS decides whether the code opens the lease.`;
    case 'denied':
      return `Denied by ${ending.approver}.`;
    case 'lapsed':
      return 'Lapsed: nobody answered in time.';
    case 'aborted':
      return 'Taken back by the agent.';
    case 'failed':
      return 'Given up: the agent can no longer be answered here.';
  }
}

function yes(ending: Ending): string {
  return 'approver' in ending ? `Approved by ${ending.approver}.` : '';
}

/** What AWS answered. */
export function outcomeText({ opened, because }: ApprovalOutcome): string {
  return opened ? `AWS opened the lease. ${visible(because)}` : `AWS did not open the lease: ${visible(because)}`;
}

/** A {@link LeaseError} `channel-failed`. */
export function channelFailed(message: string, hint: string, retryable: boolean, cause?: unknown): LeaseError {
  return new LeaseError('channel-failed', message, hint, retryable, cause === undefined ? undefined : { cause });
}

/** Fails a question that none of the people whom a channel knows may answer. */
export function demandApprover(question: Question, known: Iterable<string>, channel: string): void {
  const { approvers } = question.request;
  if ([...known].some((name) => approvers.includes(name))) return;
  question.fail(
    channelFailed(
      `${channel} knows none of the approvers of this request: ${approvers.join(', ')}`,
      `Map a ${channel} user to one of them in the channel's options.`,
      false,
    ),
  );
}

/** Milliseconds that a timer of Node can wait: a signed 32-bit number. */
const LONGEST_TIMER = 2 ** 31 - 1;

function denied(approver: string): LeaseError {
  return new LeaseError('denied', `${approver} denied the lease`, 'Do not ask for it again; ask a human why.', false);
}

function lapsed(): LeaseError {
  return new LeaseError('lapsed', 'nobody answered in time', 'Ask again when an approver is there.', true);
}

function aborted(): LeaseError {
  return new LeaseError('aborted', 'the request was taken back', 'Ask anew if the task still stands.', true);
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
