/** Text that a model is to read as data: encoded so that nothing in it can end its block or hide from the reader. */
import { createHash } from 'node:crypto';
import { unicodeEscapes, visibleJson } from '@leasehold/contract/text';
import type { Json } from '../canonical';

/**
 * JSON in which nothing is markup and nothing is unseen: `<`, `>` and `&`, and every character that is not drawn, are
 * written as `\uXXXX`. It means what the JSON means, to the letter.
 */
export function dataText(value: Json): string {
  return visibleJson(JSON.stringify(value, null, 2).replace(/[<>&]/g, unicodeEscapes));
}

/** A block of a prompt. Its end cannot stand inside it. */
export function block(name: string, value: Json): string {
  return `<${name}>\n${dataText(value)}\n</${name}>`;
}

/**
 * A block of what somebody wrote who may be an attacker. It says how long it is and what its SHA-256 is, so that a text
 * that claims to be its end, or a second block, is seen for what it is.
 */
export function quarantine(name: string, value: Json): string {
  const text = dataText(value);
  const sha256 = createHash('sha256').update(text, 'utf8').digest('hex');
  return `<${name} length="${text.length}" sha256="${sha256}">\n${text}\n</${name}>`;
}
