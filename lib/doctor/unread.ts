/** The error for data that could not be read. A verification that needs the data reports "not checked", never "ok". */
import { LeaseholdError } from '@leasehold/contract/error';
import type { Observation, Unchecked } from './observation';

export type UnreadCode = 'no-permission' | 'not-installed' | 'throttled' | 'no-answer' | 'refused' | 'unreadable';

/** The error of a failed read. */
export class Unread extends LeaseholdError<UnreadCode> {
  override readonly name = 'Unread';
}

/**
 * Returns a field that AWS always includes in the response.
 * @throws Unread if the field is missing, so that verifications are never based on an incomplete response
 */
export function present<T>(value: T | undefined | null, field: string, action: string): T {
  if (value !== undefined && value !== null) return value;
  throw new Unread({
    code: 'unreadable',
    message: `the answer to ${action} does not contain ${field}`,
    hint: 'Check this item by hand, or update the SDK client.',
  });
}

/** The observation about a failed read. Rethrows every other error, because any other error is a defect. */
export function uncheckedBecause(error: unknown, place: string): Unchecked {
  if (!(error instanceof Unread)) throw error;
  return { kind: 'unchecked', place, why: error.message, hint: error.hint };
}

/**
 * Observes all items in parallel. If data of one item cannot be read, only this item is not checked. The observations
 * are in the order of the items.
 */
export async function observeEach<T>(
  items: readonly T[],
  place: (item: T) => string,
  observe: (item: T) => Promise<readonly Observation[]>,
): Promise<readonly Observation[]> {
  const all = await Promise.all(
    items.map((item) => observe(item).catch((error): readonly Observation[] => [uncheckedBecause(error, place(item))])),
  );
  return all.flat();
}
