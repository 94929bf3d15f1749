import type { FoldedLease } from '@leasehold/broker/core';
import type { Grant } from '@leasehold/contract/event';
import { visible } from '@leasehold/contract/text';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useBroker, useKnownMe } from '../session/app-context.tsx';
import { readingAs } from '../session/me.ts';
import { Moment } from '../ui/moment.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { DifferenceFrame } from './difference-frame.tsx';
import {
  type ChangedAction,
  type ChangedValue,
  type GrantDifference,
  isSame,
  permitsSame,
} from './grant-difference.ts';
import { type LastGrant, LOOKED_BACK, lastGrant } from './last-grant.ts';

/** How the grant of a lease differs from the last grant of the same role. */
export function DifferenceNote({ lease, grant }: { readonly lease: FoldedLease; readonly grant: Grant }) {
  const broker = useBroker();
  const as = readingAs(useKnownMe());
  const query = useQuery({
    queryKey: ['last-grant', lease.id, lease.proposal?.hash],
    queryFn: ({ signal }) => lastGrant(broker, as, lease, grant, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <DifferenceFrame
      words={query.data === undefined ? (query.isError ? 'not compared' : 'reading…') : summaryOf(query.data)}
    >
      <QueryView query={query} reading="the last grant of this role">
        {(last) => <Shown last={last} />}
      </QueryView>
    </DifferenceFrame>
  );
}

/** The comparison in a few words. */
function summaryOf(last: LastGrant): string {
  if (last.kind === 'none') return last.newest === undefined ? 'there is none' : 'none found';
  if (last.kind === 'unconfirmed') return 'not compared';
  const { added, removed, otherwise, values, undecided } = last.difference;
  if (isSame(last.difference)) return 'the same';
  const counted = [
    [added.length, 'added'],
    [removed.length, 'removed'],
    [otherwise.length + values.length, 'changed'],
    [undecided.length, 'not decided'],
  ] as const;
  return counted.flatMap(([amount, what]) => (amount === 0 ? [] : [`${amount} ${what}`])).join(', ');
}

function Shown({ last }: { readonly last: LastGrant }) {
  if (last.kind === 'none') {
    return (
      <p className="empty">
        {last.newest === undefined
          ? `This role was not granted in the last ${LOOKED_BACK} days.`
          : `None of the newest ${last.newest} leases of this role was granted. Older leases were not read.`}
      </p>
    );
  }
  const link = (
    <Link to="/leases/$lease" params={{ lease: last.id }}>
      {visible(last.id)}
    </Link>
  );
  if (last.kind === 'unconfirmed') {
    return (
      <p className="note note-bad" role="alert">
        The last grant of this role cannot be confirmed: {link}. {last.because} Approve nothing until the cause is
        known.
      </p>
    );
  }
  return (
    <>
      <p className="quiet">
        {link}, requested by <bdi>{visible(last.requester)}</bdi>, <Moment at={last.at} />
      </p>
      {isSame(last.difference) ? (
        <p className="note note-good">It permits the same, with the same values.</p>
      ) : (
        <Changes difference={last.difference} />
      )}
    </>
  );
}

function Changes({ difference }: { readonly difference: GrantDifference }) {
  const { values, added, removed, otherwise, undecided } = difference;
  return (
    <dl className="facts">
      <Actions label="Added" actions={added} />
      <Actions label="Removed" actions={removed} />
      <Actions label="Other conditions" actions={otherwise} />
      {values.length === 0 ? null : (
        <div className="fact">
          <dt>Changed</dt>
          <dd>
            {values.map((value) => (
              <Value key={value.name} value={value} />
            ))}
          </dd>
        </div>
      )}
      {permitsSame(difference) ? (
        <div className="fact">
          <dt>Permissions</dt>
          <dd>the same</dd>
        </div>
      ) : null}
      {undecided.length === 0 ? null : (
        <div className="fact">
          <dt>Not decided</dt>
          <dd className="warn">
            {undecided.map((each) => (
              <p key={each}>{each}</p>
            ))}
          </dd>
        </div>
      )}
    </dl>
  );
}

function Actions({ label, actions }: { readonly label: string; readonly actions: readonly ChangedAction[] }) {
  if (actions.length === 0) return null;
  return (
    <div className="fact">
      <dt>{label}</dt>
      <dd>
        {actions.map(({ action, resources }) => (
          <p key={action}>
            <bdi className="code">{action}</bdi>
            {resources.length === 0 ? null : <bdi className="code quiet"> on {resources.join(', ')}</bdi>}
          </p>
        ))}
      </dd>
    </div>
  );
}

function Value({ value: { name, before, after } }: { readonly value: ChangedValue }) {
  return (
    <p>
      {name}: <bdi className="code">{before ?? 'none'}</bdi> → <bdi className="code">{after ?? 'none'}</bdi>
    </p>
  );
}
