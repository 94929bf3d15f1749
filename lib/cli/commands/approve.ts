/**
 * `leasehold approve [id]`: shows a pending request in full, and approves it. The request may be pending on this
 * machine or at the broker.
 */
import { approvalDirectory, type WaitingRequest } from '@leasehold/runtime/socket';
import type { Command } from 'commander';
import { approveLease, hashPrefix } from '../broker/approve';
import { approveInConsole } from '../broker/approve-in-console';
import { speaking } from '../broker/broker-calls';
import { type BrokerFlags, brokerOptions, findBroker } from '../broker/broker-location';
import { EXIT, type ExitCode, UsageError } from '../exit';
import { explainHelp } from '../help';
import { loginFor } from '../login/identity';
import type { Shell } from '../shell';
import { approveRequest, denyRequest, ifWaiting, noSuchRequest, renderRequests, withWaiting } from '../waiting';

interface Options extends BrokerFlags {
  readonly approver?: string;
  readonly deny?: boolean;
  readonly list?: boolean;
  readonly directory?: string;
  readonly yes?: string;
  readonly browser: boolean;
}

export function approve(command: Command, shell: Shell): void {
  command
    .description(
      'Shows the complete request for a lease, and asks for an answer. A request that waits on this machine is ' +
        'answered with a code, which is typed without echo and never given on the command line. Any other id is ' +
        'looked up at the broker: you sign in with MFA, the record is verified on this machine, and your approval ' +
        'covers the hash of exactly what you were shown. If you are signed in with `leasehold login`, the command opens the page ' +
        'of the lease in the console, where you approve with a passkey, if the environment uses passkeys.',
    )
    .argument('[id]', 'the lease id; required if several wait')
    .option(
      '--yes <hash>',
      'at the broker: approve without a question if the hash of the grant begins with these digits',
    )
    .option(
      '--approver <name>',
      'on this machine: who answers, with their own device; required if there are several approvers',
    )
    .option('--deny', 'on this machine: deny')
    .addOption(
      command
        .createOption('--list', 'only list the requests that wait on this machine')
        .conflicts(['deny', 'approver', 'yes']),
    )
    .option('--no-browser', 'with a login: do not open a browser, only print the address of the console')
    .option('--directory <path>', "the folder of the waiting requests, if the agent's socket uses another one");
  brokerOptions(command).action(
    shell.ends((id: string | undefined, options: Options) =>
      id === undefined || options.list ? answerOnly(options, shell) : answerNamed(id, options, shell),
    ),
  );
  explainHelp(command, {
    examples: [
      ['leasehold approve', 'answer the waiting request, or list them if there are several'],
      ['leasehold approve lh-01jd3m8q4v7x2k9p5r6t0w1y2z --approver oncall', 'answer one of them'],
      ['leasehold approve lh-01jd3m8q4v7x2k9p5r6t0w1y2z --profile lead', 'answer a lease of the broker'],
      ['leasehold approve --deny', 'deny on this machine; at the broker: leasehold deny'],
    ],
    exits: { 0: 'the answer was accepted, or no request waits', 1: 'no answer was given, or it was not accepted' },
    details: '[Approving](approving.md) describes how an approver signs in, and what the hash covers.',
  });
}

/**
 * If there is only one pending request on this machine, answers this request. If there are several requests, lists
 * them. If there is none, looks for a pending request at the broker.
 */
async function answerOnly(options: Options, shell: Shell): Promise<ExitCode> {
  const { host } = shell;
  if (options.yes !== undefined) {
    throw new UsageError('a hash is given, and no lease', { hint: `leasehold approve LEASE --yes ${options.yes}` });
  }
  if (options.broker !== undefined) return atBroker(undefined, options, shell);
  const here = await withWaiting(options.directory ?? approvalDirectory(host.env), shell, async (requests) => {
    const [only, ...others] = requests;
    if (only === undefined) return undefined;
    if (!options.list && others.length === 0) return answer(only, options, shell);
    host.out(renderRequests(requests, shell));
    if (!options.list) host.err('note: name the one to answer: leasehold approve <id>\n');
    return EXIT.fine;
  });
  return here ?? atBroker(undefined, options, shell);
}

/**
 * Answers the request with this id on this machine. If there is no such request, approves the lease with this id at the
 * broker.
 */
async function answerNamed(id: string, options: Options, shell: Shell): Promise<ExitCode> {
  const elsewhere = options.broker !== undefined || options.yes !== undefined;
  const waiting = elsewhere
    ? []
    : await ifWaiting(id, options.directory, shell, (chosen) => answer(chosen, options, shell));
  return typeof waiting === 'number' ? waiting : atBroker(id, options, shell, waiting);
}

/** Approves a lease at the broker, if a broker is configured. */
function atBroker(
  id: string | undefined,
  options: Options,
  shell: Shell,
  waiting: readonly string[] = [],
): Promise<ExitCode> {
  return speaking(shell, async (signal) => {
    const place =
      options.approver !== undefined || (id === undefined && isLocal(options)) ? undefined : findBroker(options, shell);
    if (place === undefined) {
      if (id !== undefined) throw noSuchRequest(waiting, id);
      shell.host.out('Nothing waits for an approver.\n');
      return EXIT.fine;
    }
    if (options.deny) {
      throw new UsageError('at the broker a no needs a reason', { hint: `leasehold deny ${id} --because "…"` });
    }
    const yes = options.yes === undefined ? undefined : hashPrefix(options.yes);
    const login = await loginFor(place.url, options, shell);
    if (login !== undefined) return approveInConsole(id, { yes, browser: options.browser, place }, shell);
    return approveLease(id, { ...options, yes, place }, shell, signal);
  });
}

/** Whether the options apply only to requests on this machine. */
function isLocal({ list, deny, directory }: Options): boolean {
  return list === true || deny === true || directory !== undefined;
}

function answer(chosen: WaitingRequest, { deny, approver }: Options, shell: Shell): Promise<ExitCode> {
  return (deny ? denyRequest : approveRequest)(chosen, approver, shell);
}
