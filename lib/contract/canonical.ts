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
  const members = Object.entries(value as Readonly<Record<string, Json | undefined>>)
    .flatMap(([key, member]) => (member === undefined ? [] : [[key, member] as const]))
    // Sorts by UTF-16 code units (RFC 8785 section 3.2.3). `localeCompare` would depend on the machine.
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${text(key)}:${canonicalJson(member)}`).join(',')}}`;
}

function text(value: string): string {
  if (LONE_SURROGATE.test(value)) throw new TypeError('a text with a lone surrogate cannot be written as UTF-8');
  return JSON.stringify(value);
}

const LONE_SURROGATE = /\p{Surrogate}/u;
