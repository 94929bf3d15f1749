import type { RevocationAnswer } from '@leasehold/contract';
import type { RevocationScope } from '@leasehold/contract/administration';
import { visible } from '@leasehold/contract/text';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { FieldError, Form, Input, Label, Radio, RadioGroup, Text, TextArea, TextField } from 'react-aria-components';
import { revokeAll } from '../administration/administer.ts';
import type { Administrator } from '../administration/administrator.ts';
import { useBroker } from '../session/app-context.tsx';
import { ActionButton } from './action-button.tsx';
import { Choice, namedChoices } from './choice.tsx';
import { FaultNote } from './fault-note.tsx';
import { reasonFault } from './reason-fault.ts';

type Kind = 'role' | 'requester' | 'all';

interface Props {
  readonly administrator: Administrator;
  readonly roles: readonly string[];
  readonly requesters: readonly string[];
  readonly onStarted: () => void;
  readonly onRevoked: (answer: RevocationAnswer) => Promise<void>;
  readonly onFailed: () => Promise<void>;
}

/**
 * A form to revoke leases: the scope, the reason, the name typed again as a confirmation, and a signature over all of
 * these.
 */
export function RevocationForm({ administrator, roles, requesters, onStarted, onRevoked, onFailed }: Props) {
  const broker = useBroker();
  const { signer, environment } = administrator;
  const [kind, setKind] = useState<Kind>('role');
  const [role, setRole] = useState('');
  const [requester, setRequester] = useState('');
  const [because, setBecause] = useState('');
  const [typed, setTyped] = useState('');
  const [unsigned, setUnsigned] = useState(false);
  const [shown, setShown] = useState(false);
  const chosen = kind === 'role' ? role : kind === 'requester' ? requester : 'all roles';
  const scope: RevocationScope = kind === 'role' ? { role } : kind === 'requester' ? { requester } : { all: true };
  const wrongBecause = reasonFault(because);
  const wrongTyped =
    typed.trim() === chosen && chosen !== ''
      ? undefined
      : `Type ${chosen === '' ? 'the name' : visible(chosen)} exactly.`;
  const revocation = useMutation({
    mutationFn: () =>
      revokeAll(signer ?? { broker, as: 'administrator', person: '' }, environment, {
        scope,
        because,
        signed: signer !== undefined && !unsigned,
      }),
    onMutate: onStarted,
    onSuccess: async (answer) => {
      setBecause('');
      setTyped('');
      setShown(false);
      setUnsigned(false);
      await onRevoked(answer);
    },
    onError: onFailed,
  });
  return (
    <section aria-labelledby="revoke" className="answer">
      <h2 id="revoke">End leases</h2>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          setShown(true);
          const isComplete = chosen !== '' && wrongBecause === undefined && wrongTyped === undefined;
          if (isComplete && !revocation.isPending) revocation.mutate();
        }}
      >
        <RadioGroup
          className="choices"
          value={kind}
          onChange={(next) => {
            setKind(next as Kind);
            setTyped('');
          }}
        >
          <Label>Leases to end</Label>
          <Radio value="role">Every lease of one role. The role is blocked until these leases would have ended.</Radio>
          <Radio value="requester">Every lease of one agent or person. They can request again.</Radio>
          <Radio value="all">
            Every lease of all roles. All roles are blocked until these leases would have ended.
          </Radio>
        </RadioGroup>
        {kind === 'role' ? (
          <Choice
            label="Role"
            choices={namedChoices(roles, 'Choose…', visible)}
            value={role}
            fault={shown && role === '' ? 'Choose one.' : undefined}
            onChange={setRole}
          />
        ) : null}
        {kind === 'requester' ? (
          <Choice
            label="Agent or person"
            choices={namedChoices(requesters, 'Choose…', visible)}
            value={requester}
            fault={shown && requester === '' ? 'Choose one.' : undefined}
            onChange={setRequester}
          />
        ) : null}
        <TextField
          value={because}
          onChange={setBecause}
          isInvalid={shown && wrongBecause !== undefined}
          validationBehavior="aria"
        >
          <Label>Why</Label>
          <TextArea rows={2} />
          <Text slot="description">The reason is recorded. You sign it together with your choice of leases.</Text>
          <FieldError>{wrongBecause}</FieldError>
        </TextField>
        <TextField
          value={typed}
          onChange={setTyped}
          isInvalid={shown && wrongTyped !== undefined}
          validationBehavior="aria"
          autoComplete="off"
        >
          <Label>Type {chosen === '' ? 'the name' : <bdi>{visible(chosen)}</bdi>} to confirm</Label>
          <Input spellCheck="false" autoCapitalize="none" />
          <FieldError>{wrongTyped}</FieldError>
        </TextField>
        {environment === '' ? null : (
          <p className="quiet">
            In <bdi>{visible(environment)}</bdi>
            {signer === undefined ? null : (
              <>
                , signed by <bdi>{visible(signer.person)}</bdi>
              </>
            )}
          </p>
        )}
        {revocation.error === null ? null : <FaultNote error={revocation.error} />}
        {revocation.error === null || signer === undefined ? null : (
          <label className="check">
            <input type="checkbox" checked={unsigned} onChange={(event) => setUnsigned(event.target.checked)} />
            <span>Without a signature. The record then shows only that you were signed in.</span>
          </label>
        )}
        <div className="actions">
          <ActionButton
            className="button button-danger"
            type="submit"
            label={signer === undefined || unsigned ? 'Revoke without a signature' : 'Revoke with passkey'}
            working={revocation.isPending}
          />
        </div>
      </Form>
    </section>
  );
}
