/** What a command is handed: the host, its colours, and a way to end with an exit code. */
import { type Paint, paint, wantsColour } from './colour';
import type { ExitCode } from './exit';
import type { Host } from './host';

export interface Shell {
  readonly host: Host;
  /** Paints what goes to stdout. */
  readonly out: Paint;
  /** Paints what goes to stderr. */
  readonly err: Paint;
  /** Makes a commander action of a function that returns its exit code. */
  readonly ends: <A extends unknown[]>(action: (...args: A) => Promise<ExitCode>) => (...args: A) => Promise<void>;
}

/** A shell on a host. `flag` is what `--color` and `--no-color` said, `ended` hears the exit code. */
export function openShell(host: Host, flag: boolean | undefined, ended: (code: ExitCode) => void): Shell {
  return {
    host,
    out: paint(wantsColour(host.env, flag, host.outColumns !== undefined)),
    err: paint(wantsColour(host.env, flag, host.errColumns !== undefined)),
    ends:
      (action) =>
      async (...args) =>
        ended(await action(...args)),
  };
}
