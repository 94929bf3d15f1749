/**
 * Runs this command line again as a background process, like `ssh-agent`, and waits until the process is ready.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ExitCode } from './exit';

/** Environment variable that is set for the background process, so that the process reports when it is ready. */
const DETACHED = 'LEASEHOLD_DETACHED';
/** The line that the background process prints when it is ready. */
const READY = '# ready\n';

/** A background process that was started. */
export interface Detached {
  readonly pid: number;
  /** The output that the background process printed before it was ready. */
  readonly printed: string;
}

/** Whether the current process was started by {@link detached}. */
export function isDetached(env: Readonly<Record<string, string | undefined>>): boolean {
  return env[DETACHED] !== undefined;
}

/** The line that the process prints when the process is ready. Empty for a process that runs in the foreground. */
export function readyLine(env: Readonly<Record<string, string | undefined>>): string {
  return isDetached(env) ? READY : '';
}

/**
 * Starts the background process with the arguments of this process.
 * @returns the process once it is ready, or its exit code if it ended earlier. The process's error output goes to
 * `complain`.
 */
export async function detached(complain: (text: string) => void): Promise<Detached | ExitCode> {
  const [program = '', ...args] = process.argv.slice(1);
  const child = spawn(process.execPath, [...process.execArgv, program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, [DETACHED]: '1' },
  });
  let printed = '';
  child.stderr.setEncoding('utf8').on('data', complain);
  const ready = new Promise<true>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (printed.endsWith(READY)) resolve(true);
    });
  });
  const ended = once(child, 'close');
  const first = await Promise.race([ready, ended]);
  if (first !== true) return (first[0] ?? 1) as ExitCode;
  child.stdout.destroy();
  child.stderr.destroy();
  child.unref();
  return { pid: child.pid ?? 0, printed: printed.slice(0, -READY.length) };
}
