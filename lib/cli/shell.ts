/** The context of a command: the host, its colors, and a way to end with an exit code. */
import { type Paint, paint, wantsColour } from './colour';
import type { ExitCode } from './exit';
import type { Host } from './host';

export interface Shell {
  readonly host: Host;
  /** Colors for stdout. */
  readonly out: Paint;
  /** Colors for stderr. */
  readonly err: Paint;
  /** Converts a function that returns an exit code into a commander action. */
  readonly ends: <A extends unknown[]>(action: (...args: A) => Promise<ExitCode>) => (...args: A) => Promise<void>;
}

/** Creates a shell on a host. `flag` is the value of `--color` or `--no-color`. `ended` receives the exit code. */
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
