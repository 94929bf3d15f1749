/** Converts numbers, times and addresses into points on a line, in the same way as `evaluate`. */
import { readMoment, readNumber, readRange } from '../evaluate/values';
import type { RangeTheory } from './literal';
import { between, holds, intersection, numberIn, type Ranges, union, wholeIn } from './ranges';

/** The point for a string; `undefined` if the theory cannot parse the string. */
export function pointOf(theory: RangeTheory, text: string): number | bigint | undefined {
  switch (theory) {
    case 'number':
      return readNumber(text);
    case 'date':
      return readMoment(text);
    case 'address': {
      const range = readRange(text);
      return range === undefined || range.explicit ? undefined : toPoint(range.words);
    }
  }
}

/**
 * A string whose point is in the set; `undefined` if no such string was found, which does not prove that none exists.
 */
export function textOf(theory: RangeTheory, set: Ranges): string | undefined {
  const text = writePoint(theory, set);
  const point = text === undefined ? undefined : pointOf(theory, text);
  if (point !== undefined && holds(set, point)) return text;
  return set.unreadable ? 'unreadable' : undefined;
}

/** All points of the theory, and the texts that cannot be parsed as points. */
export function universe(theory: RangeTheory): Ranges {
  return theory === 'address' ? ADDRESSES : { below: true, cuts: [], unreadable: true };
}

/** The addresses of a CIDR range; `undefined` if the text is not a range. */
export function addressRange(text: string): Ranges | undefined {
  const range = readRange(text);
  return range === undefined ? undefined : blockOf(range.words, range.bits);
}

/** The block around an IPv6 address without a prefix length. AWS does not document the size of such a block. */
export function doubtfulRange(text: string): Ranges | undefined {
  const range = readRange(text);
  return range === undefined || range.explicit || range.words.length === 2 ? undefined : blockOf(range.words, 32);
}

/**
 * Start of the IPv6 addresses. The gap after the IPv4 addresses ensures that an IPv4 block and an IPv6 block are never
 * adjacent.
 */
const VERSION_6 = 1n << 40n;
const ADDRESSES: Ranges = {
  ...union([
    between({ at: 0n, after: false }, { at: 1n << 32n, after: false }),
    between({ at: VERSION_6, after: false }, { at: VERSION_6 + (1n << 128n), after: false }),
  ]),
  unreadable: true,
};

function toPoint(words: readonly number[]): bigint {
  const point = words.reduce((sum, word) => (sum << 16n) + BigInt(word), 0n);
  return words.length === 2 ? point : VERSION_6 + point;
}

function blockOf(words: readonly number[], bits: number): Ranges {
  const free = BigInt(words.length * 16 - bits);
  const offset = words.length === 2 ? 0n : VERSION_6;
  const start = (((toPoint(words) - offset) >> free) << free) + offset;
  return between({ at: start, after: false }, { at: start + (1n << free), after: false });
}

function writePoint(theory: RangeTheory, set: Ranges): string | undefined {
  if (theory === 'address') {
    const preferred = DOCUMENTATION_ADDRESSES.find((text) => {
      const point = pointOf('address', text);
      return point !== undefined && holds(set, point);
    });
    const point = wholeIn(intersection(set, ADDRESSES));
    return preferred ?? (point === undefined ? undefined : writeAddress(point));
  }
  const point = numberIn(set);
  if (point === undefined) return undefined;
  if (theory === 'number') return String(point);
  const moment = new Date(point);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}

/**
 * Documentation addresses of RFC 5737 and RFC 3849. These addresses are not assigned, so an example never contains the
 * address of a real host.
 */
const DOCUMENTATION_ADDRESSES = ['198.51.100.1', '192.0.2.1', '2001:db8::1'];

function writeAddress(point: bigint): string {
  const words = (value: bigint, count: number, width: bigint) =>
    Array.from({ length: count }, (_, index) => (value >> (width * BigInt(count - 1 - index))) & ((1n << width) - 1n));
  return point < VERSION_6
    ? words(point, 4, 8n).join('.')
    : words(point - VERSION_6, 8, 16n)
        .map((word) => word.toString(16))
        .join(':');
}
