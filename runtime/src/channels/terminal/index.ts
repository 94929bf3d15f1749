/** `@leasehold/runtime/terminal`: asks the person at the terminal for an approval. */
import type { WriteStream } from 'node:tty';
import { visible } from '@leasehold/contract/text';
import type { ApprovalChannel, ApprovalRequest } from '../../approval';
import { approvalLines } from '../../approval-text';
import { LeaseError } from '../../lease-error';
import { channelFailed, PendingApproval, REFUSALS } from '../question';
import { type Keyboard, Keys } from './keys';
import { openTerminal, type Terminal } from './open-terminal';

/**
 * The terminal to use, and the approver who uses it.
 * @example
 * const options: TerminalOptions = { approver: 'lead' };
 * @public
 */
export interface TerminalOptions {
  /**
   * The approver at this terminal.
   * @default the only approver; if there are several, the person is asked for a name
   */
  readonly approver?: string;
  /**
   * The input of the terminal. It must have raw mode, so that the code is not shown.
   * @default the process's own terminal
   */
  readonly input?: Keyboard;
  /**
   * The stream to which the request is written.
   * @default the terminal of the process, even if its standard streams are redirected
   */
  readonly output?: NodeJS.WritableStream;
}

/**
 * Asks at the terminal of this process, also when its standard input and output are redirected (`/dev/tty`). Shows
 * role, permissions, parameters, reason, agent and times, and reads the code without showing it. An empty line, `no`,
 * Ctrl-C or Ctrl-D is a denial. It asks one request at a time; the others wait until they lapse.
 *
 * A process that is under an attacker's control also controls what its terminal shows. Use this channel for
 * development, and for agents that run where the approver works.
 * @returns a channel that rejects with a {@link LeaseError} `denied`, `lapsed`, `aborted`, or `channel-failed` where
 * there is no terminal.
 * @example
 * import { createLeaseClient } from '@leasehold/runtime';
 * import { terminal } from '@leasehold/runtime/terminal';
 *
 * const client = createLeaseClient({ manifest: 'leasehold.json', approval: terminal({ approver: 'lead' }) });
 * @public
 */
export function terminal(options: TerminalOptions = {}): ApprovalChannel {
  return async (request, { signal, ...known }) => {
    const question = new PendingApproval(request, signal, known);
    await inTurn(question, () => ask(question, options));
    return question.answer;
  };
}

/** The process has only one terminal, so requests are shown one after another. */
let turn: Promise<void> = Promise.resolve();

function inTurn(question: PendingApproval, work: () => Promise<void>): Promise<void> {
  const mine = turn.then(async () => {
    if (question.ending === undefined) await work();
  });
  turn = mine.catch(() => {});
  // If a request lapses while it waits for its turn, it ends immediately.
  return Promise.race([mine, question.answer.then(() => {})]);
}

async function ask(question: PendingApproval, options: TerminalOptions): Promise<void> {
  let screen: Terminal | undefined;
  let keys: Keys | undefined;
  try {
    screen = openTerminal(options);
    const { output } = screen;
    keys = new Keys(screen.input, output);
    const write = (line: string) => output.write(`${line}\r\n`);
    write('');
    write('An agent requests a lease.');
    for (const line of shownLines(question.request, output)) write(line);
    const said = await answer(question, options.approver, keys, write);
    if (said === 'no') question.fail(no());
    // When AWS has answered, the program that runs with the lease may need the keyboard immediately.
    keys.close();
    screen.closeInput();
    keys = undefined;
    write(said === 'no' ? 'Denied.' : await question.whenSettled());
  } catch (error) {
    question.fail(error instanceof LeaseError ? error : gone(error));
  } finally {
    keys?.close();
    screen?.closeInput();
    screen?.close();
  }
}

/** The request as indented lines that fit the width of the screen. */
function shownLines(request: ApprovalRequest, output: Terminal['output']): readonly string[] {
  const { columns } = output as Partial<WriteStream>;
  const width = columns === undefined || columns === 0 ? undefined : columns - INDENT.length;
  return approvalLines(request, width).map((line) => `${INDENT}${line}`.trimEnd());
}

const INDENT = '  ';

/** Asks for the approver and the code until the request ends. Returns `no` for a denial. */
async function answer(
  question: PendingApproval,
  configured: string | undefined,
  keys: Keys,
  write: (line: string) => void,
): Promise<'no' | 'over'> {
  const { request, over } = question;
  const approver = configured ?? (await chosen(request, keys, write, over));
  if (approver === undefined) return over.aborted ? 'over' : 'no';
  if (!request.approvers.includes(approver)) throw stranger(approver, request);
  while (!over.aborted) {
    const code = await keys.line(`Code of ${visible(approver)}'s device (not shown; empty for no): `, true, over);
    if (over.aborted) break;
    if (code === undefined || isNo(code)) return 'no';
    const refusal = question.approve(approver, code);
    if (refusal !== undefined) write(REFUSALS[refusal]);
  }
  return 'over';
}

/** The approver at the terminal. Undefined for a denial. */
async function chosen(
  { approvers }: ApprovalRequest,
  keys: Keys,
  write: (line: string) => void,
  over: AbortSignal,
): Promise<string | undefined> {
  const [only, ...others] = approvers;
  if (others.length === 0) return only;
  while (!over.aborted) {
    const names = approvers.map((name, index) => `${index + 1} ${visible(name)}`).join(', ');
    const said = await keys.line(`Who are you: ${names} (empty for no)? `, false, over);
    if (said === undefined || isNo(said)) return undefined;
    const found = approvers.find((name, index) => name === said.trim() || String(index + 1) === said.trim());
    if (found !== undefined) return found;
    write('Type a number, or a name exactly.');
  }
  return undefined;
}

function isNo(line: string): boolean {
  return /^(|n|no|deny)$/i.test(line.trim());
}

function no(): LeaseError {
  return new LeaseError(
    'denied',
    'the lease was denied at the terminal',
    'Do not ask for it again; ask a human why.',
    false,
  );
}

function stranger(approver: string, { approvers }: ApprovalRequest): LeaseError {
  return channelFailed(
    `the terminal's approver ${visible(approver)} is not an approver of this request`,
    `Set \`approver\` to one of ${approvers.join(', ')}.`,
    false,
  );
}

function gone(cause: unknown): LeaseError {
  return channelFailed(
    'the terminal went away',
    'Run the agent at a terminal, or choose another channel.',
    true,
    cause,
  );
}
