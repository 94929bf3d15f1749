/** Text rules that several packages share: what a session tag may contain. No dependency, so that it loads at once. */

/** Characters of a session tag's value: https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html */
const LONGEST_TAG = 256;

/**
 * The part of a reason that a session tag can contain: every other character becomes `_`, and what is beyond 256
 * characters is cut, with `...` in its place.
 */
export function reasonTag(reason: string): string {
  const allowed = [...reason].map((char) => (TAG_CHARACTER.test(char) ? char : '_'));
  if (allowed.join('').length <= LONGEST_TAG) return allowed.join('');
  let cut = '';
  for (const char of allowed) {
    if (cut.length + char.length > LONGEST_TAG - CUT.length) break;
    cut += char;
  }
  return `${cut.trimEnd()}${CUT}`;
}

const TAG_CHARACTER = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]$/u;
const CUT = '...';
