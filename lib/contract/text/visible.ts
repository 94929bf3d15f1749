/**
 * Makes untrusted text safe to show: terminal control characters and invisible characters are written as escapes. This
 * is the only definition of invisible characters.
 */

/**
 * Invisible characters, for a character class of a regular expression with the flag `u`: control, format, private and
 * unassigned characters, lone surrogates, line and paragraph separators, and characters that are ignored in display
 * (fillers, variation selectors, tags). U+2800, U+1D159 and two hieroglyph characters are also drawn as nothing,
 * although no Unicode property states it. Source: https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
 */
const UNSEEN = String.raw`\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}\u{13441}\u{13442}`;

/**
 * Characters that are easily misread: every white-space character except the plain space, and combining marks that are
 * alone or stacked. A mark is alone if there is no visible letter or digit before it, or if a hidden mark separates the
 * two characters.
 */
const MISREAD = String.raw`(?! )\p{Zs}|(?<!(?![${UNSEEN}])[\p{L}\p{N}](?:(?![${UNSEEN}])\p{M}){0,4})\p{M}`;

const HIDDEN = new RegExp(`[${UNSEEN}]|${MISREAD}`, 'gu');
const UNSEEN_RUN = new RegExp(`[${UNSEEN}]+`, 'gu');
const UNSEEN_IN_A_DOCUMENT = new RegExp(String.raw`(?![\t\n\r])[${UNSEEN}]`, 'u');

/** A visible sign for a blank: U+2423. */
const BLANK = '␣';

/** An invisible character, and its position in the text. */
export interface HiddenCharacter {
  readonly char: string;
  readonly index: number;
  /** In Unicode notation: `U+202E`. */
  readonly code: string;
}

/**
 * The text with every invisible character as an escape: `\n`, `\t`, `\x1b`, `\u{202e}`. Plain spaces are kept, because
 * this function is used for text that is aligned in columns.
 */
export function escapeHidden(text: string): string {
  return text.replace(HIDDEN, escaped);
}

/** Like {@link escapeHidden}, but with `␣` for each space at either end or in a run of several spaces. */
export function visible(text: string): string {
  return escapeHidden(text).replace(/ {2,}|^ | $/g, (run) => BLANK.repeat(run.length));
}

/**
 * Like {@link visible}, but without any space. Text without spaces cannot be wrapped so that a part looks like a
 * separate line.
 */
export function solid(text: string): string {
  return escapeHidden(text).replaceAll(' ', BLANK);
}

/**
 * Like {@link escapeHidden}, but for one line of text whose layout does not matter: a line break or tab, with the
 * spaces around it, becomes one space.
 */
export function onOneLine(text: string): string {
  return escapeHidden(text.replace(/[ \t\r\n]+/g, (run) => (/^ +$/.test(run) ? run : ' ')));
}

/** Whether a text contains a character that {@link visible} would escape. */
export function hidesSomething(text: string): boolean {
  return text.search(HIDDEN) >= 0;
}

/** The first character that {@link visible} would escape. */
export function firstHidden(text: string): HiddenCharacter | undefined {
  HIDDEN.lastIndex = 0;
  return found(HIDDEN.exec(text));
}

/** The first `UNSEEN` character in a document with several lines. Tabs and line breaks do not count. */
export function firstUnseen(document: string): HiddenCharacter | undefined {
  return found(UNSEEN_IN_A_DOCUMENT.exec(document) ?? LONE_RETURN.exec(document));
}

/** A carriage return that is not part of a line break. It makes a terminal overwrite the preceding text. */
const LONE_RETURN = /\r(?!\n)/;

/**
 * A text of one line with `min` to `max` characters and without leading or trailing spaces. It contains no control
 * character and no line break. Other invisible characters are part of how some languages are written (Persian, Hindi,
 * emoji), so code that shows the line must escape them.
 */
export function lineOf(min: number, max: number): RegExp {
  return new RegExp(String.raw`^(?!\s)[^\p{Cc}\p{Zl}\p{Zp}]{${min},${max}}(?<!\s)$`, 'u');
}

/** The recorded reason that a person gives for a decision or a change. */
export const BECAUSE = lineOf(3, 500);

/**
 * Text that has no leading space and no `UNSEEN` character, for example text that is already escaped.
 */
export const SEEN_TEXT = new RegExp(String.raw`^(?!\s)[^${UNSEEN}]+$`, 'u');

/**
 * The text with one space for each run of `UNSEEN` characters, for a name or comment that is generated from the text.
 */
export function spacedUnseen(text: string): string {
  return text.replace(UNSEEN_RUN, ' ').trim();
}

/** Equivalent JSON text with every invisible character as `\uXXXX`; line breaks are kept. */
export function visibleJson(json: string): string {
  return json.replace(HIDDEN, (char) => (char === '\n' ? char : unicodeEscapes(char)));
}

/** A character as a JSON escape sequence in ASCII: `\uXXXX`, or two such sequences for a surrogate pair. */
export function unicodeEscapes(char: string): string {
  return Array.from({ length: char.length }, (_, at) => `\\u${hex(char.charCodeAt(at), 4)}`).join('');
}

/** The visible text, truncated to this length, with the number of omitted characters at the end. */
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
