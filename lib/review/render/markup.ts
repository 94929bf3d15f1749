/**
 * Text of a plan as Markdown that can only be text: it opens no structure, closes none, links nothing and mentions nobody.
 *
 * Two forms are enough. A word of letters, or a number, is written as it is. Everything else is code: a code span where
 * its characters allow it, else the HTML element with every character as an entity. Both are left alone by what GitHub and
 * GitLab do to text besides Markdown: mentions, references to issues and commits, bare addresses, emoji, mathematics,
 * commands at the beginning of a line.
 *
 * Sources: https://github.github.com/gfm/, https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references,
 * https://docs.gitlab.com/user/project/quick_actions/,
 * https://github.com/gjtorikian/html-pipeline (mentions are not looked for in code)
 */
import { clipped } from './shown';

/** A value as code. */
export function code(value: string): string {
  return within(400, [300, 120, 50], (most) => codeOf(clipped(value, most)));
}

/** A sentence: its plain words as they are, what stands in backticks and every other word as code. */
export function prose(sentence: string): string {
  return within(1_500, [900, 400, 150], (most) => marked(clipped(sentence, most))) || '–';
}

/** A Markdown table. The cells must be Markdown already: {@link code} and {@link prose} leave no bare bar in them. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Cut shorter and shorter until its Markdown is no longer than that: an entity takes eight characters for one. */
function within(length: number, cuts: readonly number[], render: (most: number) => string): string {
  let text = '';
  for (const most of cuts) {
    text = render(most);
    if (text.length <= length) break;
  }
  return text;
}

function marked(sentence: string): string {
  return (
    sentence
      .split(/(`[^`]+`)/)
      .map((part, index) => (index % 2 === 1 ? codeOf(part.slice(1, -1)) : words(part)))
      .filter((part) => part !== '')
      // Two spans that touch would be one.
      .reduce((text, part) => (/`$/.test(text) && part.startsWith('`') ? `${text} ${part}` : text + part), '')
      .trim()
  );
}

/** Letters that are no abbreviated commit, and short numbers; between what commonly stands around a word. */
const PLAIN = /^(["'“‘(]*)((?![0-9a-f]{7,}\b)\p{L}[\p{L}\p{M}]*(?:['’-]\p{L}[\p{L}\p{M}]*)*|\d{1,6})(["'”’),;:?.…]*)$/u;
/** Signs that may stand alone, as entities where Markdown could read them. */
const SIGNS: ReadonlyMap<string, string> = new Map([
  ['–', '–'],
  ['—', '—'],
  ['→', '→'],
  ['…', '…'],
  ['∩', '∩'],
  ['-', '&#x2d;'],
]);
/** What may follow a word that is code, outside of the code. */
const TRAIL = /[,;:.?)]+$/;
const PUNCTUATION = /^[,;:.?)]+$/;

function words(text: string): string {
  const done: string[] = [];
  let pending: string[] = [];
  const flush = (trail = '') => {
    if (pending.length > 0) done.push(codeOf(pending.join(' ')) + trail);
    pending = [];
  };
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const plain = SIGNS.get(word) ?? (PUNCTUATION.test(word) ? word : plainWord(word));
    if (plain !== undefined) {
      flush();
      done.push(plain);
      continue;
    }
    const trail = TRAIL.exec(word)?.[0] ?? '';
    const stem = word.slice(0, word.length - trail.length);
    pending.push(stem === '' ? word : stem);
    if (stem !== '' && trail !== '') flush(trail);
  }
  flush();
  if (done.length === 0) return text === '' ? '' : ' ';
  return (text.startsWith(' ') ? ' ' : '') + done.join(' ') + (text.endsWith(' ') ? ' ' : '');
}

function plainWord(word: string): string | undefined {
  const [, before = '', stem, after = ''] = PLAIN.exec(word) ?? [];
  if (stem === undefined) return undefined;
  // A number with a point or a bracket begins a list.
  const point = /^\d/.test(stem) && /^[.)]/.test(after) ? '\\' : '';
  return before + stem + point + after;
}

/** In a code span these would end it, end a table's cell, or be seen by what reads comments without reading Markdown. */
const NOT_IN_SPAN = /[`|@#<\n]|^ | $|^$/;

function codeOf(text: string): string {
  if (!NOT_IN_SPAN.test(text)) return `\`${text}\``;
  return `<code>${text.replace(/[^\p{L}\p{N} /,=()-]/gu, entity) || '&#x20;'}</code>`;
}

function entity(char: string): string {
  // An address of mail is linked even where its sign is an entity: an element in its middle makes it two texts.
  return `&#x${(char.codePointAt(0) ?? 0).toString(16)};${char === '@' ? '<wbr>' : ''}`;
}
