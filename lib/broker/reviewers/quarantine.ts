/** Encodes text that a model must read as data, so that nothing in it can end its block or hide from the reader. */
import { createHash } from 'node:crypto';
import { unicodeEscapes, visibleJson } from '@leasehold/contract/text';
import type { Json } from '../canonical';

/**
 * JSON without markup or invisible characters: `<`, `>`, `&` and every invisible character are written as `\uXXXX`. It
 * has exactly the same value as the JSON.
 */
export function dataText(value: Json): string {
  return visibleJson(JSON.stringify(value, null, 2).replace(/[<>&]/g, unicodeEscapes));
}

/** A block of a prompt. Its content cannot contain its end marker. */
export function block(name: string, value: Json): string {
  return `<${name}>\n${dataText(value)}\n</${name}>`;
}

/**
 * A block with text that an attacker may have written. It states its length and SHA-256, so that a text that imitates
 * its end or a second block is recognizable.
 */
export function quarantine(name: string, value: Json): string {
  const text = dataText(value);
  const sha256 = createHash('sha256').update(text, 'utf8').digest('hex');
  return `<${name} length="${text.length}" sha256="${sha256}">\n${text}\n</${name}>`;
}
