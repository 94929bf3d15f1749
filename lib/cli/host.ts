/** The world as a command sees it: where it writes, where it stands, what day it is, who types. Tests record it. */
import type { Keyboard } from './keyboard';

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

/** The real process. A reader that went away (`leasehold can x | head`) ends the output quietly, not the command. */
export function processHost(): Host {
  return {
    out: writer(process.stdout),
    err: writer(process.stderr),
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

function writer(stream: NodeJS.WriteStream): (text: string) => void {
  let open = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    open = false;
    if (error.code !== 'EPIPE') throw error;
  });
  return (text) => {
    if (open && text !== '') stream.write(text);
  };
}
