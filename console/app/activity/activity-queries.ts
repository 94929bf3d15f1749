/** Reads what the page of activity shows. */
import type { LeaseView } from '@leasehold/contract';
import { useQuery } from '@tanstack/react-query';
import { useBroker, useKnownMe } from '../session/app-context.tsx';
import { readingAs } from '../session/me.ts';
import { approvedIn } from './activity.ts';
import { approvalSeconds } from './approval-seconds.ts';

/** Maximum number of leases whose events are read to compute the time to approval. */
export const MOST_TIMED = 40;

/** For the newest approved leases, the seconds from the request to the last approval. */
export function useApprovalSeconds(leases: readonly LeaseView[]) {
  const broker = useBroker();
  const as = readingAs(useKnownMe());
  const ids = approvedIn(leases)
    .slice(0, MOST_TIMED)
    .map(({ id }) => id);
  return useQuery({
    queryKey: ['approval-seconds', ids],
    queryFn: ({ signal }) => approvalSeconds(broker, as, ids, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
