import { type FoldedLease, isCollectable, type LeaseState } from '@leasehold/broker/core';
import { requestBody } from '@leasehold/contract';
import { count } from '@leasehold/contract/text';
import { ActionButton } from '../ui/action-button.tsx';
import { CommandToCopy } from '../ui/command-to-copy.tsx';
import { FaultNote } from '../ui/fault-note.tsx';
import { useNow } from '../ui/moment.tsx';
import { emptyTab } from './aws-console.ts';
import { execCommand } from './exec-command.ts';
import { useFollowedLease, useOpenAwsConsole } from './request-queries.ts';

/** Tells the person who requested the lease what happens next, and later how to use the lease. */
export function OwnLease({ lease, state }: { readonly lease: FoldedLease; readonly state: LeaseState }) {
  const isOwn = useFollowedLease(lease, state);
  const now = useNow();
  const opening = useOpenAwsConsole(lease.id);
  if (!isOwn) return null;
  const isUsable = isCollectable(lease, now);
  return (
    <section aria-labelledby="own-lease">
      <h2 id="own-lease">Your request</h2>
      <p role="status">
        {wordsOf(lease, state)}
        {isUsable && state === 'issued' ? ' If that failed, you can try again within a minute.' : null}
      </p>
      {isUsable ? (
        <>
          <Command lease={lease} />
          <p>
            Or open the AWS console in a new tab. You are signed in there with the permissions of the lease, until the
            lease ends. The sign-in address reaches only that tab.
          </p>
          <div className="actions">
            <ActionButton
              className="button"
              label="Open the AWS console"
              working={opening.isPending}
              onPress={() => opening.mutate(emptyTab())}
            />
          </div>
        </>
      ) : null}
      {opening.error === null ? null : <FaultNote error={opening.error} />}
    </section>
  );
}

function Command({ lease: { id, asked } }: { readonly lease: FoldedLease }) {
  const body = requestBody.safeParse(asked).data;
  if (body === undefined || !('role' in body)) {
    return <p>This lease was requested by intent, so the command line cannot use it.</p>;
  }
  return (
    <>
      <p>
        Run your command with the lease. Replace <code>COMMAND</code>, and sign in first: <code>leasehold login</code>.
        The credentials reach only that command, never this page.
      </p>
      <CommandToCopy command={execCommand(body, id)} />
    </>
  );
}

function wordsOf({ proposal, approvals }: FoldedLease, state: LeaseState): string {
  switch (state) {
    case 'requested':
      return 'The broker is deciding on your request.';
    case 'pending': {
      const { humans } = proposal ?? { humans: 0 };
      return `Your request waits: ${approvals.length} of ${count(humans, 'approval')}. This page follows it; you need not reload it.`;
    }
    case 'approved':
      return 'Your lease is approved. The lease begins when you first use it.';
    case 'issued':
      return 'Your lease is in use.';
    case 'denied':
      return 'Your request was denied. The reason is above.';
    case 'lapsed':
      return 'Nobody answered in time. Request the lease again when an approver is available.';
    case 'revoked':
      return 'Your lease was revoked.';
    case 'expired':
      return 'Your lease has ended.';
  }
}
