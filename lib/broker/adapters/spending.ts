/**
 * The spending of a principal, as attributes of the principal's item: one number for each window. For example,
 * `requests.60.29734521` counts the requests in the 29,734,521st minute since 1970. The attribute name includes the
 * window's length, so that counts are never compared with a budget that has a different window.
 */
import { defined } from '@leasehold/contract/defined';
import { COUNTED, type Counted, countName } from '@leasehold/documents';
import type { Spent } from '../ports';
import { type Item, readWhole, whole } from './attributes';

/** Window length of each budget in seconds. */
export type Windows = Readonly<Record<Counted, number>>;

/**
 * Number of expired windows whose counts are removed whenever a new count is added. The code does not check whether
 * these counts exist.
 */
const TAKEN_BLINDLY = 8;

/** Attribute names of the expired counts that probably exist for a principal that makes requests frequently. */
export function recentlyOver(windows: Windows, now: number): readonly string[] {
  const agos = Array.from({ length: TAKEN_BLINDLY }, (_, index) => index + 2);
  return COUNTED.flatMap((what) => agos.map((ago) => countName(what, windows[what], now, ago)));
}

/** Attribute names of the expired counts that an item contains. Needed for principals that rarely make requests. */
export function leftBehind(item: Item, windows: Windows, now: number): readonly string[] {
  return Object.keys(item).filter((name) => {
    const [, what, seconds, index] = COUNT.exec(name) ?? [];
    const counted = COUNTED.find((each) => each === what);
    if (counted === undefined) return false;
    return Number(seconds) !== windows[counted] || Number(index) < Math.floor(now / windows[counted]) - 1;
  });
}

/** The amounts spent in the current window and in the window before it. */
export function spentIn(item: Item, what: Counted, windows: Windows, now: number): Spent {
  const count = (ago: number) => {
    const name = countName(what, windows[what], now, ago);
    return Object.hasOwn(item, name) ? readWhole(item, name) : 0;
  };
  return { current: count(0), previous: count(1) };
}

/** A change of counts: increments one count, and removes other counts, whether they exist or not. */
export interface CountChange {
  readonly add?: string;
  /** Maximum value of `add`. @default no maximum */
  readonly most?: number;
  /** A count to decrement, if it exists. */
  readonly takeBack?: string;
  readonly remove: readonly string[];
}

/** The update expression for a change. Count names contain dots, so each name needs an expression attribute name. */
export function countUpdate({ add, most, takeBack, remove }: CountChange) {
  const counted = add ?? takeBack;
  const removed = remove.map((name, index) => [`#old${index}`, name] as const);
  return {
    UpdateExpression: [
      ...(counted === undefined ? [] : ['ADD #now :one']),
      ...(removed.length === 0 ? [] : [`REMOVE ${removed.map(([short]) => short).join(', ')}`]),
    ].join(' '),
    ...(most === undefined ? {} : { ConditionExpression: 'attribute_not_exists(#now) OR #now < :most' }),
    ...(takeBack === undefined ? {} : { ConditionExpression: 'attribute_exists(#now)' }),
    ExpressionAttributeNames: { ...defined({ '#now': counted }), ...Object.fromEntries(removed) },
    ...(counted === undefined
      ? {}
      : {
          ExpressionAttributeValues: {
            ':one': whole(add === undefined ? -1 : 1),
            ...(most === undefined ? {} : { ':most': whole(most) }),
          },
        }),
  };
}

const COUNT = /^(\w+)\.(\d+)\.(\d+)$/;
