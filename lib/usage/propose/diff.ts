/** A unified diff of two versions of a file, in a format that `git apply` and `patch` accept. */

import { append } from '@leasehold/contract/any-length';

/** Unchanged lines shown around a change. */
const CONTEXT = 3;

/** The diff; empty if the texts are equal. */
export function unifiedDiff(file: string, before: string, after: string): string {
  if (before === after) return '';
  const [a, b] = [linesOf(before), linesOf(after)];
  const steps = stepsOf(a, b);
  const hunks = hunksOf(steps);
  return [`--- a/${file}`, `+++ b/${file}`, ...hunks].join('\n').concat('\n');
}

interface Step {
  readonly sign: ' ' | '-' | '+';
  readonly line: string;
  /** Number of lines before this step, in each text. */
  readonly a: number;
  readonly b: number;
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') return lines.slice(0, -1);
  return [...lines.slice(0, -1), `${lines.at(-1)}\n\\ No newline at end of file`];
}

/**
 * The edit script from text `a` to text `b`. Identical lines at the start and at the end of both texts are not passed
 * to {@link changedSteps}, because its table needs memory for each pair of lines.
 */
function stepsOf(a: readonly string[], b: readonly string[]): readonly Step[] {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const [tailA, tailB] = [a.length - end, b.length - end];
  const same = (line: string, index: number, from: readonly [number, number]): Step => ({
    sign: ' ',
    line,
    a: from[0] + index,
    b: from[1] + index,
  });
  return [
    ...a.slice(0, start).map((line, index) => same(line, index, [0, 0])),
    ...changedSteps(a.slice(start, tailA), b.slice(start, tailB)).map((step) => ({
      ...step,
      a: step.a + start,
      b: step.b + start,
    })),
    ...a.slice(tailA).map((line, index) => same(line, index, [tailA, tailB])),
  ];
}

/** The shortest edit script from text `a` to text `b`, computed from their longest common subsequence of lines. */
function changedSteps(a: readonly string[], b: readonly string[]): readonly Step[] {
  const rows = a.length + 1;
  const columns = b.length + 1;
  const common = new Uint32Array(rows * columns);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * columns + j] =
        a[i] === b[j]
          ? (common[(i + 1) * columns + j + 1] ?? 0) + 1
          : Math.max(common[(i + 1) * columns + j] ?? 0, common[i * columns + j + 1] ?? 0);
    }
  }
  const steps: Step[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) steps.push({ sign: ' ', line: a[i] ?? '', a: i++, b: j++ });
    else if (
      i < a.length &&
      (j === b.length || (common[(i + 1) * columns + j] ?? 0) >= (common[i * columns + j + 1] ?? 0))
    ) {
      steps.push({ sign: '-', line: a[i] ?? '', a: i++, b: j });
    } else steps.push({ sign: '+', line: b[j] ?? '', a: i, b: j++ });
  }
  return steps;
}

function hunksOf(steps: readonly Step[]): readonly string[] {
  const changed = steps.flatMap(({ sign }, index) => (sign === ' ' ? [] : [index]));
  const hunks: string[] = [];
  for (let at = 0; at < changed.length; ) {
    let end = at;
    while (end + 1 < changed.length && (changed[end + 1] ?? 0) - (changed[end] ?? 0) <= CONTEXT * 2) end += 1;
    const from = Math.max(0, (changed[at] ?? 0) - CONTEXT);
    const part = steps.slice(from, (changed[end] ?? 0) + CONTEXT + 1);
    const [old, fresh] = [part.filter(({ sign }) => sign !== '+'), part.filter(({ sign }) => sign !== '-')];
    const start = (count: number, first: number | undefined) => (count === 0 ? (first ?? 0) : (first ?? 0) + 1);
    append(hunks, [
      `@@ -${start(old.length, part[0]?.a)},${old.length} +${start(fresh.length, part[0]?.b)},${fresh.length} @@`,
      ...part.map(({ sign, line }) => `${sign}${line}`),
    ]);
    at = end + 1;
  }
  return hunks;
}
