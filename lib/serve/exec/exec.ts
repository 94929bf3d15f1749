/** One program, one lease. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Lease } from '@leasehold/runtime';
import { startCredentialsEndpoint } from '../endpoint';
import { cleanEnvironment, regionOf } from './environment';

/** How a program is run. */
export interface ExecOptions {
  readonly command: string;
  /** @default none */
  readonly args?: readonly string[];
  /** What the program's environment is made of; see {@link cleanEnvironment}. @default this process's */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Region for the program, where the environment names none. It gets it under both names that SDKs know. */
  readonly region?: string;
  /**
   * Whether the credentials go through the container credentials endpoint: the program's environment then holds a token
   * for it, which is worth nothing when the program has ended. @default false, in the environment itself
   */
  readonly endpoint?: boolean;
  /** Whether a terminal sends its signals to the program, too. @default whether standard input is a terminal */
  readonly terminal?: boolean;
}

/** How a program ended: with an exit code, or by a signal. */
export type Ending = { readonly code: number } | { readonly signal: NodeJS.Signals };

/**
 * Runs a program to its end with the credentials of a lease and none of this process's. Standard input, output and error
 * are its own; signals that this process gets go on to it.
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

/** Signals that end or steer a program. What cannot be caught (`SIGKILL`, `SIGSTOP`) cannot be forwarded. */
const FORWARDED = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGUSR1', 'SIGUSR2', 'SIGCONT', 'SIGWINCH'] as const;
/** A terminal sends these to every process of its foreground group: twice is more than the person meant. */
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
    // Listened to in either case: a signal must not end this process before the program has ended.
    const handle = () => void (terminal && SENT_BY_TERMINALS.includes(signal) ? undefined : child.kill(signal));
    process.on(signal, handle);
    return () => process.off(signal, handle);
  });
  return () => {
    for (const off of handlers) off();
  };
}
