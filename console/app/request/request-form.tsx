import { approvalWords, requestableFacts } from '@leasehold/broker/core';
import type { RoleView } from '@leasehold/contract';
import { defined } from '@leasehold/contract/defined';
import { count, visible } from '@leasehold/contract/text';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useRef, useState } from 'react';
import { FieldError, Form, Input, Label, Text, TextArea, TextField } from 'react-aria-components';
import { ActionButton } from '../ui/action-button.tsx';
import { CommandToCopy } from '../ui/command-to-copy.tsx';
import { FactList } from '../ui/fact-list.tsx';
import { FaultNote } from '../ui/fault-note.tsx';
import {
  acceptedParameters,
  type Draft,
  faultsOf,
  freeParameters,
  isFaultless,
  lengthWords,
  requestOf,
  secondsOf,
  whyNotHere,
} from './draft.ts';
import { execCommand } from './exec-command.ts';
import { ParameterField } from './parameter-field.tsx';
import type { FormStart } from './proposal.ts';
import { useSendRequest } from './request-queries.ts';

/**
 * The form for requesting one role. It has a field for each parameter, and shows what the lease would permit.
 * @param start What the form contains at first. Default: nothing.
 */
export function RequestForm({ role, start }: { readonly role: RoleView; readonly start?: FormStart }) {
  const [parameters, setParameters] = useState<Draft['parameters']>(start?.parameters ?? {});
  const [reason, setReason] = useState(start?.reason ?? '');
  const [minutes, setMinutes] = useState(start?.minutes ?? '');
  const [narrowed, setNarrowed] = useState(true);
  /** Fields that have lost the focus, or all fields after an attempt to send the form. */
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const navigate = useNavigate();
  const sending = useSendRequest();
  const needsApproval = role.humans > 0;
  const fewer = start?.actions;
  const draft: Draft = {
    reason,
    parameters,
    minutes: minutes.trim() === '' ? undefined : wholeNumber(minutes),
    actions: narrowed ? fewer : undefined,
  };
  const faults = faultsOf(role, draft);
  const shown = (field: string, fault: string | undefined) => (tried || left.has(field) ? fault : undefined);
  const leave = (field: string) => () => setLeft(new Set([...left, field]));
  const refusal = whyNotHere(role);
  const bound = Object.entries(role.parameters).filter(([, { from }]) => from !== undefined);
  const submit = () => {
    setTried(true);
    if (!isFaultless(faults)) {
      // After the faults are drawn.
      setTimeout(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    if (!needsApproval || sending.isPending) return;
    sending.mutate(requestOf(role, draft), {
      onSuccess: (lease) => void navigate({ to: '/leases/$lease', params: { lease } }),
    });
  };
  if (refusal !== undefined) return <p className="empty">You cannot request this role here. {refusal}</p>;
  return (
    <>
      <p className="lead">
        <bdi>{visible(role.purpose)}</bdi>
      </p>
      <Form
        ref={form}
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {freeParameters(role).map(([name, rule]) => (
          <ParameterField
            key={name}
            name={name}
            rule={rule}
            value={parameters[name] ?? ''}
            fault={shown(`parameter ${name}`, faults.parameters[name])}
            onChange={(value) => setParameters({ ...parameters, [name]: value })}
            onLeave={leave(`parameter ${name}`)}
          />
        ))}
        {bound.map(([name, { from = '' }]) => (
          <p key={name} className="quiet">
            <code>{visible(name)}</code> comes from your account (<code>{visible(from)}</code>).
          </p>
        ))}
        <TextField
          value={reason}
          onChange={setReason}
          onBlur={leave('reason')}
          isInvalid={shown('reason', faults.reason) !== undefined}
          validationBehavior="aria"
        >
          <Label>Reason</Label>
          <TextArea rows={3} />
          <Text slot="description">
            What you will do, and to what. Approvers read this text. The record of the lease and CloudTrail contain it.
          </Text>
          <FieldError>{faults.reason}</FieldError>
        </TextField>
        <TextField
          value={minutes}
          onChange={setMinutes}
          onBlur={leave('minutes')}
          isInvalid={shown('minutes', faults.minutes) !== undefined}
          validationBehavior="aria"
        >
          <Label>Length in minutes (optional)</Label>
          <Input inputMode="numeric" autoComplete="off" />
          <Text slot="description">{lengthWords(role)}</Text>
          <FieldError>{faults.minutes}</FieldError>
        </TextField>
        {fewer === undefined ? null : (
          <label className="check">
            <input type="checkbox" checked={narrowed} onChange={(event) => setNarrowed(event.target.checked)} />
            <span>
              Only what the reviewer proposed: {count(fewer.length, 'action')} of {role.actions.length}
            </span>
          </label>
        )}
        {start?.unnamed === undefined ? null : (
          <p className="note warn">
            The reviewer proposed only {count(start.unnamed.length, 'permission')}:{' '}
            <bdi className="code">{start.unnamed.map(visible).join(', ')}</bdi>. This request cannot name them, so it
            asks for all permissions of the role.
          </p>
        )}
        <Preview role={role} draft={draft}>
          {approvalNote(role, start?.humans)}
        </Preview>
        {sending.error === null ? null : <FaultNote error={sending.error} />}
        <div className="actions">
          <ActionButton
            className="button button-main"
            type="submit"
            label={needsApproval ? 'Send request' : 'Show command'}
            working={sending.isPending}
          />
        </div>
      </Form>
      {!needsApproval && tried && isFaultless(faults) ? (
        <section aria-labelledby="command">
          <h2 id="command">Your command</h2>
          <p>
            The command requests the lease itself when you run it, {approvalWords(role)}. Replace <code>COMMAND</code>,
            and sign in first: <code>leasehold login</code>.
          </p>
          <CommandToCopy command={execCommand(requestOf(role, draft))} />
        </section>
      ) : null}
    </>
  );
}

/** @param expected Number of approvals that the reviewer proposed. @default those of the role */
function approvalNote(role: RoleView, expected = role.humans): string {
  if (expected === 0) return `It is issued ${approvalWords(role)}. Each lease is recorded.`;
  const people = `${count(expected, 'person must', 'people must')} approve it. They see the same permissions.`;
  return expected > role.humans ? `As the reviewer judged it: ${people}` : people;
}

function Preview({
  role,
  draft,
  children,
}: {
  readonly role: RoleView;
  readonly draft: Draft;
  readonly children: ReactNode;
}) {
  const facts = factsOf(role, draft);
  return (
    <section aria-labelledby="preview" className="preview">
      <h2 id="preview">What the lease would permit</h2>
      {facts instanceof Error ? <FaultNote error={facts} /> : <FactList facts={facts} />}
      <p className="hint">{children}</p>
    </section>
  );
}

function factsOf(role: RoleView, draft: Draft) {
  const seconds = secondsOf(role, draft);
  try {
    return requestableFacts(role, {
      parameters: acceptedParameters(role, draft),
      seconds: Number.isSafeInteger(seconds) && seconds >= 1 ? seconds : role.lease.defaultSeconds,
      ...defined({ actions: draft.actions }),
    });
  } catch (error) {
    return error instanceof Error ? error : new Error('The permissions cannot be shown.');
  }
}

/** The number, or NaN. JavaScript also reads `1e1`, `0x10` and `1.5` as numbers. */
function wholeNumber(text: string): number {
  return /^\d{1,6}$/.test(text.trim()) ? Number(text) : Number.NaN;
}
