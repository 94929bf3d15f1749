import { count, escapeHidden, spoken, visible } from '@leasehold/contract/text';
import { Link } from '@tanstack/react-router';
import { Deadline } from '../ui/moment.tsx';
import { StateBadge } from '../ui/state-badge.tsx';
import { UntrustedNote } from '../ui/untrusted-note.tsx';
import type { ChatLease } from './conversation.ts';
import { authorOf, decisionOf, stateOf } from './lease-words.ts';

/** A lease for which the assistant asked. The page of the lease shows, and verifies, its record. */
export function LeaseCard({ lease, now }: { readonly lease: ChatLease; readonly now: number }) {
  const { id, role, parameters, reason, because, hint, code, seconds } = lease;
  const state = stateOf(lease, now);
  const scope = Object.entries(parameters);
  const author = authorOf(lease);
  return (
    <article className="card card-wide lease-card" aria-label={`Lease of the role ${visible(role)}`}>
      <h2>
        <span>
          Lease: <bdi>{visible(role)}</bdi>
        </span>
        <StateBadge state={state} />
      </h2>
      <dl className="facts-plain">
        <div className="fact">
          <dt>Scope</dt>
          <dd>
            {scope.length === 0 ? 'The whole role: it has no parameters.' : null}
            {scope.map(([name, value]) => (
              <p key={name}>
                {visible(name)} <bdi className="code">{visible(value)}</bdi>
              </p>
            ))}
          </dd>
        </div>
        <div className="fact">
          <dt>Decision</dt>
          <dd>
            <p>
              {decisionOf(lease, state)}
              {seconds === undefined || state === 'denied' ? null : ` Length: ${spoken(seconds)}.`}
            </p>
            {because !== undefined && author === undefined ? (
              <p>
                <bdi>{escapeHidden(because)}</bdi>
              </p>
            ) : null}
            {hint === undefined ? null : (
              <p className="hint">
                <bdi>{escapeHidden(hint)}</bdi>
              </p>
            )}
            {code === undefined ? null : <p className="quiet">Code: {code}</p>}
          </dd>
        </div>
        <Left lease={lease} state={state} now={now} />
      </dl>
      <UntrustedNote label="Reason" text={reason} by="assistant" />
      {because !== undefined && author !== undefined ? <UntrustedNote label="Why" text={because} by={author} /> : null}
      {id === undefined ? null : (
        <p>
          <Link to="/leases/$lease" params={{ lease: id }}>
            {state === 'pending' ? 'See or approve this lease on its page' : 'See the record of this lease'}
          </Link>
        </p>
      )}
    </article>
  );
}

/** The time that is left: for the approval, or of the lease. */
function Left({ lease: { approval, expiresAt }, state, now }: LeaseAt) {
  if (state === 'pending' && approval !== undefined) {
    const { approvals, humans, approvers, until } = approval;
    return (
      <div className="fact">
        <dt>Approval</dt>
        <dd>
          <p>
            {approvals.length} of {count(humans, 'approval')}. <Deadline until={until} now={now} />
          </p>
          {approvers.length === 0 ? null : (
            <p className="quiet">
              Can approve: <bdi>{approvers.map((name) => visible(name)).join(', ')}</bdi>
            </p>
          )}
        </dd>
      </div>
    );
  }
  if (state !== 'issued' || expiresAt === undefined) return null;
  return (
    <div className="fact">
      <dt>Time</dt>
      <dd>
        <Deadline until={expiresAt} now={now} />
      </dd>
    </div>
  );
}

interface LeaseAt {
  readonly lease: ChatLease;
  readonly state: ChatLease['state'];
  readonly now: number;
}
