/** A statement before and after, element by element, for every format. */
import { many, type Statement } from '@leasehold/policy';

/** One element of a statement; a condition is one row an operator and key. */
export interface StatementRow {
  /** For example `Action`, or `StringEquals aws:PrincipalOrgID`. */
  readonly element: string;
  /** As JSON, with a list of one item as the item; undefined if the side has none. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/**
 * The rows of a pair, in the order in which statements are written, including those that are the same on both sides.
 */
export function statementRows(before: Statement | undefined, after: Statement | undefined): readonly StatementRow[] {
  const [earlier, later] = [cellsOf(before), cellsOf(after)];
  return [...new Set([...earlier.keys(), ...later.keys()])]
    .map((element) => ({ element, before: earlier.get(element), after: later.get(element) }))
    .sort((one, other) => rankOf(one.element) - rankOf(other.element));
}

const ORDER = ['Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource'];

function rankOf(element: string): number {
  const index = ORDER.indexOf(element);
  return index < 0 ? ORDER.length : index;
}

function cellsOf(statement: Statement | undefined): ReadonlyMap<string, string> {
  const { Sid: _, Condition = {}, ...elements } = statement ?? {};
  const cells = new Map(Object.entries(elements).map(([element, value]) => [element, inShort(value)] as const));
  for (const [operator, keys] of Object.entries(Condition)) {
    for (const [key, values] of Object.entries(keys)) cells.set(`${operator} ${key}`, inShort(values));
  }
  return cells;
}

function inShort(value: unknown): string {
  const values = Array.isArray(value) ? many(value as readonly unknown[]) : [value];
  const [only] = values;
  if (values.length === 1) return typeof only === 'string' ? only : JSON.stringify(only);
  return values.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join(', ');
}
