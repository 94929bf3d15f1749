/** Where a person types: secrets that are not shown, and answers that are. */
import { createInterface } from 'node:readline';
import { oneLine, type ReadSecret, readSecretLine } from './secret-line';

/** Reads one line. Resolves with `undefined` when there is none: the input ended, or it was interrupted. */
export type ReadLine = (signal: AbortSignal) => Promise<string | undefined>;

/** A keyboard. Tests type on one of their own. */
export interface Keyboard {
  /** Whether a person sits at it: what comes from a pipe was typed before anything was shown. */
  readonly isTerminal: boolean;
  readonly secret: ReadSecret;
  readonly line: ReadLine;
}

/** The process's own. */
export function processKeyboard(): Keyboard {
  return { isTerminal: process.stdin.isTTY === true, secret: readSecretLine, line: readShownLine };
}

/** Reads one line that is shown as it is typed. Ctrl-C and Ctrl-D leave it empty. */
async function readShownLine(signal: AbortSignal): Promise<string | undefined> {
  if (signal.aborted || process.stdin.readableEnded) return undefined;
  return oneLine(createInterface({ input: process.stdin, output: process.stderr, historySize: 0 }), signal);
}
