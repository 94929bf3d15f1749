import type { AdministrationState } from '@leasehold/broker/core';
import { type GroupList, type PrincipalView, principalBody } from '@leasehold/contract';
import type { Settings } from '@leasehold/contract/administration';
import { hidesSomething, visible } from '@leasehold/contract/text';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button, FieldError, Form, Input, Label, Text, TextArea, TextField } from 'react-aria-components';
import { recordedGroups, setPrincipal } from '../administration/administer.ts';
import type { Signer } from '../consent/sign.ts';
import { ActionButton } from './action-button.tsx';
import { FaultNote } from './fault-note.tsx';
import { TextDifference } from './text-difference.tsx';

interface Props {
  readonly signer: Signer;
  readonly environment: string;
  readonly view: PrincipalView;
  readonly groups: GroupList;
  /** The record that the page verified. */
  readonly state: AdministrationState;
  readonly onSaved: (changed: PrincipalView) => Promise<void>;
  readonly onFailed: () => Promise<void>;
  readonly onCancel: () => void;
}

/** Changes the settings of a principal: first the new text, then the difference, which the administrator signs. */
export function PrincipalForm({ signer, environment, view, groups, state, onSaved, onFailed, onCancel }: Props) {
  const [policy, setPolicy] = useState(view.policy);
  const [typed, setTyped] = useState(view.groups.join(', '));
  const [reviews, setReviews] = useState(false);
  const [shown, setShown] = useState(false);
  const isPerson = view.kind === 'person';
  const before: Settings = { policy: view.policy, groups: view.groups };
  const after: Settings = {
    policy: policy.replace(/\r\n/g, '\n'),
    groups: isPerson ? recordedGroups(namesIn(typed)) : [],
  };
  const { policy: policySchema, groups: groupsSchema } = principalBody.shape;
  const wrongPolicy = policySchema.safeParse(after.policy).success
    ? undefined
    : `The policy has ${after.policy.length} characters; the maximum is 4,000.`;
  const wrongGroups = groupsSchema.safeParse(after.groups).success
    ? undefined
    : 'Enter at most 50 names, separated by commas. Use only lower-case letters, digits and - in names.';
  const isSame = before.policy === after.policy && recordedGroups(before.groups).join() === after.groups.join();
  const save = useMutation({
    mutationFn: () =>
      setPrincipal(signer, environment, state, { principal: view.name, before, after, version: view.version }),
    onSuccess: onSaved,
    // Somebody else may have changed it: what is in effect now is shown, and the typed text stays.
    onError: onFailed,
  });
  if (reviews) {
    return (
      <section aria-labelledby="review" className="answer">
        <h2 id="review">What you sign</h2>
        <p>
          As <strong>{visible(signer.person)}</strong>, for <bdi>{visible(view.name)}</bdi> in{' '}
          <bdi>{visible(environment)}</bdi>, version {view.version + 1}. The signature covers the old and the new
          settings.
        </p>
        <h3>Policy</h3>
        <TextDifference before={before.policy} after={after.policy} />
        {hidesSomething(after.policy.replaceAll('\n', '')) ? (
          <p className="warn">The new policy contains invisible characters. They are shown as escapes.</p>
        ) : null}
        {isPerson ? (
          <>
            <h3>Groups</h3>
            <GroupDifference before={before.groups} after={after.groups} />
            <Opened groups={groups} before={before.groups} after={after.groups} name={view.name} />
          </>
        ) : null}
        {save.error === null ? null : <FaultNote error={save.error} />}
        <div className="actions">
          <ActionButton
            className="button button-main"
            label="Save with passkey"
            working={save.isPending}
            onPress={() => save.mutate()}
          />
          <Button className="button" isDisabled={save.isPending} onPress={() => setReviews(false)}>
            Back to the text
          </Button>
        </div>
      </section>
    );
  }
  return (
    <section aria-labelledby="change" className="answer">
      <h2 id="change">Change</h2>
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          setShown(true);
          if (wrongPolicy === undefined && wrongGroups === undefined && !isSame) setReviews(true);
        }}
      >
        <TextField
          value={policy}
          onChange={setPolicy}
          isInvalid={shown && wrongPolicy !== undefined}
          validationBehavior="aria"
          autoFocus
        >
          <Label>New policy</Label>
          <TextArea rows={8} />
          <Text slot="description">
            Free text about what is usual for this principal. The reviewer reads it. It permits nothing by itself.
          </Text>
          <FieldError>{wrongPolicy}</FieldError>
        </TextField>
        {isPerson ? (
          <TextField
            value={typed}
            onChange={setTyped}
            isInvalid={shown && wrongGroups !== undefined}
            validationBehavior="aria"
          >
            <Label>New groups</Label>
            <Input spellCheck="false" autoCapitalize="none" />
            <Text slot="description">Names, separated by commas. Groups that open roles: {known(groups)}.</Text>
            <FieldError>{wrongGroups}</FieldError>
          </TextField>
        ) : null}
        {shown && isSame ? (
          <p className="hint" role="status">
            Nothing is changed yet.
          </p>
        ) : null}
        <div className="actions">
          <Button className="button button-main" type="submit">
            Review the change
          </Button>
          <Button className="button" onPress={onCancel}>
            Cancel
          </Button>
        </div>
      </Form>
    </section>
  );
}

/** Groups that were added and removed. */
export function GroupDifference({
  before,
  after,
}: {
  readonly before: readonly string[];
  readonly after: readonly string[];
}) {
  const added = after.filter((group) => !before.includes(group));
  const removed = before.filter((group) => !after.includes(group));
  if (added.length + removed.length === 0) {
    return <p className="quiet">Groups: {after.length === 0 ? 'none' : after.map(visible).join(', ')}, as before.</p>;
  }
  return (
    <>
      {added.length === 0 ? null : (
        <p>
          Added to <ins>{added.map(visible).join(', ')}</ins>
        </p>
      )}
      {removed.length === 0 ? null : (
        <p>
          Removed from <del>{removed.map(visible).join(', ')}</del>
        </p>
      )}
    </>
  );
}

/** The roles that a change of groups opens. The broker computes them again and answers with them. */
function Opened({
  groups: { roles },
  before,
  after,
  name,
}: {
  readonly groups: GroupList;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly name: string;
}) {
  const opens = roles.filter(
    (role) =>
      role.groups.some((group) => after.includes(group)) && !role.groups.some((group) => before.includes(group)),
  );
  if (opens.length === 0) return null;
  return (
    <p className="warn">
      {visible(name)} may then request {opens.map((role) => visible(role.name)).join(', ')}.
    </p>
  );
}

function namesIn(typed: string): readonly string[] {
  return typed
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function known({ groups }: GroupList): string {
  const names = groups.filter(({ roles }) => roles.length > 0).map(({ name }) => visible(name));
  return names.length === 0 ? 'none' : names.join(', ');
}
