/** A clock that provides AWS's time and an interruptible wait. Tests replace this clock. */
import { setTimeout } from 'node:timers/promises';

export interface ProbeClock {
  /** AWS's time, in milliseconds since 1970. */
  readonly now: () => number;
  /** @throws if the signal is aborted */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Adjusts the clock to the time in an AWS response. */
  readonly learn?: (time: Date) => void;
}

/** The machine's clock, corrected by the time in AWS's responses. MFA codes require the correct time. */
export function awsClock(): ProbeClock {
  let offset = 0;
  return {
    now: () => Date.now() + offset,
    sleep: async (milliseconds, signal) => {
      await setTimeout(milliseconds, undefined, { signal });
    },
    learn: (time) => {
      offset = time.getTime() - Date.now();
    },
  };
}
