import { useQueue } from '../lease/lease-queries.ts';
import { useKnownMe } from '../session/app-context.tsx';
import { BrokenNote } from '../ui/broken-note.tsx';
import { LeaseCards, waitingFor } from '../ui/lease-cards.tsx';
import { Page } from '../ui/page.tsx';
import { QueryView } from '../ui/query-view.tsx';

/** The page with the queue of leases that wait for approvers. */
export function ApprovalsPage() {
  const { person } = useKnownMe();
  const queue = useQueue();
  return (
    <Page title="Approvals" lead="Open a lease to see exactly what it would permit, and to answer.">
      <QueryView query={queue} reading="the queue">
        {({ leases, broken }) => {
          const mine = waitingFor(person, leases);
          const others = leases.filter((lease) => !mine.includes(lease));
          return (
            <>
              <BrokenNote ids={broken} />
              <section aria-labelledby="mine">
                <h2 id="mine">Waiting for you</h2>
                {mine.length > 0 ? <LeaseCards leases={mine} /> : <p className="empty">Nothing waits for you.</p>}
              </section>
              {others.length > 0 ? (
                <section aria-labelledby="others">
                  <h2 id="others">Waiting for others</h2>
                  <LeaseCards leases={others} />
                </section>
              ) : null}
            </>
          );
        }}
      </QueryView>
    </Page>
  );
}
