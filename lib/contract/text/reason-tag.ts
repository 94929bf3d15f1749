/** Converts a reason to the value of a session tag. */
import { isTagCharacter, LONGEST_TAG_VALUE } from './alphabet';

/**
 * The part of a reason that a session tag can contain: every other character becomes `_`, and a reason over 256
 * characters is truncated and ends with `...`.
 */
export function reasonTag(reason: string): string {
  const allowed = [...reason].map((char) => (isTagCharacter(char) ? char : '_'));
  if (allowed.join('').length <= LONGEST_TAG_VALUE) return allowed.join('');
  let cut = '';
  for (const char of allowed) {
    if (cut.length + char.length > LONGEST_TAG_VALUE - CUT.length) break;
    cut += char;
  }
  return `${cut.trimEnd()}${CUT}`;
}

const CUT = '...';
