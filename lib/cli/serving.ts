/** Code shared by the commands that run until they are stopped. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { type ExitCode, UsageError } from './exit';
import type { Shell } from './shell';

/** Parses a port number from the command line. */
export function port(text: string): number {
  const number = Number(text);
  if (/^\d{1,5}$/.test(text) && number <= 65_535) return number;
  throw new InvalidArgumentError('It is a number from 0 to 65535.');
}

/**
 * The names of programs that get their own tokens. They are validated, because they become file names.
 * @throws UsageError
 */
export function clientNames(client: readonly string[] = ['agent']): readonly string[] {
  const wrong = client.find((name) => !CLIENT_NAME.test(name));
  if (wrong === undefined) return [...new Set(client)];
  throw new UsageError(`"${wrong}" is not a client name`, {
    expected: 'letters, digits, - and _',
    hint: 'Name the client after the program that uses it, for example --client nightly-deploy.',
  });
}

const CLIENT_NAME = /^[\w-]{1,64}$/;

/** The folder in which token folders are created. Only the user can open this folder. */
export function folderAbove(directory: string | undefined, { host }: Shell): string {
  const { privateFolder, trustedFolder } =
    require('@leasehold/serve/holder') as typeof import('@leasehold/serve/holder');
  return directory === undefined ? privateFolder(host.env) : trustedFolder(resolve(host.cwd, directory));
}

/** Waits for Ctrl-C or a termination signal. */
export async function interrupted(): Promise<void> {
  const ended = new AbortController();
  const { signal } = ended;
  await Promise.race([once(process, 'SIGINT', { signal }), once(process, 'SIGTERM', { signal })]);
  ended.abort();
}

/**
 * Runs a program with the standard input, output and error of this process. Forwards signals, except signals that a
 * terminal also sends to the program directly.
 * @returns its exit code, or 128 plus the number of the signal that ended it
 * @throws {UsageError} if there is no such program
 */
export async function runChild(
  [command = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ExitCode> {
  const child = spawn(command, args, { stdio: 'inherit', env });
  const stop = forward(child, process.stdin.isTTY === true);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (exit, signal) => resolve(signal === null ? (exit ?? 0) : 128 + constants.signals[signal]));
    });
    // The exit code of the program may be any number, so it is not in `ExitCode`.
    return code as ExitCode;
  } catch (cause) {
    throw new UsageError(`${command} cannot be run`, { hint: 'After --, name an installed program.' }, cause);
  } finally {
    stop();
  }
}

function forward(child: ChildProcess, terminal: boolean): () => void {
  const listeners = SIGNALS.map((signal) => {
    const listener = () => {
      if (!terminal || signal !== 'SIGINT') child.kill(signal);
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return () => {
    for (const remove of listeners) remove();
  };
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;
