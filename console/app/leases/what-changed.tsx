import { clipped } from '@leasehold/contract/text';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { addressesOf } from '../api/address.ts';
import { useKnownMe, useSession } from '../session/app-context.tsx';
import { readingAs } from '../session/me.ts';
import { BrokenNote } from '../ui/broken-note.tsx';
import { Moment } from '../ui/moment.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { changesIn } from './changes.ts';
import { MOST_DAYS, VISITS, windowSince } from './last-visit.ts';
import type { FoundLeases } from './lease-search.ts';
import { useLeaseSearch } from './search-queries.ts';

/** Maximum number of changes that are shown. The list of leases shows the others. */
const MOST = 8;
const LONGEST_REASON = 160;

/** What changed since the person last looked. */
export function WhatChanged() {
  const visitor = useVisitor();
  const [opened] = useState(() => Math.floor(Date.now() / 1000));
  const before = VISITS.before(API, visitor, opened);
  const { since, days } = windowSince(before, opened);
  const found = useLeaseSearch({ days });
  const { isSuccess, dataUpdatedAt } = found;
  useEffect(() => {
    if (isSuccess) VISITS.look(API, visitor, Math.floor(dataUpdatedAt / 1000));
  }, [visitor, isSuccess, dataUpdatedAt]);
  return (
    <section aria-labelledby="changed">
      <h2 id="changed">
        {before === undefined ? (
          'What changed in the last day'
        ) : (
          <>
            Since your last visit (<Moment at={before} />)
          </>
        )}
      </h2>
      {before !== undefined && before < since ? <p className="quiet">Changes of the last {MOST_DAYS} days.</p> : null}
      <QueryView query={found} reading="what changed">
        {(read) => <Changes found={read} since={since} />}
      </QueryView>
    </section>
  );
}

function Changes({ found: { leases, broken, more }, since }: { readonly found: FoundLeases; readonly since: number }) {
  const me = useKnownMe();
  const isOwn = readingAs(me) === 'requester';
  const changes = changesIn(leases, isOwn ? undefined : (me.person ?? ''), since);
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
      {more ? <p className="warn">There are more leases, which were not read, so changes can be missing.</p> : null}
      {changes.length > MOST || more ? (
        <p>
          <Link to="/leases">See all leases</Link>
        </p>
      ) : null}
    </>
  );
}

const API = addressesOf(new URL(location.href)).api;

/** Under which name the visits of the person are remembered. */
function useVisitor(): string {
  const { person } = useKnownMe();
  return useSession().subject ?? person ?? '';
}
