/** Text of a plan for people: on one line, without hidden characters, and of limited length. */
import { onOneLine, visibleJson } from '@leasehold/contract/text';
import type { Place } from '../model';

/** {@link onOneLine}, truncated to a number of characters; the rest is counted. */
export function clippedLine(text: string, most: number): string {
  const whole = onOneLine(text);
  if (whole.length <= most) return whole;
  const kept = [...whole.slice(0, most)];
  // Half of a surrogate pair is not a character.
  if (/^\p{Cs}$/u.test(kept.at(-1) ?? '')) kept.pop();
  const text_ = kept.join('').trimEnd();
  return `${text_}… (${count(whole.length - text_.length, 'more character')})`;
}

/** The address of a place; words if it is the whole plan. */
export function addressOf({ address }: Place): string {
  return address === '' ? 'the whole plan' : address;
}

/** A count with its noun, for example `1 role` and `4 roles`. */
export function count(amount: number, noun: string, plural = `${noun}s`): string {
  return `${amount} ${amount === 1 ? noun : plural}`;
}

/** JSON text in which hidden characters are escaped, so that neither a terminal nor a reader is misled by it. */
export function shownJson(value: unknown): string {
  return `${visibleJson(JSON.stringify(value, undefined, 2))}\n`;
}
