/** Handles agents' requests that need a code on this machine. Uses the approval socket. */
import { onOneLine, visible } from '@leasehold/contract/text';
import { agentLines, approvalLines, LeaseError } from '@leasehold/runtime';
import { approvalDirectory, type WaitingList, type WaitingRequest, waitingRequests } from '@leasehold/runtime/socket';
import { EXIT, type ExitCode, UsageError } from './exit';
import { processKeyboard } from './keyboard';
import { count, either } from './render/text';
import type { Shell } from './shell';

/**
 * Connects to the pending requests in a folder, runs a function, and disconnects.
 * @throws UsageError if the folder is not safe
 */
export async function withWaiting<T>(
  directory: string,
  { host }: Shell,
  work: (requests: readonly WaitingRequest[]) => Promise<T>,
): Promise<T> {
  const list = await listing(directory);
  try {
    if (list.unreadable > 0) host.err(`note: ${count(list.unreadable, 'waiting request')} cannot be read\n`);
    return await work(list.requests);
  } finally {
    list.close();
  }
}

/**
 * Calls `work` with the request that has this id, if the request is pending on this machine.
 * @returns the exit code or, without such a request, the ids of the requests that are pending on this machine
 */
export async function ifWaiting(
  id: string,
  directory: string | undefined,
  shell: Shell,
  work: (request: WaitingRequest) => Promise<ExitCode>,
): Promise<ExitCode | readonly string[]> {
  try {
    return await withWaiting(directory ?? approvalDirectory(shell.host.env), shell, async (requests) => {
      const chosen = namedRequest(requests, id);
      return chosen === undefined ? requests.map(({ request }) => request.id) : work(chosen);
    });
  } catch (error) {
    if (directory !== undefined || !(error instanceof UnsafeFolder)) throw error;
    shell.host.err(`note: nothing can wait on this machine: ${onOneLine(error.message)}\n`);
    return [];
  }
}

/** The error if no request with the given id is pending. */
export function noSuchRequest(waiting: readonly string[], id: string): UsageError {
  return new UsageError(`no request "${id}" waits here`, {
    expected: waiting.length === 0 ? 'nothing: no request waits' : either(waiting),
    hint: 'List what waits with `leasehold approve --list`; for a lease of a broker, name its manifest: --manifest FILE.',
  });
}

/**
 * Shows a complete request and denies it.
 * @throws UsageError
 */
export async function denyRequest(chosen: WaitingRequest, named: string | undefined, shell: Shell): Promise<ExitCode> {
  const approver = shownTo(chosen, named, shell);
  return tell(await chosen.deny(approver), 'Denied.', shell);
}

/**
 * Shows a complete request and asks for codes until a code is accepted, the request ends, or the person does not enter
 * a code.
 */
export async function approveRequest(
  chosen: WaitingRequest,
  named: string | undefined,
  shell: Shell,
): Promise<ExitCode> {
  const approver = shownTo(chosen, named, shell);
  const { secret } = shell.host.keyboard ?? processKeyboard();
  for (;;) {
    shell.host.err(`\nCode of ${onOneLine(approver)}'s device (hidden; Enter alone leaves the request waiting): `);
    const code = (await secret(chosen.over))?.trim();
    shell.host.err('\n');
    if (chosen.over.aborted) return tell({ result: 'over', because: String(chosen.over.reason) }, '', shell);
    if (code === undefined || code === '') {
      shell.host.err('note: no answer was given; the request goes on waiting\n');
      return EXIT.findings;
    }
    const reply = await chosen.approve(approver, code);
    const exit = tell(reply, 'Approved. The agent has the MFA code; AWS makes the final decision.', shell);
    if (reply.result === 'taken') return tellOutcome(await chosen.outcome(), shell);
    if (reply.result !== 'refused') return exit;
  }
}

/**
 * Renders the pending requests, one paragraph for each request: the facts on one line and, below, the agent's own
 * text, marked as such.
 */
export function renderRequests(requests: readonly WaitingRequest[], { host, out }: Shell): string {
  return requests
    .map(({ request: { id, role, project, environment, reason, answerBy } }) => {
      const facts = `${visible(role)} in ${visible(project)} ${visible(environment)}, answer by ${answerBy.toISOString().slice(11, 19)} UTC`;
      const words = agentLines([{ label: 'Reason', text: reason }], (host.outColumns ?? INDENT + WIDTH) - INDENT);
      return [out('bold', visible(id)), ...[facts, ...words].map((line) => ' '.repeat(INDENT) + line)];
    })
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

const INDENT = 2;
/** Width in columns of an agent's text when the output is not a terminal. */
const WIDTH = 80;

async function listing(directory: string): Promise<WaitingList> {
  try {
    return await waitingRequests(directory);
  } catch (error) {
    if (!(error instanceof LeaseError)) throw error;
    throw new UnsafeFolder(error.message, { hint: error.hint }, error);
  }
}

/**
 * The request with this id. Undefined if no such request is pending.
 * @throws UsageError if several requests have this id
 */
function namedRequest(requests: readonly WaitingRequest[], id: string): WaitingRequest | undefined {
  const found = requests.filter(({ request }) => request.id === id);
  if (found.length < 2) return found[0];
  throw new UsageError(`several requests call themselves "${id}"`, {
    hint: 'To deny these requests, stop the agents that sent them: an honest agent never gives two requests the same id.',
  });
}

class UnsafeFolder extends UsageError {}

function shownTo({ request }: WaitingRequest, named: string | undefined, { host }: Shell): string {
  const approver = chooseApprover(request.approvers, named);
  host.out(`${approvalLines(request, host.outColumns).join('\n')}\n`);
  return approver;
}

function tell(reply: Awaited<ReturnType<WaitingRequest['deny']>>, taken: string, { host }: Shell): ExitCode {
  if (reply.result === 'taken') {
    host.out(`${taken}\n`);
    return EXIT.fine;
  }
  host.err(`error: ${onOneLine(reply.because ?? 'the answer was not taken')}\n`);
  return EXIT.findings;
}

/**
 * Reports the outcome that the agent describes. Any program of this user could be the agent, so the report states that
 * the description is the agent's own.
 */
function tellOutcome(
  { result, because = '' }: Awaited<ReturnType<WaitingRequest['outcome']>>,
  { host }: Shell,
): ExitCode {
  if (result === 'opened') {
    host.out(`The agent reports that AWS opened the lease. ${visible(because)}\n`);
    return EXIT.fine;
  }
  if (result === 'not-opened') {
    host.err(`error: the agent reports that AWS did not open the lease: ${visible(because)}\n`);
    return EXIT.findings;
  }
  host.err('note: the agent does not report whether AWS opened the lease\n');
  return EXIT.fine;
}

function chooseApprover(approvers: readonly string[], named: string | undefined): string {
  const [only] = approvers;
  if (named === undefined && only !== undefined && approvers.length === 1) return only;
  if (named !== undefined && approvers.includes(named)) return named;
  throw new UsageError(
    named === undefined ? 'several people may answer this request' : `"${named}" may not answer this request`,
    {
      expected: either(approvers.map((name) => `--approver ${name}`)),
      hint: "Say who you are: the code has to come from that approver's device.",
    },
  );
}
