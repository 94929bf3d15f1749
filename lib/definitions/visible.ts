/** Text that is shown as it is: what a terminal would obey, and what would hide something from a reader, is written out. */

/** Control characters, those that change the direction of writing, line separators, and lone halves of characters. */
const HIDDEN = /[\p{Cc}\p{Bidi_Control}\p{Cs}\u2028\u2029\ufeff]/gu;

/** The text with such characters as escapes: `\n`, `\t`, `\x1b`, `\u{202e}`. */
export function visible(text: string): string {
  return text.replaceAll(HIDDEN, (char) => {
    if (char === '\t') return '\\t';
    if (char === '\n') return '\\n';
    const code = char.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}
