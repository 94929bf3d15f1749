/** Shared code of the commands that lease roles: the options, the client for these options, and error reporting. */

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defined } from '@leasehold/contract/defined';
import { onOneLine, shellOperand, visible } from '@leasehold/contract/text';
import {
  type ApprovalChannel,
  createLeaseClient,
  type KeyIdentity,
  type LeaseClient,
  LeaseError,
  type LeaseRequest,
  type PendingLease,
  readManifest,
} from '@leasehold/runtime';
import type { Login } from '@leasehold/serve/login';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { collect } from './choose';
import { EXIT, type ExitCode, UsageError } from './exit';
import { type IdentityFlags, loginFor } from './login/identity';
import { sentence } from './render/text';
import type { Shell } from './shell';

/** Options of the client. */
export interface ClientFlags {
  readonly manifest?: string;
  readonly agent?: string;
  readonly approve?: string;
  readonly approver?: string;
  readonly answerWithin?: number;
  readonly profile?: string;
}

/** Options of a lease request. */
export interface RequestFlags {
  readonly reason: string;
  readonly param?: readonly string[];
  readonly duration?: number;
  readonly gate?: 'mfa' | 'broker';
  readonly subjectTokenFile?: string;
}

/** Default manifest file. */
export const MANIFEST = 'leasehold.json';

/** Adds the options that determine who requests a lease and how a person is asked for approval. */
export function clientOptions(command: Command): Command {
  return command
    .option('--manifest <file>', `the stack's \`leasehold\` output; default: LEASEHOLD_MANIFEST, or ${MANIFEST}`)
    .option('--agent <name>', 'the agent that requests the lease; default: LEASEHOLD_AGENT, or the only one')
    .option(
      '--approve <channel>',
      'how a human is asked: terminal, socket (answered by `leasehold approve`), or command:PROGRAM, which prints a ' +
        'code; default: LEASEHOLD_APPROVE, or terminal',
    )
    .option(
      '--approver <name>',
      'who answers at the terminal or through the program; required if there are several approvers',
    )
    .addOption(
      new Option(
        '--answer-within <time>',
        'time for the answer, for example 5m; default: LEASEHOLD_ANSWER_WITHIN, or 5m for a code and the approval window for the broker',
      ).argParser(seconds),
    )
    .option('--profile <name>', "the AWS profile with the agent's own key; default: the AWS SDK's own search");
}

/** Adds the options that describe a lease. */
export function requestOptions(command: Command): Command {
  return command
    .requiredOption('--reason <sentence>', 'what will be done, and for what purpose: one concrete sentence')
    .addOption(
      new Option('--param <name=value>', "a value of the role's parameter; may be repeated").argParser(collect),
    )
    .addOption(
      new Option('--duration <time>', "length of the lease, for example 15m or 900; default: the role's own").argParser(
        seconds,
      ),
    );
}

/**
 * Adds the options for the gate, and for the user on whose behalf a lease is requested. Used by every command that
 * requests leases.
 */
export function gateOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--gate <gate>', 'the gate to use, if the role has both; default: the broker').choices([
        'mfa',
        'broker',
      ]),
    )
    .option(
      '--subject-token-file <file>',
      'a file with the token of the signed-in user for whom the lease is requested; it is sent to the broker, and never stored',
    );
}

/**
 * The client that the options describe.
 * @param seen Called with the agent's own key whenever the key is read. The caller can then remove the key from its
 *   output.
 * @default none
 * @throws UsageError, LeaseError
 */
export function openClient(flags: ClientFlags, shell: Shell, seen?: (key: KeyIdentity) => void): LeaseClient {
  const { env } = shell.host;
  const agent = flags.agent ?? (env.LEASEHOLD_AGENT || undefined);
  const { profile } = flags;
  const answerWithin = flags.answerWithin ?? answerTime(env.LEASEHOLD_ANSWER_WITHIN);
  return createLeaseClient({
    manifest: manifestFile(flags, shell),
    approval: channel(flags, env),
    ...defined({ agent, answerWithin, usedCodes: usedCodes(env) }),
    ...(profile === undefined && seen === undefined ? {} : { credentials: ownKey(profile, seen) }),
  });
}

