/** Breaks lines for a screen of a given width, and marks every continuation line. */
import { clipped, solid } from '@leasehold/contract/text';

/**
 * Text written by an agent, or by another program that an attacker may control.
 * @example
 * const reason: AgentText = { label: 'Reason', text: request.reason };
 * @public
 */
export interface AgentText {
  /** What the text is, for example `Reason`. */
  readonly label: string;
  readonly text: string;
  /**
   * The author of the text.
   * @default 'agent'
   */
  readonly by?: string;
}

/** The prefix of every line that an agent wrote. No other line begins with this prefix. */
export const AGENT_MARK = '┃ ';
/** The prefix of a continuation line. */
export const CONTINUED = '↪ ';
/**
 * Width, in columns, of the agent's lines if the width of the screen is unknown. The value is small enough for a chat
 * on a phone: if the screen wrapped a line by itself, the rest of the line would have no mark.
 */
const UNKNOWN_WIDTH = 44;
/**
 * Maximum number of characters in one text. A longer text is truncated, and the number of omitted characters is shown.
 * A reason has at most 1,000 characters.
 */
const LONGEST_TEXT = 4096;
/** Maximum width of readable text in columns. */
const WIDEST = 100;
/** Minimum width of text in columns, for the narrowest supported screen. */
const NARROWEST = 8;

/** The texts of an agent, each in a separate block below a heading. */
export function agentLines(texts: readonly AgentText[], columns = UNKNOWN_WIDTH): readonly string[] {
  const width = Math.max(NARROWEST, Math.min(columns, WIDEST) - atMost(AGENT_MARK));
  return texts.flatMap(({ label, text, by = 'agent' }) => [
    ...broken(`${label}, in the ${by}'s words:`, Math.max(NARROWEST, columns)),
    ...broken(clipped(text, LONGEST_TEXT), width).map((line) => AGENT_MARK + line),
  ]);
}

/**
 * A line of facts that is broken into marked continuation lines. The line is not broken if the width of the screen is
 * unknown.
 */
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
 * The maximum number of columns that a text can use. Terminals differ in the width of non-ASCII characters, depending
 * on Unicode version and settings, but no terminal uses more than two columns for a character. So a line may be shorter
 * than necessary, but is never too long.
 */
export function atMost(text: string): number {
  let columns = 0;
  for (const char of text) columns += char < '\x7f' || /\p{M}/u.test(char) ? 1 : 2;
  return columns;
}

let graphemes: Intl.Segmenter | undefined;

/** Breaks text at spaces. A word that is too long is broken at any character boundary. The result is never empty. */
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
