/** Reads a line without showing it while the person types. */
import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';

/** Reads a secret. Resolves with `undefined` if the input ended or was interrupted. */
export type ReadSecret = (signal: AbortSignal) => Promise<string | undefined>;

/** The input: a pipe, or a terminal. The echo of a terminal is turned off. */
export type SecretInput = NodeJS.ReadableStream & {
  readonly isTTY?: boolean | undefined;
  readonly readableEnded?: boolean;
};

/** Reads one line without showing or storing it. Ctrl-C and Ctrl-D cancel the input. */
export async function readSecretLine(
  signal: AbortSignal,
  input: SecretInput = process.stdin,
): Promise<string | undefined> {
  // If the input has already ended, it emits no further events, not even `close`.
  if (signal.aborted || input.readableEnded) return undefined;
  const reader = createInterface({
    input,
    // For a terminal, readline echoes the input, but its output is discarded.
    terminal: input.isTTY === true,
    output: new Writable({ write: (_chunk, _encoding, done) => done() }),
    historySize: 0,
  });
  return oneLine(reader, signal);
}

/**
 * Reads one line and closes the reader. Resolves with `undefined` if the reader is interrupted or there is no line.
 */
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
