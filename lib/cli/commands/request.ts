/**
 * `leasehold request <role>`: requests a lease from a running `leasehold serve`, or from the broker as the person who
 * signed in, and waits for a person's decision.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { visible } from '@leasehold/contract/text';
import type { Command } from 'commander';
import { EXIT, type ExitCode, UsageError } from '../exit';
import { heldLease } from '../held-lease';
import { explainHelp } from '../help';
import {
  gateOptions,
  hasManifest,
  leaseRequest,
  leasing,
  MANIFEST,
  openForPerson,
  type RequestFlags,
  requestOptions,
  tellRefusal,
} from '../leasing';
import { type IdentityFlags, identityOption } from '../login/identity';
import type { Shell } from '../shell';

interface Options extends RequestFlags, Pick<IdentityFlags, 'identity'> {
  readonly manifest?: string;
  readonly url?: string;
  readonly tokenFile?: string;
}

export function request(command: Command, shell: Shell): void {
  command
    .description(
      'Requests a lease from the endpoint of `leasehold serve`, and waits for the human. After that, every AWS ' +
        'SDK that uses the endpoint gets the credentials of the lease. If no endpoint is named and you are signed in with ' +
        '`leasehold login`, it requests the lease for you, and the holder keeps it for `leasehold credential-process` ' +
        'with the same options. Ctrl-C withdraws the request.',
    )
    .argument('<role>', 'the role');
  requestOptions(command);
  gateOptions(command)
    .option('--url <address>', 'the endpoint; default: AWS_CONTAINER_CREDENTIALS_FULL_URI')
    .option('--token-file <file>', "the client's token; default: AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
    .option(
      '--manifest <file>',
      `with a login: the stack's \`leasehold\` output; default: LEASEHOLD_MANIFEST, or ${MANIFEST}`,
    );
  identityOption(command).action(
    shell.ends((role: string, options: Options) => leasing(shell, (signal) => ask(role, options, shell, signal))),
  );
  explainHelp(command, {
    examples: [
      [
        'leasehold request s3-deploy --reason "Upload build 1.4.2 for OPS-481" --param release=1.4.2',
        'before the agent starts, or from the agent itself',
      ],
    ],
    exits: {
      0: 'the lease is open',
      1: 'there is no lease: it was denied or lapsed, or the endpoint does not respond',
    },
  });
}

async function ask(role: string, options: Options, shell: Shell, signal: AbortSignal): Promise<ExitCode> {
  const { host } = shell;
  const { askEndpoint, EndpointRefusal } = require('@leasehold/serve') as typeof import('@leasehold/serve');
  const url = options.url ?? host.env.AWS_CONTAINER_CREDENTIALS_FULL_URI;
  if (url === undefined || options.identity === 'login') return askBroker(role, options, shell, signal);
  try {
    const { id, expiresAt } = await askEndpoint({
      url,
      token: token(options, shell),
      role,
      ...leaseRequest(options, shell),
      signal,
    });
    host.out(`${visible(id)} opens ${role} until ${expiresAt.toISOString()}\n`);
    return EXIT.fine;
  } catch (error) {
    if (!(error instanceof EndpointRefusal) || error.code === 'invalid-request') throw error;
    return tellRefusal(error, shell);
  }
}

/** Requests the lease as the person who signed in. */
async function askBroker(role: string, options: Options, shell: Shell, signal: AbortSignal): Promise<ExitCode> {
  const requester = hasManifest(options, shell) ? await openForPerson(options, shell) : undefined;
  if (requester === undefined) throw noEndpoint();
  const { id, expiresAt } = await heldLease(requester, role, options, shell, signal);
  shell.host.out(`${visible(id)} opens ${role} until ${expiresAt.toISOString()}\n`);
  return EXIT.fine;
}

function noEndpoint(): UsageError {
  return new UsageError('no endpoint is named, and nobody is signed in', {
    expected: '--url, or AWS_CONTAINER_CREDENTIALS_FULL_URI, or a login',
    hint: 'For an agent, start an endpoint with leasehold serve, and set the variables that it prints. For yourself, sign in with leasehold login.',
  });
}

/**
 * The token is read from a file or the environment, never from the command line, because other processes can read
 * command lines.
 */
function token({ tokenFile }: Options, { host }: Shell): string {
  const file = tokenFile ?? host.env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE;
  const found =
    file === undefined ? host.env.AWS_CONTAINER_AUTHORIZATION_TOKEN : readFileSync(resolve(host.cwd, file), 'utf8');
  if (found !== undefined && /^[\w-]+$/.test(found.trim())) return found.trim();
  throw new UsageError(found === undefined ? 'no token is named' : 'the named variable or file contains no token', {
    expected: '--token-file, or AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
    hint: 'Name the file that `leasehold serve` printed.',
  });
}
