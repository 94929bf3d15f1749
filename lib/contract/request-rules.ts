/**
 * The rules for the input of a requester: the reason, the values of parameters, and tokens. The runtime and the console
 * apply these rules before anybody is asked. This file has no dependencies.
 */
import { hidesSomething, PARAMETER_VALUE, TAG_PUNCTUATION } from './text';

/** The characters and the maximum length of a JWT in compact form: https://www.rfc-editor.org/rfc/rfc7519 */
export const COMPACT_JWT = /^(?=.{1,8192}$)[\w-]+\.[\w-]+\.[\w-]+$/;

/** Maximum number of characters in a reason. The whole reason is shown to the approver. */
export const LONGEST_REASON = 1000;
/** The longest time within which people can approve a request and collect its lease, in seconds. */
export const LONGEST_WINDOW = 24 * 3600;
/** Minimum number of characters in a reason that the broker accepts. */
export const SHORTEST_REASON = 10;
/** Minimum number of words in a reason, and minimum number of words that are specific to the task. */
const FEWEST_WORDS = 3;
const FEWEST_SPEAKING = 2;

/** The rules for a reason, for messages and documentation. */
export const REASON_RULES =
  'A reason is one sentence that states the action and its target, for example "Upload release 1.4.2 to the deploy bucket".';

/**
 * A value that a requester wrote, or the error in the value, worded as the rest of a sentence that begins with the name
 * of the value.
 */
export type Written = { readonly value: string } | { readonly fault: string };

/**
 * Checks a reason and trims it, reducing each run of spaces to one. It must be one line of at least `minimum` and at
 * most {@link LONGEST_REASON} characters, with at least three words. Two different words must be specific: words such
 * as "task", "needed" or "please", and the name of the role, do not count.
 */
export function writtenReason(reason: string, role: string, minimum: number): Written {
  const value = reason
    .normalize('NFC')
    .replace(/\p{Zs}+/gu, ' ')
    .trim();
  if (hidesSomething(value)) return { fault: 'contains a line break or an invisible character' };
  if (value.length > LONGEST_REASON) {
    return { fault: `has ${value.length} characters; the maximum is ${LONGEST_REASON}` };
  }
  if ([...value].length < minimum) return { fault: `is shorter than ${minimum} characters` };
  const words = wordsOf(value);
  if (words.length < FEWEST_WORDS) return { fault: `has fewer than ${FEWEST_WORDS} words` };
  const silent = new Set([...SILENT_WORDS, ...wordsOf(role)]);
  const speaking = new Set(words.filter((word) => !silent.has(word) && !/^(.)\1*$/u.test(word)));
  if (speaking.size < FEWEST_SPEAKING) return { fault: 'does not state an action and its target' };
  return { value };
}

/** The rule for the values of one parameter. */
export interface ParameterRule {
  /** A regular expression that must match the whole value. */
  readonly pattern?: string | undefined;
  /** The only permitted values. */
  readonly values?: readonly string[] | undefined;
}

/**
 * The reason why a parameter's value is not accepted. `unchecked`: the parameter has no rule that this code can apply.
 */
export type ParameterFault = 'characters' | 'not-listed' | 'no-match' | 'unchecked';

/**
 * Whether a parameter's value is accepted; if not, the reason why. The value becomes a session tag, which IAM trusts.
 */
export function parameterFault({ pattern, values }: ParameterRule, value: string): ParameterFault | undefined {
  if (!PARAMETER_VALUE.test(value)) return 'characters';
  if (values !== undefined) return values.includes(value) ? undefined : 'not-listed';
  const whole = pattern === undefined ? undefined : wholeMatch(pattern);
  if (whole === undefined) return 'unchecked';
  return whole.test(value) ? undefined : 'no-match';
}

/** The characters that a parameter's value may contain, in words. */
export const PARAMETER_CHARACTERS = `1 to 256 ASCII letters, digits, spaces and ${TAG_PUNCTUATION}`;

/**
 * The regular expression that a whole value must match. Undefined if the expression cannot be read; in this case, no
 * value is accepted.
 */
function wholeMatch(pattern: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u');
  } catch {
    return undefined;
  }
}

/** Words that are not specific to a task. */
const SILENT_WORDS: readonly string[] = (
  'a an and any are as asked asks aws because by can could credentials do does doing for from get give go good grant has ' +
  'have help i in is it its job just lease me misc must my n na need needed needs no none now of on or our perform ' +
  'permission permissions please reason reasons request requested required requires role run should so some something ' +
  'stuff task tasks test tests testing that the their them then thing things this to todo use used user using various ' +
  'want wants was we will with work working would yes you your access agent ai assistant'
).split(' ');

let segmenter: Intl.Segmenter | undefined;

/** The words of a string in lower case. Also works for languages that do not separate words by spaces. */
function wordsOf(text: string): readonly string[] {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' });
  return [...segmenter.segment(text)]
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment }) => segment.toLowerCase());
}
