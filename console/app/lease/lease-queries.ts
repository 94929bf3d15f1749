/** Reads leases, and reads them again at intervals while they are shown. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useBroker, useKnownMe } from '../session/app-context.tsx';
import { readingAs } from '../session/me.ts';
import { readLease } from './read-lease.ts';

/** Milliseconds between two reads. */
const EVERY = 10_000;

/** The leases that wait for approvers. */
export function useQueue(enabled = true) {
  const broker = useBroker();
  return useQuery({
    queryKey: ['leases', 'open'],
    queryFn: ({ signal }) => broker('leases', { as: 'approver', query: { open: 'true' }, signal }),
    refetchInterval: EVERY,
    enabled,
  });
}

/** The leases of the person. */
export function useOwnLeases(enabled = true) {
  const broker = useBroker();
  return useQuery({
    queryKey: ['leases', 'own'],
    queryFn: ({ signal }) => broker('leases', { as: 'requester', signal }),
    refetchInterval: EVERY,
    enabled,
  });
}

/** One lease, verified on this machine. */
export function useLease(id: string) {
  const broker = useBroker();
  const me = useKnownMe();
  return useQuery({
    queryKey: ['lease', id],
    queryFn: ({ signal }) => readLease(broker, readingAs(me), id, signal),
    refetchInterval: EVERY,
  });
}

/** Has every list and the lease read again. */
export function useReadAgain(id: string) {
  const queries = useQueryClient();
  return async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['lease', id] }),
      queries.invalidateQueries({ queryKey: ['leases'] }),
    ]);
  };
}
