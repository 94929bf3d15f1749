/**
 * The environment of a command: its output streams, working directory, date and keyboard. Tests replace this
 * environment.
 */
import { EXIT } from './exit';
import type { Keyboard } from './keyboard';
import { systemRefusal } from './system-refusal';

/** All resources of the process that a command may use. */
export interface Host {
  /** Writes the result to stdout. */
  readonly out: (text: string) => void;
  /** Writes to stderr. Used for all output other than the result. */
  readonly err: (text: string) => void;
  /** Width in columns of the terminal to which stdout is connected; `undefined` if stdout is not a terminal. */
  readonly outColumns: number | undefined;
  /** Width in columns of the terminal to which stderr is connected; `undefined` if stderr is not a terminal. */
  readonly errColumns: number | undefined;
  /**
   * Height in rows of the terminal to which stderr is connected.
   * @default unknown
   */
  readonly errRows?: number | undefined;
  /** Absolute path of the working directory. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Today in UTC, `YYYY-MM-DD`. */
  readonly today: string;
  /**
   * Returns the time in whole seconds since 1970.
   * @default the machine's clock
   */
  readonly now?: () => number;
  /**
   * Reads from the keyboard.
   * @default the process's standard input
   */
  readonly keyboard?: Keyboard;
}

/** The current time of a host, in seconds since 1970. */
export function nowOf({ now }: Pick<Host, 'now'>): number {
  return now === undefined ? Math.floor(Date.now() / 1000) : now();
}

/**
 * The host of the real process. If the reader of a pipe closes it (`leasehold can x | head`), the output ends silently
 * and the command continues. If output cannot be written for another reason, such as a full disk, the command ends with
 * an error, because its result would be lost. If stderr fails as well, nothing is reported.
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

/** Assumed number of columns if a terminal does not report its width. */
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
