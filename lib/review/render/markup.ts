/**
 * Text of a plan as Markdown that can only be text: it starts and ends no structure, creates no link and mentions
 * nobody.
 *
 * Two forms are enough. A word of letters, or a number, is written as it is. Everything else is code: a code span where
 * its characters allow it, else the HTML element with every character as an entity. Both are left alone by what GitHub
 * and GitLab do to text besides Markdown: mentions, references to issues and commits, bare addresses, emoji,
 * mathematics, commands at the beginning of a line.
 *
 * Sources: https://github.github.com/gfm/, https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references,
 * https://docs.gitlab.com/user/project/quick_actions/, https://github.com/gjtorikian/html-pipeline (mentions are not
 * looked for in code)
 */

import { onOneLine } from '@leasehold/contract/text';
import { clippedLine } from './plan-text';

/** A value as code. */
export function code(value: string): string {
  return within(400, [300, 120, 50], (most) => codeOf(clippedLine(value, most)));
}

/** A function that writes a sentence as Markdown. */
export type Say = (sentence: string) => string;

/**
 * Writes sentences: plain words stay as they are; text in backticks, every other word, and every value that is known to
 * come from the plan become code. So a value of several plain words cannot look like a sentence of this review.
 *
 * @param values of the plan that sentences may repeat, such as names and addresses
 */
export function speaker(values: Iterable<string>): Say {
  const all = new Set([...values].map(onOneLine));
  const wordy = [...all].filter((value) => /[ `]/.test(value.trim())).sort((a, b) => b.length - a.length);
  return (sentence) => {
    const parts = partsOf(onOneLine(sentence), wordy);
    return within(1_500, [900, 400, 150], (most) => marked(cut(parts, most), all)) || '–';
  };
}

/**
 * A Markdown table. The cells must be Markdown already: the output of {@link code} and {@link Say} never contains an
 * unescaped `|`.
 */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Shortens a text until its Markdown fits. Escaping may turn a single character into an entity of eight characters. */
function within(length: number, cuts: readonly number[], render: (most: number) => string): string {
  let text = '';
  for (const most of cuts) {
    text = render(most);
    if (text.length <= length) break;
  }
  return text;
}

/** A part of a sentence: either a value of the plan, or other text. */
interface Part {
  readonly isValue: boolean;
  readonly text: string;
}

/**
 * Splits a sentence at the given values (longest first, including the backticks around a value), then at other text in
 * backticks.
 */
function partsOf(sentence: string, values: readonly string[]): readonly Part[] {
  let parts: readonly Part[] = [{ isValue: false, text: sentence }];
  for (const value of values.filter((each) => sentence.includes(each))) {
    parts = parts.flatMap((part) => (part.isValue ? [part] : splitAt(value, part.text)));
  }
  return parts.flatMap(({ isValue, text }) =>
    isValue
      ? [{ isValue, text }]
      : text
          .split(/(`[^`]+`)/)
          .map((piece, index) =>
            index % 2 === 1 ? { isValue: true, text: piece.slice(1, -1) } : { isValue: false, text: piece },
          ),
  );
}

function splitAt(value: string, text: string): readonly Part[] {
  const around = text.split(value);
  return around.flatMap((piece, index) => {
    const [before = '', after = ''] = [around[index - 1], around[index + 1]];
    const begin = index > 0 && before.endsWith('`') && piece.startsWith('`') ? 1 : 0;
    const end = index < around.length - 1 && piece.endsWith('`') && after.startsWith('`') ? 1 : 0;
    const words = { isValue: false, text: piece.slice(begin, Math.max(piece.length - end, begin)) };
    return index < around.length - 1 ? [words, { isValue: true, text: value }] : [words];
  });
}

/** The parts, truncated to a maximum number of characters in total. */
function cut(parts: readonly Part[], most: number): readonly Part[] {
  let left = most;
  return parts.flatMap((part) => {
    if (left <= 0) return [];
    const text = clippedLine(part.text, left);
    left -= part.text.length;
    return [{ ...part, text }];
  });
}

