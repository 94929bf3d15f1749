/** Budgets of requests and denials. Agents loop, and a loop must not reach a model or a human each time. */
import type { Budget } from '@leasehold/definitions';
import type { Spent } from './ports';

/** Whether the budget allows one more, and otherwise when it will. */
export type BudgetLeft = { readonly ok: true } | { readonly ok: false /** Seconds. */; readonly retryAfter: number };

/**
 * Whether one more can be spent. Uses two fixed windows and weights the earlier one by the share of it that is within
 * the last `windowSeconds`, as if it had been spent evenly. This needs one counter per window, however much is spent.
 * @param spent The amounts without this one.
 */
export function budgetLeft({ limit, windowSeconds }: Budget, { current, previous }: Spent, now: number): BudgetLeft {
  const into = now % windowSeconds;
  // Compares whole numbers: with fractions, rounding could make a full budget look exceeded.
  if (previous * (windowSeconds - into) <= (limit - current - 1) * windowSeconds) return { ok: true };
  // Room appears in the current window as the earlier window slides out; otherwise in the next window, as this one
  // does.
  const here = current + 1 <= limit ? slidAway(previous, limit - current - 1, windowSeconds) : Infinity;
  const next = windowSeconds + slidAway(current, limit - 1, windowSeconds);
  return { ok: false, retryAfter: Math.max(1, Math.min(here, next) - into) };
}

/**
 * The maximum total of the current window, including what is already spent.
 * @param previous The amount spent in the window before.
 */
export function mostInWindow({ limit, windowSeconds }: Budget, previous: number, now: number): number {
  return Math.floor((limit * windowSeconds - previous * (windowSeconds - (now % windowSeconds))) / windowSeconds);
}

/** Whole seconds into a window after which at most `room` of the earlier window still counts. */
function slidAway(earlier: number, room: number, windowSeconds: number): number {
  return earlier <= room ? 0 : Math.ceil((windowSeconds * (earlier - room)) / earlier);
}
