/** Reads the roles that the person may see, and the action catalogue that shows what these roles permit. */
import type { RoleView } from '@leasehold/contract';
import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Broker, Capacity } from '../api/client.ts';
import { useBroker, useKnownMe } from '../session/app-context.tsx';
import { readingAs } from '../session/me.ts';

const MINUTE = 60_000;

/** For approvers and administrators, every role of the broker. For requesters, only the roles that they may request. */
export function visibleRoles(broker: Broker, as: Capacity) {
  return queryOptions({
    queryKey: ['roles', 'visible', as],
    queryFn: async ({ signal }) => (await broker('roles', { as, signal })).roles,
    staleTime: MINUTE,
  });
}

export function useVisibleRoles() {
  return useQuery(visibleRoles(useBroker(), readingAs(useKnownMe())));
}

/** What a role can do. The policy engine and the catalogue are loaded when the page of a role is opened. */
export function useRolePowers(role: RoleView) {
  return useQuery({
    queryKey: ['powers', role.arn, role.policy],
    queryFn: async () => (await import('./role-powers.ts')).powersOf(role),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
