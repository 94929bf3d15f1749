/** A line on stderr that is overwritten repeatedly. Nothing is written if stderr is not a terminal. */
import type { Host } from './host';

const ERASED = '\r\x1b[2K';
/** Milliseconds between two updates of a line that changes often. */
const CALM = 100;

export interface ProgressLine {
  /** Shows a text. */
  readonly show: (text: string) => void;
  /** Shows text, unless the line was updated a moment ago. */
  readonly update: (text: () => string) => void;
  /** Erases the line. */
  readonly end: () => void;
}

export function progressLine({ err, errColumns }: Pick<Host, 'err' | 'errColumns'>): ProgressLine {
  let written = 0;
  const show = (text: string) => {
    if (errColumns === undefined) return;
    written = Date.now();
    err(`${ERASED}${text}`);
  };
  return {
    show,
    update: (text) => {
      if (errColumns !== undefined && Date.now() - written >= CALM) show(text());
    },
    end: () => {
      if (written > 0) err(ERASED);
    },
  };
}
