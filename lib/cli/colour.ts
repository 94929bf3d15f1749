/** Colour: only on a terminal, and only where it is wanted. */
import type { Host } from './host';

export type Hue = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Paints a text, or leaves it as it is where colour is off. */
export interface Paint {
  (hue: Hue, text: string): string;
  readonly on: boolean;
}

/**
 * Whether to write colour to a stream. The first that speaks decides: `--color` or `--no-color`, `FORCE_COLOR`
 * (`0` and `false` mean no), `NO_COLOR` (any value but the empty one, https://no-color.org), `TERM=dumb`, and last
 * whether the stream is a terminal.
 */
export function wantsColour(env: Host['env'], flag: boolean | undefined, isTerminal: boolean): boolean {
  if (flag !== undefined) return flag;
  const force = env.FORCE_COLOR;
  if (force !== undefined) return force !== '0' && force !== 'false';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return isTerminal && env.TERM !== 'dumb';
}

/** A paint that works, or one that does nothing. */
export function paint(on: boolean): Paint {
  const apply = (hue: Hue, text: string) => (on && text !== '' ? `\u001b[${SGR[hue].join(`m${text}\u001b[`)}m` : text);
  return Object.assign(apply, { on });
}

/** Codes that begin and end a hue: ECMA-48, SGR. */
const SGR: Readonly<Record<Hue, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};
