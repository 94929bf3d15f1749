/**
 * Renders aligned tables that are never truncated. Wide cells are wrapped. If the table is still too wide, each row is
 * shown as a record.
 */
import { largest } from '@leasehold/contract/any-length';
import stringWidth from 'string-width';
import type { Hue, Paint } from '../colour';
import { pad, wrap } from './text';

export interface Column {
  readonly title: string;
  /**
   * Numbers are aligned right.
   * @default 'left'
   */
  readonly align?: 'left' | 'right';
  /**
   * Whether the column is kept at its full width where possible, as is useful for names.
   * @default false
   */
  readonly keep?: boolean;
  /**
   * Returns the color of a cell.
   * @default none
   */
  readonly hue?: (cell: string) => Hue | undefined;
}

export interface TableOptions {
  readonly paint: Paint;
  /** Width of the terminal in columns. If it is undefined, each row is one line of any length. */
  readonly columns?: number | undefined;
}

/** The table as text with a final line break. Empty if there are no rows. Each cell must be plain text on one line. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { paint, columns: available = Number.POSITIVE_INFINITY }: TableOptions,
): string {
  if (rows.length === 0) return '';
  const widths = columnWidths(columns, rows, available);
  const lines = widths ? grid(columns, rows, widths, paint) : records(columns, rows, available, paint);
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** Spaces between two columns. */
const GAP = 2;
/** Minimum width of a column, unless its title is wider. */
const NARROWEST = 10;
/** A column with `keep` is never narrowed to less than this width. */
const KEPT = 32;

/** The widths of the columns. `undefined` if the table does not fit. The widest column is narrowed first. */
function columnWidths(columns: readonly Column[], rows: readonly (readonly string[])[], available: number) {
  const widths = columns.map(({ title }, index) =>
    largest(
      rows.map((row) => stringWidth(row[index] ?? '')),
      stringWidth(title),
    ),
  );
  const floors = columns.map(({ title, keep }, index) =>
    Math.max(stringWidth(title), Math.min(widths[index] ?? 0, keep ? KEPT : NARROWEST)),
  );
  const gaps = GAP * (columns.length - 1);
  let excess = sum(widths) + gaps - available;
  if (sum(floors) + gaps > available) return undefined;
  while (excess > 0) {
    const slack = widths.map((width, index) => (width > (floors[index] ?? 0) ? width : 0));
    const widest = slack.indexOf(largest(slack));
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess--;
  }
  return widths;
}

function grid(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  widths: readonly number[],
  paint: Paint,
): readonly string[] {
  const gap = ' '.repeat(GAP);
  const lay = (text: string, index: number) => {
    const width = widths[index] ?? 0;
    if (columns[index]?.align !== 'right') return pad(text, width);
    return ' '.repeat(Math.max(0, width - stringWidth(text))) + text;
  };
  const lines = [
    columns.map(({ title }, index) => lay(paint('bold', title), index)).join(gap),
    columns.map((_, index) => paint('dim', '─'.repeat(widths[index] ?? 0))).join(gap),
  ];
  for (const row of rows) {
    const cells = columns.map((_, index) => wrap(row[index] ?? '', widths[index] ?? 0));
    const height = largest(cells.map((cell) => cell.length));
    for (let line = 0; line < height; line++) {
      lines.push(
        cells.map((cell, index) => lay(tint(columns[index], row[index], cell[line] ?? '', paint), index)).join(gap),
      );
    }
  }
  return lines;
}

function records(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  available: number,
  paint: Paint,
): readonly string[] {
  const [heading, ...others] = columns;
  const label = largest(others.map(({ title }) => stringWidth(title))) + GAP;
  return rows.flatMap((row, number) => [
    ...(number > 0 ? [''] : []),
    ...wrap(row[0] ?? '', available).map((line) => tint(heading, row[0], line, paint)),
    ...others.flatMap((column, index) =>
      wrap(row[index + 1] ?? '', Math.max(NARROWEST, available - label - GAP)).map(
        (line, part) =>
          ' '.repeat(GAP) +
          paint('dim', pad(part === 0 ? column.title : '', label)) +
          tint(column, row[index + 1], line, paint),
      ),
    ),
  ]);
}

function tint(column: Column | undefined, cell: string | undefined, text: string, paint: Paint): string {
  const hue = column?.hue?.(cell ?? '');
  return hue ? paint(hue, text) : text;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
