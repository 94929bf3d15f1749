/**
 * Encodes text that a model must treat as data. The encoded text cannot end its block, and contains nothing that is
 * invisible to a reader.
 */
import { createHash } from 'node:crypto';
import { unicodeEscapes, visibleJson } from '@leasehold/contract/text';
import type { Json } from '../canonical';

/**
 * JSON without markup or invisible characters: `<`, `>`, `&` and every invisible character are written as `\uXXXX`.
 * The JSON still parses to the same value.
 */
export function dataText(value: Json): string {
  return visibleJson(JSON.stringify(value, null, 2).replace(/[<>&]/g, unicodeEscapes));
}

/** A block in a prompt. The content of the block cannot contain the block's end marker. */
export function block(name: string, value: Json): string {
  return `<${name}>\n${dataText(value)}\n</${name}>`;
}

/**
 * A block with text that an attacker may have written. The block states the text's length and SHA-256. With these
 * values, the reader can recognize text that imitates the end of the block or the beginning of a second block.
 */
export function quarantine(name: string, value: Json): string {
  const text = dataText(value);
  const sha256 = createHash('sha256').update(text, 'utf8').digest('hex');
  return `<${name} length="${text.length}" sha256="${sha256}">\n${text}\n</${name}>`;
}
