/** `leasehold serve [role]`: the container credentials endpoint, for AWS SDKs in every language. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { LeaseClient } from '@leasehold/runtime';
import type { EndpointClient } from '@leasehold/serve';
import { type Command, Option } from 'commander';
import { collect } from '../choose';
import { EXIT, type ExitCode, UsageError } from '../exit';
import { explainHelp } from '../help';
import { type ClientFlags, clientOptions, leasing, openClient } from '../leasing';
import { either, printable } from '../render/text';
import { interrupted, port } from '../serving';
import type { Shell } from '../shell';

interface Options extends ClientFlags {
  readonly port?: number;
  readonly client?: readonly string[];
  readonly directory?: string;
}

export function serve(command: Command, shell: Shell): void {
  command
    .description(
      'Serves leases on the loopback interface, as AWS serves credentials to containers: every AWS SDK reads them there. ' +
        'Prints the environment variables that lead to a role, with a token file for each client, and runs until it is ' +
        'interrupted. A lease is asked for first, with `leasehold request` or one POST, which waits for the human; ' +
        'credentials then come from memory. Without a lease an SDK is told so at once.',
    )
    .argument('[role]', 'the role that the printed variables lead to; needed where there are several')
    .option('--port <number>', 'the port; default: a free one', port)
    .addOption(
      new Option('--client <name>', 'a program with a token of its own; may be repeated; default: agent').argParser(
        collect,
      ),
    )
    .option(
      '--directory <path>',
      'where token files are written; default: the folder of the user alone for such things',
    );
  clientOptions(command).action(
    shell.ends((role: string | undefined, options: Options) => leasing(shell, () => run(role, options, shell))),
  );
  explainHelp(command, {
    examples: [
      [
        'leasehold serve s3-deploy --approve socket',
        'until Ctrl-C; what it prints goes into the environment of the agent',
      ],
      [
        'leasehold serve s3-deploy --client nightly --client adhoc',
        'two programs, which cannot fetch each other’s leases',
      ],
    ],
    exits: { 0: 'it ran and was stopped', 1: 'a lease is denied to this agent altogether' },
    details: 'A program asks with `POST /leases/<role>`; [Any language](any-language.md) has it whole.',
  });
}

async function run(role: string | undefined, options: Options, shell: Shell): Promise<ExitCode> {
  const { host } = shell;
  const { startCredentialsEndpoint } = require('@leasehold/serve') as typeof import('@leasehold/serve');
  const client = openClient(options, shell);
  const chosen = chooseRole(client, role);
  const names = clientNames(options);
  const folder = tokenFolder(options, shell);
  const endpoint = await startCredentialsEndpoint({
    client,
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  try {
    for (const name of names) {
      const admitted = endpoint.admit(name);
      const file = join(folder, `${name}.token`);
      admitted.writeToken(file);
      if (names.length > 1) host.out(`# ${name}\n`);
      host.out(exportLines(admitted, chosen, file, client));
    }
    host.err(`${shell.err('bold', endpoint.url)} serves leases. Ctrl-C ends it; nothing of them is kept.\n`);
    await interrupted();
    return EXIT.fine;
  } finally {
    await endpoint.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What leads any SDK to the role's lease, and to nothing else that it would find before it. */
function exportLines(client: EndpointClient, role: string, file: string, { manifest }: LeaseClient): string {
  return [
    'unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_PROFILE AWS_DEFAULT_PROFILE',
    'unset AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_AUTHORIZATION_TOKEN',
    'export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true',
    `export AWS_REGION=${manifest.region} AWS_DEFAULT_REGION=${manifest.region}`,
    `export AWS_CONTAINER_CREDENTIALS_FULL_URI=${client.credentialsUrl(role)}`,
    `export AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=${quoted(file)}`,
    '',
  ].join('\n');
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
      mend: 'Name the role that the printed variables are to lead to.',
    },
  );
}

/** Names become names of files. */
function clientNames({ client = ['agent'] }: Options): readonly string[] {
  const wrong = client.find((name) => !CLIENT_NAME.test(name));
  if (wrong === undefined) return [...new Set(client)];
  throw new UsageError(`"${wrong}" is no name of a client`, {
    expected: 'letters, digits, - and _',
    mend: 'Name it after what runs there, for example --client nightly-deploy.',
  });
}

const CLIENT_NAME = /^[\w-]{1,64}$/;

/** A folder of this run alone, in one that nobody else can open. */
function tokenFolder({ directory }: Options, { host }: Shell): string {
  const { privateFolder, trustedFolder } =
    require('@leasehold/serve/holder') as typeof import('@leasehold/serve/holder');
  const above = directory === undefined ? privateFolder(host.env) : trustedFolder(resolve(host.cwd, directory));
  return mkdtempSync(join(above, 'serve-'));
}

function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${printable(text).replaceAll("'", "'\\''")}'`;
}
