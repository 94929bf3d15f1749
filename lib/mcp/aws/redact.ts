/**
 * Removes credentials from texts in AWS responses. This is a second line of defense, after the refusal of operations
 * that return credentials. Each pattern reads a character only a fixed number of times, because the texts may be long
 * and come from untrusted sources.
 */
import { REMOVED } from '../secrets';
import { withoutAssignedSecrets } from './redact-assigned';
import { withoutLinkSecrets } from './redact-links';
import { withoutXmlSecrets } from './redact-xml';
import { type Span, withoutSpans } from './spans';

/**
 * Returns the text without signed links, passwords in links, private keys, signed JSON web tokens, and
 * values and XML elements whose names indicate secrets.
 */
export function redactText(text: string): string {
  if (text.length > LONGEST_TEXT) return `${redactText(text.slice(0, LONGEST_TEXT))}${REMOVED}`;
  const clean = withoutWebTokens(withoutLinkSecrets(withoutPrivateKeys(text)));
  return withoutXmlSecrets(withoutAssignedSecrets(clean));
}

/**
 * Maximum number of characters to read from a text. The rest is removed: a model never gets that much text, and
 * matching longer text may exceed the memory of the regular expression engine.
 */
const LONGEST_TEXT = 1024 * 1024;

/** A word that may contain a signed JSON web token. */
const DOTTED = /[\w.-]+/g;
const TOKEN = /^eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/;

/**
 * Removes signed JSON web tokens, regardless of the characters before them, for example the characters of an escape
 * sequence.
 */
function withoutWebTokens(text: string): string {
  return text.replace(DOTTED, (word) => (word.includes('.eyJ') ? withoutTokenOf(word) : word));
}

function withoutTokenOf(word: string): string {
  const parts: string[] = [];
  let kept = 0;
  // The second part of a token begins at `.eyJ`. Its first part begins at the first `eyJ` after the dot before that.
  for (let dot = word.indexOf('.eyJ'); dot >= 0; dot = word.indexOf('.eyJ', dot + 1)) {
    const start = word.indexOf('eyJ', Math.max(kept, word.lastIndexOf('.', dot - 1) + 1));
    const end = start < 0 || start >= dot ? 0 : partsEnd(word, dot);
    if (end === 0 || !TOKEN.test(word.slice(start, end))) continue;
    parts.push(word.slice(kept, start), REMOVED);
    kept = end;
  }
  return `${parts.join('')}${word.slice(kept)}`;
}

/** Where the second part after a dot ends; 0 if there is none. */
function partsEnd(word: string, dot: number): number {
  const next = word.indexOf('.', dot + 1);
  if (next < 0) return 0;
  const end = word.indexOf('.', next + 1);
  return end < 0 ? word.length : end;
}

/** The beginning or the end of a private key in PEM format, or the end of another object. */
const PEM = /-----(BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20}|END[A-Z0-9 ]{0,80})-----/g;

/** Returns the text without private keys in PEM format, also nested ones. A key whose end is missing is removed too. */
function withoutPrivateKeys(text: string): string {
  const keys: Span[] = [];
  let start = 0;
  let opened = 0;
  for (const { index, 0: line, 1: label = '' } of text.matchAll(PEM)) {
    if (label.startsWith('BEGIN')) {
      if (opened === 0) start = index;
      opened++;
    } else if (opened > 0) {
      opened--;
      if (opened === 0) keys.push({ start, end: index + line.length });
    }
  }
  return withoutSpans(text, opened === 0 ? keys : [...keys, { start, end: text.length }]);
}
