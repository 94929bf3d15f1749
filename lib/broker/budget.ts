/** Budgets of requests and of denials: agents loop, and a loop must not reach a model or a human each time. */
import type { Budget } from '@leasehold/definitions';
import type { Spent } from './ports';

/** Whether there is something left, and when there will be. */
export type BudgetLeft = { readonly ok: true } | { readonly ok: false /** Seconds. */; readonly retryAfter: number };

/**
 * Whether one more can be spent. Counts two fixed windows and weighs the one before by what of it still lies in the last
 * `windowSeconds`, as if it had been spent evenly: one counter a window, however much is spent.
 * @param spent Before this one.
 */
export function budgetLeft({ limit, windowSeconds }: Budget, { current, previous }: Spent, now: number): BudgetLeft {
  const into = now % windowSeconds;
  // In whole numbers: a fraction would make a full budget look over by a rounding.
  if (previous * (windowSeconds - into) <= (limit - current - 1) * windowSeconds) return { ok: true };
  // In this window room comes as the window before slides out of it; else in the next, as this one does.
  const here = current + 1 <= limit ? slidAway(previous, limit - current - 1, windowSeconds) : Infinity;
  const next = windowSeconds + slidAway(current, limit - 1, windowSeconds);
  return { ok: false, retryAfter: Math.max(1, Math.min(here, next) - into) };
}

/**
 * How many may be spent in the current window, those that are spent already included.
 * @param previous What was spent in the window before.
 */
export function mostInWindow({ limit, windowSeconds }: Budget, previous: number, now: number): number {
  return Math.floor((limit * windowSeconds - previous * (windowSeconds - (now % windowSeconds))) / windowSeconds);
}

/** Whole seconds into a window after which no more than `room` of the window before still counts. */
function slidAway(earlier: number, room: number, windowSeconds: number): number {
  return earlier <= room ? 0 : Math.ceil((windowSeconds * (earlier - room)) / earlier);
}
