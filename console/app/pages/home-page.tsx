import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useQueue } from '../lease/lease-queries.ts';
import { useKnownMe } from '../session/app-context.tsx';
import { BrokenNote } from '../ui/broken-note.tsx';
import { LeaseCards, waitingFor } from '../ui/lease-cards.tsx';
import { OwnLeases } from '../ui/own-leases.tsx';
import { Page } from '../ui/page.tsx';
import { QueryView } from '../ui/query-view.tsx';

const WhatChanged = lazy(() =>
  import('../leases/what-changed.tsx').then((loaded) => ({ default: loaded.WhatChanged })),
);

/** The leases that wait for the person's decision, the person's own leases, and recent changes. */
export function HomePage() {
  const { may } = useKnownMe();
  return (
    <Page title="Home">
      {may.approver ? <Waiting /> : null}
      {may.requester ? (
        <OwnLeases>
          You requested no lease in the last day. <Link to="/request">Request access</Link>
        </OwnLeases>
      ) : null}
      {may.approver || may.requester || may.administrator ? (
        <Suspense>
          <WhatChanged />
        </Suspense>
      ) : (
        <p className="empty">
          Your account has no permissions at this broker. Ask an administrator to add you to a group.
        </p>
      )}
    </Page>
  );
}

function Waiting() {
  const { person } = useKnownMe();
  const queue = useQueue();
  return (
    <section aria-labelledby="waiting">
      <h2 id="waiting">Waiting for you</h2>
      <QueryView query={queue} reading="the queue">
        {({ leases, broken }) => {
          const mine = waitingFor(person, leases);
          return (
            <>
              <BrokenNote ids={broken} />
              {mine.length > 0 ? (
                <LeaseCards leases={mine} />
              ) : (
                <p className="empty">
                  Nothing waits for you. <Link to="/approvals">See the whole queue</Link>
                </p>
              )}
            </>
          );
        }}
      </QueryView>
    </section>
  );
}
