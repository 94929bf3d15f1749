import type { ReactNode } from 'react';
import { useOwnLeases } from '../lease/lease-queries.ts';
import { BrokenNote } from './broken-note.tsx';
import { LeaseCards } from './lease-cards.tsx';
import { QueryView } from './query-view.tsx';

/** The person's own leases of the last day. `children` is shown if there are none. */
export function OwnLeases({ children }: { readonly children: ReactNode }) {
  const own = useOwnLeases();
  return (
    <section aria-labelledby="own">
      <h2 id="own">Your leases</h2>
      <QueryView query={own} reading="your leases">
        {({ leases, broken }) => (
          <>
            <BrokenNote ids={broken} />
            {leases.length > 0 ? <LeaseCards leases={leases} /> : null}
            {leases.length === 0 && broken.length === 0 ? <p className="empty">{children}</p> : null}
          </>
        )}
      </QueryView>
    </section>
  );
}
