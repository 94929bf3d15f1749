/** `@leasehold/runtime/webhook`: sends a signed request to another system and receives a signed answer. */

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { defined } from '@leasehold/contract/defined';
import { strictJson } from '@leasehold/contract/strict-json';
import type { ApprovalChannel } from '../../approval';
import { approvalLines } from '../../approval-text';
import { LeaseError } from '../../lease-error';
import { channelFailed, endingText, PendingApproval, REFUSALS } from '../question';
import { demandSafeUrl } from '../safe-url';
import { WhileUsed } from '../while-used';
import { type Listener, listen, type Reply } from './listener';
import { secretBytes, sign, verifies } from './signature';

/** The receiver of requests, and the listener for answers. */
export interface WebhookOptions {
  /** Receives `approval.requested`, `approval.over` and `approval.settled`. HTTPS, or HTTP on the loopback interface. */
  readonly url: string;
  /**
   * The secret with which both sides sign: `whsec_` followed by base64, or any text. The secret must have at least 24
   * bytes.
   */
  readonly secret: string;
  /** The listener for answers. */
  readonly listen?: {
    /** @default `127.0.0.1` */
    readonly host?: string;
    /** @default a free port */
    readonly port?: number;
    /** @default `/approval` */
    readonly path?: string;
  };
  /**
   * The URL at which the receiver can reach the listener, if it differs from the listener's own URL: for example the
   * URL of a reverse proxy or tunnel with TLS.
   */
  readonly answerUrl?: string;
}

/**
 * Asks another system. POSTs the signed request to it, and accepts one signed answer on a listener that is open while a
 * request is pending. Both use the Standard Webhooks signature scheme. docs/approval-channels.md describes the
 * messages.
 *
 * @example
 * ```ts
 * import { webhook } from '@leasehold/runtime/webhook';
 *
 * const approval = webhook({
 *   url: 'https://approvals.example.com/leasehold',
 *   secret: process.env.LEASEHOLD_WEBHOOK_SECRET ?? '',
 *   listen: { port: 8700 },
 *   answerUrl: 'https://agent.example.com/approval',
 * });
 * ```
 * @throws LeaseError `channel-failed` for a URL without TLS or too short a secret
 * @public
 */
export function webhook(options: WebhookOptions): ApprovalChannel {
  const desk = new Desk(options);
  return (request, { signal, ...known }) => desk.ask(new PendingApproval(request, signal, known));
}

/**
 * Number of attempts to notify the receiver, and milliseconds before the second attempt. The pause is doubled before
 * each further attempt.
 */
const ATTEMPTS = 3;
const FIRST_PAUSE = 250;
/** Timeout in milliseconds for the receiver's response to a POST. */
const PATIENCE = 10_000;

/** The pending requests, and their shared listener. */
class Desk {
  readonly #url: string;
  readonly #secret: Buffer;
  readonly #questions = new Map<string, PendingApproval>();
  readonly #listener: WhileUsed<Listener>;
  readonly #answerUrl: (port: number) => string;

  constructor({ url, secret, listen: place = {}, answerUrl }: WebhookOptions) {
    const { host = '127.0.0.1', port = 0, path = '/approval' } = place;
    this.#url = demandSafeUrl(url, 'the webhook');
    this.#secret = secretBytes(secret);
    this.#answerUrl = (actual) => answerUrl ?? `http://${host.includes(':') ? `[${host}]` : host}:${actual}${path}`;
    this.#listener = new WhileUsed(
      () => listen(host, port, path, (headers, body) => this.#take(headers, body)),
      (opened) => opened.close(),
    );
  }

