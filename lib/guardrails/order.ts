/** Merges the findings of several environments into one list, in file order and without duplicates. */
import type { Finding } from '@leasehold/definitions';

/** A finding in one environment, before equal findings are merged. */
export interface Found<T> {
  readonly environment: string;
  readonly finding: Omit<Finding, 'environment'>;
  /** Additional data for the finding, such as its waiver. */
  readonly with: T;
}

/** One finding, with the names of the environments in which it occurs. */
export interface Merged<T> {
  readonly finding: Finding;
  readonly with: T;
}

/**
 * Merges findings that differ only in the environment and in quoted values of the environment. The merged finding lists
 * its environments, in the order of the project, unless it occurs in all environments.
 */
export function merge<T>(
  found: readonly Found<T>[],
  environments: readonly string[],
  same: (with_: T) => string = () => '',
): readonly Merged<T>[] {
  const groups = new Map<string, { readonly first: Found<T>; readonly names: Set<string> }>();
  const counted = new Map<string, number>();
  for (const each of found) {
    const { id, severity, message, at } = each.finding;
    // A quoted value may contain the account or a variable, and so differ between environments for the same error.
    const kind = [id, severity, unquoted(message), at.file, at.line, at.column, same(each.with)].join('\u0000');
    const nth = counted.get(`${each.environment}\u0000${kind}`) ?? 0;
    counted.set(`${each.environment}\u0000${kind}`, nth + 1);
    const key = `${kind}\u0000${nth}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: each, names: new Set([each.environment]) });
    else group.names.add(each.environment);
  }
  return [...groups.values()]
    .map(({ first, names }) => ({
      finding: environments.every((name) => names.has(name))
        ? first.finding
        : { ...first.finding, environment: environments.filter((name) => names.has(name)).join(', ') },
      with: first.with,
    }))
    .sort((a, b) => inFileOrder(a.finding, b.finding));
}

/** A message without the text in backticks. */
function unquoted(message: string): string {
  return message.replace(/`[^`]*`/g, '``');
}

/** Compares findings by file, line and column, and at the same place by id and message. */
export function inFileOrder(a: Finding, b: Finding): number {
  return (
    compare(a.at.file, b.at.file) ||
    a.at.line - b.at.line ||
    a.at.column - b.at.column ||
    compare(a.id, b.id) ||
    compare(a.message, b.message) ||
    compare(a.environment ?? '', b.environment ?? '')
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
