/** Replaces parts of a text. */
import { REMOVED } from '../secrets';

/** Where a value begins and ends in a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Returns the text with every non-empty span replaced. Spans may overlap. */
export function withoutSpans(text: string, spans: readonly Span[]): string {
  const parts: string[] = [];
  let kept = 0;
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    if (end <= Math.max(kept, start)) continue;
    if (start >= kept) parts.push(text.slice(kept, start), REMOVED);
    kept = end;
  }
  return `${parts.join('')}${text.slice(kept)}`;
}
