/**
 * Text of others, made safe to show: what a terminal would obey, and what a reader would not see, is written out. The one
 * definition of what a reader does not see.
 */

/**
 * Characters that are never drawn, for a class of a regular expression with the flag `u`: control, format, private and
 * unassigned ones, lone halves of characters, line and paragraph separators, and those that are ignored when drawn
 * (fillers, variation selectors, tags). U+2800, U+1D159 and the two of hieroglyphs are drawn as nothing, though no
 * property of Unicode says so.
 * Source: https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
 */
const UNSEEN = String.raw`\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}\u{13441}\u{13442}`;

/** What is read as something else than it is: every blank but the plain space, and combining marks alone or in heaps. */
const MISREAD = String.raw`(?! )\p{Zs}|(?<![\p{L}\p{N}\p{M}])\p{M}|(?<=\p{M}{5})\p{M}`;

const HIDDEN = new RegExp(`[${UNSEEN}]|${MISREAD}`, 'gu');
const UNSEEN_RUN = new RegExp(`[${UNSEEN}]+`, 'gu');
const UNSEEN_IN_A_DOCUMENT = new RegExp(String.raw`(?![\t\n\r])[${UNSEEN}]`, 'u');

/** A blank that can be seen: U+2423. */
const BLANK = '␣';

/** A character that a reader does not see, and where in the text it is. */
export interface HiddenCharacter {
  readonly char: string;
  readonly index: number;
  /** As Unicode names it: `U+202E`. */
  readonly code: string;
}

/**
 * The text with every hidden character as an escape: `\n`, `\t`, `\x1b`, `\u{202e}`. Plain spaces stay as they are, for
 * text whose columns matter.
 */
export function escapeHidden(text: string): string {
  return text.replace(HIDDEN, escaped);
}

/** {@link escapeHidden}, and each of several spaces in a row, or of those at either end, is a `␣`. */
export function visible(text: string): string {
  return escapeHidden(text).replace(/ {2,}|^ | $/g, (run) => BLANK.repeat(run.length));
}

/** The same without any space: what breaks nowhere cannot be broken into what looks like a line of its own. */
export function solid(text: string): string {
  return escapeHidden(text).replaceAll(' ', BLANK);
}

/**
 * {@link escapeHidden} for text that is shown on one line and whose layout does not matter: a line break or a tab is one
 * space, together with the spaces around it.
 */
export function onOneLine(text: string): string {
  return escapeHidden(text.replace(/[ \t\r\n]+/g, (run) => (/^ +$/.test(run) ? run : ' ')));
}

/** Whether a text has a character that {@link visible} would write out as an escape. */
export function hidesSomething(text: string): boolean {
  return text.search(HIDDEN) >= 0;
}

/** The first character that {@link visible} would write out as an escape. */
export function firstHidden(text: string): HiddenCharacter | undefined {
  HIDDEN.lastIndex = 0;
  return found(HIDDEN.exec(text));
}

/** The first of the {@link UNSEEN} characters in a document of lines: tabs and the ends of lines are not meant. */
export function firstUnseen(document: string): HiddenCharacter | undefined {
  return found(UNSEEN_IN_A_DOCUMENT.exec(document) ?? LONE_RETURN.exec(document));
}

/** A carriage return that ends no line: a terminal writes what follows over what is before it. */
const LONE_RETURN = /\r(?!\n)/;

/**
 * A text of one line, of `min` to `max` characters, that neither begins nor ends with a space. It contains no control
 * character and nothing that ends a line; other hidden characters belong to how some languages are written (Persian, Hindi,
 * emoji), so whoever shows the line writes them out.
 */
export function lineOf(min: number, max: number): RegExp {
  return new RegExp(String.raw`^(?!\s)[^\p{Cc}\p{Zl}\p{Zp}]{${min},${max}}(?<!\s)$`, 'u');
}

/** A text that begins with no space and contains none of the {@link UNSEEN}, such as one that was written out before. */
export const SEEN_TEXT = new RegExp(String.raw`^(?!\s)[^${UNSEEN}]+$`, 'u');

/** The text with each run of the {@link UNSEEN} as one space, for a name or a comment that is made from it. */
export function spacedUnseen(text: string): string {
  return text.replace(UNSEEN_RUN, ' ').trim();
}

/** JSON text that means the same, with every hidden character in it as `\uXXXX`; the ends of its lines stay. */
export function visibleJson(json: string): string {
  return json.replace(HIDDEN, (char) => (char === '\n' ? char : unicodeEscapes(char)));
}

/** A character as JSON writes it in ASCII: `\uXXXX`, twice for one of two halves. */
export function unicodeEscapes(char: string): string {
  return Array.from({ length: char.length }, (_, at) => `\\u${hex(char.charCodeAt(at), 4)}`).join('');
}

/** The visible text, at most this long: what is left out is counted. */
export function clipped(text: string, longest: number, shownAs: (text: string) => string = visible): string {
  const shown = shownAs(text);
  if (shown.length <= longest) return shown;
  const end = /\p{Cs}$/u.test(shown.slice(0, longest)) ? longest - 1 : longest;
  return `${shown.slice(0, end)}… (${shown.length - end} characters more)`;
}

function escaped(char: string): string {
  if (char === '\n') return '\\n';
  if (char === '\t') return '\\t';
  const code = char.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${hex(code, 2)}` : `\\u{${hex(code, 1)}}`;
}

function found(match: RegExpExecArray | null): HiddenCharacter | undefined {
  if (match === null) return undefined;
  const [char] = match;
  return { char, index: match.index, code: `U+${hex(char.codePointAt(0) ?? 0, 4).toUpperCase()}` };
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
