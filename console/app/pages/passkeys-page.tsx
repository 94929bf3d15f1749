import { thumbprint } from '@leasehold/broker/core';
import { registerKeyBody } from '@leasehold/contract';
import { count, visible } from '@leasehold/contract/text';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { FieldError, Form, Input, Label, Text, TextField } from 'react-aria-components';
import { removePasskey } from '../consent/change.ts';
import { type Passkeys, passkeysOf, registerPasskey } from '../consent/register.ts';
import type { Signer } from '../consent/sign.ts';
import { useBroker, useKnownMe } from '../session/app-context.tsx';
import { signingAs, whyNoPasskeys } from '../session/me.ts';
import { ActionButton } from '../ui/action-button.tsx';
import { FaultNote } from '../ui/fault-note.tsx';
import { Moment } from '../ui/moment.tsx';
import { Page } from '../ui/page.tsx';
import { PasskeyRemoval } from '../ui/passkey-removal.tsx';
import { QueryView } from '../ui/query-view.tsx';

/** The person's own passkeys. */
export function PasskeysPage() {
  const broker = useBroker();
  const me = useKnownMe();
  const as = signingAs(me);
  const signer = as !== undefined && me.person !== undefined ? { broker, as, person: me.person } : undefined;
  const query = useQuery({
    queryKey: ['passkeys'],
    queryFn: () => (signer === undefined ? undefined : passkeysOf(signer)) ?? null,
    enabled: signer !== undefined,
  });
  return (
    <Page title="Passkeys" lead="Approvers and administrators sign their decisions with a passkey.">
      {signer === undefined ? (
        <p className="empty">{whyNoPasskeys(me)}</p>
      ) : (
        <QueryView query={query} reading="your passkeys">
          {(passkeys) => (passkeys === null ? null : <Own signer={signer} passkeys={passkeys} />)}
        </QueryView>
      )}
    </Page>
  );
}

function Own({
  signer,
  passkeys: { here, elsewhere, environment },
}: {
  readonly signer: Signer;
  readonly passkeys: Passkeys;
}) {
  return (
    <>
      <section aria-labelledby="keys">
        <h2 id="keys">Your passkeys</h2>
        {here.length === 0 ? <p className="empty">You have no passkey at this console yet.</p> : null}
        <ul className="cards">
          {here.map((each) => (
            <li key={each.key.id}>
              <Key signer={signer} environment={environment} recorded={each} />
            </li>
          ))}
        </ul>
        {elsewhere === 0 ? null : (
          <p className="quiet">
            {count(elsewhere, 'passkey')} of an earlier address of the console cannot be used here.
          </p>
        )}
        {here.length === 1 ? (
          <p className="hint">Register a second passkey on another device, so that you are not locked out.</p>
        ) : null}
      </section>
      <Register signer={signer} isFirst={here.length === 0} environment={environment} />
    </>
  );
}

function Key({
  signer,
  environment,
  recorded,
}: {
  readonly signer: Signer;
  readonly environment: string;
  readonly recorded: Passkeys['here'][number];
}) {
  const { key, registeredAt, administrator } = recorded;
  const queries = useQueryClient();
  return (
    <article className="card">
      <h3>
        <bdi>{visible(key.label)}</bdi>
        {administrator ? <span className="badge badge-wait">administrator</span> : null}
      </h3>
      <p className="quiet">
        Registered <Moment at={registeredAt} />, {key.synced ? 'synchronized between devices' : 'on one device'}
      </p>
      <p className="quiet code">Thumbprint {thumbprint(key.publicKey)}</p>
      <PasskeyRemoval
        action="Remove"
        named={key.label}
        remove={(because) => removePasskey(signer, signer.person, environment, { key: key.id, because })}
        onRemoved={() => queries.invalidateQueries({ queryKey: ['passkeys'] })}
      />
    </article>
  );
}

function Register({
  signer,
  isFirst,
  environment,
}: {
  readonly signer: Signer;
  readonly isFirst: boolean;
  readonly environment: string;
}) {
  const [label, setLabel] = useState('');
  const [code, setCode] = useState('');
  const [shown, setShown] = useState(false);
  const queries = useQueryClient();
  const registration = useMutation({
    mutationFn: () => registerPasskey(signer, environment, label, isFirst ? code : undefined),
    onSuccess: async () => {
      setLabel('');
      setCode('');
      setShown(false);
      await queries.invalidateQueries({ queryKey: ['passkeys'] });
    },
  });
  const { label: labelSchema, code: codeSchema } = registerKeyBody.shape;
  const wrongLabel = labelSchema.safeParse(label).success ? undefined : 'Write one line of 1 to 60 characters.';
  const wrongCode =
    !isFirst || (code !== '' && codeSchema.safeParse(code).success)
      ? undefined
      : 'Enter the code as you received it: at least 26 lower-case letters and digits.';
  return (
    <section aria-labelledby="register">
      <h2 id="register">Register a passkey</h2>
      <p>
        {isFirst
          ? 'Your first passkey needs a one-time code from an administrator.'
          : 'Your device prompts you twice: first to create the new passkey, and then to confirm with an earlier passkey that the new passkey belongs to you.'}
      </p>
      {registration.isSuccess ? (
        <p className="note note-good" role="status">
          The passkey is registered. Everybody who audits sees it in your record.
        </p>
      ) : null}
      {registration.error === null ? null : <FaultNote error={registration.error} />}
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          setShown(true);
          if (wrongLabel === undefined && wrongCode === undefined && !registration.isPending) registration.mutate();
        }}
      >
        {isFirst ? (
          <TextField
            value={code}
            onChange={(text) => setCode(text.trim())}
            isInvalid={shown && wrongCode !== undefined}
            validationBehavior="aria"
            autoComplete="one-time-code"
          >
            <Label>One-time code</Label>
            <Input spellCheck="false" autoCapitalize="none" />
            <FieldError>{wrongCode}</FieldError>
          </TextField>
        ) : null}
        <TextField
          value={label}
          onChange={setLabel}
          isInvalid={shown && wrongLabel !== undefined}
          validationBehavior="aria"
        >
          <Label>Name of the passkey</Label>
          <Input placeholder="Laptop" />
          <Text slot="description">So that you can tell it from your other passkeys.</Text>
          <FieldError>{wrongLabel}</FieldError>
        </TextField>
        <p className="quiet">
          For <bdi>{visible(signer.person)}</bdi> in <bdi>{visible(environment)}</bdi>.
        </p>
        <div className="actions">
          <ActionButton
            className="button button-main"
            type="submit"
            label="Register passkey"
            working={registration.isPending}
          />
        </div>
      </Form>
    </section>
  );
}
