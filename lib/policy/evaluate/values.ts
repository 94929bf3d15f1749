/**
 * Parses the numbers, times, addresses and bytes of condition values. Each function returns `undefined` for an invalid
 * string.
 */

/**
 * A decimal number. A number with more than 15 significant digits is not parsed: a double cannot represent it exactly,
 * so two different numbers could compare as equal.
 */
import { append } from '@leasehold/contract/any-length';
export function readNumber(text: string): number | undefined {
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(text)) return undefined;
  const digits = text.replace(/[^\d]/g, '').replace(/^0+/, '');
  return digits.length > 15 ? undefined : Number(text);
}

/**
 * A time, in milliseconds since 1970. The text is in a W3C profile of ISO 8601 (`2026`, `2026-11`, `2026-11-19`,
 * `2026-11-19T08:30Z`, `…T08:30:00Z`, `…T08:30:00.5+09:00`) or in seconds since 1970. Four digits are a year.
 * Sources:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date,
 * https://www.w3.org/TR/NOTE-datetime
 */
export function readMoment(text: string): number | undefined {
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction = '0', zone = 'Z'] =
    MOMENT.exec(text) ?? [];
  if (year === undefined) {
    const seconds = text.length === 4 ? undefined : readNumber(text);
    return seconds === undefined ? undefined : seconds * 1000;
  }
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const offset = zone === 'Z' ? 0 : readOffset(zone);
  const exists = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  if (!exists || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59 || offset === undefined)
    return undefined;
  const clock = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  return date.getTime() + clock * 1000 + Number(`0.${fraction}`) * 1000 - offset * 60_000;
}

const MOMENT = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d))?)?)?$/;

function readOffset(zone: string): number | undefined {
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

/** `true` or `false`, in any case. */
export function readBoolean(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  return lower === 'true' ? true : lower === 'false' ? false : undefined;
}

/** Base64 (RFC 4648, with padding), normalized so that equal bytes have equal encodings. */
export function readBytes(text: string): string | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  return Buffer.from(text, 'base64').toString('base64');
}

/** An address, or a range of addresses. */
export interface Range {
  /** 2 words of 16 bits for IPv4, 8 for IPv6. */
  readonly words: readonly number[];
  /** The number of leading bits that are compared. */
  readonly bits: number;
  /** Whether the text contained a prefix length. */
  readonly explicit: boolean;
}

/** Parses an IPv4 or IPv6 address or CIDR range. Bits after the prefix are ignored and may be set. */
export function readRange(text: string): Range | undefined {
  const [address = '', prefix, ...rest] = text.split('/');
  if (rest.length > 0) return undefined;
  const words = address.includes(':') ? readIpv6(address) : readIpv4(address);
  if (words === undefined) return undefined;
  const width = words.length * 16;
  if (prefix === undefined) return { words, bits: width, explicit: false };
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > width) return undefined;
  return { words, bits: Number(prefix), explicit: true };
}

/** Whether the address is in the range. An IPv4 address is never in an IPv6 range, not even in its IPv4-mapped form. */
export function inRange(address: Range, words: readonly number[], bits: number): boolean {
  if (address.words.length !== words.length) return false;
  for (let index = 0, left = bits; left > 0; index++, left -= 16) {
    const mask = left >= 16 ? 0xffff : (0xffff << (16 - left)) & 0xffff;
    if (((address.words[index] ?? 0) & mask) !== ((words[index] ?? 0) & mask)) return false;
  }
  return true;
}

/** Parses dotted decimal. A number with a leading zero is rejected, because some parsers interpret it as octal. */
function readIpv4(text: string): number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
    return undefined;
  }
  const [a = 0, b = 0, c = 0, d = 0] = parts.map(Number);
  return [a * 256 + b, c * 256 + d];
}

function readIpv6(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, index) => readWords(half, index === halves.length - 1));
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  if (tail === undefined) return head.length === 8 ? head : undefined;
  const gap = 8 - head.length - tail.length;
  return gap < 1 ? undefined : [...head, ...Array<number>(gap).fill(0), ...tail];
}

/** Parses the words between colons. The last part may be an IPv4 address. */
function readWords(text: string, last: boolean): number[] | undefined {
  if (text === '') return [];
  const words: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) words.push(Number.parseInt(part, 16));
    else {
      const mapped = last && index === parts.length - 1 ? readIpv4(part) : undefined;
      if (mapped === undefined) return undefined;
      append(words, mapped);
    }
  }
  return words;
}
