/**
 * Shortens a response to a size limit, starting with long lists and long texts. Pagination tokens are never shortened.
 */

/** What was shortened. */
export interface Trimmed {
  /** For example `output.Contents`. */
  readonly at: string;
  /** Number of elements or characters that are kept. */
  readonly kept: number;
  readonly of: number;
}

/** Names of pagination members. */
const PAGINATION = /(?:token|marker|cursor|lastevaluatedkey|istruncated|hasmore|nextsharditerator|startkey)/i;

/**
 * For each attempt, the number of elements that are kept in a list, and the number of characters that are kept in a
 * string.
 */
const STEPS: readonly (readonly [elements: number, characters: number])[] = [
  [1000, 16_384],
  [200, 8192],
  [100, 4096],
  [50, 2048],
  [20, 1024],
  [10, 512],
  [5, 256],
  [2, 128],
  [1, 64],
  [0, 32],
];

/** Shortens a value to about `limit` characters as JSON. Top-level pagination members are never shortened. */
export function trimmed(
  output: Readonly<Record<string, unknown>>,
  limit: number,
): { readonly output: Readonly<Record<string, unknown>>; readonly trimmed: readonly Trimmed[] } {
  if (JSON.stringify(output).length <= limit) return { output, trimmed: [] };
  for (const [elements, characters] of STEPS) {
    const cuts: Trimmed[] = [];
    const shorter = topLevel(output, elements, characters, cuts);
    if (JSON.stringify(shorter).length <= limit) return { output: shorter, trimmed: cuts.slice(0, MOST_CUTS) };
  }
  const isKept = ([name, value]: [string, unknown]) =>
    PAGINATION.test(name) && !Array.isArray(value) && (JSON.stringify(value) ?? '').length <= limit / 2;
  const kept = Object.fromEntries(Object.entries(output).filter(isKept));
  const names = Object.keys(output).filter((name) => !Object.hasOwn(kept, name));
  return { output: kept, trimmed: names.map((name) => ({ at: `output.${name}`, kept: 0, of: 1 })).slice(0, MOST_CUTS) };
}

/** Maximum number of shortened values that are reported. */
const MOST_CUTS = 20;

function topLevel(
  output: Readonly<Record<string, unknown>>,
  elements: number,
  characters: number,
  cuts: Trimmed[],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(output).map(([name, value]) => [
      name,
      PAGINATION.test(name) && !Array.isArray(value) ? value : cut(value, `output.${name}`, elements, characters, cuts),
    ]),
  );
}

function cut(value: unknown, at: string, elements: number, characters: number, cuts: Trimmed[]): unknown {
  if (typeof value === 'string') {
    if (value.length <= characters) return value;
    cuts.push({ at, kept: characters, of: value.length });
    return `${value.slice(0, characters)}…`;
  }
  if (Array.isArray(value)) {
    if (value.length > elements) cuts.push({ at, kept: elements, of: value.length });
    return value.slice(0, elements).map((each, index) => cut(each, `${at}[${index}]`, elements, characters, cuts));
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const most = Math.max(elements, FEWEST_MEMBERS);
  if (entries.length > most) cuts.push({ at, kept: most, of: entries.length });
  return Object.fromEntries(
    entries.slice(0, most).map(([key, each]) => [key, cut(each, `${at}.${key}`, elements, characters, cuts)]),
  );
}

/** Minimum number of structure members that are kept. */
const FEWEST_MEMBERS = 40;
