/** Text of a plan as people see it: on one line, nothing hidden in it, never longer than there is room for. */
import type { Place } from '../model';

/**
 * The text on one line with everything that a reader would not see, or that would change how the rest is seen, written
 * out as `\u{202e}`: control and formatting characters, bidirectional ones among them, line separators, fillers,
 * variation selectors, spaces that are not the plain one, halves of characters, and combining marks that stand alone or
 * pile up.
 */
export function shown(text: string): string {
  return text.replace(/[ \t\r\n]*[\t\r\n][ \t\r\n]*/g, ' ').replace(HIDDEN, (run) => [...run].map(escaped).join(''));
}

/** {@link shown}, cut where it is longer than so many characters; what is cut is counted. */
export function clipped(text: string, most: number): string {
  const whole = shown(text);
  if (whole.length <= most) return whole;
  const kept = [...whole.slice(0, most)];
  // Half of a pair of surrogates is no character.
  if (/^\p{Cs}$/u.test(kept.at(-1) ?? '')) kept.pop();
  const text_ = kept.join('').trimEnd();
  return `${text_}… (${count(whole.length - text_.length, 'more character')})`;
}

/** The address of a place, in words where it is the plan as a whole. */
export function addressOf({ address }: Place): string {
  return address === '' ? 'the whole plan' : address;
}

/** A count with its noun, for example `1 role` and `4 roles`. */
export function count(amount: number, noun: string, plural = `${noun}s`): string {
  return `${amount} ${amount === 1 ? noun : plural}`;
}

/** JSON text in which such characters are escaped, so that neither a terminal nor a reader is misled by it. */
export function shownJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2).replace(HIDDEN_IN_JSON, units)}\n`;
}

// Default_Ignorable_Code_Point: https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
const UNSEEN = String.raw`\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{DI}\u{2800}`;
const HIDDEN = new RegExp(String.raw`[${UNSEEN}]|(?! )\p{Zs}|(?<![\p{L}\p{N}\p{M}])\p{M}+|(?<=\p{M}{3})\p{M}+`, 'gu');
const HIDDEN_IN_JSON = new RegExp(String.raw`(?!\n)[${UNSEEN}]`, 'gu');

function escaped(char: string): string {
  return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}

function units(char: string): string {
  return Array.from({ length: char.length }, (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join(
    '',
  );
}
