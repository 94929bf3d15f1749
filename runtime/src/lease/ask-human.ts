/** Asks a person through a channel, and rejects any answer that does not match the request. */
import type { Approval, ApprovalChannel, ApprovalContext, ApprovalRequest } from '../approval';
import { aborted, harmlessCause } from '../errors';
import { LeaseError } from '../lease-error';

/** An approval by a person, with the code. The code is sent only to STS. */
export interface Yes {
  readonly approver: string;
  readonly code: string;
}

/**
 * Asks until the request ends. The function does not wait for a channel that never answers, and it discards a later
 * answer.
 * @param seconds How long the request is open.
 * @param known Further information for the channel: the outcome of the code, and which codes were used.
 * @throws LeaseError `denied`, `lapsed`, `aborted`, `channel-failed`
 */
export async function askHuman(
  channel: ApprovalChannel,
  request: ApprovalRequest,
  seconds: number,
  signal: AbortSignal,
  known: Omit<ApprovalContext, 'signal'> = {},
): Promise<Yes> {
  const question = new AbortController();
  let end: (error: LeaseError) => void = () => {};
  const ended = new Promise<never>((_, reject) => {
    end = reject;
  });
  const timer = setTimeout(() => end(lapsed(seconds)), seconds * 1000);
  const abort = () => end(aborted());
  signal.addEventListener('abort', abort, { once: true });
  try {
    if (signal.aborted) throw aborted();
    const answer = Promise.resolve().then(() => channel(request, { signal: question.signal, ...known }));
    return opened(await Promise.race([answer, ended]), request, known);
  } catch (error) {
    throw error instanceof LeaseError ? withoutDetails(error) : failed(error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    // Withdraws the request on every channel that still shows it.
    question.abort();
    ended.catch(() => {});
  }
}

function opened(approval: Approval, request: ApprovalRequest, { isUsed }: Omit<ApprovalContext, 'signal'>): Yes {
  const { approver } = approval;
  const code = approval.takeCode();
  if (!request.approvers.includes(approver)) {
    throw new LeaseError(
      'channel-failed',
      'the answer is from someone who is not an approver of this request',
      `One of ${request.approvers.join(', ')} must answer.`,
      false,
    );
  }
  if (code === undefined || !/^[0-9]{6}$/.test(code)) {
    throw new LeaseError(
      'channel-failed',
      'the answer contains no code of six digits, or a code that was already used',
      'Configure the approval channel to return the code that the approver reads from their device.',
      false,
    );
  }
  if (isUsed?.(approver, code) === true) {
    throw usedCode();
  }
  return { approver, code };
}

/** The error for a code that was already sent. */
export function usedCode(): LeaseError {
  return new LeaseError(
    'channel-failed',
    'the answer contains a code that was already used, and AWS accepts each code once',
    'Request the lease again; the approver must wait for the next code.',
    true,
  );
}

/** An error of a channel. Its cause, an SDK error, is reduced to name and message. */
function withoutDetails(error: LeaseError): LeaseError {
  if (error.cause === undefined) return error;
  const { code, message, hint, retryable, cause } = error;
  return new LeaseError(code, message, hint, retryable, { cause: harmlessCause(cause) });
}

function lapsed(seconds: number): LeaseError {
  return new LeaseError(
    'lapsed',
    `nobody answered within ${seconds} seconds`,
    'Request the lease again when an approver is available.',
    true,
  );
}

function failed(error: unknown): LeaseError {
  return new LeaseError(
    'channel-failed',
    'the approval channel failed',
    'Check the configuration of the approval channel, and request the lease again.',
    true,
    { cause: harmlessCause(error) },
  );
}
