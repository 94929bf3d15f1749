/** Times and durations for people. */
import { count } from './count';

/** A time in seconds since 1970, for example `2027-01-15 08:00:00 UTC`. */
export function moment(seconds: number): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return 'an unknown time';
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** A duration in words: `15 minutes`, `1 hour 30 minutes`, `45 seconds`. */
export function spoken(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [
    [Math.floor(whole / 3600), 'hour'] as const,
    [Math.floor((whole % 3600) / 60), 'minute'] as const,
    [whole % 60, 'second'] as const,
  ].filter(([amount]) => amount > 0);
  return parts.map(([amount, unit]) => count(amount, unit)).join(' ') || '0 seconds';
}

/** The remaining time, rounded to minutes: `29 minutes`, `less than a minute`. */
export function left(seconds: number): string {
  return seconds < 60 ? 'less than a minute' : spoken(seconds - (seconds % 60));
}
