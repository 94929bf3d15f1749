/** Finds the end of a value in text that follows a name and an operator, such as `password = …`. */
import { REMOVED } from '../secrets';

/** A quote, which may be escaped for XML, or escaped one or more times for JSON. */
export const QUOTE = '"""|\'\'\'|\\\\{0,31}["\'`]|&(?:quot|apos|#(?:34|39|x2[27]));|\\\\{1,8}u002[27]';

/** An unquoted value, and the text before the value. */
export interface Unquoted {
  readonly index: number;
  readonly name: string;
  /** Whether the name follows an escape sequence for a line break or a tab. */
  readonly isEscape: boolean;
  /** The operator, or the blank between a command's option and the option's value. */
  readonly operator: string;
  readonly isNameQuoted: boolean;
  /** Whether there are no blanks around the operator. */
  readonly isGlued: boolean;
  /** The blanks before the value. */
  readonly blanks: string;
  readonly start: number;
}

/** End of a quoted value. A value without a closing quote extends to the end of the text. */
export function endOfQuoted(text: string, start: number, quote: string): number {
  const character = quote.at(-1) as string;
  if (!/^\\*["'`]$/.test(quote)) return foundAt(text, quote, start);
  // A text that is escaped once more has twice the backslashes and one more before each quote.
  const escapes = quote.length - 1;
  let at = foundAt(text, character, start);
  for (; at < text.length; at = foundAt(text, character, at + 1)) {
    if (backslashesBefore(text, at, start) % (2 * quote.length) === escapes) return at - escapes;
  }
  return at;
}

/**
 * End of an unquoted value; its start if there is no value, or if the text is probably not a secret, such as `Invalid
 * token: unexpected end`. At the beginning of a line or of a quoted text, the value extends to its end. Elsewhere the
 * value is a word.
 * @param isOfPair Whether the value can only be one of a pair. Such a value has its own line, or is a word.
 */
export function endOfUnquoted(text: string, value: Unquoted, lines: LineEnds, isOfPair = false): number {
  const { name, operator, start, blanks } = value;
  if (/[\n\r]|\\[nr]/.test(blanks) || text.startsWith(REMOVED, start)) return start;
  const unit = value.isNameQuoted || operator === ' ' ? undefined : unitOf(text, value);
  const isSetting = unit === '' && value.isGlued && operator === '=';
  if (text.startsWith(`["${REMOVED}`, start)) return start;
  if (!isSetting && /[{(<|>]/.test(text[start] ?? '<')) return start;
  if (!isSetting && text[start] === '[') return foundAt(text.slice(0, lines.after(start)), ']', start);
  const isColon = operator === ':';
  if (isColon && ERROR.test(name)) return start;
  if (isColon && value.isGlued && (unit === undefined || /:/.test(name)) && !HEADER.test(name)) return start;
  if (unit !== undefined || (isColon && HEADER.test(name))) {
    const end = endOfUnit(text, start, unit ?? '', lines);
    return isHarmless(text.slice(start, Math.min(end, start + LONGEST_REFERENCE))) ? start : end;
  }
  WORD.lastIndex = start;
  const word = WORD.exec(text)?.[0] ?? '';
  if (word === '' || isHarmless(word)) return start;
  if (value.isNameQuoted && isColon && /^-?[\d.]+$/.test(word)) return start;
  if (isColon && !isOfPair && !value.isNameQuoted && !isRandom(word)) return start;
  return start + word.length;
}

/** Codes of errors, before messages: `ExpiredToken: The token …`. */
const ERROR = /^(?:invalid|expired|missing|malformed|unknown|unrecognized|incorrect|wrong|bad)/i;

/** Headers whose values are secret wherever they are in a line. */
const HEADER = /(?:authorization|cookie)$/i;

/** A word: the value of a parameter in a link, of a setting in a connection string, or of an option. */
const WORD = /(?:[^\s"'`<>&;,\\(){}[\]]|\\{1,8}\/|[,)(](?=[\w/+=-])(?![\w.-]+[=:]))+/y;

/** Whether a text is no secret: no value, a reference, or the name of a type. */
function isHarmless(value: string): boolean {
  return HARMLESS.test(value.trim());
}
const HARMLESS =
  /^(?:$|\$\(|(?:true|false|null|nil|none|undefined|string|str|any)\b[\s,;|)}]*$|!(?:Ref|GetAtt|ImportValue)\s+[\w.:-]+$|\$\{?[A-Z_][A-Z0-9_]*\}?$|\$\{[\w.:-]+\}$|\$\{\{[^{}]*\}\}$)/i;
/** Maximum characters that are compared with a reference. */
const LONGEST_REFERENCE = 200;

/** Whether a word is probably not of a language. */
function isRandom(word: string): boolean {
  return /^[\w+/=.~\\-]{16,}$/.test(word) && /\d/.test(word) && /[a-z]/i.test(word);
}

/** What may be before a name at the beginning of a line. */
const LINE_START =
  /(?:^|[\n\r])[ \t]*(?:(?:[-*>#+]{1,3}|export|set|setx|env|ENV|ARG|let|const|var|declare|local)[ \t]+)*$/;
const LONGEST_LINE_START = 60;
const QUOTE_END = new RegExp(`(?:${QUOTE})$`);

/**
 * What is before a name at the beginning of a line or of a quoted text: the quote, nothing, or the escape of a line
 * break. Undefined elsewhere.
 */
function unitOf(text: string, { index, isEscape }: Unquoted): string | undefined {
  if (isEscape) return '\\';
  const from = Math.max(0, index - LONGEST_LINE_START);
  const before = `${from === 0 ? '' : '.'}${text.slice(from, index)}`;
  return LINE_START.test(before) ? '' : QUOTE_END.exec(before)?.[0];
}

function endOfUnit(text: string, start: number, unit: string, lines: LineEnds): number {
  const line = text.slice(0, lines.after(start));
  if (unit === '') return line.length;
  if (unit !== '\\') return endOfQuoted(line, start, unit);
  ESCAPED_END.lastIndex = start;
  return ESCAPED_END.exec(line)?.index ?? line.length;
}

/** The end of a line in escaped text: the escape of a line break, or the quote after the whole text. */
const ESCAPED_END = /\\[nr]|(?<!\\)["']/g;

/** The ends of lines. Each part of the text is searched once. */
export class LineEnds {
  readonly #text: string;
  #start = 0;
  #end = -1;

  constructor(text: string) {
    this.#text = text;
  }

  /** The first end of a line from an index. */
  after(index: number): number {
    if (index < this.#start || this.#end < index) {
      const end = /[\n\r]/g;
      end.lastIndex = index;
      this.#start = index;
      this.#end = end.exec(this.#text)?.index ?? this.#text.length;
    }
    return this.#end;
  }
}

function foundAt(text: string, wanted: string, from: number): number {
  const at = text.indexOf(wanted, from);
  return at < 0 ? text.length : at;
}

function backslashesBefore(text: string, at: number, start: number): number {
  let from = at;
  while (from > start && text[from - 1] === '\\') from--;
  return at - from;
}
