/** Breaks lines for a screen of a given width, and marks every continuation line. */
import { clipped, solid } from '@leasehold/contract/text';

/**
 * A text that was written by an agent, or by another program that may obey an attacker.
 * @example
 * const reason: AgentText = { label: 'Reason', text: request.reason };
 * @public
 */
export interface AgentText {
  /** The kind of text, for example `Reason`. */
  readonly label: string;
  readonly text: string;
  /** The author. @default 'agent' */
  readonly by?: string;
}

/** The prefix of every line that an agent wrote; no other line begins with it. */
export const AGENT_MARK = '┃ ';
/** The prefix of a continuation line. */
export const CONTINUED = '↪ ';
/**
 * Columns of the agent's lines where the width of the screen is unknown: few, as in a chat on a phone. A line that the
 * screen itself breaks would continue without its mark.
 */
const UNKNOWN_WIDTH = 44;
/**
 * Maximum characters of one text. A longer one is truncated, and the number of omitted characters is shown. A reason
 * has 1,000 at most.
 */
const LONGEST_TEXT = 4096;
/** Maximum columns of readable text. */
const WIDEST = 100;
/** Minimum columns of text, for the narrowest supported screen. */
const NARROWEST = 8;

/** The texts of an agent, each in its own block below a heading. */
export function agentLines(texts: readonly AgentText[], columns = UNKNOWN_WIDTH): readonly string[] {
  const width = Math.max(NARROWEST, Math.min(columns, WIDEST) - atMost(AGENT_MARK));
  return texts.flatMap(({ label, text, by = 'agent' }) => [
    ...broken(`${label}, in the ${by}'s words:`, Math.max(NARROWEST, columns)),
    ...broken(clipped(text, LONGEST_TEXT), width).map((line) => AGENT_MARK + line),
  ]);
}

/** A line of facts, broken with marked continuation lines. Unbroken where the width of the screen is unknown. */
export function factLines(line: string, columns: number | undefined): readonly string[] {
  if (columns === undefined || atMost(line) <= columns) return [line];
  const indent = ' '.repeat(Math.min(/^ */.exec(line)?.[0].length ?? 0, 4) + 2);
  const width = Math.max(NARROWEST, columns - indent.length - atMost(CONTINUED));
  const [first = '', ...rest] = broken(line, width);
  return [first, ...rest.map((part) => indent + CONTINUED + part)];
}

/** A command as a person would type it into a shell, without terminal control characters. */
export function commandText(command: readonly string[]): string {
  return command
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${solid(word.replace(/['\\]/g, '\\$&'))}'`))
    .join(' ');
}

/**
 * The maximum number of columns that a text can use. Terminals differ in the width of non-ASCII characters, by Unicode
 * version and settings, but none uses more than two columns for a character. A line may be shorter than necessary, and
 * is never too long.
 */
export function atMost(text: string): number {
  let columns = 0;
  for (const char of text) columns += char < '\x7f' || /\p{M}/u.test(char) ? 1 : 2;
  return columns;
}

let graphemes: Intl.Segmenter | undefined;

/** Breaks a text at spaces, and a word that is too long at any character boundary. Never empty. */
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
