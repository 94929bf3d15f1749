/** Prepares text of a plan for display: on one line, without hidden characters, and of limited length. */
import { onOneLine, visibleJson } from '@leasehold/contract/text';
import type { Place } from '../model';

/** {@link onOneLine}, truncated to a number of characters. A note counts the omitted characters. */
export function clippedLine(text: string, most: number): string {
  const whole = onOneLine(text);
  if (whole.length <= most) return whole;
  const kept = [...whole.slice(0, most)];
  // Half of a surrogate pair is not a character.
  if (/^\p{Cs}$/u.test(kept.at(-1) ?? '')) kept.pop();
  const text_ = kept.join('').trimEnd();
  return `${text_}… (${count(whole.length - text_.length, 'more character')})`;
}

/** The address of a place. If the place is the whole plan, words that say so. */
export function addressOf({ address }: Place): string {
  return address === '' ? 'the whole plan' : address;
}

/** A count with its noun, for example `1 role` and `4 roles`. */
export function count(amount: number, noun: string, plural = `${noun}s`): string {
  return `${amount} ${amount === 1 ? noun : plural}`;
}

/** JSON text in which hidden characters are escaped, so that they cannot mislead a terminal or a reader. */
export function shownJson(value: unknown): string {
  return `${visibleJson(JSON.stringify(value, undefined, 2))}\n`;
}
