import { visible } from '@leasehold/contract/text';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button, Form } from 'react-aria-components';
import { addressesOf } from '../api/address.ts';
import { issueCode, type ShownCode } from '../consent/people.ts';
import type { Signer } from '../consent/sign.ts';
import { ActionButton } from './action-button.tsx';
import { Choice } from './choice.tsx';
import { FaultNote } from './fault-note.tsx';
import { Moment } from './moment.tsx';

/** The durations for which a code can be valid. The first duration is the default. */
const TIMES = [
  { seconds: 3600, label: '1 hour' },
  { seconds: 28_800, label: '8 hours' },
  { seconds: 86_400, label: '1 day' },
];

interface Props {
  readonly administrator: Signer;
  readonly person: string;
  readonly environment: string;
  readonly onIssued: () => Promise<void>;
}

/** Issues a one-time code for a person, and shows it until the administrator has passed it on. */
export function CodeForm({ administrator, person, environment, onIssued }: Props) {
  const [asks, setAsks] = useState(false);
  // The code is in the memory of this component only, and not in a cache.
  const [shown, setShown] = useState<ShownCode>();
  const name = visible(person);
  if (shown !== undefined) return <Shown person={name} shown={shown} onDone={() => setShown(undefined)} />;
  if (!asks) {
    return (
      <Button
        className="button button-small"
        onPress={() => setAsks(true)}
        aria-label={`Issue a one-time code for ${name}…`}
      >
        Issue a one-time code…
      </Button>
    );
  }
  return (
    <Ask
      {...{ administrator, person, environment }}
      onCancel={() => setAsks(false)}
      onCode={async (issued) => {
        setShown(issued);
        setAsks(false);
        await onIssued();
      }}
    />
  );
}

function Ask({
  administrator,
  person,
  environment,
  onCode,
  onCancel,
}: Omit<Props, 'onIssued'> & {
  readonly onCode: (issued: ShownCode) => Promise<void>;
  readonly onCancel: () => void;
}) {
  const [seconds, setSeconds] = useState(TIMES[0]?.seconds ?? 0);
  const [forAdministrator, setForAdministrator] = useState(false);
  const issue = useMutation({
    // Returns nothing, so that the code does not get into the cache of mutations.
    mutationFn: async () => onCode(await issueCode(administrator, person, environment, { seconds, forAdministrator })),
  });
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!issue.isPending) issue.mutate();
      }}
    >
      <Choice
        label="Valid for"
        value={String(seconds)}
        choices={TIMES.map((each) => [String(each.seconds), each.label] as const)}
        onChange={(chosen) => setSeconds(Number(chosen))}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={forAdministrator}
          onChange={(event) => setForAdministrator(event.target.checked)}
        />
        <span>Administrator: these passkeys may sign codes and removals for other people</span>
      </label>
      <p className="quiet">
        You sign the code for <bdi>{visible(person)}</bdi> in <bdi>{visible(environment)}</bdi>. The event, and the
        alert if the definitions have <code>alerts</code>, show <code>code-issued</code> and the name of the person, and
        not the code. An earlier unused code becomes invalid.
      </p>
      {issue.error === null ? null : <FaultNote error={issue.error} />}
      <div className="actions">
        <ActionButton
          className="button button-main"
          type="submit"
          label="Issue code with passkey"
          working={issue.isPending}
        />
        <Button className="button" onPress={onCancel}>
          Cancel
        </Button>
      </div>
    </Form>
  );
}

function Shown({
  person,
  shown: { code, until },
  onDone,
}: {
  readonly person: string;
  readonly shown: ShownCode;
  readonly onDone: () => void;
}) {
  return (
    <div className="note note-good">
      <p role="status">
        The one-time code for <bdi>{person}</bdi> is issued. It is shown only now.
      </p>
      <p className="code one-time-code">{code}</p>
      <p>
        Valid once, until <Moment at={until} />. <bdi>{person}</bdi> enters it at{' '}
        <span className="code">{`${addressesOf(new URL(location.href)).console}passkeys`}</span>.
      </p>
      <p>
        Give it to the person over another channel than the one on which they sign in. Then compare the thumbprint of
        the new passkey with the person.
      </p>
      <div className="actions">
        <Button className="button" onPress={onDone}>
          Hide the code
        </Button>
      </div>
    </div>
  );
}
