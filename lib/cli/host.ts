/** The world as a command sees it: where it writes, where it stands, what day it is, who types. Tests record it. */
import { EXIT } from './exit';
import type { Keyboard } from './keyboard';
import { systemRefusal } from './system-refusal';

/** Everything that a command may touch of the process. */
export interface Host {
  /** Writes the result: stdout. */
  readonly out: (text: string) => void;
  /** Writes everything that is not the result: stderr. */
  readonly err: (text: string) => void;
  /** Columns of the terminal behind stdout; `undefined` when stdout is no terminal. */
  readonly outColumns: number | undefined;
  /** Columns of the terminal behind stderr; `undefined` when stderr is no terminal. */
  readonly errColumns: number | undefined;
  /** Rows of the terminal behind stderr. @default unknown */
  readonly errRows?: number | undefined;
  /** Absolute path of the working directory. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Today in UTC, `YYYY-MM-DD`. */
  readonly today: string;
  /** Seconds since 1970, whole. @default the machine's clock */
  readonly now?: () => number;
  /** @default the process's own */
  readonly keyboard?: Keyboard;
}

/** The time of a host, in seconds since 1970. */
export function nowOf({ now }: Pick<Host, 'now'>): number {
  return now === undefined ? Math.floor(Date.now() / 1000) : now();
}

/**
 * The real process. A reader that went away (`leasehold can x | head`) ends the output quietly, not the command. Output that
 * cannot be written for another reason, such as a full disk, ends the command, since what it would do is for nobody; where
 * nothing can be told either, nothing is.
 */
export function processHost(): Host {
  const err = writer(process.stderr, () => {});
  const out = writer(process.stdout, (code) => {
    err(`error: the output cannot be written: ${systemRefusal(code)}\n`);
    err('  hint:     Let it go to another place, or make room.\n');
    process.exit(EXIT.usage);
  });
  return {
    out,
    err,
    outColumns: columns(process.stdout),
    errColumns: columns(process.stderr),
    errRows: process.stderr.isTTY ? process.stderr.rows : undefined,
    cwd: process.cwd(),
    env: process.env,
    today: new Date().toISOString().slice(0, 10),
  };
}

/** Columns to assume of a terminal that does not say. */
const DEFAULT_COLUMNS = 80;

function columns(stream: NodeJS.WriteStream): number | undefined {
  return stream.isTTY ? stream.columns || DEFAULT_COLUMNS : undefined;
}

function writer(stream: NodeJS.WriteStream, failed: (code: string) => void): (text: string) => void {
  let open = true;
  stream.on('error', ({ code = 'an error' }: NodeJS.ErrnoException) => {
    open = false;
    if (code !== 'EPIPE') failed(code);
  });
  return (text) => {
    if (open && text !== '') stream.write(text);
  };
}
