/**
 * Validates JSON text as bytes without building values: RFC 8259, without duplicate keys in an object. A plan can be as
 * large as 50 MB and contains most data three times, so unneeded parts are validated but not parsed.
 */
import { KeysOfObjects } from './json-keys';

/**
 * Maximum nesting depth. Real plans are less deeply nested. The limit is needed because later code may recurse over the
 * values.
 */
export const MAX_DEPTH = 200;

/** Invalid JSON, with its position in the text. */
export class JsonFault extends Error {
  override readonly name = 'JsonFault';
  constructor(
    readonly kind: 'truncated' | 'invalid-json' | 'duplicate-key' | 'too-deep',
    readonly offset: number,
    /** The expected input, as a noun phrase. */
    readonly expected: string,
  ) {
    super(`byte ${offset}: expected ${expected}`);
  }
}

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_LIST = 0x5b;
export const OPEN_OBJECT = 0x7b;
/** Difference between the code of the byte that opens a list or object and the code of the byte that closes it. */
export const TO_CLOSE = 2;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/** Validates the value at `start`, and returns the offset after the value. Throws {@link JsonFault}. */
export function skipValue(
  bytes: Uint8Array,
  start: number,
  outerDepth = 0,
  keys: KeysOfObjects = new KeysOfObjects(bytes),
): number {
  if (bytes[start] !== OPEN_OBJECT && bytes[start] !== OPEN_LIST) return skipScalar(bytes, start);
  const open: number[] = [];
  let at = start;
  for (;;) {
    const byte = bytes[at];
    if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      if (open.length + outerDepth >= MAX_DEPTH) throw new JsonFault('too-deep', at, `at most ${MAX_DEPTH} levels`);
      const first = skipSpace(bytes, at + 1);
      if (bytes[first] !== byte + TO_CLOSE) {
        open.push(byte);
        if (byte === OPEN_OBJECT) keys.enter();
        at = byte === OPEN_OBJECT ? skipKey(bytes, first, keys) : first;
        continue;
      }
      at = first + 1;
    } else at = skipScalar(bytes, at);

    for (;;) {
      const inner = open[open.length - 1];
      if (inner === undefined) return at;
      at = skipSpace(bytes, at);
      if (bytes[at] === COMMA) {
        at = skipSpace(bytes, at + 1);
        if (inner === OPEN_OBJECT) at = skipKey(bytes, at, keys);
        break;
      }
      if (bytes[at] !== inner + TO_CLOSE) throw unexpected(bytes, at, `"," or "${String.fromCharCode(inner + 2)}"`);
      if (inner === OPEN_OBJECT) keys.leave();
      open.pop();
      at += 1;
    }
  }
}

/** The offset of the first byte at or after `at` that is not white space. */
export function skipSpace(bytes: Uint8Array, at: number): number {
  let index = at;
  for (;;) {
    const byte = bytes[index];
    if (byte !== SPACE && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return index;
    index += 1;
  }
}

/** The offset after the string at `start`. */
export function skipString(bytes: Uint8Array, start: number): number {
  if (bytes[start] !== QUOTE) throw unexpected(bytes, start, 'a string');
  let at = start + 1;
  for (;;) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at = skipEscape(bytes, at);
    else if (byte === undefined || byte < SPACE) throw unexpected(bytes, at, 'the end of a string');
    else at += 1;
  }
}

/** The error for an unexpected byte or for the end of the text. */
export function unexpected(bytes: Uint8Array, at: number, expected: string): JsonFault {
  return new JsonFault(at >= bytes.length ? 'truncated' : 'invalid-json', Math.min(at, bytes.length), expected);
}

/** The offset of the value whose key begins at `start`. */
function skipKey(bytes: Uint8Array, start: number, keys: KeysOfObjects): number {
  const end = skipString(bytes, start);
  if (!keys.add(start, end)) throw new JsonFault('duplicate-key', start, 'each key once in an object');
  const colon = skipSpace(bytes, end);
  if (bytes[colon] !== COLON) throw unexpected(bytes, colon, '":"');
  return skipSpace(bytes, colon + 1);
}

function skipEscape(bytes: Uint8Array, at: number): number {
  const byte = bytes[at + 1];
  if (byte === 0x75) {
    for (let digit = at + 2; digit < at + 6; digit += 1) {
      if (!isHex(bytes[digit])) throw unexpected(bytes, digit, 'four hexadecimal digits');
    }
    return at + 6;
  }
  if (byte === undefined || !ESCAPED.includes(byte)) throw unexpected(bytes, at + 1, 'an escaped character');
  return at + 2;
}

/** `"`, `\`, `/`, `b`, `f`, `n`, `r`, `t`. */
const ESCAPED: readonly number[] = [0x22, 0x5c, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74];

function isHex(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}

function skipScalar(bytes: Uint8Array, at: number): number {
  switch (bytes[at]) {
    case QUOTE:
      return skipString(bytes, at);
    case 0x74:
      return skipWord(bytes, at, 'true');
    case 0x66:
      return skipWord(bytes, at, 'false');
    case 0x6e:
      return skipWord(bytes, at, 'null');
    default:
      return skipNumber(bytes, at);
  }
}

function skipWord(bytes: Uint8Array, at: number, word: string): number {
  for (let index = 0; index < word.length; index += 1) {
    if (bytes[at + index] !== word.charCodeAt(index)) throw unexpected(bytes, at + index, word);
  }
  return at + word.length;
}

function skipNumber(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === 0x2d ? start + 1 : start;
  if (bytes[at] === 0x30) at += 1;
  else at = skipDigits(bytes, at, at === start ? 'a value' : 'a digit');
  if (bytes[at] === 0x2e) at = skipDigits(bytes, at + 1, 'a digit');
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    const sign = bytes[at + 1];
    at = skipDigits(bytes, sign === 0x2b || sign === 0x2d ? at + 2 : at + 1, 'a digit');
  }
  return at;
}

function skipDigits(bytes: Uint8Array, start: number, expected: string): number {
  let at = start;
  for (;;) {
    const byte = bytes[at];
    if (byte === undefined || byte < 0x30 || byte > 0x39) break;
    at += 1;
  }
  if (at === start) throw unexpected(bytes, at, expected);
  return at;
}
