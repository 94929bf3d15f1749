/** Runs a program until it exits or the approval request ends. */
import { spawn } from 'node:child_process';
import { defined } from '@leasehold/contract/defined';

/** How a program ended. */
export interface Finished {
  /** The program's exit code. Null if a signal terminated the program. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Standard output, at most {@link LONGEST_OUTPUT} bytes. */
  readonly output: string;
}

/** Maximum output of a program in bytes. A code has 6 bytes. A program that writes more output is terminated. */
const LONGEST_OUTPUT = 4096;
/** Milliseconds between SIGTERM and SIGKILL. */
const GRACE = 2000;

/** Runs the program. Rejects if the program cannot be started. */
export function run(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  input: string,
  cwd: string | undefined,
  over: AbortSignal,
): Promise<Finished> {
  const [program = '', ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env,
      stdio: ['pipe', 'pipe', 'inherit'],
      shell: false,
      windowsHide: true,
      ...defined({ cwd }),
    });
    let output = '';
    let force: NodeJS.Timeout | undefined;
    const stop = () => {
      child.kill('SIGTERM');
      force ??= setTimeout(() => child.kill('SIGKILL'), GRACE);
    };
    const settle = () => {
      clearTimeout(force);
      over.removeEventListener('abort', stop);
      // A grandchild process may keep the pipe open indefinitely. Its output is ignored.
      child.stdout.destroy();
      child.stdin.destroy();
    };
    child.once('error', (error) => {
      settle();
      reject(error);
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.length > LONGEST_OUTPUT) stop();
    });
    // Write errors are ignored, because a program need not read its input.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const exited = new Promise<[number | null, NodeJS.Signals | null]>((ended) => {
      child.once('exit', (code, signal) => ended([code, signal]));
    });
    const read = new Promise<void>((ended) => child.stdout.once('close', () => ended()));
    void exited.then(async ([code, signal]) => {
      // Waits briefly for the last part of the output.
      await Promise.race([read, new Promise((ended) => setTimeout(ended, 100))]);
      settle();
      resolve({ code, signal, output: output.slice(0, LONGEST_OUTPUT) });
    });
    over.addEventListener('abort', stop, { once: true });
    if (over.aborted) stop();
  });
}
