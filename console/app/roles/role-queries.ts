/** Reads the roles that the person may see, and the catalogue with what they permit. */
import type { RoleView } from '@leasehold/contract';
import { useQuery } from '@tanstack/react-query';
import { useBroker, useKnownMe } from '../session/app-context.tsx';
import { readingAs } from '../session/me.ts';

const MINUTE = 60_000;

/** Every role of the broker for approvers and administrators. For requesters, the roles that they may request. */
export function useVisibleRoles(enabled = true) {
  const broker = useBroker();
  const as = readingAs(useKnownMe());
  return useQuery({
    queryKey: ['roles', 'visible', as],
    queryFn: async ({ signal }) => (await broker('roles', { as, signal })).roles,
    staleTime: MINUTE,
    enabled,
  });
}

/** What a role can do. The policy engine and the catalogue are loaded when the page of a role is opened. */
export function useRolePowers(role: RoleView) {
  return useQuery({
    queryKey: ['powers', role.arn, role.policy],
    queryFn: async () => (await import('./role-powers.ts')).powersOf(role),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
