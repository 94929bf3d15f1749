/**
 * Budgets for requests and denials. An agent may call the broker in a loop. Budgets limit how many of these calls reach
 * a model or a person.
 */
import type { Budget } from '@leasehold/definitions';
import type { Spent } from './ports';

/** Whether the budget allows one more request or denial. If not, the number of seconds until it does. */
export type BudgetLeft = { readonly ok: true } | { readonly ok: false /** Seconds. */; readonly retryAfter: number };

/**
 * Whether the budget has room for one more request or denial. Uses two fixed windows. The earlier window is weighted by
 * its share within the last `windowSeconds`, as if its amount had been spent evenly. This needs only one counter per
 * window, regardless of the amount.
 * @param spent The amounts before this request or denial.
 */
export function budgetLeft({ limit, windowSeconds }: Budget, { current, previous }: Spent, now: number): BudgetLeft {
  const into = now % windowSeconds;
  // Compares whole numbers. With fractions, rounding could make a full budget look exceeded.
  if (previous * (windowSeconds - into) <= (limit - current - 1) * windowSeconds) return { ok: true };
  // The budget has room again in the current window when enough of the earlier window is no longer counted. Otherwise
  // it has room in the next window.
  const here = current + 1 <= limit ? slidAway(previous, limit - current - 1, windowSeconds) : Infinity;
  const next = windowSeconds + slidAway(current, limit - 1, windowSeconds);
  return { ok: false, retryAfter: Math.max(1, Math.min(here, next) - into) };
}

/** How much of a budget is used, rounded up. The earlier window counts by its share, as in {@link budgetLeft}. */
export function budgetUsed({ windowSeconds }: Budget, { current, previous }: Spent, now: number): number {
  return current + Math.ceil((previous * (windowSeconds - (now % windowSeconds))) / windowSeconds);
}

/**
 * The maximum total in the current window, including the amount already spent.
 * @param previous The amount spent in the window before.
 */
export function mostInWindow({ limit, windowSeconds }: Budget, previous: number, now: number): number {
  return Math.floor((limit * windowSeconds - previous * (windowSeconds - (now % windowSeconds))) / windowSeconds);
}

/** The number of whole seconds into a window after which at most `room` of the earlier window's amount still counts. */
function slidAway(earlier: number, room: number, windowSeconds: number): number {
  return earlier <= room ? 0 : Math.ceil((windowSeconds * (earlier - room)) / earlier);
}
