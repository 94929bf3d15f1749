/** Lines on a screen of so many columns, of which every one that goes on with another is marked as such. */
import { clipped, solid } from '@leasehold/contract/text';

/**
 * A text that an agent wrote, or another program that may obey an attacker.
 * @example
 * const reason: AgentText = { label: 'Reason', text: request.reason };
 * @public
 */
export interface AgentText {
  /** What it is, for example `Reason`. */
  readonly label: string;
  readonly text: string;
  /** Whose words they are. @default 'agent' */
  readonly by?: string;
}

/** What every line that an agent wrote begins with; no line of Leasehold's does. */
export const AGENT_MARK = '┃ ';
/** What a line begins with that goes on with the one before. */
export const CONTINUED = '↪ ';
/**
 * Columns of the agent's lines where nobody knows how wide the screen is: of a chat on a phone, they are few. A line that
 * the screen breaks once more would go on without its mark.
 */
const UNKNOWN_WIDTH = 44;
/** Characters of one text; a longer one is cut, and the cut is counted. A reason has 1,000 at most. */
const LONGEST_TEXT = 4096;
/** Text that is read most easily is no wider. */
const WIDEST = 100;
/** Columns of text on the narrowest screen that is thought of. */
const NARROWEST = 8;

/** What an agent wrote, each text in a block of its own below a heading. */
export function agentLines(texts: readonly AgentText[], columns = UNKNOWN_WIDTH): readonly string[] {
  const width = Math.max(NARROWEST, Math.min(columns, WIDEST) - atMost(AGENT_MARK));
  return texts.flatMap(({ label, text, by = 'agent' }) => [
    ...broken(`${label}, in the ${by}'s words:`, Math.max(NARROWEST, columns)),
    ...broken(clipped(text, LONGEST_TEXT), width).map((line) => AGENT_MARK + line),
  ]);
}

/** A line of Leasehold's, broken under itself. Unbroken where nobody knows how wide the screen is. */
export function factLines(line: string, columns: number | undefined): readonly string[] {
  if (columns === undefined || atMost(line) <= columns) return [line];
  const indent = ' '.repeat(Math.min(/^ */.exec(line)?.[0].length ?? 0, 4) + 2);
  const width = Math.max(NARROWEST, columns - indent.length - atMost(CONTINUED));
  const [first = '', ...rest] = broken(line, width);
  return [first, ...rest.map((part) => indent + CONTINUED + part)];
}

/** A command as a person would type it into a shell, without anything that a terminal would obey. */
export function commandText(command: readonly string[]): string {
  return command
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${solid(word.replace(/['\\]/g, '\\$&'))}'`))
    .join(' ');
}

/**
 * Columns that a text takes at most. Terminals differ in how wide they draw what is not ASCII, by their version of Unicode
 * and by their settings; none draws a character wider than two columns. A line may be shorter than it could be, and is
 * never longer.
 */
export function atMost(text: string): number {
  let columns = 0;
  for (const char of text) columns += char < '\x7f' || /\p{M}/u.test(char) ? 1 : 2;
  return columns;
}

let graphemes: Intl.Segmenter | undefined;

/** Breaks a text at spaces, and a word that is longer than a line anywhere but inside a character. Never empty. */
function broken(text: string, columns: number): readonly string[] {
  graphemes ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  const lines: string[] = [];
  let line = '';
  let width = 0;
  const end = () => {
    lines.push(line);
    line = '';
    width = 0;
  };
  for (const [index, word] of text.split(' ').entries()) {
    const needed = atMost(word);
    if (index > 0 && line.trim() !== '' && width + 1 + needed > columns) end();
    else if (index > 0) {
      line += ' ';
      width += 1;
    }
    for (const { segment } of graphemes.segment(word)) {
      const more = atMost(segment);
      if (width > 0 && width + more > columns) end();
      line += segment;
      width += more;
    }
  }
  end();
  return lines;
}
