/** Measures and wraps text for a terminal, by display width. */

import { isAbsolute, relative } from 'node:path';
import { listInWords, onOneLine } from '@leasehold/contract/text';
import stringWidth from 'string-width';

export { count } from '@leasehold/contract/text';

/**
 * Wraps text at spaces to a width in columns. A word that is longer than a line is broken after one of the characters
 * `/ : , . -`. If that is not enough, the word is broken anywhere. The result is never empty.
 */
export function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  const add = (piece: string, glue: string) => {
    if (line !== '' && stringWidth(line + glue + piece) <= columns) line += glue + piece;
    else {
      if (line !== '') lines.push(line);
      line = piece;
    }
  };
  for (const word of text.split(' ')) {
    const [first = '', ...rest] = stringWidth(word) <= columns ? [word] : pieces(word, columns);
    add(first, ' ');
    for (const piece of rest) add(piece, '');
  }
  return [...lines, line];
}

/** A list in words: `a`, `a or b`, `a, b or c`. */
export function either(items: readonly string[]): string {
  return listInWords(items, { last: 'or' });
}

/** A path for people: relative if the path is inside the working directory, else absolute. */
export function shownPath(path: string, cwd: string): string {
  const below = relative(cwd, path);
  return onOneLine(below === '' || below.startsWith('..') || isAbsolute(below) ? path : below);
}

/** A number of seconds in the format of the definitions: `15m`, `1h`, `90s`. */
export function duration(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

/** Pads a text with spaces to a width. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - stringWidth(text)));
}

/** Splits a long word into pieces that fit the width. */
function pieces(word: string, columns: number): readonly string[] {
  const parts = word.match(/[^/:,.-]*[/:,.-]+|[^/:,.-]+/g) ?? [word];
  return parts.flatMap((part) => (stringWidth(part) <= columns ? [part] : [...part]));
}

/** An error message without its final full stop, for `error:` lines. */
export function sentence(text: string): string {
  return text.replace(/\.$/, '');
}
