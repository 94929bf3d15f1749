import { clipped } from '@leasehold/contract/text';
import { Link } from '@tanstack/react-router';
import { useKnownMe } from '../session/app-context.tsx';
import { readingAs } from '../session/me.ts';
import { BrokenNote } from '../ui/broken-note.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { changesIn } from './changes.ts';
import { useLeaseSearch } from './search-queries.ts';

/** Most changes that are shown. The list of leases shows the others. */
const MOST = 8;
const LONGEST_REASON = 160;

/** What changed in the last day. */
export function WhatChanged() {
  const me = useKnownMe();
  const found = useLeaseSearch({});
  const isOwn = readingAs(me) === 'requester';
  return (
    <section aria-labelledby="changed">
      <h2 id="changed">What changed in the last day</h2>
      <QueryView query={found} reading="what changed">
        {({ leases, broken }) => {
          const changes = changesIn(leases, isOwn ? undefined : (me.person ?? ''));
          return (
            <>
              <BrokenNote ids={broken} />
              {changes.length === 0 ? <p className="empty">Nothing changed: no answer, and no revocation.</p> : null}
              <ul className="changes">
                {changes.slice(0, MOST).map(({ id, role, what, because }) => (
                  <li key={id}>
                    <Link to="/leases/$lease" params={{ lease: id }}>
                      {role}
                    </Link>{' '}
                    {what}
                    {because === undefined ? null : (
                      <bdi dir="ltr" className="quiet">
                        {' '}
                        {clipped(because, LONGEST_REASON)}
                      </bdi>
                    )}
                  </li>
                ))}
              </ul>
              {changes.length > MOST ? (
                <p>
                  <Link to="/leases">See all leases of the last day</Link>
                </p>
              ) : null}
            </>
          );
        }}
      </QueryView>
    </section>
  );
}
