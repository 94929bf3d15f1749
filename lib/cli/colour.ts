/** Colour: only on a terminal, and only where it is wanted. */
import { styleText } from 'node:util';
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
  // Whether there is to be colour is decided above, for the stream that is written to.
  const apply = (hue: Hue, text: string) =>
    on && text !== '' ? styleText(hue, text, { validateStream: false }) : text;
  return Object.assign(apply, { on });
}
