/** A line that is typed and never shown. */
import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';

/** Reads a secret. Resolves with `undefined` when there is none: the input ended, or it was interrupted. */
export type ReadSecret = (signal: AbortSignal) => Promise<string | undefined>;

/** Where it is typed: a terminal, whose echo is turned off, or a pipe. */
export type SecretInput = NodeJS.ReadableStream & {
  readonly isTTY?: boolean | undefined;
  readonly readableEnded?: boolean;
};

/** Reads one line of the input without showing or keeping it. Ctrl-C and Ctrl-D leave it empty. */
export async function readSecretLine(
  signal: AbortSignal,
  input: SecretInput = process.stdin,
): Promise<string | undefined> {
  // Of an input that has ended nothing more is ever heard, not even that.
  if (signal.aborted || input.readableEnded) return undefined;
  const reader = createInterface({
    input,
    // With a terminal, readline takes over the echo; it goes nowhere.
    terminal: input.isTTY === true,
    output: new Writable({ write: (_chunk, _encoding, done) => done() }),
    historySize: 0,
  });
  return oneLine(reader, signal);
}

/** One line of a reader, which is closed with it. Resolves with `undefined` when it is interrupted, or there is none. */
export function oneLine(reader: Interface, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const close = () => reader.close();
    const leave = (line: string | undefined) => {
      signal.removeEventListener('abort', close);
      resolve(line);
    };
    signal.addEventListener('abort', close, { once: true });
    reader.on('SIGINT', close);
    reader.on('close', () => leave(undefined));
    reader.once('line', (line) => {
      leave(line);
      reader.close();
    });
  });
}
