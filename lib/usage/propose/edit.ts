/**
 * Edits lists in a YAML text. Comments, quotes, layout and all other content are not changed. To verify each change,
 * the result is parsed again.
 */
import { append } from '@leasehold/contract/any-length';
import { isMap, isScalar, isSeq, type Node, type Pair, parseAllDocuments, visit, type YAMLSeq } from 'yaml';

/** A change of the list item that begins at a given offset in the text. */
export interface ItemChange {
  readonly offset: number;
  /** The scalars that replace the item; empty to remove the item. */
  readonly by: readonly string[];
}

/** A text cannot be changed in this way. */
export class NotEditable extends Error {
  override readonly name = 'NotEditable';
}

/** The offset of a line and column in a text. Lines and columns are counted from 1. */
export function offsetOf(text: string, { line, column }: { readonly line: number; readonly column: number }): number {
  let start = 0;
  for (let each = 1; each < line; each++) {
    const end = text.indexOf('\n', start);
    if (end < 0) throw new NotEditable('the file is shorter than when it was read');
    start = end + 1;
  }
  return start + column - 1;
}

/**
 * Returns the text with the list items changed. A list that becomes empty is removed together with its parent: the
 * `allow` statement, or a key such as `sensitive`.
 * @throws {NotEditable} if an item is not in a list, is an alias, or the result would differ elsewhere
 */
export function changeItems(text: string, changes: readonly ItemChange[]): string {
  const items = itemsOf(text);
  const cuts: Cut[] = [];
  const byList = new Map<YAMLSeq, Map<number, readonly string[]>>();
  for (const { offset, by } of changes) {
    const found = items.get(offset);
    if (found === undefined) throw new NotEditable('a value is not an item of a list');
    const ofList = byList.get(found.list) ?? new Map<number, readonly string[]>();
    ofList.set(found.index, by);
    byList.set(found.list, ofList);
  }
  for (const [list, changed] of byList) {
    const kept = list.items.filter((_, index) => (changed.get(index) ?? ['']).length > 0);
    if (kept.length === 0) throw new NotEditable('a list would become empty');
    append(cuts, list.flow === true ? flowCuts(text, list, changed) : blockCuts(text, list, changed));
  }
  const result = applied(text, cuts);
  verify(text, result, byList);
  return result;
}

/** Returns the text with the scalar at an offset replaced. */
export function changeScalar(text: string, offset: number, value: string): string {
  for (const document of parseAllDocuments(text, OPTIONS)) {
    let found: readonly [number, number] | undefined;
    visit(document, {
      Scalar: (_, node) => {
        if (node.range?.[0] === offset) found = [node.range[0], node.range[1]];
      },
    });
    if (found) return applied(text, [{ from: found[0], to: found[1], by: value }]);
  }
  throw new NotEditable('a value is not a scalar');
}

/**
 * Removes one item from the list under a key, and returns the new text. If the list has no other item, the key is
 * removed as well.
 * @throws {NotEditable} if the item is not in a list under that key
 */
export function removeItem(text: string, offset: number, name: string): string {
  for (const document of parseAllDocuments(text, OPTIONS)) {
    let found: Pair<Node, YAMLSeq<Node>> | undefined;
    visit(document, {
      Pair: (_, pair) => {
        if (!isScalar(pair.key) || pair.key.value !== name || !isSeq<Node>(pair.value)) return;
        if (pair.value.items.some(({ range }) => range?.[0] === offset)) found = pair as Pair<Node, YAMLSeq<Node>>;
      },
    });
    if (found === undefined) continue;
    if ((found.value?.items.length ?? 0) > 1) return changeItems(text, [{ offset, by: [] }]);
    return applied(text, [wholePair(text, found)]);
  }
  throw new NotEditable(`a value is not an item of ${name}`);
}

function wholePair(text: string, { key, value }: Pair<Node, Node>): Cut {
  const [start] = rangeOf(key);
  const from = lineStart(text, start);
  if (value === null || text.slice(from, start).trim() !== '') {
    throw new NotEditable('a key does not begin on a line of its own');
  }
  return { from: commentAbove(text, from, start - from), to: lineEnd(text, contentEnd(text, value)), by: '' };
}

const OPTIONS = { version: '1.2', merge: false, uniqueKeys: false } as const;

interface Cut {
  readonly from: number;
  readonly to: number;
  readonly by: string;
}

interface Item {
  readonly list: YAMLSeq;
  readonly index: number;
}

/** All items of all lists, by the start offset of the item's value. */
function itemsOf(text: string): ReadonlyMap<number, Item> {
  const items = new Map<number, Item>();
  for (const document of parseAllDocuments(text, OPTIONS)) {
    visit(document, {
      Seq: (_, list) => {
        list.items.forEach((item, index) => {
          const start = (item as Node | null)?.range?.[0];
          if (start !== undefined && (isScalar(item) || isMap(item))) items.set(start, { list, index });
        });
      },
    });
  }
  return items;
}

