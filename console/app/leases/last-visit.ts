/**
 * Remembers in this browser when a person last looked at what changed. It is a time under the address of the broker and
 * the name of the person, and no secret.
 */

/** The part of `localStorage` that is used. */
export type VisitStore = Pick<Storage, 'getItem' | 'setItem'>;

export interface Visits {
  /**
   * When the person looked last before this page was loaded, in seconds since 1970. Undefined for the first visit. It
   * stays the same while the page is open, so that what changed does not vanish when the person comes back to it.
   */
  before(broker: string, person: string, now: number): number | undefined;
  /** The person looks now. */
  look(broker: string, person: string, now: number): void;
}

/** @param store Undefined if the browser stores nothing. Each visit is then the first one. */
export function visitsIn(store: VisitStore | undefined): Visits {
  const known = new Map<string, number | undefined>();
  const keyOf = (broker: string, person: string) => `leasehold.last-visit ${broker} ${person}`;
  return {
    before: (broker, person, now) => {
      const key = keyOf(broker, person);
      if (!known.has(key))
        known.set(
          key,
          timeIn(
            attempt(() => store?.getItem(key)),
            now,
          ),
        );
      return known.get(key);
    },
    look: (broker, person, now) => {
      attempt(() => store?.setItem(keyOf(broker, person), String(now)));
    },
  };
}

/** The visits that this browser remembers. */
export const VISITS: Visits = visitsIn(attempt(() => globalThis.localStorage));

/** Most days for which changes are looked for. */
export const MOST_DAYS = 31;
const DAY = 86_400;
/** A lease changes for the last time at most so many seconds after its request: a day of approval, and its length. */
const LONGEST_CHANGE = DAY + 2 * 3600;

/** Most seconds by which the clock of the browser is ahead of the clock of the broker. */
const SKEW = 300;

/** From when on changes are shown, and how many days of requests contain them. */
export function windowSince(
  before: number | undefined,
  now: number,
): { readonly since: number; readonly days: number } {
  const since = Math.max(before === undefined ? now - DAY : before - SKEW, now - MOST_DAYS * DAY);
  return { since, days: Math.min(MOST_DAYS, Math.ceil((now - since + LONGEST_CHANGE) / DAY)) };
}

/** The stored time. Undefined for anything else, and for a time in the future. */
function timeIn(text: string | null | undefined, now: number): number | undefined {
  if (typeof text !== 'string' || !/^\d{1,12}$/.test(text)) return undefined;
  return Number(text) <= now ? Number(text) : undefined;
}

/** The result, or undefined in a browser that refuses to store anything. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
