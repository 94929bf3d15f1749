/** The difference between two texts, in words. */

/** A part of a text that is in both texts, or in only one of them. */
export interface TextPart {
  readonly kind: 'kept' | 'removed' | 'added';
  readonly text: string;
}

/** Above this number of comparisons, the changed middle is shown as one removal and one addition. */
const MOST_COMPARISONS = 4_000_000;

/**
 * The parts of both texts in order. The kept and removed parts together are the old text, and the kept and added parts
 * together are the new text.
 */
export function differenceOf(before: string, after: string): readonly TextPart[] {
  const [old, made] = [wordsOf(before), wordsOf(after)];
  let start = 0;
  while (start < old.length && start < made.length && old[start] === made[start]) start += 1;
  let end = 0;
  const most = Math.min(old.length, made.length) - start;
  while (end < most && old[old.length - 1 - end] === made[made.length - 1 - end]) end += 1;
  const parts: TextPart[] = [
    ...kept(old.slice(0, start)),
    ...middle(old.slice(start, old.length - end), made.slice(start, made.length - end)),
    ...kept(old.slice(old.length - end)),
  ];
  return joined(parts);
}

/** The words, white space and punctuation of the text. Joined together, they form the text again. */
function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}\p{M}]+|\n|[^\S\n]+|./gsu) ?? [];
}

function kept(words: readonly string[]): readonly TextPart[] {
  return words.map((text) => ({ kind: 'kept', text }));
}

/** A longest common subsequence of the words is kept. */
function middle(old: readonly string[], made: readonly string[]): readonly TextPart[] {
  const removed = (from: number): readonly TextPart[] => old.slice(from).map((text) => ({ kind: 'removed', text }));
  const added = (from: number): readonly TextPart[] => made.slice(from).map((text) => ({ kind: 'added', text }));
  if (old.length * made.length > MOST_COMPARISONS) return [...removed(0), ...added(0)];
  const width = made.length + 1;
  // The length of the longest common subsequence of the texts after each pair of positions.
  const lengths = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = made.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = old[i] === made[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const parts: TextPart[] = [];
  let [i, j] = [0, 0];
  while (i < old.length && j < made.length) {
    const [left = '', right = ''] = [old[i], made[j]];
    if (left === right) {
      parts.push({ kind: 'kept', text: left });
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) {
      parts.push({ kind: 'removed', text: left });
      i += 1;
    } else {
      parts.push({ kind: 'added', text: right });
      j += 1;
    }
  }
  return [...parts, ...removed(i), ...added(j)];
}

/** Neighbours of the same kind become one part. */
function joined(parts: readonly TextPart[]): readonly TextPart[] {
  const all: { kind: TextPart['kind']; text: string }[] = [];
  for (const { kind, text } of parts) {
    const last = all.at(-1);
    if (last?.kind === kind) last.text += text;
    else all.push({ kind, text });
  }
  return all;
}
