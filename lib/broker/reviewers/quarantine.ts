/** Text that a model is to read as data: encoded so that nothing in it can end its block or hide from the reader. */
import { createHash } from 'node:crypto';
import type { Json } from '../canonical';

/**
 * JSON in which nothing is markup and nothing is unseen: `<`, `>` and `&`, and every character that is not drawn, are
 * written as `\uXXXX`. It means what the JSON means, to the letter.
 */
export function dataText(value: Json): string {
  return JSON.stringify(value, null, 2).replace(UNSAFE, (char) => (char === '\n' ? char : escaped(char)));
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

/**
 * Markup, and what is not drawn: control, format, private and unassigned characters, separators other than the space,
 * variation selectors, tags and fillers. JSON itself escapes lone halves of characters.
 */
const UNSAFE = /[<>&\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;

function escaped(char: string): string {
  return [...Array(char.length).keys()]
    .map((index) => `\\u${char.charCodeAt(index).toString(16).padStart(4, '0')}`)
    .join('');
}
