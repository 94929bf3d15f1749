/**
 * What a principal spent, as attributes of their item: one number a window, for example `requests.60.29734521` for the
 * requests of the 29,734,521st minute since 1970. The window's length is part of the name, so that counts of a budget that
 * was changed are not taken for others.
 */
import { defined } from '@leasehold/contract/defined';
import type { Spent } from '../ports';
import { type Item, readWhole, whole } from './attributes';

/** What is counted. */
export const COUNTED = ['requests', 'denials'] as const;
export type Counted = (typeof COUNTED)[number];

/** Seconds of the window of each budget. */
export type Windows = Readonly<Record<Counted, number>>;

/** Windows before the one that still counts which are taken away with every count, whether they are there or not. */
const TAKEN_BLINDLY = 8;

/** The attribute that holds a count, some windows before `now`. */
export function countName(what: Counted, windows: Windows, now: number, ago = 0): string {
  const seconds = windows[what];
  return `${what}.${seconds}.${Math.floor(now / seconds) - ago}`;
}

/** Counts that no longer matter and are likely to be there: those that whoever asks often leaves behind. */
export function recentlyOver(windows: Windows, now: number): readonly string[] {
  const agos = Array.from({ length: TAKEN_BLINDLY }, (_, index) => index + 2);
  return COUNTED.flatMap((what) => agos.map((ago) => countName(what, windows, now, ago)));
}

/** Counts of an item that no longer matter: those that whoever asks seldom leaves behind. */
export function leftBehind(item: Item, windows: Windows, now: number): readonly string[] {
  return Object.keys(item).filter((name) => {
    const [, what, seconds, index] = COUNT.exec(name) ?? [];
    const counted = COUNTED.find((each) => each === what);
    if (counted === undefined) return false;
    return Number(seconds) !== windows[counted] || Number(index) < Math.floor(now / windows[counted]) - 1;
  });
}

/** What was spent in this window and in the one before. */
export function spentIn(item: Item, what: Counted, windows: Windows, now: number): Spent {
  const count = (ago: number) => {
    const name = countName(what, windows, now, ago);
    return Object.hasOwn(item, name) ? readWhole(item, name) : 0;
  };
  return { current: count(0), previous: count(1) };
}

/** Counts to change: one more of one, and some to remove, whether they are there or not. */
export interface CountChange {
  readonly add?: string;
  /** What `add` may come to. @default as many as you like */
  readonly most?: number;
  /** The count of which one is taken back, where it is there. */
  readonly takeBack?: string;
  readonly remove: readonly string[];
}

/** The expression of a change. Names of counts have dots, so that each stands under a name of its own. */
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
