/**
 * Removes quoted values from text if the names before the values indicate secrets, as in XML attributes, JSON lines,
 * Terraform code and programs. The quotes may be escaped for JSON or XML. Each pattern reads a character only a fixed
 * number of times.
 */
import { REMOVED } from '../secrets';
import { isSecretName } from './secret-names';

/** A name, and the beginning of its quoted value. */
const NAMED = /(?<![\w.:-])([\w.:-]+)(?:\\?["']|&quot;)?\s{0,20}[:=]\s{0,20}(\\?["']|&quot;)/g;

/**
 * Returns the text without the values in text such as `password="…"` and in pairs such as `key="password" value="…"`.
 */
export function withoutQuotedSecrets(text: string): string {
  const parts: string[] = [];
  let kept = 0;
  /** Where the name in a pair ends, if this name indicates a secret. */
  let pair: number | undefined;
  NAMED.lastIndex = 0;
  for (let found = NAMED.exec(text); found !== null; found = NAMED.exec(text)) {
    const { 1: name = '', 2: quote = '' } = found;
    const start = NAMED.lastIndex;
    const isOfPair = pair !== undefined && /values?$/i.test(name) && !/[<>{}]/.test(text.slice(pair, found.index));
    if (isOfPair || isSecretName(name)) {
      const end = endOf(text, start, quote);
      parts.push(text.slice(kept, start), end > start ? REMOVED : '');
      kept = end;
      NAMED.lastIndex = end;
    } else if (/(?:name|key)$/i.test(name)) {
      const end = endOf(text.slice(0, start + LONGEST_NAME), start, quote);
      pair = isSecretName(text.slice(start, end)) ? end : undefined;
    }
    if (isOfPair) pair = undefined;
  }
  return `${parts.join('')}${text.slice(kept)}`;
}

/** Maximum characters of the name in a pair. */
const LONGEST_NAME = 200;

/** End of a quoted value. A value without a closing quote extends to the end of the text. */
function endOf(text: string, start: number, quote: string): number {
  const character = quote.slice(-1);
  if (character === ';') return foundAt(text, quote, start);
  const isEscaped = quote.length > 1;
  let at = foundAt(text, character, start);
  for (; at < text.length; at = foundAt(text, character, at + 1)) {
    const backslashes = backslashesBefore(text, at, start);
    if (isEscaped && backslashes % 4 === 1) return at - 1;
    if (!isEscaped && backslashes % 2 === 0) return at;
  }
  return at;
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
