/** A file's text, with the conversion of offsets to lines and columns. */
import type { SourceRange } from './finding';

/** The text of one definition file. Lines end at `\n`; a `\r` before the `\n` is not part of the line. */
export class Source {
  private starts: readonly number[] | undefined;

  /**
   * @param file the file name that is shown in findings
   * @param text the whole text, without a byte order mark
   */
  constructor(
    readonly file: string,
    readonly text: string,
  ) {}

  /** The range between two offsets, both limited to the text. */
  range(start: number, end: number): SourceRange {
    const from = Math.min(Math.max(start, 0), this.text.length);
    const to = Math.min(Math.max(end, from), this.text.length);
    const [line, column] = this.position(from);
    const [endLine, endColumn] = this.position(to);
    return { file: this.file, line, column, endLine, endColumn, text: this.line(line) };
  }

  private position(offset: number): [line: number, column: number] {
    const starts = this.lineStarts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return [low + 1, offset - (starts[low] ?? 0) + 1];
  }

  private line(line: number): string {
    const starts = this.lineStarts();
    const next = starts[line];
    const text = this.text.slice(starts[line - 1], next === undefined ? undefined : next - 1);
    return text.endsWith('\r') ? text.slice(0, -1) : text;
  }

  /** Computed only when the first finding needs it, because most files have no findings. */
  private lineStarts(): readonly number[] {
    if (this.starts === undefined) {
      const starts = [0];
      for (let at = this.text.indexOf('\n'); at >= 0; at = this.text.indexOf('\n', at + 1)) starts.push(at + 1);
      this.starts = starts;
    }
    return this.starts;
  }
}

/** The source position for a file that could not be read: the start of the file. */
export function unreadPlace(file: string): SourceRange {
  return { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
}
