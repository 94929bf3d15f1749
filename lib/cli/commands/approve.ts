/** `leasehold approve [id]`: what waits for an approver on this machine, shown whole and answered. */
import { LeaseError } from '@leasehold/runtime';
import { approvalDirectory, type WaitingList, type WaitingRequest, waitingRequests } from '@leasehold/runtime/socket';
import type { Command } from 'commander';
import { EXIT, type ExitCode, UsageError } from '../exit';
import { explainHelp } from '../help';
import { renderTable } from '../render/table';
import { count, either, printable } from '../render/text';
import { type ReadSecret, readSecretLine } from '../secret-line';
import type { Shell } from '../shell';

interface Options {
  readonly as?: string;
  readonly deny?: boolean;
  readonly list?: boolean;
  readonly directory?: string;
}

export function approve(command: Command, shell: Shell): void {
  approveReading(readSecretLine)(command, shell);
}

/** The command, with its own way of reading a code. */
export function approveReading(read: ReadSecret): (command: Command, shell: Shell) => void {
  return (command, shell) => {
    command
      .description(
        'Shows a request for a lease that waits on this machine, whole, and takes the code that answers it: typed, never ' +
          'shown, never given on the command line. The agent has to ask through the approval socket.',
      )
      .argument('[id]', 'the lease id of the request; needed where several wait')
      .option('--as <approver>', 'who answers, with their own device; needed where several may')
      .option('--deny', 'say no')
      .addOption(command.createOption('--list', 'only list what waits').conflicts(['deny', 'as']))
      .option('--directory <path>', "where requests wait, if the agent's socket names a folder of its own")
      .action(
        shell.ends(async (id: string | undefined, options: Options) => {
          const list = await listing(options.directory ?? approvalDirectory(shell.host.env));
          try {
            return await answerOne(list, id, options, shell, read);
          } finally {
            list.close();
          }
        }),
      );
    explainHelp(command, {
      examples: [
        ['leasehold approve', 'answer the request that waits, or list them where there are several'],
        ['leasehold approve lh-01jd3m8q4v7x2k9p5r6t0w1y2z --as oncall', 'answer one'],
        ['leasehold approve --deny', 'say no'],
      ],
      exits: { 0: 'the answer was taken, or there is none to give', 1: 'no answer was given, or it was not taken' },
    });
  };
}

async function listing(directory: string): Promise<WaitingList> {
  try {
    return await waitingRequests(directory);
  } catch (error) {
    if (!(error instanceof LeaseError)) throw error;
    throw new UsageError(error.message, { mend: error.mend }, error);
  }
}

async function answerOne(
  { requests, unreadable }: WaitingList,
  id: string | undefined,
  options: Options,
  shell: Shell,
  read: ReadSecret,
): Promise<ExitCode> {
  const { host } = shell;
  if (unreadable > 0) host.err(`note: ${count(unreadable, 'waiting request')} cannot be read\n`);
  const chosen = id === undefined ? (requests.length === 1 ? requests[0] : undefined) : named(requests, id);
  if (options.list || chosen === undefined) {
    host.out(requests.length === 0 ? 'Nothing waits for an approver.\n' : renderWaiting(requests, shell));
    if (requests.length > 1 && !options.list) host.err('note: name the one to answer: leasehold approve <id>\n');
    return EXIT.fine;
  }
  const approver = chooseApprover(chosen.request.approvers, options.as);
  host.out(`${chosen.lines.map((line) => printable(line)).join('\n')}\n`);
  return options.deny ? tell(await chosen.deny(approver), 'Denied.', shell) : enterCode(chosen, approver, shell, read);
}

/** Asks for the code until one is taken, the request is over, or nothing is typed. */
async function enterCode(chosen: WaitingRequest, approver: string, shell: Shell, read: ReadSecret): Promise<ExitCode> {
  for (;;) {
    shell.host.err(`\nCode of ${printable(approver)}'s device (hidden; Enter alone leaves the request waiting): `);
    const code = (await read(chosen.over))?.trim();
    shell.host.err('\n');
    if (chosen.over.aborted) return tell({ result: 'over', because: String(chosen.over.reason) }, '', shell);
    if (code === undefined || code === '') {
      shell.host.err('note: no answer was given; the request goes on waiting\n');
      return EXIT.findings;
    }
    const reply = await chosen.approve(approver, code);
    const exit = tell(reply, 'Approved. The agent has the code; AWS has the last word.', shell);
    if (reply.result !== 'refused') return exit;
  }
}

function tell(reply: Awaited<ReturnType<WaitingRequest['deny']>>, taken: string, { host }: Shell): ExitCode {
  if (reply.result === 'taken') {
    host.out(`${taken}\n`);
    return EXIT.fine;
  }
  host.err(`error: ${printable(reply.because ?? 'the answer was not taken')}\n`);
  return EXIT.findings;
}

function named(requests: readonly WaitingRequest[], id: string): WaitingRequest {
  const found = requests.filter(({ request }) => request.id === id);
  if (found.length === 1 && found[0] !== undefined) return found[0];
  if (found.length > 1) {
    throw new UsageError(`several requests call themselves "${id}"`, {
      mend: 'Deny them by stopping their agents: an honest agent never gives two requests one id.',
    });
  }
  throw new UsageError(`no request "${id}" waits here`, {
    expected: requests.length === 0 ? 'nothing: no request waits' : either(requests.map(({ request }) => request.id)),
    mend: 'List what waits with `leasehold approve --list`.',
  });
}

function chooseApprover(approvers: readonly string[], as: string | undefined): string {
  const [only] = approvers;
  if (as === undefined && only !== undefined && approvers.length === 1) return only;
  if (as !== undefined && approvers.includes(as)) return as;
  throw new UsageError(
    as === undefined ? 'several people may answer this request' : `"${as}" may not answer this request`,
    {
      expected: either(approvers.map((name) => `--as ${name}`)),
      mend: "Say who you are: the code has to come from that approver's device.",
    },
  );
}

function renderWaiting(requests: readonly WaitingRequest[], { host, out }: Shell): string {
  return renderTable(
    [
      { title: 'id', keep: true },
      { title: 'role', keep: true },
      { title: 'environment' },
      { title: 'reason' },
      { title: 'answer by' },
    ],
    requests.map(({ request: { id, role, project, environment, reason, answerBy } }) =>
      [id, role, `${project} ${environment}`, reason, `${answerBy.toISOString().slice(11, 19)} UTC`].map(printable),
    ),
    { paint: out, columns: host.outColumns },
  );
}
