/** `leasehold serve [role]`: runs the container credentials endpoint, which AWS SDKs in every language support. */
import { join } from 'node:path';
import { defined } from '@leasehold/contract/defined';
import type { LeaseClient } from '@leasehold/runtime';
import { type Command, Option } from 'commander';
import { collect } from '../choose';
import { detached, isDetached, readyLine } from '../detach';
import { EXIT, type ExitCode, UsageError } from '../exit';
import { explainHelp } from '../help';
import {
  type ClientFlags,
  channelName,
  clientOptions,
  gateOptions,
  leasing,
  openClient,
  type RequestFlags,
  requestDefaults,
} from '../leasing';
import { failedLines, serveLines } from '../render/serve';
import { either } from '../render/text';
import { clientNames, folderAbove, interrupted, port } from '../serving';
import type { Shell } from '../shell';
import { tokenFolder } from '../token-folder';

interface Options extends ClientFlags, Pick<RequestFlags, 'gate' | 'subjectTokenFile'> {
  readonly port?: number;
  readonly client?: readonly string[];
  readonly directory?: string;
  readonly detach?: boolean;
}

export function serve(command: Command, shell: Shell): void {
  command
    .description(
      'Serves leases on the loopback interface, in the same way as AWS serves credentials to containers, so that ' +
        'every AWS SDK can read them. Prints the environment variables for a role, with a token file for each ' +
        'client, and runs until it is interrupted. Request a lease first, with `leasehold request` or one POST, ' +
        'which waits for the human; after that, credentials come from memory. Without a lease an SDK gets an error ' +
        'immediately.',
    )
    .argument('[role]', 'the role whose variables are printed; required if there are several roles')
    .option(
      '--port <number>',
      'the port; default: a free one. With a fixed port, clients find the endpoint again after a restart',
      port,
    )
    .option(
      '--detach',
      'run as a separate process, and return when the endpoint is ready: eval "$(leasehold serve --detach)". End it with kill ' +
        '"$LEASEHOLD_SERVE_PID"',
    )
    .addOption(
      new Option(
        '--client <name>',
        'the name of a program that gets its own token; may be repeated; default: agent',
      ).argParser(collect),
    )
    .option('--directory <path>', 'where token files are written; default: a private folder of the user');
  gateOptions(command);
  clientOptions(command).action(
    shell.ends((role: string | undefined, options: Options) => leasing(shell, () => run(role, options, shell))),
  );
  explainHelp(command, {
    examples: [
      [
        'leasehold serve s3-deploy --approve socket',
        'until Ctrl-C; set the printed variables in the environment of the agent',
      ],
      [
        'eval "$(leasehold serve s3-deploy --approve socket --detach)"; [ -n "$LEASEHOLD_SERVE_PID" ] || exit 1',
        'in a script, which continues when serve is ready; if it fails, the script has no AWS identity left',
      ],
      [
        'leasehold serve s3-deploy --client nightly --client adhoc',
        'two programs that cannot fetch each other’s leases',
      ],
    ],
    exits: { 0: 'it ran and was stopped', 1: 'this agent may not request any lease' },
    details:
      '`--gate` and `--subject-token-file` apply to requests that set neither; the file is read for each request. ' +
      'Each client has one lease per role, even if it works for several users: a newly requested lease replaces the ' +
      'earlier one. A program requests a lease with `POST /leases/<role>`; [Any language](any-language.md) ' +
      'describes the endpoint.',
  });
}

async function run(role: string | undefined, options: Options, shell: Shell): Promise<ExitCode> {
  const { env, err } = shell.host;
  if (options.detach !== true || isDetached(env)) return serveHere(role, options, shell);
  try {
    const client = openClient(options, shell);
    demandNoTerminal(client, chooseRole(client, role), options, shell);
  } catch (error) {
    shell.host.out(failedLines(env));
    throw error;
  }
  const started = await detached(err);
  if (typeof started === 'number') {
    shell.host.out(failedLines(env));
    return started;
  }
  shell.host.out(`${started.printed}export LEASEHOLD_SERVE_PID=${started.pid}\n`);
  return EXIT.fine;
}

async function serveHere(role: string | undefined, options: Options, shell: Shell): Promise<ExitCode> {
  const { host } = shell;
  const { startCredentialsEndpoint } = require('@leasehold/serve') as typeof import('@leasehold/serve');
  const client = openClient(options, shell);
  const chosen = chooseRole(client, role);
  const names = clientNames(options.client);
  noteBackground(options, shell);
  const above = folderAbove(options.directory, shell);
  const endpoint = await startCredentialsEndpoint({
    client,
    defaults: requestDefaults(options, client, shell),
    ...defined({ port: options.port }),
  });
  try {
    const folder = tokenFolder(above, options.port === 0 ? undefined : options.port);
    try {
      for (const name of names) {
        const admitted = endpoint.admit(name);
        const tokenFile = join(folder.path, `${name}.token`);
        admitted.writeToken(tokenFile);
        if (names.length > 1) host.out(`# ${name}\n`);
        const { region } = client.manifest;
        host.out(serveLines({ credentialsUrl: admitted.credentialsUrl(chosen), tokenFile, region, env: host.env }));
      }
      host.err(`${shell.err('bold', endpoint.url)} serves leases. Ctrl-C ends it; nothing of them is kept.\n`);
      host.out(readyLine(host.env));
      await interrupted();
      return EXIT.fine;
    } finally {
      folder.remove();
    }
  } finally {
    await endpoint.close();
  }
}

/**
 * A background process has no terminal on which it can ask a person. Throws if the approval channel is the terminal,
 * unless the role has the gate `broker`, because then the broker asks the person.
 */
function demandNoTerminal({ manifest }: LeaseClient, role: string, options: Options, { host }: Shell): void {
  const gates = manifest.roles[role]?.gates ?? [];
  if (channelName(options, host.env) !== 'terminal' || gates.includes('broker')) return;
  throw new UsageError('a detached process has no terminal at which to ask', {
    expected: '--approve socket, or --approve command:PROGRAM',
    hint: 'Add --approve socket, and answer with `leasehold approve`.',
  });
}

/**
 * Reports that a background job cannot ask a person at its terminal. Reported at the start, and again to every client
 * that requests a lease.
 */
function noteBackground(options: Options, { host }: Shell): void {
  if (channelName(options, host.env) !== 'terminal') return;
  const { isInBackground } = require('@leasehold/runtime/internal') as typeof import('@leasehold/runtime/internal');
  if (!isInBackground()) return;
  host.err(
    'note: it runs in the background, and cannot ask at this terminal unless it is brought to the foreground (fg);\n',
  );
  host.err('      with --approve socket it asks through `leasehold approve`\n');
}

function chooseRole({ manifest: { roles } }: LeaseClient, role: string | undefined): string {
  const names = Object.keys(roles);
  const [only, ...others] = names;
  if (role === undefined && only !== undefined && others.length === 0) return only;
  if (role !== undefined && names.includes(role)) return role;
  throw new UsageError(
    role === undefined ? 'there are several roles and none is named' : `there is no role "${role}"`,
    {
      expected: either(names),
      hint: 'Specify the role whose variables are to be printed.',
    },
  );
}
