import { count, spoken, visible } from '@leasehold/contract/text';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useMemo } from 'react';
import { type Activity, type ActivityCount, activityOf, approvalTimes } from '../activity/activity.ts';
import { MOST_TIMED, useApprovalSeconds } from '../activity/activity-queries.ts';
import { DAYS, daysWords, readFilters, readWindow } from '../leases/lease-filters.ts';
import type { FoundLeases } from '../leases/lease-search.ts';
import { useLeaseSearch } from '../leases/search-queries.ts';
import { useKnownMe } from '../session/app-context.tsx';
import { BrokenNote } from '../ui/broken-note.tsx';
import { Choice } from '../ui/choice.tsx';
import { Moment } from '../ui/moment.tsx';
import { Page } from '../ui/page.tsx';
import { QueryView } from '../ui/query-view.tsx';

const RoleChart = lazy(() => import('../activity/role-chart.tsx').then((loaded) => ({ default: loaded.RoleChart })));

/** Statistics of requests, for approvers and administrators. */
export function ActivityPage() {
  const { may } = useKnownMe();
  return (
    <Page title="Activity" lead="What was requested, what was denied, and how long approvals took.">
      {may.approver || may.administrator ? (
        <Statistics />
      ) : (
        <p className="empty">Only approvers and administrators see the activity of everybody.</p>
      )}
    </Page>
  );
}

function Statistics() {
  const { days = 7 } = useSearch({ from: '/activity' });
  const navigate = useNavigate();
  const found = useLeaseSearch(readFilters({ days }));
  return (
    <>
      <div className="search">
        <Choice
          label="Time"
          value={String(days)}
          choices={DAYS.map((each) => [String(each), daysWords(each)] as const)}
          onChange={(chosen) => void navigate({ to: '/activity', search: readWindow({ days: chosen }), replace: true })}
        />
      </div>
      <QueryView query={found} reading="the leases">
        {(read) => <Shown read={read} days={days} readAt={found.dataUpdatedAt} />}
      </QueryView>
    </>
  );
}

const DAY = 86_400;

function Shown({
  read: { leases, broken, more },
  days,
  readAt,
}: {
  readonly read: FoundLeases;
  readonly days: number;
  readonly readAt: number;
}) {
  const until = Math.floor(readAt / 1000);
  const since = until - days * DAY;
  const activity = useMemo(() => activityOf(leases, since, until), [leases, since, until]);
  const { requests, granted, denied, waiting } = activity;
  return (
    <>
      <BrokenNote ids={broken} />
      <p className="quiet" role="status">
        From <Moment at={since} /> to <Moment at={until} />.
        {more ? ' There are more leases than the console reads, so the older ones are missing here.' : ''}
      </p>
      {requests === 0 ? (
        <p className="empty">Nobody requested a lease in this time.</p>
      ) : (
        <>
          <dl className="figures">
            <Figure label="requests" value={String(requests)} />
            <Figure label="granted" value={String(granted)} />
            <Figure label="denied" value={String(denied)} />
            <Figure label="waiting" value={String(waiting)} />
          </dl>
          <Times leases={leases} />
          <ByRole activity={activity} />
          <Counts id="denials" title="Denials by code" counts={activity.denials} none="Nothing was denied.">
            {({ name }) => <code>{visible(name)}</code>}
          </Counts>
          <Counts
            id="reasons"
            title="Most frequent reasons of denials"
            counts={activity.reasons}
            none="Nobody gave a reason for a denial."
          >
            {({ name }) => <bdi dir="ltr">{visible(name)}</bdi>}
          </Counts>
          <p className="quiet">
            Computed in your browser from the leases that you may list. Requests of people that were denied before a
            role was chosen are not among them. <Link to="/leases">See the leases</Link>
          </p>
        </>
      )}
    </>
  );
}

function Figure({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div className="card">
      <dt className="quiet">{label}</dt>
      <dd className="figure">{value}</dd>
    </div>
  );
}

function Times({ leases }: { readonly leases: FoundLeases['leases'] }) {
  const query = useApprovalSeconds(leases);
  return (
    <section aria-labelledby="times">
      <h2 id="times">Time to approval</h2>
      <QueryView query={query} reading="the times of approvals">
        {(seconds) => {
          const times = approvalTimes(seconds);
          if (times === undefined) return <p className="empty">No lease was approved by people in this time.</p>;
          return (
            <p>
              {times.count === 1 ? (
                <>
                  One approved lease waited <strong>{spoken(times.median)}</strong>
                </>
              ) : (
                <>
                  Half of {count(times.count, 'approved lease')} waited at most <strong>{spoken(times.median)}</strong>,
                  and nine of ten at most <strong>{spoken(times.most)}</strong>
                </>
              )}
              , from the request to the last approval.
              {times.count >= MOST_TIMED ? ` These are the newest ${MOST_TIMED}.` : ''}
            </p>
          );
        }}
      </QueryView>
    </section>
  );
}

function ByRole({ activity }: { readonly activity: Activity }) {
  const { roles, days } = activity;
  return (
    <section aria-labelledby="by-role">
      <h2 id="by-role">Requests by role</h2>
      <Suspense
        fallback={
          <p className="loading" role="status">
            Reading the chart…
          </p>
        }
      >
        <RoleChart
          activity={activity}
          label={`Bar chart of requests by role on ${count(days.length, 'day')}. The table below contains the numbers.`}
        />
      </Suspense>
      <details className="exact">
        <summary>Numbers as a table</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable with the keyboard */}
        <section className="table" aria-label="Requests by role and day" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Day</th>
                {roles.map((role) => (
                  <th scope="col" key={role}>
                    {visible(role)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {days.map(({ from, counts }) => (
                <tr key={from}>
                  <th scope="row">{DATE.format(new Date(from * 1000))}</th>
                  {roles.map((role, index) => (
                    <td key={role}>{counts[index]}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </section>
  );
}

const DATE = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });

function Counts({
  id,
  title,
  counts,
  none,
  children,
}: {
  readonly id: string;
  readonly title: string;
  readonly counts: readonly ActivityCount[];
  readonly none: string;
  readonly children: (counted: ActivityCount) => ReactNode;
}) {
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {counts.length === 0 ? (
        <p className="empty">{none}</p>
      ) : (
        <ul className="counts">
          {counts.map((each) => (
            <li key={each.name}>
              <span className="count">{each.count}</span> {children(each)}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
