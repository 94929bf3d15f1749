/** What a benchmark is. `bench/run.ts` runs every `bench/*.bench.ts`, in the order of their names. */

/**
 * A module `bench/<name>.bench.ts` exports one of these as `benchmark`:
 *
 * ```ts
 * export const benchmark: Benchmark = { title: 'Evaluate', run: async () => [{ name: 'prepared', value: 4e5, unit: '1/s', atLeast: 3e5 }] };
 * ```
 *
 * It measures in its own process or in child processes, whichever it speaks of, and prints nothing.
 */
export interface Benchmark {
  readonly title: string;
  /** Takes the measurements; a rejection fails the whole run. */
  run(): Promise<readonly Measurement[]>;
}

/** One number. With a bound it is a promise: the run fails when it is broken. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  /** For example `s`, `ms`, `MB`, `1/s`, or `×` for a ratio. */
  readonly unit: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** Whether a measurement keeps its promise. One without a bound always does. */
export function keeps({ value, atMost, atLeast }: Measurement): boolean {
  return (atMost === undefined || value <= atMost) && (atLeast === undefined || value >= atLeast);
}

/** The middle one of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new RangeError('the median of nothing');
  return middle;
}
