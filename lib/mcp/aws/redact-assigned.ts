/**
 * Removes values from text if the names before the values indicate secrets, as in JSON lines, XML attributes, settings,
 * headers, commands and programs. Quotes and operators may be escaped for JSON or XML. The text is read once from its
 * beginning to its end: no part is read again from each of its characters.
 */
import { endOfQuoted, endOfUnquoted, LineEnds, QUOTE, type Unquoted } from './assigned-values';
import { isNameMember, isSecretName, isValueMember } from './secret-names';
import { type Span, withoutSpans } from './spans';

const BLANKS = '(?:\\s|\\\\{1,8}[nrt](?![\\w])){0,100}';
const OPERATOR = '[?+:|]{0,2}={1,3}(?:>|&gt;)?|:|<-|\\\\{1,8}u003[dD](?:\\\\{1,8}u003[eE])?|&#(?:61|x3[dD]);(?:&gt;)?';

/** A name, an operator, and the beginning of a value; or an option of a command and the beginning of its value. */
const ASSIGNED = new RegExp(
  `(?<![\\w.:-])(?:([\\w.:-]+)(${QUOTE})?\\]?(${BLANKS})(${OPERATOR})|--([\\w-]+)(?=[ \\t]+[^\\s-]))` +
    `(${BLANKS})(?:[bfrunBFRUN$@]{0,2}(${QUOTE}))?`,
  'g',
);

/** Returns the text without values such as those in `password="…"`, `password: …`, and `key="password" value="…"`. */
export function withoutAssignedSecrets(text: string): string {
  return new Scanner(text).cleaned();
}

/** A name and an operator in the text, and the quote before the value if the value is quoted. */
interface Assigned extends Unquoted {
  readonly quote: string | undefined;
}

/** Maximum number of characters of the name in a pair. */
const LONGEST_NAME = 200;
/** Maximum number of characters to read from a value before it is known whether the value is secret. */
const LONGEST_VALUE = 500;

class Scanner {
  readonly #text: string;
  readonly #lines: LineEnds;
  readonly #secrets: Span[] = [];
  /**
   * State in a record such as `{ name, value }`: whether a name that indicates a secret was read, and the values read
   * before the name.
   */
  #hasSecretName = false;
  #values: Assigned[] = [];
  /** End of the part of the text that has been searched for ends of records. */
  #recordsRead = 0;

  constructor(text: string) {
    this.#text = text;
    this.#lines = new LineEnds(text);
  }

  cleaned(): string {
    const pattern = new RegExp(ASSIGNED);
    for (let found = pattern.exec(this.#text); found !== null; found = pattern.exec(this.#text)) {
      const assigned = this.#assigned(found, pattern.lastIndex);
      this.#leaveRecord(assigned.index);
      pattern.lastIndex = Math.max(assigned.start, this.#read(assigned));
    }
    return withoutSpans(this.#text, this.#secrets);
  }

  #assigned(found: RegExpExecArray, start: number): Assigned {
    const {
      index,
      1: named = '',
      2: closing,
      3: before,
      4: operator = ' ',
      5: option,
      6: blanks = '',
      7: quote,
    } = found;
    // In escaped text, the name follows an escape such as `\n` or `\u0026`.
    const escaped = this.#text[index - 1] === '\\' ? (/^(?:[nrt]|u00[0-9a-f]{2})/i.exec(named)?.[0] ?? '') : '';
    const isEscape = /^[nr]/.test(escaped);
    const name = option ?? named.slice(escaped.length);
    const isGlued = before === '' && blanks === '';
    return { index, name, isEscape, operator, isNameQuoted: closing !== undefined, isGlued, blanks, quote, start };
  }

  /** Reads the value, and returns where the search continues. */
  #read(assigned: Assigned): number {
    const { name } = assigned;
    const isValue = isValueMember(name);
    if (isSecretName(name) || (this.#hasSecretName && isValue)) {
      if (isValue) this.#hasSecretName = false;
      return this.#remove(assigned, isValue);
    }
    if (isNameMember(name)) return this.#readName(assigned);
    if (isValue) {
      this.#values.push(assigned);
      this.#recordsRead = Math.max(this.#recordsRead, this.#endOf(assigned, LONGEST_VALUE));
    }
    return assigned.start;
  }

  #remove(assigned: Assigned, isOfPair: boolean): number {
    const { start } = assigned;
    const end = this.#endOf(assigned, isOfPair ? Number.POSITIVE_INFINITY : undefined);
    this.#secrets.push({ start, end });
    this.#recordsRead = Math.max(this.#recordsRead, end);
    return end;
  }

  #readName(assigned: Assigned): number {
    const { start } = assigned;
    const end = this.#endOf(assigned, LONGEST_NAME);
    this.#recordsRead = Math.max(this.#recordsRead, end);
    this.#hasSecretName = isSecretName(this.#text.slice(start, end).trim());
    if (!this.#hasSecretName || this.#values.length === 0) return start;
    let removed = 0;
    for (const value of this.#values.splice(0)) {
      // A value inside of another one is removed with it.
      if (value.start >= removed) removed = Math.max(removed, this.#remove(value, true));
    }
    this.#hasSecretName = false;
    return Math.max(start, removed);
  }

  /** End of a value. A value of a pair has a maximum length, and may be any word. */
  #endOf(assigned: Assigned, longestOfPair?: number): number {
    const { quote, start } = assigned;
    const text = this.#text.slice(0, start + (longestOfPair ?? this.#text.length));
    if (quote !== undefined) return endOfQuoted(text, start, quote);
    return endOfUnquoted(text, assigned, this.#lines, longestOfPair !== undefined);
  }

  /** Forgets the pair if a bracket, or the next element of a YAML list, is between the last member and this one. */
  #leaveRecord(index: number): void {
    if (index <= this.#recordsRead) return;
    const between = this.#text.slice(this.#recordsRead, index);
    this.#recordsRead = index;
    if (!/[<>{}]|[\n\r][ \t]*-[ \t]/.test(between)) return;
    this.#hasSecretName = false;
    this.#values = [];
  }
}
