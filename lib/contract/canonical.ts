/**
 * Canonical JSON, with sorted keys and no white space, so that equal values have identical JSON texts. Source:
 * https://www.rfc-editor.org/rfc/rfc8785 (JSON Canonicalization Scheme)
 */
import type { Json } from './event';

/**
 * The canonical text of a value.
 * @throws TypeError for a number that JSON cannot represent, and for a string with a lone surrogate, which UTF-8 cannot
 * encode.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${value} cannot be written as JSON`);
  if (typeof value === 'string') return text(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const object = value as Readonly<Record<string, Json | undefined>>;
  let members = '';
  // Sorts by UTF-16 code units (RFC 8785 section 3.2.3). `localeCompare` would depend on the machine.
  for (const key of Object.keys(object).sort()) {
    const member = object[key];
    if (member !== undefined) members += `${members === '' ? '' : ','}${text(key)}:${canonicalJson(member)}`;
  }
  return `{${members}}`;
}

function text(value: string): string {
  if (PLAIN.test(value)) return `"${value}"`;
  if (LONE_SURROGATE.test(value)) throw new TypeError('a text with a lone surrogate cannot be written as UTF-8');
  return JSON.stringify(value);
}

/** Printable ASCII that needs no escape. Most texts are of this kind. */
const PLAIN = /^[ !#-[\]-~]*$/;
const LONE_SURROGATE = /\p{Surrogate}/u;
