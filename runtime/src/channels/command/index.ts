/** `@leasehold/runtime/command`: asks for an approval by running a program that prints a code. */
import { setTimeout as sleep } from 'node:timers/promises';
import { visible } from '@leasehold/contract/text';
import type { ApprovalChannel, ApprovalRequest } from '../../approval';
import { approvalLines } from '../../approval-text';
import { invalidRequest } from '../../errors';
import { LeaseError } from '../../lease-error';
import { channelFailed, PendingApproval, REFUSALS, type Refusal } from '../question';
import { type Finished, run } from './run';

/**
 * The program to run, and the approver who uses this program.
 * @example
 * const options: CommandOptions = { argv: ['ykman', 'oath', 'accounts', 'code', '--single', 'hermes-dev'], approver: 'lead' };
 * @public
 */
export interface CommandOptions {
  /** The program and its arguments. The program is run without a shell. */
  readonly argv: readonly [program: string, ...arguments: string[]];
  /**
   * The approver who answers.
   * @default the name that the program prints before the code; if it prints no name, the only approver
   */
  readonly approver?: string;
  /**
   * Exit codes that indicate a denial. The default matches `zenity` and `kdialog`.
   * @default [1]
   */
  readonly denied?: readonly number[];
  /**
   * Working folder of the program.
   * @default the working folder of this process
   */
  readonly cwd?: string;
  /** Additional environment variables. AWS credentials are never passed on. @default none */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Asks through a program. The program receives the request as JSON on its standard input, with the lines for the
 * approver in `text`, and in the variables `LEASEHOLD_TEXT`, `LEASEHOLD_LEASE_ID`, `LEASEHOLD_ROLE`, `LEASEHOLD_REASON`
 * and `LEASEHOLD_AGENT_ARN`. To approve, it prints six digits, or an approver's name, a space and six digits, and exits
 * with 0. An exit code in `denied`, or 0 without output, is a denial; any other code is a failure. The program is
 * terminated when the request is withdrawn or lapses (SIGTERM, and SIGKILL two seconds later). Its standard error goes
 * to that of this process.
 * @returns a channel that rejects with a {@link LeaseError} `denied`, `lapsed`, `aborted`, `channel-failed`
 * @throws LeaseError `invalid-request` for options that name no program
 * @example
 * import { command } from '@leasehold/runtime/command';
 *
 * const approval = command({ argv: ['zenity', '--password', '--title', 'Leasehold'], approver: 'lead' });
 * @public
 */
export function command(options: CommandOptions): ApprovalChannel {
  const argv = [...options.argv];
  if (argv.length === 0 || argv.some((argument) => typeof argument !== 'string' || argument.includes('\0'))) {
    throw invalidRequest('the command channel has no command', 'Pass the program and its arguments as `argv`.');
  }
  return async (request, { signal, ...known }) => {
    const question = new PendingApproval(request, signal, known);
    if (question.ending === undefined) {
      try {
        while (question.ending === undefined) {
          const env = environment(request, options);
          const finished = await run(argv, env, asked(request), options.cwd, question.over);
          if (take(question, finished, options) !== 'used-code') break;
          process.stderr.write(`note: ${REFUSALS['used-code']}\n`);
          await nextStep(question.over);
        }
      } catch (cause) {
        question.fail(
          channelFailed(`${visible(argv[0] ?? '')} cannot be run`, 'Name a program that is installed.', false, cause),
        );
      }
    }
    return question.answer;
  };
}

/**
 * Reads the answer that the program printed before it exited. The program's output never appears in a message, because
 * it may contain a code.
 */
function take(question: PendingApproval, finished: Finished, options: CommandOptions): Refusal | undefined {
  const { approvers } = question.request;
  const said = finished.output.trim();
  const failure = failureOf(finished, said, options.denied ?? [1]);
  if (failure !== undefined) {
    question.fail(failure);
    return undefined;
  }
  const [, named, digits] = /^(?:(\S{1,128})[ \t]+)?([0-9]{6})$/.exec(said) ?? [];
  const approver = options.approver ?? named ?? (approvers.length === 1 ? approvers[0] : undefined);
  if (digits === undefined) {
    question.fail(
      channelFailed(
        'the command printed no code',
        'The approval program must print six digits and nothing else.',
        false,
      ),
    );
    return undefined;
  }
  const refusal = question.approve(approver, digits);
  if (refusal !== undefined && refusal !== 'used-code') {
    const hint = `Set \`approver\`, or have it print one of ${approvers.join(', ')} before the code.`;
    question.fail(channelFailed('the command did not state which approver answered', hint, false));
  }
  return refusal;
}

/** Number of seconds for which a device shows the same code: https://www.rfc-editor.org/rfc/rfc6238#section-5.2 */
const STEP = 30;

/** Waits until MFA devices show the next code, or until the signal aborts. */
async function nextStep(over: AbortSignal): Promise<void> {
  const left = STEP * 1000 - (Date.now() % (STEP * 1000));
  await sleep(left, undefined, { signal: over }).catch(() => {});
}

/** The error for a denial or for a failed program. Undefined if the program printed an answer. */
function failureOf({ code, signal }: Finished, said: string, denied: readonly number[]): LeaseError | undefined {
  if ((code !== null && denied.includes(code)) || (code === 0 && said === '')) return no();
  if (code === 0) return undefined;
  const how = code === null ? `was ended by ${signal}` : `ended with code ${code}`;
  return channelFailed(`the command ${how}`, 'See what it wrote to standard error.', true);
}

function no(): LeaseError {
  return new LeaseError(
    'denied',
    'the lease was denied through the command',
    'Do not ask for it again; ask a human why.',
    false,
  );
}

function asked(request: ApprovalRequest): string {
  return `${JSON.stringify({ ...request, text: approvalLines(request) })}\n`;
}

/** Environment variables that contain AWS credentials or the location of credentials. */
const CREDENTIALS =
  /^(AWS_(ACCESS_KEY|SECRET|SESSION_TOKEN|SECURITY_TOKEN|CONTAINER_|WEB_IDENTITY|BEARER_TOKEN)|AMAZON_)/i;

function environment(request: ApprovalRequest, options: CommandOptions): Record<string, string | undefined> {
  const own = Object.entries(process.env).filter(([name]) => !CREDENTIALS.test(name));
  return {
    ...Object.fromEntries(own),
    ...options.env,
    LEASEHOLD_TEXT: approvalLines(request).join('\n'),
    LEASEHOLD_LEASE_ID: visible(request.id),
    LEASEHOLD_ROLE: visible(request.role),
    LEASEHOLD_REASON: visible(request.reason),
    LEASEHOLD_AGENT_ARN: visible(request.agent),
  };
}
