/** Keyboard input: hidden secrets and visible answers. */
import { createInterface } from 'node:readline';
import { oneLine, type ReadSecret, readSecretLine } from './secret-line';

/** Reads one line. Resolves with `undefined` if the input ended or was interrupted. */
export type ReadLine = (signal: AbortSignal) => Promise<string | undefined>;

/** A keyboard. Tests replace it. */
export interface Keyboard {
  /** Whether the input is a terminal. Input from a pipe was written before the command showed any output. */
  readonly isTerminal: boolean;
  readonly secret: ReadSecret;
  readonly line: ReadLine;
}

/** The keyboard of the process. */
export function processKeyboard(): Keyboard {
  return { isTerminal: process.stdin.isTTY === true, secret: readSecretLine, line: readShownLine };
}

/** Reads one line. The typed characters are visible. Ctrl-C and Ctrl-D cancel the input. */
async function readShownLine(signal: AbortSignal): Promise<string | undefined> {
  if (signal.aborted || process.stdin.readableEnded) return undefined;
  return oneLine(createInterface({ input: process.stdin, output: process.stderr, historySize: 0 }), signal);
}
