import type { LeaseView } from '@leasehold/contract';
import { clipped, visible } from '@leasehold/contract/text';
import { Link } from '@tanstack/react-router';
import { isOwnView } from '../request/own.ts';
import { Age, Deadline, Moment, useNow } from './moment.tsx';
import { StateBadge } from './state-badge.tsx';

/** Maximum length of a reason in a list, in characters. The page of the lease shows the complete reason. */
const LONGEST_REASON = 160;

/** A list of links to leases. The list shows the broker's view; only the page of a lease verifies its record. */
export function LeaseCards({ leases }: { readonly leases: readonly LeaseView[] }) {
  const now = useNow();
  return (
    <ul className="cards">
      {leases.map((lease) => (
        <li key={lease.id}>
          <Card lease={lease} now={now} />
        </li>
      ))}
    </ul>
  );
}

function Card({ lease, now }: { readonly lease: LeaseView; readonly now: number }) {
  const { id, state, requester, subject, grant, approval, requestedAt, expiresAt } = lease;
  return (
    <article className="card">
      <h3>
        <Link to="/leases/$lease" params={{ lease: id }}>
          {visible(grant?.role ?? 'Role not chosen yet')}
        </Link>
        <StateBadge state={state} />
      </h3>
      <p>
        For <bdi>{visible(requester)}</bdi>
        {subject === undefined ? null : (
          <>
            , on behalf of <bdi>{visible(subject)}</bdi>
          </>
        )}
        . Requested <Age at={requestedAt} now={now} />.
      </p>
      {grant === undefined ? null : (
        <p className="said">
          <bdi dir="ltr">{clipped(grant.reason, LONGEST_REASON)}</bdi>
        </p>
      )}
      {state === 'pending' && approval !== undefined ? (
        <p className="quiet">
          {approval.approvals.length} of {approval.humans} approvals. <Deadline until={approval.until} now={now} />
        </p>
      ) : null}
      {state === 'issued' && expiresAt !== undefined ? (
        <p className="quiet">
          Ends <Moment at={expiresAt} />.
        </p>
      ) : null}
    </article>
  );
}

/** The leases that wait for an answer from this person. */
export function waitingFor(person: string | undefined, leases: readonly LeaseView[]): readonly LeaseView[] {
  return leases.filter(
    (lease) =>
      lease.state === 'pending' &&
      person !== undefined &&
      lease.approval?.approvers.includes(person) &&
      !lease.approval.approvals.includes(person) &&
      !isOwnView(person, lease),
  );
}
