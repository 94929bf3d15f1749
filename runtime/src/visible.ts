/** Text of others, made safe to show: what a terminal would obey, and what a reader would not see, is written out. */

/**
 * Control and format characters, those that are ignored when drawn, line and paragraph separators, private ones, and
 * lone halves of characters.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** The text with every such character as an escape: `\n`, `\t`, `\x1b`, `\u{202e}`. */
export function visible(text: string): string {
  return text.replace(HIDDEN, (char) => {
    if (char === '\n') return '\\n';
    if (char === '\t') return '\\t';
    const code = char.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** Whether a text has a character that {@link visible} would write out. */
export function hidesSomething(text: string): boolean {
  return text.search(HIDDEN) >= 0;
}

/** The visible text, at most this long: what is left out is counted. */
export function clipped(text: string, longest: number): string {
  const shown = visible(text);
  if (shown.length <= longest) return shown;
  const end = /[\ud800-\udbff]/.test(shown.charAt(longest - 1)) ? longest - 1 : longest;
  return `${shown.slice(0, end)}… (${shown.length - end} characters more)`;
}
