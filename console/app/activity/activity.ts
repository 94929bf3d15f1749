/** Statistics of leases, computed in the browser from the leases that the person may list. */
import type { LeaseView } from '@leasehold/contract';

export interface ActivityCount {
  readonly name: string;
  readonly count: number;
}

export interface Activity {
  readonly requests: number;
  /** Leases that were granted: issued now or earlier. */
  readonly granted: number;
  readonly denied: number;
  readonly waiting: number;
  /** Denials by their code, most frequent first. */
  readonly denials: readonly ActivityCount[];
  /** The reasons that approvers gave for denials, most frequent first. */
  readonly reasons: readonly ActivityCount[];
  /** The names of the roles, most frequent first. */
  readonly roles: readonly string[];
  /** The days in order, each with the requests of every role in {@link roles}. Days without requests are included. */
  readonly days: readonly { readonly from: number; readonly counts: readonly number[] }[];
}

/** Maximum number of roles in the chart. The other roles are counted together. */
const MOST_ROLES = 6;
const MOST_REASONS = 5;
export const OTHER_ROLES = 'other roles';
export const NO_ROLE = 'no role chosen';

/**
 * @param since Start of the window, in seconds since 1970.
 * @param now End of the window.
 * @param dayOf The start of the reader's day that contains a time. Days differ in length when clocks change.
 */
export function activityOf(
  leases: readonly LeaseView[],
  since: number,
  now: number,
  dayOf: (seconds: number) => number = startOfDay,
): Activity {
  const inside = leases.filter(({ requestedAt }) => requestedAt >= since && requestedAt <= now);
  const roleOf = ({ grant }: LeaseView) => grant?.role ?? NO_ROLE;
  const denied = inside.filter(({ state }) => state === 'denied');
  const all = counted(inside.map(roleOf)).map(({ name }) => name);
  const roles = all.length > MOST_ROLES ? [...all.slice(0, MOST_ROLES), OTHER_ROLES] : all;
  const shownRole = (lease: LeaseView) => (roles.includes(roleOf(lease)) ? roleOf(lease) : OTHER_ROLES);
  return {
    requests: inside.length,
    granted: inside.filter(({ expiresAt }) => expiresAt !== undefined).length,
    denied: denied.length,
    waiting: inside.filter(({ state }) => state === 'requested' || state === 'pending').length,
    denials: counted(denied.map(({ code }) => code ?? 'unknown')),
    reasons: counted(denied.flatMap(({ because }) => (because === undefined ? [] : [because]))).slice(0, MOST_REASONS),
    roles,
    days: daysFrom(since, now, dayOf).map((from) => {
      const mine = inside.filter(({ requestedAt }) => dayOf(requestedAt) === from);
      return { from, counts: roles.map((role) => mine.filter((lease) => shownRole(lease) === role).length) };
    }),
  };
}

/** Every value with its number of occurrences, most frequent first, then by name. */
function counted(values: readonly string[]): readonly ActivityCount[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

const HALF_DAY = 43_200;

function daysFrom(since: number, now: number, dayOf: (seconds: number) => number): readonly number[] {
  const days = new Set<number>();
  for (let at = since; at < now; at += HALF_DAY) days.add(dayOf(at));
  days.add(dayOf(now));
  return [...days].sort((a, b) => a - b);
}

/** The start of the day in the reader's time zone. */
export function startOfDay(seconds: number): number {
  const date = new Date(seconds * 1000);
  return Math.floor(new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime() / 1000);
}

/** The time from a request to its last approval, for leases whose verified events contain it. */
export interface ApprovalTimes {
  readonly count: number;
  /** Seconds. Half of the leases were approved in less time. */
  readonly median: number;
  /** Seconds. Nine of ten leases were approved in at most this time. */
  readonly most: number;
}

/** Undefined if there are no times. */
export function approvalTimes(seconds: readonly number[]): ApprovalTimes | undefined {
  const sorted = [...seconds].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
  const [median, most] = [at(0.5), at(0.9)];
  return median === undefined || most === undefined ? undefined : { count: sorted.length, median, most };
}

/** Leases whose approval is complete, so the time to approval is known. */
export function approvedIn(leases: readonly LeaseView[]): readonly LeaseView[] {
  return leases.filter(
    ({ approval }) => approval !== undefined && approval.humans > 0 && approval.approvals.length >= approval.humans,
  );
}
