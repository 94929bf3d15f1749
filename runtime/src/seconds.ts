/** Parses durations such as `15m`. */

const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600 };

/**
 * Converts a string such as `900`, `15m`, `1h` or `45s` to a number of seconds. Returns undefined for any other string.
 */
export function secondsOf(text: string): number | undefined {
  const [, amount, unit = ''] = /^(\d{1,6})([smh]?)$/.exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * (UNITS[unit] ?? 1);
}
