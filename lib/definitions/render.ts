/**
 * Findings as text for a terminal. Control characters in the source are escaped, so that they cannot move the cursor.
 */
import { styleText } from 'node:util';
import { escapeHidden } from '@leasehold/contract/text';
import stringWidth from 'string-width';
import type { Finding, Severity, SourceRange } from './finding';

/** How findings are shown. */
export interface RenderOptions {
  /** Whether to use ANSI colours: only on a terminal, and not if `NO_COLOR` is set. */
  readonly color: boolean;
}

/** Options for rendering an error that has several positions, or one of many errors. */
export interface FaultOptions {
  /** Lines about further positions with the same error. */
  readonly also?: readonly string[];
  /** Whether to omit the source lines and the page. */
  readonly brief?: boolean;
}

/** Maximum number of source columns shown. If a line is longer, only the part around the finding is shown. */
const WIDTH = 100;
/** Maximum number of characters of a message that are shown. */
const MAX_TEXT = 2000;

/**
 * One finding: location, severity and message, the source line with carets under the range, the expected value, how to
 * fix the error, and the command that prints the page about the error. Without a final line break.
 */
export function renderFinding(
  finding: Finding,
  { color }: RenderOptions,
  { also = [], brief = false }: FaultOptions = {},
): string {
  const paint = (style: Style, text: string) => (color ? styleText(style, text, { validateStream: false }) : text);
  const { at, severity, message, environment, expected, hint, page } = finding;
  const place = `${safe(at.file)}:${at.line}:${at.column}`;
  const where = environment === undefined ? '' : ` (in ${safe(environment)})`;
  const lines = [
    `${paint('bold', place)} ${paint(COLORS[severity], severity)} ${safe(message)}${where} ${paint('dim', `[${safe(finding.id)}]`)}`,
    ...(brief ? [] : sourceLines(at)).map(([gutter, text, isCaret]) => {
      return `${paint('dim', `${gutter} |`)} ${isCaret ? paint(COLORS[severity], text) : text}`.trimEnd();
    }),
  ];
  for (const [index, text] of also.entries()) {
    lines.push(`  ${paint('dim', index === 0 ? 'also:    ' : '         ')} ${safe(text)}`);
  }
  if (expected !== undefined) lines.push(`  ${paint('dim', 'expected:')} ${safe(expected)}`);
  lines.push(`  ${paint('dim', 'hint:')}     ${safe(hint)}`);
  if (page !== undefined && !brief)
    lines.push(`  ${paint('dim', 'see:')}      npx leasehold explain-rule ${safe(finding.id)}`);
  return lines.join('\n');
}

type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'cyan';

const COLORS: Readonly<Record<Severity, Style>> = { error: 'red', warning: 'yellow', note: 'cyan' };

/** Text of limited length that can safely be printed on a terminal. */
function safe(text: string): string {
  const cut = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return escapeHidden(cut);
}

type SourceLine = readonly [gutter: string, text: string, isCaret: boolean];

/** The source line and the carets below it; nothing if the file could not be read. */
function sourceLines(at: SourceRange): readonly SourceLine[] {
  if (at.text === undefined) return [];
  const from = Math.min(at.column - 1, at.text.length);
  const to = at.endLine === at.line ? Math.min(at.endColumn - 1, at.text.length) : at.text.length;
  const window = cut(at.text, from, to);
  const number = String(at.line);
  return [
    [`  ${number}`, window.text, false],
    [`  ${' '.repeat(number.length)}`, `${' '.repeat(window.before)}${'^'.repeat(Math.max(window.marked, 1))}`, true],
  ];
}

/** The part of a line around a range, with the number of columns before the range and inside the range. */
function cut(line: string, from: number, to: number): { text: string; before: number; marked: number } {
  // A short line is shown completely; in a longer one the range begins a third into the window.
  const start = line.length <= WIDTH ? 0 : Math.max(0, Math.min(from - Math.floor(WIDTH / 3), line.length - WIDTH));
  const end = Math.min(line.length, start + WIDTH);
  const head = start > 0 ? '…' : '';
  const tail = end < line.length ? '…' : '';
  const before = head + safe(line.slice(start, from));
  const marked = safe(line.slice(from, Math.min(to, end)));
  const after = safe(line.slice(Math.min(Math.max(to, from), end), end));
  return { text: `${before}${marked}${after}${tail}`, before: stringWidth(before), marked: stringWidth(marked) };
}
