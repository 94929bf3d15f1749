/** Converts the text of a plan to UTF-8 bytes. Rejects input if its first bytes show that the input is not a plan. */
import { isUtf8 } from 'node:buffer';
import { PlanError } from './error';

/** A hint on how to get the JSON of a plan. */
export const SHOW = 'Run `terraform show -json <plan>` on a plan that `terraform plan -out=<plan>` wrote.';

/**
 * UTF-8 without a byte order mark. UTF-16 with a byte order mark, which PowerShell writes, is converted. Throws
 * {@link PlanError} for empty text, a binary plan, and bytes that are not text.
 */
export function bytesOf(text: string | Uint8Array): Uint8Array {
  const raw = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
  const bytes = unmarked(raw);
  if (bytes.every(isSpace)) throw new PlanError({ code: 'empty', message: 'there is nothing to read', hint: SHOW });
  if (isBinaryPlan(bytes)) {
    throw new PlanError({
      code: 'binary-plan',
      message: 'this is a binary plan, and its JSON was expected',
      hint: SHOW,
    });
  }
  if (!isUtf8(bytes)) {
    const offset = firstBadByte(bytes);
    throw new PlanError({ code: 'invalid-text', message: 'this is no UTF-8 text', hint: SHOW, offset });
  }
  return bytes;
}

/** Whether these are the first bytes of a zip file, the format of a binary plan. */
export function isBinaryPlan(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04;
}

function unmarked(bytes: Uint8Array): Uint8Array {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes.subarray(3);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return utf16(bytes, 'utf-16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return utf16(bytes, 'utf-16be');
  return bytes;
}

function utf16(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): Uint8Array {
  try {
    return Buffer.from(new TextDecoder(encoding, { fatal: true }).decode(bytes), 'utf8');
  } catch (cause) {
    throw new PlanError({ code: 'invalid-text', message: 'this is no UTF-16 text', hint: SHOW }, { cause });
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/**
 * Invalid bytes are decoded to U+FFFD. If the text is then encoded again, the result differs from the input at the
 * first invalid byte.
 */
function firstBadByte(bytes: Uint8Array): number {
  const again = Buffer.from(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'), 'utf8');
  const offset = bytes.findIndex((byte, index) => again[index] !== byte);
  return offset < 0 ? bytes.length : offset;
}
