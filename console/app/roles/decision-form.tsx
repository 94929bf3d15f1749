import type { RoleView } from '@leasehold/contract';
import { visible } from '@leasehold/contract/text';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { FieldError, Form, Input, Label, Text, TextField } from 'react-aria-components';
import { ParameterField } from '../request/parameter-field.tsx';
import { ActionButton } from '../ui/action-button.tsx';
import { FaultNote } from '../ui/fault-note.tsx';
import { type Answer, decide, keysOf, type Question, type QuestionFaults } from './decision.ts';

/** Answers, in the browser, whether a role can perform an action on a resource. */
export function DecisionForm({ role }: { readonly role: RoleView }) {
  const keys = useMemo(() => attempt(() => keysOf(role)), [role]);
  const [question, setQuestion] = useState<Question>(EMPTY);
  const latest = useRef(question);
  const form = useRef<HTMLFormElement>(null);
  const asking = useMutation({
    mutationFn: (asked: Question) => decide(role, asked),
    onSuccess: ({ kind }, asked) => {
      // After the faults are drawn.
      if (kind === 'faults' && asked === latest.current)
        setTimeout(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
    },
  });
  if (keys instanceof Error) return <FaultNote error={keys} />;
  // An answer or an error is about the question that was asked, so it is not shown beside another one.
  const isCurrent = asking.variables === question;
  const answer = isCurrent ? asking.data : undefined;
  const faults: QuestionFaults = answer?.kind === 'faults' ? answer.faults : { parameters: {} };
  const change = (part: Partial<Question>) => {
    latest.current = { ...question, ...part };
    setQuestion(latest.current);
  };
  return (
    <section aria-labelledby="decision">
      <h2 id="decision">Can this role do it?</h2>
      <Form
        ref={form}
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          asking.mutate(question);
        }}
      >
        <CodeField
          label="Action"
          value={question.action}
          fault={faults.action}
          placeholder="s3:GetObject"
          onChange={(action) => change({ action })}
        />
        <CodeField
          label="Resource"
          value={question.resource}
          fault={faults.resource}
          placeholder="arn:aws:s3:::bucket/key"
          about="The ARN of one resource, or * for an action without resources."
          onChange={(resource) => change({ resource })}
        />
        {keys.parameters.map((name) => {
          const rule = role.parameters[name];
          return rule === undefined ? null : (
            <ParameterField
              key={name}
              name={name}
              rule={rule}
              value={question.parameters[name] ?? ''}
              fault={faults.parameters[name]}
              onChange={(value) => change({ parameters: { ...question.parameters, [name]: value } })}
              onLeave={() => undefined}
            />
          );
        })}
        {keys.context.map((key) => (
          <ContextField key={key} name={key} question={question} onChange={change} />
        ))}
        <ActionButton
          className="button button-main"
          type="submit"
          label="Check"
          working={isCurrent && asking.isPending}
        />
      </Form>
      {!isCurrent || asking.error === null ? null : <FaultNote error={asking.error} />}
      <div role="status">{answer?.kind === 'answer' ? <Shown answer={answer} /> : null}</div>
      <p className="quiet">
        The answer is about the role’s own policy. It includes no permissions boundary, no policy of your organization
        (SCP, RCP), no policy of the resource or of a VPC endpoint, and no session policy: a lease can permit less than
        its role, never more. Nothing is sent to AWS or to the broker.
      </p>
    </section>
  );
}

const EMPTY: Question = { action: '', resource: '', parameters: {}, context: {}, absent: [] };

const TITLES = { allowed: 'Allowed', denied: 'Denied', depends: 'It depends', unknown: 'Not known' } as const;
const TONES = { allowed: 'good', denied: 'bad', depends: 'wait', unknown: 'wait' } as const;

function Shown({
  answer: { outcome, sentence, statements, notes },
}: {
  readonly answer: Extract<Answer, { kind: 'answer' }>;
}) {
  return (
    <div className="note">
      <p className="summary">
        <span className={`badge badge-${TONES[outcome]}`}>{TITLES[outcome]}</span>
      </p>
      <p className="hint">{sentence}</p>
      {notes.map((note) => (
        <p key={note} className="hint warn">
          {note}
        </p>
      ))}
      <details className="exact">
        <summary>Every statement</summary>
        <ul className="statements">
          {statements.map((statement) => (
            <li key={statement.sentence} className={statement.matched === false ? 'quiet' : 'matched'}>
              {statement.sentence}
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}

/** A context key that the policy reads: its value, or that the request does not contain it. */
function ContextField({
  name,
  question: { context, absent },
  onChange,
}: {
  readonly name: string;
  readonly question: Question;
  readonly onChange: (part: Partial<Question>) => void;
}) {
  const isAbsent = absent.includes(name);
  return (
    <div>
      <CodeField
        label={name}
        value={isAbsent ? '' : (context[name] ?? '')}
        about="The policy reads this context key. Empty: the value is not known."
        isDisabled={isAbsent}
        onChange={(value) => onChange({ context: { ...context, [name]: value } })}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={isAbsent}
          onChange={({ target }) =>
            onChange({ absent: target.checked ? [...absent, name] : absent.filter((each) => each !== name) })
          }
        />
        <span>The request does not contain {visible(name)}</span>
      </label>
    </div>
  );
}

function CodeField({
  label,
  value,
  fault,
  about,
  placeholder,
  isDisabled = false,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly fault?: string | undefined;
  readonly about?: string;
  readonly placeholder?: string;
  readonly isDisabled?: boolean;
  readonly onChange: (value: string) => void;
}) {
  return (
    <TextField
      value={value}
      onChange={onChange}
      isDisabled={isDisabled}
      isInvalid={fault !== undefined}
      validationBehavior="aria"
    >
      <Label>{visible(label)}</Label>
      <Input spellCheck="false" autoCapitalize="none" autoComplete="off" {...(placeholder ? { placeholder } : {})} />
      {about === undefined ? null : <Text slot="description">{about}</Text>}
      <FieldError>{fault}</FieldError>
    </TextField>
  );
}

function attempt<T>(work: () => T): T | Error {
  try {
    return work();
  } catch (error) {
    return error instanceof Error ? error : new Error('The policy cannot be read.');
  }
}
