/** Budgets of requests and of denials: agents loop, and a loop must not reach a model or a human each time. */

/** At most so many in so many seconds. */
export interface Budget {
  readonly limit: number;
  /** Seconds. */
  readonly window: number;
}

/** Whether there is something left, and when there will be. */
export type BudgetLeft = { readonly ok: true } | { readonly ok: false /** Seconds. */; readonly retryAfter: number };

/**
 * What is left of a budget.
 * @param spent When it was spent before, in seconds since 1970, in any order; what lies outside the window is not counted.
 */
export function budgetLeft({ limit, window }: Budget, spent: readonly number[], now: number): BudgetLeft {
  const counted = spent.filter((at) => at > now - window).sort((a, b) => a - b);
  if (counted.length < limit) return { ok: true };
  // When the one goes out of the window that leaves room for one more.
  const leaving = counted[counted.length - limit] ?? now;
  return { ok: false, retryAfter: Math.max(1, leaving + window - now) };
}