  async ask(question: PendingApproval): Promise<Awaited<PendingApproval['answer']>> {
    if (question.ending !== undefined) return question.answer;
    this.#questions.set(question.key, question);
    try {
      return await this.#listener.use((opened) => {
        this.#tell(question, opened).catch((error: unknown) => {
          question.fail(
            error instanceof LeaseError
              ? error
              : channelFailed('the webhook failed', 'Look at the cause.', false, error),
          );
        });
        return question.answer;
      });
    } finally {
      this.#questions.delete(question.key);
    }
  }

  /**
   * Sends a request to the receiver. Notifies the receiver when the request ends, unless the receiver's own answer
   * ended it. After an approval, also reports the outcome of the AWS call.
   */
  async #tell(question: PendingApproval, opened: Promise<Listener>): Promise<void> {
    const { port } = await opened;
    const { key, request } = question;
    if (question.ending !== undefined) return;
    await this.#post(
      'approval.requested',
      { question: key, answerUrl: this.#answerUrl(port), lines: approvalLines(request), request },
      question.over,
    );
    const ending = await question.whenOver();
    // These notifications are not awaited.
    const tell = (type: string, data: object) => this.#post(type, { question: key, ...data }).catch(() => {});
    if (ending.how === 'lapsed' || ending.how === 'aborted') {
      await tell('approval.over', { because: endingText(ending) });
    } else if (ending.how === 'approved' && question.outcome !== undefined) {
      await tell('approval.settled', await question.outcome);
    }
  }

  /** Sends a message, with retries if a retry can help. @throws LeaseError `channel-failed` */
  async #post(type: string, data: object, signal?: AbortSignal): Promise<void> {
    const body = JSON.stringify({ type, timestamp: new Date().toISOString(), data });
    const id = `msg_${randomUUID()}`;
    for (let attempt = 1; signal?.aborted !== true; attempt++) {
      const status = await this.#send(id, body).catch((error: unknown) => error);
      if (typeof status === 'number' && status >= 200 && status < 300) return;
      const passing = typeof status !== 'number' || status === 429 || status >= 500;
      if (!passing || attempt === ATTEMPTS) {
        const { origin } = new URL(this.#url);
        throw typeof status === 'number'
          ? channelFailed(
              `${origin} answered the request with status ${status}`,
              'Check the logs of the webhook server to find out why it rejects the request.',
              passing,
            )
          : channelFailed(
              `${origin} cannot be reached`,
              'Check that the webhook server is running and that its certificate is valid.',
              true,
              status,
            );
      }
      await sleep(FIRST_PAUSE * 2 ** (attempt - 1), undefined, defined({ signal })).catch(() => {});
    }
  }

  async #send(id: string, body: string): Promise<number> {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...sign(this.#secret, id, body) },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE),
    });
    await response.body?.cancel();
    return response.status;
  }

  /** Accepts a valid answer. Gives no details about an unsigned body. */
  #take(headers: Readonly<Record<string, unknown>>, body: string): Reply {
    if (!verifies(this.#secret, headers, body)) {
      return {
        status: 401,
        result: 'refused',
        because: 'The signature is wrong, or the timestamp of the signature is too old or too new.',
      };
    }
    const answer = readAnswer(body);
    if (answer === undefined)
      return { status: 400, result: 'refused', because: 'The body is not an approval.answered message.' };
    const question = this.#questions.get(answer.question);
    if (question === undefined) return { status: 404, result: 'refused', because: REFUSALS.over };
    const refusal =
      answer.answer === 'deny' ? question.deny(answer.approver) : question.approve(answer.approver, answer.code);
    if (refusal === undefined) return { status: 200, result: 'taken' };
    return { status: STATUS[refusal], result: 'refused', because: REFUSALS[refusal] };
  }
}

const STATUS = { over: 404, 'not-an-approver': 403, 'not-a-code': 422, 'used-code': 409 } as const;

interface Answer {
  readonly question: string;
  readonly answer: 'approve' | 'deny';
  readonly approver: string;
  readonly code: unknown;
}

/**
 * Parses the answer in a body. Returns `undefined` if the answer is invalid. Gives no reason, because the body may
 * contain a code.
 */
function readAnswer(body: string): Answer | undefined {
  try {
    const { type, data } = strictJson(body) as { type?: unknown; data: Readonly<Record<string, unknown>> };
    const { question, answer, approver, code } = data;
    if (type !== 'approval.answered' || typeof question !== 'string' || typeof approver !== 'string') return undefined;
    return answer === 'approve' || answer === 'deny' ? { question, answer, approver, code } : undefined;
  } catch {
    return undefined;
  }
}
