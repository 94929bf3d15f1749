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

/**
 * One number. With a bound it is a promise: the run fails when it is broken. A promise is a ratio beside a rival or a floor
 * that the same run measures, or a count or a size that is the same on every machine; a time or a rate is information.
 */
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

/** Whether this run only shows that every benchmark works (`--smoke`): small sizes, one round, no promise judged. */
export const SMOKE = process.argv.includes('--smoke');

/** How much a benchmark does: in a full run, and in a smoke run. */
export function sized<T>(full: T, smoke: T): T {
  return SMOKE ? smoke : full;
}

/**
 * Runs some things by turns, so that a busy moment of the machine meets all of them, and returns what each turn of each
 * gave. The first turns warm caches and the compiler, and are not counted.
 */
export async function byTurns<Name extends string>(
  things: Readonly<Record<Name, () => number | Promise<number>>>,
  { turns, warmUp = 1 }: { readonly turns: number; readonly warmUp?: number },
): Promise<Readonly<Record<Name, readonly number[]>>> {
  const entries = Object.entries(things) as [Name, () => number | Promise<number>][];
  const found = Object.fromEntries(entries.map(([name]) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let turn = 0; turn < warmUp + turns; turn += 1) {
    for (const [name, thing] of turn % 2 === 0 ? entries : entries.toReversed()) {
      const value = await thing();
      if (turn >= warmUp) found[name].push(value);
    }
  }
  return found;
}

/** Milliseconds of processor time that some work takes, so that what else the machine does counts little. */
export function processorMs(work: () => void): number {
  const started = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

/** Milliseconds on the clock. */
export async function clockMs(work: () => unknown): Promise<number> {
  const started = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - started) / 1e6;
}

/** The middle one of some numbers. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * How often one thing takes the time of another, on the clock: of the fast tenth of each. What else the machine does only ever
 * adds to a time of milliseconds, and on a busy machine to more than half of them, so that medians compare who was disturbed.
 */
export function clockRatio(ours: readonly number[], theirs: readonly number[]): number {
  return quantile(ours, 0.1) / quantile(theirs, 0.1);
}

/** The number below which a share of them is: 0.5 is the median, 0.99 the 99th percentile. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const found = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (found === undefined) throw new RangeError('a quantile of nothing');
  return found;
}
