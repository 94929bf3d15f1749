/** Lists, for all output formats, the elements of a statement before and after the plan. */
import { many, type Statement } from '@leasehold/policy';

/** One element of a statement. Each operator and key of a condition has a separate row. */
export interface StatementRow {
  /** Name of the element, for example `Action`, or `StringEquals aws:PrincipalOrgID`. */
  readonly element: string;
  /**
   * The value as JSON. If a list has one item, only the item is shown. Undefined if the statement does not have this
   * element on this side.
   */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/**
 * The rows for a statement before and after the plan, in the usual order of statement elements. Elements that are equal
 * on both sides are included.
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
