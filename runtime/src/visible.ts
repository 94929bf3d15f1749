/** Text of others, made safe to show: what a terminal would obey, and what a reader would not see, is written out. */

/**
 * Control and format characters, unassigned and private ones, lone halves of characters, line and paragraph separators,
 * those that are ignored when drawn, every blank but the plain space, and combining marks that stand alone or in heaps.
 * U+2800, U+1D159 and the two of hieroglyphs are drawn as nothing, though Unicode calls none of them a space.
 */
const HIDDEN =
  /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}\u{13441}\u{13442}]|(?! )\p{Zs}|(?<![\p{L}\p{N}\p{M}])\p{M}|(?<=\p{M}{5})\p{M}/gu;

/** A blank that can be seen: U+2423. */
const BLANK = '␣';

/**
 * The text with every such character as an escape: `\n`, `\t`, `\x1b`, `\u{202e}`. One space stays one; of several in a
 * row, and at either end, each is a `␣`.
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, escaped).replace(/ {2,}|^ | $/g, (run) => BLANK.repeat(run.length));
}

/** The same without any space: what breaks nowhere cannot be broken into what looks like a line of its own. */
export function solid(text: string): string {
  return text.replace(HIDDEN, escaped).replaceAll(' ', BLANK);
}

/** Whether a text has a character that {@link visible} would write out as an escape. */
export function hidesSomething(text: string): boolean {
  return text.search(HIDDEN) >= 0;
}

/** The visible text, at most this long: what is left out is counted. */
export function clipped(text: string, longest: number, shownAs: (text: string) => string = visible): string {
  const shown = shownAs(text);
  if (shown.length <= longest) return shown;
  const end = /[\ud800-\udbff]/.test(shown.charAt(longest - 1)) ? longest - 1 : longest;
  return `${shown.slice(0, end)}… (${shown.length - end} characters more)`;
}

function escaped(char: string): string {
  if (char === '\n') return '\\n';
  if (char === '\t') return '\\t';
  const code = char.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}
