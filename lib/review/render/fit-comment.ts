/**
 * Fits a comment into a length limit. The least important parts are omitted, and the comment states how many parts are
 * omitted.
 */
import { defined } from '@leasehold/contract/defined';
import { count } from './plan-text';

/** A part of a comment that is kept or omitted as a whole. */
export interface Part {
  /** Parts with a lower rank are omitted first. */
  readonly rank: number;
  /** Returns the text. Called only if the text may still fit. */
  readonly text: () => string;
  /** The noun that describes the parts in the note about omitted parts. */
  readonly noun: string;
  /**
   * The plural of the noun.
   * @default the noun followed by "s"
   */
  readonly plural?: string;
  /**
   * Number of items in the part, for the note about omitted parts.
   * @default one
   */
  readonly amount?: number;
}

/**
 * Parts below one heading, or below one collapsed summary. A section whose parts are all omitted is omitted as well.
 */
export interface Section {
  readonly before: string;
  readonly parts: readonly Part[];
  readonly after?: string;
  /** Between its parts. @default a blank line */
  readonly glue?: string;
}

/** A collapsed section. The summary must not contain text of a plan. */
export function folded(summary: string, parts: readonly Part[], glue?: string): Section {
  const before = `<details>\n<summary>${summary}</summary>`;
  return { before, parts, after: '</details>', ...defined({ glue }) };
}

/**
 * GitHub permits 65,536 characters in a comment. The difference from this limit is reserved for lines that users add.
 */
export const COMMENT_LIMIT = 65_000;

/** Blank line between blocks. */
const GAP = '\n\n';
/** Number of characters reserved for the note about omitted parts. */
const NOTE = 1_000;

/**
 * Builds the comment: head, sections, foot. Parts are added by rank, highest rank first, until a part does not fit.
 * Parts with the same rank are added in the given order. All later parts are omitted, and a note below the head counts
 * the omitted parts.
 */
export function fitted(head: string, sections: readonly Section[], foot: string, limit: number): string {
  const all = sections.flatMap((section) => section.parts.map((part) => ({ part, section })));
  const ordered = [...all].sort((a, b) => b.part.rank - a.part.rank);
  const kept = new Map<Part, string>();
  const opened = new Set<Section>();
  let length = head.length + foot.length + NOTE + 3 * GAP.length;
  for (const { part, section } of ordered) {
    const frame = opened.has(section) ? 0 : section.before.length + (section.after ?? '').length + 2 * GAP.length;
    const text = part.text();
    length += text.length + GAP.length + frame;
    if (length > limit) break;
    kept.set(part, text);
    opened.add(section);
  }
  const blocks = sections.flatMap(({ before, parts, after, glue }) => {
    const texts = parts.map((part) => kept.get(part)).filter((text) => text !== undefined);
    return texts.length === 0 ? [] : [before, texts.join(glue ?? GAP), ...(after === undefined ? [] : [after])];
  });
  const left = all.filter(({ part }) => !kept.has(part)).map(({ part }) => part);
  return [head, ...(left.length > 0 ? [note(left)] : []), ...blocks, foot].join(GAP);
}

function note(left: readonly Part[]): string {
  const amounts = new Map<string, { amount: number; plural: string | undefined }>();
  for (const { noun, plural, amount = 1 } of left) {
    amounts.set(noun, { amount: (amounts.get(noun)?.amount ?? 0) + amount, plural });
  }
  const list = [...amounts].map(([noun, { amount, plural }]) => count(amount, noun, plural ?? `${noun}s`));
  return `> **Too long for a comment.** Left out, the least important first: ${list.join(', ')}. The whole review is in its JSON and SARIF.`;
}
