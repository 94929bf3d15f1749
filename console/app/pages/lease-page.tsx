import {
  type Fact,
  type FoldedLease,
  grantFacts,
  type LeaseState,
  stateAt,
  untrustedTexts,
  waitingFacts,
} from '@leasehold/broker/core';
import { visible, visibleJson } from '@leasehold/contract/text';
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { Answer } from '../lease/answer.tsx';
import { INVALID_SIGNATURE } from '../lease/answers.ts';
import { DifferenceFrame } from '../lease/difference-frame.tsx';
import { useLease } from '../lease/lease-queries.ts';
import { noManagedPolicies } from '../lease/managed-policies.ts';
import type { IntactLease } from '../lease/read-lease.ts';
import { Timeline } from '../lease/timeline.tsx';
import { RecordTools } from '../leases/record-tools.tsx';
import { OwnLease } from '../request/own-lease.tsx';
import { useKnownMe } from '../session/app-context.tsx';
import { FactList } from '../ui/fact-list.tsx';
import { FaultNote } from '../ui/fault-note.tsx';
import { Deadline, useNow } from '../ui/moment.tsx';
import { Page } from '../ui/page.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { StateBadge } from '../ui/state-badge.tsx';
import { UntrustedNote } from '../ui/untrusted-note.tsx';

/** It needs the policy engine, which is loaded only for a lease that waits for approval. */
const DifferenceNote = lazy(() =>
  import('../lease/difference-note.tsx').then((loaded) => ({ default: loaded.DifferenceNote })),
);

/** Shows one lease: what it permits, what was decided, and, for an approver, the possible answers. */
export function LeasePage() {
  const { lease: id } = useParams({ from: '/leases/$lease' });
  const query = useLease(id);
  return (
    <Page title="Lease" id={visible(id)}>
      <QueryView query={query} reading="and verifying the record">
        {(read) =>
          read.kind === 'broken' ? (
            <>
              <div className="note note-bad" role="alert">
                <p>
                  <strong>The record of this lease is broken.</strong> {visible(read.because)}
                </p>
                <p className="hint">
                  Approve nothing. Tell an administrator: <code>leasehold audit {visible(id)}</code> shows where it
                  breaks.
                </p>
              </div>
              <Timeline events={read.events} decisions={[]} />
            </>
          ) : (
            <Intact read={read} />
          )
        }
      </QueryView>
    </Page>
  );
}

function Intact({ read }: { readonly read: IntactLease }) {
  const now = useNow();
  const { may } = useKnownMe();
  const { lease, events, decisions, roots, valid, hash } = read;
  const { proposal } = lease;
  const state = stateAt(lease, now);
  const facts = factsOf(read, state, now);
  return (
    <>
      <p className="summary">
        <StateBadge state={state} />
        {state === 'pending' && proposal !== undefined ? <Deadline until={proposal.until} now={now} /> : null}
        {lease.because === undefined ? null : <bdi>{visible(lease.because)}</bdi>}
      </p>
      <OwnLease lease={lease} state={state} />
      <section aria-labelledby="grant">
        <h2 id="grant">{state === 'pending' && may.approver ? 'What you are asked' : 'What it permits'}</h2>
        {facts instanceof Error ? <FaultNote error={facts} /> : <FactList facts={facts} />}
        {proposal === undefined ? null : <Exact policy={proposal.grant.policy} />}
      </section>
      {state === 'pending' && proposal !== undefined && (may.approver || may.administrator) ? (
        <Suspense fallback={<DifferenceFrame words="reading…" />}>
          <DifferenceNote lease={lease} grant={proposal.grant} />
        </Suspense>
      ) : null}
      {proposal === undefined ? null : (
        <section aria-labelledby="words">
          <h2 id="words">What others wrote</h2>
          {untrustedTexts(lease, proposal.grant).map((text) => (
            <UntrustedNote key={text.label} {...text} />
          ))}
        </section>
      )}
      {valid ? null : (
        <div className="note note-bad" role="alert">
          <p>
            <strong>{INVALID_SIGNATURE}</strong> The record below names it.
          </p>
          <p className="hint">
            Do not approve anything. Tell an administrator: <code>leasehold audit {visible(lease.id)}</code> verifies
            the record, too.
          </p>
        </div>
      )}
      <Answer read={read} state={state} isShownWhole={!(facts instanceof Error)} />
      <Timeline events={events} decisions={decisions} hash={hash} roots={roots} valid={valid} />
      <RecordTools lease={lease} />
    </>
  );
}

/** The facts, or an error if the grant cannot be shown completely. Such a grant cannot be approved here. */
function factsOf({ lease, purpose }: IntactLease, state: LeaseState, now: number): readonly Fact[] | Error {
  const { proposal } = lease;
  if (proposal === undefined) return requestFacts(lease);
  const context = { purpose, managed: () => noManagedPolicies(lease, state) };
  try {
    return state === 'pending'
      ? waitingFacts({ ...context, lease, proposal, now })
      : [...grantFacts(proposal.grant, lease, context), { label: 'Grant', lines: [`SHA-256 ${proposal.hash}`] }];
  } catch (error) {
    return error instanceof Error ? error : new Error('The grant cannot be shown.');
  }
}

function requestFacts({ requester, asked }: FoldedLease): readonly Fact[] {
  return [
    { label: 'Who', lines: [visible(requester.name), visible(`account ${requester.key}`)] },
    { label: 'Asked', lines: [visible(JSON.stringify(asked))] },
  ];
}

function Exact({ policy }: { readonly policy: object }) {
  return (
    <details className="exact">
      <summary>Exact permissions as JSON</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable with the keyboard */}
      <pre tabIndex={0}>{visibleJson(JSON.stringify(policy, null, 2))}</pre>
    </details>
  );
}
