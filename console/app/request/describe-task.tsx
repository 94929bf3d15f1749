import type { Proposal, RoleView } from '@leasehold/contract';
import { REASON_RULES, SHORTEST_REASON, writtenReason } from '@leasehold/contract/request-rules';
import { count, visible } from '@leasehold/contract/text';
import { useState } from 'react';
import { FieldError, Form, Label, Text, TextArea, TextField } from 'react-aria-components';
import { PageRefusal } from '../api/errors.ts';
import { ActionButton } from '../ui/action-button.tsx';
import { FaultNote } from '../ui/fault-note.tsx';
import { UntrustedNote } from '../ui/untrusted-note.tsx';
import { formFrom } from './proposal.ts';
import { RequestForm } from './request-form.tsx';
import { usePropose } from './request-queries.ts';

/** A person describes a task in plain words, sees which lease the reviewer proposes, and edits and sends a request. */
export function DescribeTask({ roles }: { readonly roles: readonly RoleView[] }) {
  const [words, setWords] = useState('');
  const [tried, setTried] = useState(false);
  const asking = usePropose();
  const written = writtenReason(words, '', SHORTEST_REASON);
  const fault = 'fault' in written ? `The description ${written.fault}. ${REASON_RULES}` : undefined;
  const submit = () => {
    setTried(true);
    if ('value' in written && !asking.isPending) asking.mutate(written.value);
  };
  const { proposal, intent = '' } = asking.data ?? {};
  const role = roles.find(({ name }) => name === proposal?.role);
  const start = proposal && role && formFrom(role, intent, proposal);
  return (
    <section aria-labelledby="describe">
      <h2 id="describe">Describe the task</h2>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <TextField value={words} onChange={setWords} isInvalid={tried && fault !== undefined} validationBehavior="aria">
          <Label>Task, in plain words</Label>
          <TextArea rows={3} />
          <Text slot="description">
            The reviewer, a language model, proposes a lease. Nothing is requested. It counts as one request in your
            budget.
          </Text>
          <FieldError>{fault}</FieldError>
        </TextField>
        {asking.error === null ? null : <FaultNote error={asking.error} />}
        <div className="actions">
          <ActionButton
            className="button button-main"
            type="submit"
            label="Propose a lease"
            working={asking.isPending}
          />
        </div>
      </Form>
      {proposal !== undefined && role === undefined ? <FaultNote error={UNKNOWN_ROLE} /> : null}
      {proposal === undefined || role === undefined || start === undefined || asking.isPending ? null : (
        <section aria-labelledby="proposed" className="proposal">
          <h2 id="proposed">Proposed: {visible(role.name)}</h2>
          <Judgement proposal={proposal} humans={start.humans} />
          <p>Check and change the request, then send it. It is reviewed again.</p>
          <RequestForm key={asking.submittedAt} role={role} start={start} />
        </section>
      )}
    </section>
  );
}

const UNKNOWN_ROLE = new PageRefusal('The reviewer proposed a role that you may not request.', 'Reload the page.');

function Judgement({ proposal: { sentence, risk }, humans }: { readonly proposal: Proposal; readonly humans: number }) {
  return (
    <>
      <p role="status">
        {risk === undefined ? null : `Risk as the reviewer judges it: ${risk}. `}
        {humans === 0
          ? 'Nobody would have to approve it.'
          : `${count(humans, 'person', 'people')} would have to approve it.`}
      </p>
      {sentence === undefined ? null : <UntrustedNote label="Why" text={sentence} by="reviewer" />}
    </>
  );
}
