/**
 * `leasehold proxy <role>`: runs a local AWS endpoint that signs an agent's calls with a lease. The agent never gets
 * the lease's credentials.
 */
import { join, resolve } from 'node:path';
import { visible } from '@leasehold/contract/text';
import type { Lease, LeaseClient } from '@leasehold/runtime';
import { type Command, Option } from 'commander';
import { collect } from '../choose';
import { EXIT, type ExitCode } from '../exit';
import { explainHelp } from '../help';
import {
  type ClientFlags,
  clientOptions,
  gateOptions,
  leaseRequest,
  leasing,
  openClient,
  type RequestFlags,
  requestOptions,
} from '../leasing';
import type { CallApprovals } from '../proxy/call-approvals';
import type { LogTarget } from '../proxy/call-log';
import type { ClientKey } from '../proxy/client-key';
import { proxyLines } from '../render/proxy';
import { clientNames, folderAbove, interrupted, port } from '../serving';
import type { Shell } from '../shell';
import { tokenFolder } from '../token-folder';

interface Options extends ClientFlags, RequestFlags {
  readonly port?: number;
  readonly client?: readonly string[];
  readonly directory?: string;
  readonly endpoint?: string;
  readonly log?: string;
}

export function proxy(command: Command, shell: Shell): void {
  command
    .description(
      'Requests a lease, then serves an AWS endpoint on the loopback interface until it is interrupted. An agent that ' +
        'uses the endpoint has no AWS credentials: it signs with a key that only this proxy knows, and the proxy signs each call ' +
        'again with the lease. The command prints the environment variables for the agent. The proxy writes each call, with action and ' +
        'resource, to its log in the format of CloudTrail.',
    )
    .argument('<role>', 'the role');
  requestOptions(command)
    .option('--port <number>', 'the port; default: a free one', port)
    .addOption(
      new Option(
        '--client <name>',
        'the name of a program that gets its own key; may be repeated; default: agent',
      ).argParser(collect),
    )
    .option(
      '--directory <path>',
      'where the files with the secrets of the keys are written; default: a private folder of the user',
    )
    .option(
      '--endpoint <url>',
      'the endpoint in place of AWS, for example a sandbox; default: AWS_ENDPOINT_URL, or AWS',
    )
    .option('--log <file>', 'the file to which a line of JSON is added for each call; default: standard error');
  gateOptions(command);
  clientOptions(command).action(
    shell.ends((role: string, options: Options) => leasing(shell, (signal) => run(role, options, shell, signal))),
  );
  explainHelp(command, {
    examples: [
      [
        'leasehold proxy s3-deploy --reason "Upload build 1.4.2 for OPS-481" --param release=1.4.2 --log calls.jsonl',
        'until Ctrl-C; set the printed variables in the environment of the agent',
      ],
    ],
    exits: { 0: 'it ran and was stopped', 1: 'there is no lease' },
    details:
      'After the lease ends, the proxy answers calls with the error ExpiredToken. [The signing proxy](proxy.md) describes ' +
      'which services and clients it supports.',
  });
}

async function run(role: string, options: Options, shell: Shell, signal: AbortSignal): Promise<ExitCode> {
  const { host } = shell;
  const { ClientKey } = require('../proxy/client-key') as typeof import('../proxy/client-key');
  const { CallLog, logFile } = require('../proxy/call-log') as typeof import('../proxy/call-log');
  const { Upstream } = require('../proxy/upstream') as typeof import('../proxy/upstream');
  const { startSigningProxy } = require('../proxy/signing-proxy') as typeof import('../proxy/signing-proxy');
  const client = openClient(options, shell);
  const { manifest } = client;
  const clients = clientNames(options.client).map((name) => new ClientKey(name));
  const above = folderAbove(options.directory, shell);
  const endpoint = options.endpoint ?? (host.env.AWS_ENDPOINT_URL || undefined);
  const upstream = new Upstream(endpoint, manifest.partition, { ...host.env });
  // The log is opened first, so that nobody is asked for a lease that cannot be used.
  const target = options.log === undefined ? standardError(shell) : logFile(resolve(host.cwd, options.log));
  try {
    const lease = await client.lease(role, { ...leaseRequest(options, shell), signal });
    const sessionOf = async (of: Lease) => ({
      lease: of,
      roleArn: manifest.roles[of.role]?.arn ?? '',
      accessKeyId: (await of.credentials()).accessKeyId,
      account: manifest.account,
    });
    const log = new CallLog(await sessionOf(lease), target);
    const account = { id: manifest.account, partition: manifest.partition };
    const approvals = approvalsOf(client, lease, options, shell);
    const port = options.port ?? 0;
    const running = await startSigningProxy({ lease, clients, account, upstream, log, approvals, sessionOf, port });
    try {
      const folder = tokenFolder(above, options.port || undefined, 'proxy');
      try {
        const { url } = running;
        await printAndWait({ url, lease, clients, region: manifest.region, folder: folder.path }, shell);
        return EXIT.fine;
      } finally {
        folder.remove();
      }
    } finally {
      await running.close();
    }
  } finally {
    target.close();
  }
}

/** What asks about single calls. Undefined if the role of the lease has no such calls. */
function approvalsOf(
  client: LeaseClient,
  { role: name, grant }: Lease,
  options: Options,
  shell: Shell,
): CallApprovals | undefined {
  const { CallApprovals } = require('../proxy/call-approvals') as typeof import('../proxy/call-approvals');
  const { apart } = require('@leasehold/runtime/internal') as typeof import('@leasehold/runtime/internal');
  const { roles } = client.manifest;
  const role = roles[name];
  if (role?.perCall === undefined) return undefined;
  return new CallApprovals({
    role,
    callRole: roles[role.perCall.role],
    parameters: grant.parameters,
    apart: () => apart(client),
    request: () => {
      const { parameters: _, duration: __, ...request } = leaseRequest(options, shell);
      return request;
    },
  });
}

function standardError({ host }: Shell): LogTarget {
  return { write: (line) => host.err(line), close: () => {} };
}

async function printAndWait({ url, lease, clients, region, folder }: Printed, { host, err }: Shell): Promise<void> {
  for (const key of clients) {
    const secretFile = join(folder, `${key.name}.secret`);
    key.writeSecret(secretFile);
    if (clients.length > 1) host.out(`# ${key.name}\n`);
    host.out(proxyLines({ url, accessKeyId: key.accessKeyId, secretFile, region, env: host.env }));
  }
  const end = lease.expiresAt.toISOString();
  host.err(
    `${err('bold', url)} signs calls with ${visible(lease.id)} of ${lease.role} until ${end}. Ctrl-C ends it.\n`,
  );
  await interrupted();
}

interface Printed {
  readonly url: string;
  readonly lease: Lease;
  readonly clients: readonly ClientKey[];
  readonly region: string;
  /** The folder for the files with secrets. */
  readonly folder: string;
}
