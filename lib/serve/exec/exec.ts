/** Runs one program with one lease. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Lease } from '@leasehold/runtime';
import { startCredentialsEndpoint } from '../endpoint';
import { cleanEnvironment, regionOf } from './environment';

/** Options for running a program. */
export interface ExecOptions {
  readonly command: string;
  /** @default none */
  readonly args?: readonly string[];
  /**
   * The environment from which the program's environment is made; see {@link cleanEnvironment}.
   * @default the environment of this process
   */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /**
   * Region for the program, used if the environment does not set a region. It is set in both environment variables that
   * SDKs use.
   */
  readonly region?: string;
  /**
   * Whether the program gets its credentials from the container credentials endpoint. Its environment then contains
   * only a token, which cannot be used after the program has ended.
   * @default false, so the environment contains the credentials
   */
  readonly endpoint?: boolean;
  /**
   * Whether the terminal also sends its signals directly to the program.
   * @default true if standard input is a terminal
   */
  readonly terminal?: boolean;
}

/** How a program ended: with an exit code, or by a signal. */
export type Ending = { readonly code: number } | { readonly signal: NodeJS.Signals };

/**
 * Runs a program until it exits, with the credentials of a lease and without the credentials of this process. The
 * program inherits standard input, output and error. Signals to this process are forwarded to the program.
 * @throws LeaseError `expired`; the system's error, for example `ENOENT`, when there is no such program.
 * @example
 * const lease = await client.lease('s3-deploy', { reason, parameters: { release: '1.4.2' } });
 * const ending = await execWithLease(lease, { command: 'aws', args: ['s3', 'cp', 'app.js', 's3://bucket/1.4.2/'] });
 * @public
 */
export async function execWithLease(lease: Lease, options: ExecOptions): Promise<Ending> {
  const { env = process.env, region } = options;
  const clean = { ...cleanEnvironment(env), ...regionOf(env, region) };
  if (!options.endpoint) {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await lease.credentials();
    return run(options, {
      ...clean,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      AWS_CREDENTIAL_EXPIRATION: expiration.toISOString(),
    });
  }
  const endpoint = await startCredentialsEndpoint();
  try {
    const client = endpoint.admit(options.command);
    client.hold(lease);
    return await run(options, { ...clean, ...client.environment(lease.role) });
  } finally {
    await endpoint.close();
  }
}

/** Signals that end or control a program. `SIGKILL` and `SIGSTOP` cannot be caught, so they cannot be forwarded. */
const FORWARDED = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGUSR1', 'SIGUSR2', 'SIGCONT', 'SIGWINCH'] as const;
/**
 * Signals that a terminal sends to every process of its foreground group. If this process forwarded them, the program
 * would receive them twice.
 */
const SENT_BY_TERMINALS: readonly string[] = ['SIGINT', 'SIGQUIT', 'SIGWINCH'];

function run(options: ExecOptions, env: Readonly<Record<string, string>>): Promise<Ending> {
  const { command, args = [], terminal = process.stdin.isTTY === true } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', env });
    const stop = forward(child, terminal);
    child.once('error', (error) => {
      stop();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      stop();
      resolve(signal === null ? { code: code ?? 0 } : { signal });
    });
  });
}

function forward(child: ChildProcess, terminal: boolean): () => void {
  const handlers = FORWARDED.map((signal) => {
    // The signal is handled in either case, because it must not end this process before the program has ended.
    const handle = () => void (terminal && SENT_BY_TERMINALS.includes(signal) ? undefined : child.kill(signal));
    process.on(signal, handle);
    return () => process.off(signal, handle);
  });
  return () => {
    for (const off of handlers) off();
  };
}
