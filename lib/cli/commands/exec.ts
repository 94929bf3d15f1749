/**
 * `leasehold exec <role> -- command`: runs a program with the credentials of a lease and without the agent's own
 * credentials.
 */

import { constants } from 'node:os';
import { defined } from '@leasehold/contract/defined';
import { onOneLine } from '@leasehold/contract/text';
import type { ProgramFault } from '@leasehold/serve/exec';
import type { Command } from 'commander';
import type { ExitCode } from '../exit';
import { explainHelp } from '../help';
import {
  type ClientFlags,
  clientOptions,
  gateOptions,
  leaseRequest,
  leasing,
  openRequester,
  type RequestFlags,
  requestOptions,
  tellPending,
} from '../leasing';
import { type IdentityFlags, identityOption } from '../login/identity';
import type { Shell } from '../shell';

interface Options extends ClientFlags, RequestFlags, Pick<IdentityFlags, 'identity'> {
  readonly lease?: string;
  readonly endpoint?: boolean;
}

export function exec(command: Command, shell: Shell): void {
  command
    .description(
      "Requests a lease, then runs a command with its credentials. The command does not get the agent's own credentials: " +
        'no AWS key, profile, token file or configuration file, and no settings of approval channels. Signals are ' +
        'forwarded to the command. The exit code is that of the command (128 plus the signal number if a signal ended the command).',
    )
    .usage('<role> --reason <sentence> [options] -- <command> [arguments...]')
    .argument('<role>', 'the role')
    .argument('<command...>', 'the command and its arguments, after --');
  requestOptions(command)
    .option(
      '--lease <id>',
      'use this lease, which you requested before with the same role, reason, parameters and duration, for example in ' +
        'the console; it is collected when it is approved, and no other lease is requested',
    )
    .option(
      '--endpoint',
      'pass the credentials through a local endpoint that ends with the command, not in its environment',
    );
  gateOptions(command);
  identityOption(clientOptions(command)).action(
    shell.ends(async (role: string, line: readonly string[], options: Options) => run(role, line, options, shell)),
  );
  explainHelp(command, {
    examples: [
      [
        'leasehold exec s3-deploy --reason "Upload build 1.4.2 for OPS-481" --param release=1.4.2 -- aws s3 cp app.js s3://hermes-dev-deploy/1.4.2/',
        'one command of the AWS CLI',
      ],
      [
        'leasehold exec ec2-read --reason "Find the idle instances for OPS-502" --endpoint -- python3 agent.py',
        'any program, without credentials in its environment',
      ],
    ],
    exits: { 0: 'the command succeeded', 1: 'the command exited with 1, or there is no lease' },
    details:
      'Before `leasehold exec` asks anybody for approval, it checks that the command exists: exit code 127 means that the command does not exist, 126 that ' +
      'it cannot be run. The approver of a role with gate `mfa` also sees the command.',
  });
}

async function run(role: string, line: readonly string[], options: Options, shell: Shell): Promise<ExitCode> {
  const { execWithLease, programFault } = require('@leasehold/serve/exec') as typeof import('@leasehold/serve/exec');
  const [command = '', ...args] = line;
  const { env, cwd } = shell.host;
  const fault = programFault(command, env, cwd);
  if (fault !== undefined) return cannotRun(command, fault, shell);
  return leasing(shell, async (signal) => {
    const { client, login } = await openRequester(options, shell);
    const onPending = login && tellPending(shell);
    const { lease: requested } = options;
    const request = {
      ...leaseRequest(options, shell),
      signal,
      // Nobody is shown the command of a lease that was requested before.
      ...(requested === undefined ? { command: line } : { lease: requested }),
      ...defined({ onPending }),
    };
    const lease = await client.lease(role, request);
    const ending = await execWithLease(lease, {
      command,
      args,
      env,
      region: client.manifest.region,
      endpoint: options.endpoint === true,
    }).catch((error: NodeJS.ErrnoException) => {
      if (error.syscall?.startsWith('spawn')) return { code: cannotRun(command, 'not-executable', shell) as number };
      throw error;
    });
    const code = 'code' in ending ? ending.code : 128 + constants.signals[ending.signal];
    // The exit code of the command may be any number, so it is not in `ExitCode`.
    return code as ExitCode;
  });
}

/** Reports a program that cannot be run. Uses the exit codes of shells: 127 for "not found", 126 for "cannot run". */
function cannotRun(command: string, fault: ProgramFault, { host, err }: Shell): ExitCode {
  const why = fault === 'not-found' ? 'is not installed' : 'is there, and cannot be run';
  host.err(`${err('red', 'error:')} ${onOneLine(command)} ${why}\n`);
  host.err('  hint:     After --, name an installed program.\n');
  return (fault === 'not-found' ? 127 : 126) as number as ExitCode;
}
