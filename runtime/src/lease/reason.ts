/** Checks the reason of a request. It must be a concrete sentence. */

import { hidesSomething } from '@leasehold/contract/text';
import { invalidRequest } from '../errors';

/** Maximum number of characters in a reason. The whole reason is shown to the approver. */
export const LONGEST_REASON = 1000;
/** Minimum number of words in a reason, and minimum number of words that are specific to the task. */
const FEWEST_WORDS = 3;
const FEWEST_SPEAKING = 2;

/** The rules for a reason, for messages and documentation. */
export const REASON_RULES =
  'A reason is one sentence that states the action and its target, for example "Upload release 1.4.2 to the deploy bucket".';

/**
 * Checks a reason and trims it, reducing each run of spaces to one. It must be one line of at least `minimum` and at
 * most {@link LONGEST_REASON} characters, with at least three words. Two different words must be specific: words such
 * as "task", "needed" or "please", and the name of the role, do not count.
 * @throws LeaseError `invalid-request` which states the rule.
 */
export function checkReason(reason: unknown, role: string, minimum: number): string {
  if (typeof reason !== 'string') throw refused('is missing');
  const text = reason
    .normalize('NFC')
    .replace(/\p{Zs}+/gu, ' ')
    .trim();
  if (hidesSomething(text)) throw refused('contains a line break or an invisible character');
  if (text.length > LONGEST_REASON) throw refused(`has ${text.length} characters; the maximum is ${LONGEST_REASON}`);
  if ([...text].length < minimum) throw refused(`is shorter than ${minimum} characters`);
  const words = wordsOf(text);
  if (words.length < FEWEST_WORDS) throw refused(`has fewer than ${FEWEST_WORDS} words`);
  const silent = new Set([...SILENT_WORDS, ...wordsOf(role)]);
  const speaking = new Set(words.filter((word) => !silent.has(word) && !/^(.)\1*$/u.test(word)));
  if (speaking.size < FEWEST_SPEAKING) throw refused('does not state an action and its target');
  return text;
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

function refused(why: string): Error {
  return invalidRequest(`the reason ${why}`, REASON_RULES);
}
