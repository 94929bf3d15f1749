/** Reads the leases that match filters. */
import { useQuery } from '@tanstack/react-query';
import { visibleRoles } from '../roles/role-queries.ts';
import { useBroker, useKnownMe } from '../session/app-context.tsx';
import { readingAs } from '../session/me.ts';

import { type LeaseSearch, searchLeases } from './lease-search.ts';

export function useLeaseSearch(filters: LeaseSearch) {
  const broker = useBroker();
  const as = readingAs(useKnownMe());
  return useQuery({
    queryKey: ['leases', 'search', as, filters],
    queryFn: async ({ signal, client }) => {
      const roles = as === 'requester' ? [] : await client.fetchQuery(visibleRoles(broker, as));
      return searchLeases(broker, as, filters, roles, signal);
    },
    staleTime: 10_000,
  });
}