function marked(parts: readonly Part[], values: ReadonlySet<string>): string {
  return (
    parts
      .map(({ isValue, text }) => (isValue ? codeOf(text) : words(text, values)))
      .filter((part) => part !== '')
      // Two adjacent code spans without a space between them would become one span.
      .reduce((text, part) => (/`$/.test(text) && part.startsWith('`') ? `${text} ${part}` : text + part), '')
      .trim()
  );
}

/** Letters that cannot be an abbreviated commit hash, and short numbers, with common punctuation around them. */
const PLAIN = /^(["'“‘(]*)((?![0-9a-f]{7,}\b)\p{L}[\p{L}\p{M}]*(?:['’-]\p{L}[\p{L}\p{M}]*)*|\d{1,6})(["'”’),;:?.…]*)$/u;
/** Minimum length of a name. A shorter name cannot be distinguished from the words around it. */
const SHORTEST_NAME = 3;
/** Characters that are permitted alone, as entities if Markdown could interpret them. */
const SIGNS: ReadonlyMap<string, string> = new Map([
  ['–', '–'],
  ['—', '—'],
  ['→', '→'],
  ['…', '…'],
  ['∩', '∩'],
  ['-', '&#x2d;'],
]);
/** Characters that may follow a word in code format, outside of the code. */
const TRAIL = /[,;:.?)]+$/;
/** Characters that may precede a word in code format, outside of the code. */
const LEAD = /^[("“]+/;
const PUNCTUATION = /^[,;:.?)]+$/;

function words(text: string, values: ReadonlySet<string>): string {
  const done: string[] = [];
  let pending: string[] = [];
  const flush = (trail = '', lead = '') => {
    if (pending.length > 0) done.push(lead + codeOf(pending.join(' ')) + trail);
    pending = [];
  };
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const plain = SIGNS.get(word) ?? (PUNCTUATION.test(word) ? word : plainWord(word, values));
    // Words on both sides of an operator belong together: `aws:MultiFactorAuthPresent = true`.
    if (plain !== undefined && pending.at(-1) !== '=') {
      flush();
      done.push(plain);
      continue;
    }
    const trail = TRAIL.exec(word)?.[0] ?? '';
    const lead = LEAD.exec(word)?.[0] ?? '';
    const stem = word.slice(lead.length, word.length - trail.length);
    if (lead !== '') flush();
    pending.push(stem === '' ? word : stem);
    if (stem !== '' && (lead !== '' || trail !== '')) flush(trail, lead);
  }
  flush();
  if (done.length === 0) return text === '' ? '' : ' ';
  return (text.startsWith(' ') ? ' ' : '') + done.join(' ') + (text.endsWith(' ') ? ' ' : '');
}

function plainWord(word: string, values: ReadonlySet<string>): string | undefined {
  const [, before = '', stem, after = ''] = PLAIN.exec(word) ?? [];
  if (stem === undefined || (stem.length >= SHORTEST_NAME && values.has(stem))) return undefined;
  // A number followed by a point or a bracket would begin a list.
  const point = /^\d/.test(stem) && /^[.)]/.test(after) ? '\\' : '';
  return before + stem + point + after;
}

/**
 * Characters that must not appear in a code span. They would end the span, end a table cell, or trigger a program that
 * scans comments without parsing Markdown.
 */
const NOT_IN_SPAN = /[`|@#<\n]|^ | $|^$/;

function codeOf(text: string): string {
  if (!NOT_IN_SPAN.test(text)) return `\`${text}\``;
  return `<code>${text.replace(/[^\p{L}\p{N} /,=()-]/gu, entity) || '&#x20;'}</code>`;
}

function entity(char: string): string {
  // An e-mail address is linked even if its `@` is an entity: an element in the middle splits it into two texts.
  return `&#x${(char.codePointAt(0) ?? 0).toString(16)};${char === '@' ? '<wbr>' : ''}`;
}
