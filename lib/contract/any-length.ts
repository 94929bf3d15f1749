/**
 * Functions for lists of any length. `list.push(...more)` and `Math.max(...numbers)` pass every item as an argument,
 * and a list of about 100,000 items overflows the stack.
 */

/** Appends the items of `more` to `list`. */
export function append<T>(list: T[], more: Iterable<T>): void {
  for (const each of more) list.push(each);
}

/** The largest of the numbers, or `least` if every number is smaller or there are no numbers. */
export function largest(numbers: Iterable<number>, least = Number.NEGATIVE_INFINITY): number {
  let found = least;
  for (const each of numbers) found = Math.max(found, each);
  return found;
}

/** The smallest of the numbers, or `Infinity` if there are no numbers. */
export function smallest(numbers: Iterable<number>): number {
  let found = Number.POSITIVE_INFINITY;
  for (const each of numbers) found = Math.min(found, each);
  return found;
}
