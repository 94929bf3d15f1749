/** Decides whether output has color. Output has color only on a terminal, and only if the user wants color. */
import { styleText } from 'node:util';
import type { Host } from './host';

export type Hue = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Colors a string, or returns it unchanged if color is off. */
export interface Paint {
  (hue: Hue, text: string): string;
  readonly on: boolean;
}

/**
 * Whether to write color to a stream. The first setting that is present decides: `--color` or `--no-color`,
 * `FORCE_COLOR` (`0` and `false` turn color off), `NO_COLOR` (any nonempty value, https://no-color.org), `TERM=dumb`.
 * Without any of these settings, color is on if the stream is a terminal.
 */
export function wantsColour(env: Host['env'], flag: boolean | undefined, isTerminal: boolean): boolean {
  if (flag !== undefined) return flag;
  const force = env.FORCE_COLOR;
  if (force !== undefined) return force !== '0' && force !== 'false';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return isTerminal && env.TERM !== 'dumb';
}

/** A `Paint` that adds color if `on` is true, else a `Paint` that does nothing. */
export function paint(on: boolean): Paint {
  // `wantsColour` has already decided for this stream, so `styleText` must not check again.
  const apply = (hue: Hue, text: string) =>
    on && text !== '' ? styleText(hue, text, { validateStream: false }) : text;
  return Object.assign(apply, { on });
}
