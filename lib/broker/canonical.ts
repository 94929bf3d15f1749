/**
 * One text for one value, so that a hash names it: JSON with sorted keys and no white space.
 * Source: https://www.rfc-editor.org/rfc/rfc8785 (JSON Canonicalization Scheme)
 */
import { createHash } from 'node:crypto';

/** What can be written canonically. `undefined` members are left out, as JSON does. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * The canonical text of a value.
 * @throws TypeError for a number that JSON cannot write, and for a text with a lone surrogate, which UTF-8 cannot.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${value} cannot be written as JSON`);
  if (typeof value === 'string') return text(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value as Readonly<Record<string, Json | undefined>>)
    .flatMap(([key, member]) => (member === undefined ? [] : [[key, member] as const]))
    // By UTF-16 code units, as RFC 8785 section 3.2.3 says; localeCompare would depend on the machine.
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${text(key)}:${canonicalJson(member)}`).join(',')}}`;
}

/** SHA-256 of the canonical text, in lower-case hexadecimal digits. */
export function hashOf(value: Json): string {
  return createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex');
}

function text(value: string): string {
  if (LONE_SURROGATE.test(value)) throw new TypeError('a text with a lone surrogate cannot be written as UTF-8');
  return JSON.stringify(value);
}

const LONE_SURROGATE = /\p{Surrogate}/u;
