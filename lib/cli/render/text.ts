/** Text for a terminal: nothing in it that steers the terminal, measured and wrapped by the columns it takes. */

import { isAbsolute, relative } from 'node:path';
import stringWidth from 'string-width';

/**
 * The text on one line, with everything that could steer a terminal or hide from a reader made visible: control
 * characters, line and paragraph separators, bidirectional overrides and invisible characters become `\u{1b}`.
 */
export function printable(text: string): string {
  return text
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replace(/\t/g, ' ')
    .replace(UNSAFE, escaped);
}

/**
 * The same with nothing smoothed over, for what is shown to be held against its hash: a line break is `\u{a}`, and of
 * several spaces in a row, or at either end, each is a `␣`.
 */
export function exact(text: string): string {
  return text.replace(UNSAFE, escaped).replace(/ {2,}|^ | $/g, (run) => '␣'.repeat(run.length));
}

/** The same for a value that whoever asks can choose: no space in it can become the end of a line. */
export function solid(text: string): string {
  return text.replace(UNSAFE, escaped).replaceAll(' ', '␣');
}

/**
 * The lines of a text in so many columns, broken at spaces. A word that is longer than a line is broken after the
 * characters `/ : , . -`, or, where even that is too long, anywhere. Never empty.
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

/** A count with its noun, for example `1 role` and `4 roles`. */
export function count(amount: number, noun: string, plural = `${noun}s`): string {
  return `${amount} ${amount === 1 ? noun : plural}`;
}

/** A list in words: `a`, `a or b`, `a, b or c`. */
export function either(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} or ${items.at(-1)}`;
}

/** An absolute path as people name it: from the working directory where it is below that, else as it is. */
export function shownPath(path: string, cwd: string): string {
  const below = relative(cwd, path);
  return printable(below === '' || below.startsWith('..') || isAbsolute(below) ? path : below);
}

/** A number of seconds as the definitions write it: `15m`, `1h`, `90s`. */
export function duration(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

/** A text as one word of a shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${printable(text).replaceAll("'", "'\\''")}'`;
}

/** Text that is aligned with its neighbours by spaces. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - stringWidth(text)));
}

/** The same characters that `visible` of the runtime writes out; a test compares the two. */
const UNSAFE =
  /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}\u{13441}\u{13442}]|(?! )\p{Zs}|(?<![\p{L}\p{N}\p{M}])\p{M}|(?<=\p{M}{5})\p{M}/gu;

/** Parts of a long word, none wider than the columns. */
function pieces(word: string, columns: number): readonly string[] {
  const parts = word.match(/[^/:,.-]*[/:,.-]+|[^/:,.-]+/g) ?? [word];
  return parts.flatMap((part) => (stringWidth(part) <= columns ? [part] : [...part]));
}

function escaped(char: string): string {
  return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}

/** A message of an error without its full stop, as every line of `error:` has it. */
export function sentence(text: string): string {
  return text.replace(/\.$/, '');
}
