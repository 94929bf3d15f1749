/** `leasehold mcp`: runs the MCP server, for the client that starts it or for all clients on this machine. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defined } from '@leasehold/contract/defined';
import { onOneLine, shellWord } from '@leasehold/contract/text';
import type { McpOptions } from '@leasehold/mcp';
import { type Command, Option } from 'commander';
import { collect } from '../choose';
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
import { packageVersion } from '../package-root';
import { interrupted, port } from '../serving';
import type { Shell } from '../shell';
import { tokenFolder } from '../token-folder';

interface Options extends ClientFlags, Pick<RequestFlags, 'gate' | 'subjectTokenFile'> {
  readonly http?: boolean;
  readonly port?: number;
  readonly files?: string;
  readonly sdk?: readonly string[];
  readonly approvalUrl?: string;
}

/** The channel on which people are asked for approval if the client's configuration does not specify a channel. */
const DEFAULT_CHANNEL = 'socket';

/** The placeholder for the lease id in `--approval-url`. */
const LEASE = '{lease}';

export function mcp(command: Command, shell: Shell): void {
  command
    .description(
      'Serves the Model Context Protocol: an agent lists its roles, requests leases, waits for people, and calls AWS ' +
        'under a lease. The credentials stay in this process, and no model ever sees them. Communicates over standard input ' +
        'and output with the client that starts it, or with --http over the loopback interface.',
    )
    .option('--http', 'serve Streamable HTTP on 127.0.0.1, with a token, until Ctrl-C')
    .option('--port <number>', 'the port of --http; default: a free one', port)
    .option(
      '--files <folder>',
      'the folder for contents of files: uploads are read from it, and binary answers are written to it; default: none',
    )
    .addOption(
      new Option(
        '--sdk <folder>',
        'a folder in which further @aws-sdk/client-* packages are installed, which no agent can write to; may be ' +
          'repeated; default: only those that are installed beside leasehold',
      ).argParser(collect),
    )
    .option(
      '--approval-url <url>',
      `the page on which people answer, with ${LEASE} for the id; clients with URL elicitation open it`,
    );
  gateOptions(command);
  clientOptions(command).action(shell.ends((options: Options) => leasing(shell, () => run(options, shell))));
  explainHelp(command, {
    examples: [
      [
        'leasehold mcp --manifest /srv/agent/leasehold.json --files /srv/agent/out',
        'the command in a client’s configuration',
      ],
      ['leasehold mcp --http --port 7337', 'a server that clients of this machine connect to'],
    ],
    exits: { 0: 'the client ended the session, or it was stopped', 1: 'this agent may not request any lease' },
    details:
      'People are asked through `leasehold approve` unless `--approve` names another channel, because the client uses the ' +
      'terminal. [MCP](mcp.md) describes the tools, and has the configuration for each client.',
  });
}

async function run(options: Options, shell: Shell): Promise<ExitCode> {
  const { env } = shell.host;
  const flags = { ...options, approve: options.approve ?? (env.LEASEHOLD_APPROVE || DEFAULT_CHANNEL) };
  demandNoTerminal(flags, shell);
  const service = await mcpOptions(flags, shell);
  return options.http === true ? overHttp(service, options, shell) : overStdio(service);
}

async function mcpOptions(options: Options, shell: Shell): Promise<McpOptions> {
  const { FileFolder, SecretList } = require('@leasehold/mcp') as typeof import('@leasehold/mcp');
  const { host } = shell;
  const secrets = new SecretList();
  const client = openClient(options, shell, ({ accessKeyId, secretAccessKey, sessionToken }) => {
    secrets.add([accessKeyId, secretAccessKey, sessionToken]);
  });
  const byRole = requestDefaults(options, client, shell);
  const page = approvalPage(options.approvalUrl);
  const folder = options.files === undefined ? undefined : await FileFolder.open(resolve(host.cwd, options.files));
  return {
    client,
    secrets,
    version: packageVersion(),
    env: { ...host.env },
    approveWith: approveWith(channelName(options, host.env)),
    packageFolders: (options.sdk ?? []).map((each) => resolve(host.cwd, each)),
    // A request by intent goes to the broker. The broker verifies the user's token for every role.
    defaults: (role) => (role === undefined ? intentDefaults(byRole, client.manifest) : byRole(role)),
    log: (line) => host.err(`${onOneLine(line)}\n`),
    ...defined({
      agent: options.agent ?? (host.env.LEASEHOLD_AGENT || undefined),
      approvalPage: page,
      files: folder,
    }),
  };
}

function intentDefaults(
  byRole: ReturnType<typeof requestDefaults>,
  { roles }: McpOptions['client']['manifest'],
): ReturnType<ReturnType<typeof requestDefaults>> {
  const brokered = Object.keys(roles).find((role) => roles[role]?.gates.includes('broker'));
  return brokered === undefined ? {} : defined({ subjectToken: byRole(brokered).subjectToken });
}

async function overStdio(service: McpOptions): Promise<ExitCode> {
  const { serveStdio } = require('@leasehold/mcp') as typeof import('@leasehold/mcp');
  const stop = new AbortController();
  void interrupted().then(() => stop.abort());
  await serveStdio(service, { input: process.stdin, output: process.stdout, signal: stop.signal });
  return EXIT.fine;
}

async function overHttp(service: McpOptions, options: Options, { host, err }: Shell): Promise<ExitCode> {
  const { serveHttp } = require('@leasehold/mcp') as typeof import('@leasehold/mcp');
  const { privateFolder } = require('@leasehold/serve/holder') as typeof import('@leasehold/serve/holder');
  const above = privateFolder(host.env);
  const server = await serveHttp(service, options.port);
  try {
    const folder = tokenFolder(above, options.port === 0 ? undefined : options.port);
    try {
      const file = join(folder.path, 'mcp.token');
      writeFileSync(file, server.token, { flag: 'wx', mode: 0o600 });
      host.out(`${server.url}\nAuthorization: Bearer $(cat ${shellWord(file)})\n`);
      host.err(`${err('bold', server.url)} serves MCP. Ctrl-C ends it; nothing of the leases is kept.\n`);
      await interrupted();
      return EXIT.fine;
    } finally {
      folder.remove();
    }
  } finally {
    await server.close();
  }
}

/**
 * If the server uses standard input and output, the client owns the terminal: otherwise two programs would read a
 * person's keystrokes.
 */
function demandNoTerminal(options: Options, { host }: Shell): void {
  if (options.http === true || channelName(options, host.env) !== 'terminal') return;
  throw new UsageError('the terminal belongs to the MCP client', {
    expected: '--approve socket, or --approve command:PROGRAM',
    hint: 'Leave --approve out, and answer with `leasehold approve` in another terminal.',
  });
}

function approveWith(channel: string): string {
  return channel === 'socket'
    ? 'An approver answers with `leasehold approve` in a terminal of their own, never here.'
    : '';
}

function approvalPage(template: string | undefined): ((lease: string) => string) | undefined {
  if (template === undefined) return undefined;
  const url = URL.canParse(template) ? new URL(template) : undefined;
  const isSafe =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && /^(?:localhost|127\.0\.0\.1)$/.test(url.hostname));
  if (isSafe && template.includes(LEASE)) return (lease) => template.replaceAll(LEASE, encodeURIComponent(lease));
  throw new UsageError(`--approval-url ${template} is not the address of a page for a lease`, {
    expected: `an https address with ${LEASE} in it`,
    hint: `Write the address in the form https://leases.example.com/leases/${LEASE}.`,
  });
}