type Changed = ReadonlyMap<number, readonly string[]>;

function flowCuts(text: string, list: YAMLSeq, changed: Changed): readonly Cut[] {
  const ranges = list.items.map((item) => rangeOf(item));
  const cuts: Cut[] = [];
  let last = -1;
  ranges.forEach(([start, end], index) => {
    const by = changed.get(index);
    if (by !== undefined && by.length === 0) return;
    // Removes everything between the last kept item and the current item, except one separator.
    const before = ranges[last];
    if (last < index - 1) {
      const next = ranges[last + 1];
      if (before === undefined && next !== undefined) cuts.push({ from: next[0], to: start, by: '' });
      else if (before !== undefined) {
        const previous = ranges[index - 1];
        if (previous !== undefined) cuts.push({ from: before[1], to: previous[1], by: '' });
      }
    }
    if (by !== undefined) cuts.push({ from: start, to: end, by: by.map(scalar).join(', ') });
    last = index;
  });
  const [before, final] = [ranges[last], ranges.at(-1)];
  if (last < ranges.length - 1 && before !== undefined && final !== undefined) {
    cuts.push({ from: before[1], to: final[1], by: '' });
  }
  for (const { from, to, by } of cuts) {
    if (by === '' && text.slice(from, to).includes('#'))
      throw new NotEditable('a comment is within a list in brackets');
  }
  return cuts;
}

function blockCuts(text: string, list: YAMLSeq, changed: Changed): readonly Cut[] {
  return [...changed].map(([index, by]) => {
    const item = list.items[index] as Node;
    const [start, end] = rangeOf(item);
    const from = lineStart(text, start);
    const lead = text.slice(from, start);
    if (!/^\s*-\s+$/.test(lead)) throw new NotEditable('an item does not begin on a line of its own');
    if (by.length > 0) {
      const dash = lead.replace(/\S\s*$/, '- ');
      return { from: start, to: end, by: by.map(scalar).join(`\n${dash}`) };
    }
    const whole = isMap(item) ? commentAbove(text, from, lead.indexOf('-')) : from;
    return { from: whole, to: lineEnd(text, contentEnd(text, item)), by: '' };
  });
}

/**
 * The start of the comment directly above a statement or a key. The comment describes that statement or key, so both
 * are removed together.
 */
function commentAbove(text: string, from: number, indent: number): number {
  let start = from;
  while (start > 0) {
    const line = lineStart(text, start - 1);
    const content = text.slice(line, start);
    if (!new RegExp(`^ {${indent}}#`).test(content)) break;
    start = line;
  }
  return start;
}

function rangeOf(item: unknown): readonly [number, number] {
  const range = (item as Node | null)?.range;
  if (!range) throw new NotEditable('an item has no place');
  return [range[0], range[1]];
}

/** The end offset of a node's text, excluding the line breaks and comments that follow the node. */
function contentEnd(text: string, node: Node): number {
  let end = node.range?.[0] ?? 0;
  visit(node, {
    Scalar: (_, each) => {
      end = Math.max(end, each.range?.[1] ?? 0);
    },
    Seq: (_, each) => {
      if (each.flow) end = Math.max(end, each.range?.[1] ?? 0);
    },
    Map: (_, each) => {
      if (each.flow) end = Math.max(end, each.range?.[1] ?? 0);
    },
  });
  while (end > 0 && /\s/.test(text[end - 1] ?? '')) end -= 1;
  return end;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The start of the next line. */
function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}

function scalar(value: string): string {
  return /^[a-z0-9-]+:[A-Za-z0-9]+$/.test(value) ? value : JSON.stringify(value);
}

function applied(text: string, cuts: readonly Cut[]): string {
  let result = text;
  for (const { from, to, by } of [...cuts].sort((a, b) => b.from - a.from)) {
    result = result.slice(0, from) + by + result.slice(to);
  }
  return result;
}

/** Parses both texts and checks that they are equal except for the changed items. */
function verify(before: string, after: string, byList: ReadonlyMap<YAMLSeq, Changed>): void {
  const starts = new Map([...byList].map(([list, changed]) => [list.range?.[0] ?? -1, changed]));
  const expected = parseAllDocuments(before, OPTIONS).map((document) => {
    visit(document, {
      Seq: (_, list) => {
        const changed = starts.get(list.range?.[0] ?? -2);
        if (changed === undefined) return;
        list.items = list.items.flatMap((item, index) => {
          const by = changed.get(index);
          return by === undefined ? [item] : by.map((value) => document.createNode(value));
        });
      },
    });
    return document.toJS() as unknown;
  });
  const found = parseAllDocuments(after, OPTIONS);
  const same =
    found.every(({ errors }) => errors.length === 0) &&
    JSON.stringify(found.map((document) => document.toJS() as unknown)) === JSON.stringify(expected);
  if (!same) throw new NotEditable('the change would alter something else');
}