/** Who requests leases: an agent, or a person who signed in. */
export interface RequesterClient {
  readonly client: LeaseClient;
  /** The person. Undefined for an agent. */
  readonly login: Login | undefined;
}

/**
 * The client of the person who signed in, or else the client of an agent.
 * @throws UsageError, LeaseError
 */
export async function openRequester(flags: ClientFlags & IdentityFlags, shell: Shell): Promise<RequesterClient> {
  return (await openForPerson(flags, shell)) ?? { client: openClient(flags, shell), login: undefined };
}

/**
 * The client of the person who signed in. Undefined if the command uses an AWS identity.
 * @throws UsageError, LeaseError
 */
export async function openForPerson(
  flags: ClientFlags & IdentityFlags,
  shell: Shell,
): Promise<(RequesterClient & { readonly login: Login }) | undefined> {
  const { env } = shell.host;
  const agent = flags.agent ?? (env.LEASEHOLD_AGENT || undefined);
  const file = manifestFile(flags, shell);
  const login = await loginFor(brokerOf(file, env), { ...flags, ...defined({ agent }) }, shell);
  if (login === undefined) return undefined;
  const answerWithin = flags.answerWithin ?? answerTime(env.LEASEHOLD_ANSWER_WITHIN);
  const { token } = login;
  return { client: createLeaseClient({ manifest: file, signIn: { token }, ...defined({ answerWithin }) }), login };
}

/** Whether a manifest is specified, or exists in the working directory. */
export function hasManifest({ manifest }: ClientFlags, { host }: Shell): boolean {
  return Boolean(manifest ?? host.env.LEASEHOLD_MANIFEST) || existsSync(resolve(host.cwd, MANIFEST));
}

/** The address of the broker to which requests for a manifest's roles are sent. */
function brokerOf(file: string, env: Shell['host']['env']): string | undefined {
  const { brokerEndpoint } = require('@leasehold/runtime/broker') as typeof import('@leasehold/runtime/broker');
  return brokerEndpoint(undefined, readManifest(file).broker?.url, { ...env });
}

/** Prints which lease waits for which approvers. */
export function tellPending({ host }: Shell): (pending: PendingLease) => void {
  return ({ id, approvers, answerBy }) => {
    const whom = approvers.length === 0 ? 'an approver' : approvers.join(', ');
    host.err(
      `${visible(id)} waits for ${onOneLine(whom)} until ${answerBy.toISOString()}: leasehold approve ${shellOperand(id)}\n`,
    );
  };
}

/**
 * The request that the options describe.
 * @throws UsageError
 */
export function leaseRequest({ reason, param, duration, gate, subjectTokenFile }: RequestFlags, { host }: Shell) {
  return {
    reason,
    parameters: Object.fromEntries((param ?? []).map(parameter)),
    ...defined({ duration, gate }),
    ...(subjectTokenFile === undefined ? {} : { subjectToken: tokenIn(resolve(host.cwd, subjectTokenFile)) }),
  };
}

/**
 * Defaults for requests that specify neither a gate nor a user. The default gate is used if the role has this gate, and
 * the default token is used if the broker issues leases for the role. The token file is read for each request, because
 * tokens are renewed.
 */
export function requestDefaults(
  { gate, subjectTokenFile }: Pick<RequestFlags, 'gate' | 'subjectTokenFile'>,
  { manifest }: LeaseClient,
  { host }: Shell,
): (role: string) => Pick<LeaseRequest, 'gate' | 'subjectToken'> {
  return (role) => {
    const gates = Object.hasOwn(manifest.roles, role) ? (manifest.roles[role]?.gates ?? []) : [];
    const chosen = gate !== undefined && gates.includes(gate) ? gate : undefined;
    const asksBroker = gates.includes('broker') && chosen !== 'mfa';
    const file = asksBroker ? subjectTokenFile : undefined;
    return defined({ gate: chosen, subjectToken: file && tokenIn(resolve(host.cwd, file)) });
  };
}

/**
 * Reads the token from a file. The token is not an argument, because arguments appear in process lists.
 * @throws UsageError
 */
function tokenIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new UsageError(
      `the token file ${file} cannot be read`,
      { hint: 'Name a file that holds the token alone.' },
      cause,
    );
  }
}

/**
 * Runs a command that needs a lease. Ctrl-C cancels the request. The exit code is 2 for a mistake in the request. The
 * exit code is 1 if a person or AWS denies the request, or if the request fails for another reason.
 */
export async function leasing(shell: Shell, work: (signal: AbortSignal) => Promise<ExitCode>): Promise<ExitCode> {
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    return await work(stop.signal);
  } catch (error) {
    if (!(error instanceof LeaseError)) throw error;
    if (MISTAKES.includes(error.code)) throw error;
    return tellRefusal(error, shell);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

/** Reports why no lease was opened. */
export function tellRefusal(refusal: { code: string; message: string; hint: string }, { host, err }: Shell): ExitCode {
  host.err(`${err('red', 'error:')} ${onOneLine(sentence(refusal.message))} [${onOneLine(refusal.code)}]\n`);
  host.err(`  hint:     ${onOneLine(refusal.hint)}\n`);
  return EXIT.findings;
}

const MISTAKES: readonly string[] = ['invalid-request', 'invalid-manifest'];

function manifestFile({ manifest }: ClientFlags, { host }: Shell): string {
  const named = manifest ?? (host.env.LEASEHOLD_MANIFEST || undefined);
  const file = resolve(host.cwd, named ?? MANIFEST);
  if (named !== undefined || existsSync(file)) return file;
  throw new UsageError('no manifest is named, and there is no leasehold.json here', {
    expected: "the stack's `leasehold` output",
    hint: 'Write it: npx leasehold manifest --env ENVIRONMENT > leasehold.json',
  });
}

/** The name of the selected channel, which is the part of the option before the colon. */
export function channelName({ approve }: ClientFlags, env: Shell['host']['env']): string {
  return (approve ?? (env.LEASEHOLD_APPROVE || 'terminal')).split(':')[0] ?? '';
}

/** The folder for codes that were used, next to the approval sockets. Undefined without a home directory. */
function usedCodes(env: Shell['host']['env']): string | undefined {
  const { approvalDirectory } = require('@leasehold/runtime/socket') as typeof import('@leasehold/runtime/socket');
  try {
    return join(approvalDirectory(env), 'used-codes');
  } catch (error) {
    if (error instanceof LeaseError) return undefined;
    throw error;
  }
}

function channel({ approve, approver }: ClientFlags, env: Shell['host']['env']): ApprovalChannel {
  return internal().channelNamed(approve ?? (env.LEASEHOLD_APPROVE || 'terminal'), approver);
}

/**
 * The timeout for answers, as specified by the environment variable.
 * @throws UsageError
 */
function answerTime(text: string | undefined): number | undefined {
  if (!text) return undefined;
  const found = internal().secondsOf(text);
  if (found !== undefined) return found;
  throw new UsageError('LEASEHOLD_ANSWER_WITHIN is not a duration', { hint: 'Write it as 300, 300s or 5m.' });
}

/** Loaded on demand. */
function internal(): typeof import('@leasehold/runtime/internal') {
  return require('@leasehold/runtime/internal');
}

/** The agent's own key, as found by the AWS SDK. The SDK module that reads the key is loaded on demand. */
function ownKey(profile: string | undefined, seen: (key: KeyIdentity) => void = () => {}) {
  return async () => {
    const { IAMClient } = require('@aws-sdk/client-iam') as typeof import('@aws-sdk/client-iam');
    const key = await new IAMClient({ region: 'us-east-1', ...defined({ profile }) }).config.credentials();
    seen(key);
    return key;
  };
}

function parameter(text: string): readonly [name: string, value: string] {
  const equals = text.indexOf('=');
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
  throw new UsageError(`--param ${text}: there is no name before an equals sign`, {
    expected: '--param name=value',
    hint: 'Write the name, an equals sign and the value.',
  });
}

function seconds(text: string): number {
  const found = internal().secondsOf(text);
  if (found === undefined)
    throw new InvalidArgumentError('Specify a number of seconds, or a duration such as 15m or 1h.');
  return found;
}
