/**
 * Decides which networks identify a caller. A block wider than /8 (IPv6: /32) does not identify a caller. Many blocks
 * that together cover more than one such block do not either. Private blocks are not part of the Internet and do not
 * count. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html ("The
 * meaning of public")
 */
import { inRange, type Range, readRange } from '@leasehold/policy';

/**
 * The address blocks that identify a caller, as written. Empty if the blocks together cover more addresses than the
 * widest block that still identifies a caller.
 */
export function boundedNetworks(written: readonly string[]): readonly string[] {
  const blocks = [...new Set(written)].flatMap((text) => {
    const range = readRange(text);
    return range === undefined || range.bits < leastBits(range) ? [] : [{ text, range }];
  });
  const families = [2, 8].map((words) => blocks.filter(({ range }) => range.words.length === words));
  return families.flatMap((family) =>
    share(family.map(({ range }) => range)) > 1 ? [] : family.map(({ text }) => text),
  );
}

/** The shortest prefix length at which a block identifies a caller. IPv4 addresses may be written in IPv6 form. */
function leastBits(range: Range): number {
  if (range.words.length === 2) return 8;
  const mapped = MAPPED.some((block) => lies(range, block) || lies(block, range));
  return mapped ? 96 + 8 : 32;
}

/**
 * The number of addresses that the public blocks cover, as a multiple of the size of the largest permitted block.
 * Nested blocks are counted once.
 */
function share(ranges: readonly Range[]): number {
  const apart = ranges.filter(
    (range, index) =>
      !PRIVATE.some((block) => lies(range, block)) &&
      !ranges.some((other, place) => place !== index && lies(range, other) && (!lies(other, range) || place < index)),
  );
  return apart.reduce((sum, range) => sum + 2 ** (leastBits(range) - range.bits), 0);
}

function lies(range: Range, within: Range): boolean {
  return range.bits >= within.bits && inRange(range, within.words, within.bits);
}

/** IPv4-mapped IPv6 addresses. Source: RFC 4291, section 2.5.5.2. */
const MAPPED: readonly Range[] = ['::ffff:0:0/96'].flatMap((text) => readRange(text) ?? []);

/** RFC 1918, RFC 6598, RFC 4193. */
const PRIVATE: readonly Range[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  'fc00::/7',
].flatMap((text) => readRange(text) ?? []);
