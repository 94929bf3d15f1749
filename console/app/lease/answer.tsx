import type { LeaseState } from '@leasehold/broker/core';
import { count, visible } from '@leasehold/contract/text';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { BrokerRefusal } from '../api/errors.ts';
import { useBroker, useKnownMe } from '../session/app-context.tsx';
import { ActionButton } from '../ui/action-button.tsx';
import { FaultNote } from '../ui/fault-note.tsx';
import { ReasonForm } from '../ui/reason-form.tsx';
import { answersOf } from './answers.ts';
import { type Answering, approve, deny, revoke } from './decide.ts';
import { useReadAgain } from './lease-queries.ts';
import type { IntactLease } from './read-lease.ts';

/**
 * The section in which an approver approves, denies or revokes a lease. If the lease cannot be approved here, the
 * section states the reason.
 */
export function Answer({
  read,
  state,
  isShownWhole,
}: {
  readonly read: IntactLease;
  readonly state: LeaseState;
  readonly isShownWhole: boolean;
}) {
  const { lease } = read;
  const broker = useBroker();
  const me = useKnownMe();
  const readAgain = useReadAgain(lease.id);
  const [form, setForm] = useState<'deny' | 'revoke'>();
  const [unsigned, setUnsigned] = useState(false);
  const { person, may } = me;
  const answers = answersOf({ read, state, me, isShownWhole });
  const as = answers.as;
  const mutation = useMutation({
    mutationFn: async (answering: Answering) => {
      if (as === undefined) return;
      const signer = { broker, as, person: person ?? '' };
      if (answering.kind === 'approve') await approve(signer, lease);
      if (answering.kind === 'deny') await deny(signer, lease, answering);
      if (answering.kind === 'revoke') await revoke(signer, lease, answering);
    },
    onSuccess: () => setForm(undefined),
    // Also after a failure: the grant may have changed since it was shown.
    onSettled: readAgain,
  });
  if (!(may.approver || may.administrator)) return null;
  const done = mutation.isSuccess ? DONE[mutation.variables.kind] : undefined;
  const { approve: mayApprove, deny: mayDeny, revoke: mayRevoke } = answers;
  if (done === undefined && mayApprove === undefined && mayDeny === undefined && mayRevoke === undefined) return null;
  const because = (kind: 'deny' | 'revoke') => (text: string) =>
    mutation.mutate({ kind, because: text, signed: !unsigned && person !== undefined });
  return (
    <section aria-labelledby="answer" className="answer">
      <h2 id="answer">Your answer</h2>
      {done === undefined ? null : (
        <p className="note note-good" role="status">
          {done}
        </p>
      )}
      {mutation.error === null ? null : <FaultNote error={mutation.error} />}
      {isAnotherGrant(mutation.error) ? (
        <p className="warn">The grant has changed since it was shown. Above is how it is now.</p>
      ) : null}
      {done === undefined && mayApprove !== undefined && mayApprove !== true ? (
        <p className="hint">{mayApprove}</p>
      ) : null}
      {mayApprove === true && form === undefined ? (
        <p>
          Your passkey signs the whole grant above, as <strong>{visible(person ?? '')}</strong>.{' '}
          {lease.proposal === undefined
            ? null
            : `It needs ${count(lease.proposal.humans, 'approval')}, and has ${lease.approvals.length}.`}
        </p>
      ) : null}
      {form === undefined ? (
        <div className="actions">
          {mayApprove === true ? (
            <ActionButton
              className="button button-main"
              label="Approve with passkey"
              working={mutation.isPending}
              onPress={() => mutation.mutate({ kind: 'approve' })}
            />
          ) : null}
          {mayDeny === true ? (
            <Button className="button" isDisabled={mutation.isPending} onPress={() => setForm('deny')}>
              Deny…
            </Button>
          ) : null}
          {mayRevoke === true ? (
            <Button className="button button-danger" isDisabled={mutation.isPending} onPress={() => setForm('revoke')}>
              Revoke…
            </Button>
          ) : null}
        </div>
      ) : (
        <ReasonForm
          action={form === 'deny' ? 'Deny' : 'Revoke'}
          description={
            form === 'deny'
              ? 'The reason is recorded, and the requester can read it.'
              : 'The revocation is recorded. AWS denies all further calls that use the lease.'
          }
          pending={mutation.isPending}
          onReason={because(form)}
          onCancel={() => {
            setForm(undefined);
            mutation.reset();
          }}
        >
          {mutation.error === null || person === undefined ? null : (
            <label className="check">
              <input type="checkbox" checked={unsigned} onChange={(event) => setUnsigned(event.target.checked)} />
              Without a signature. The record then shows only that you were signed in.
            </label>
          )}
        </ReasonForm>
      )}
    </section>
  );
}

const DONE = {
  approve: 'You approved this lease. Your signature is in its record.',
  deny: 'You denied this lease.',
  revoke: 'You revoked this lease. AWS denies all further calls that use this lease.',
} as const;

function isAnotherGrant(error: unknown): boolean {
  return error instanceof BrokerRefusal && error.problem.code === 'another-grant';
}
