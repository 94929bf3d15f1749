/** The filters of the list of leases. They are in the address, so that a list can be bookmarked and shared. */
import { LEASE_STATES, type LeaseState } from '@leasehold/broker/core';

/** The choices, in days, for how far back a list goes. */
export const DAYS = [1, 7, 31] as const;

export interface LeaseFilters {
  readonly role?: string;
  /** Name of the agent or person who requested the lease. */
  readonly requester?: string;
  readonly state?: LeaseState;
  readonly days?: (typeof DAYS)[number];
}

/** Reads the filters from the search parameters of an address. Other search parameters are ignored. */
export function readFilters(search: Readonly<Record<string, unknown>>): LeaseFilters {
  const { role, requester, state, days } = search;
  const text = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '');
  const found = { role: text(role), requester: text(requester) };
  const knownState = LEASE_STATES.find((each) => each === state);
  const knownDays = DAYS.find((each) => each === Number(days) && each !== 1);
  return {
    ...(NAME.test(found.role) ? { role: found.role } : {}),
    ...(found.requester !== '' && found.requester.length <= 64 ? { requester: found.requester } : {}),
    ...(knownState === undefined ? {} : { state: knownState }),
    ...(knownDays === undefined ? {} : { days: knownDays }),
  };
}

/** Reads, from the search parameters of an address, how far back statistics go. */
export function readWindow({ days }: Readonly<Record<string, unknown>>): { readonly days?: (typeof DAYS)[number] } {
  const known = DAYS.find((each) => each === Number(days));
  return known === undefined ? {} : { days: known };
}

/** The time of so many days, in words. */
export function daysWords(days: number): string {
  return days === 1 ? 'Last day' : `Last ${days} days`;
}

const NAME = /^[a-z][a-z0-9-]{0,30}$/;
