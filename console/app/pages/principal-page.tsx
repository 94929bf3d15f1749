import type { VerifiedAct } from '@leasehold/broker/core';
import type { GroupList, PrincipalView } from '@leasehold/contract';
import { visible } from '@leasehold/contract/text';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { Administrator } from '../administration/administrator.ts';
import { type ReadRecord, readChanges } from '../administration/records.ts';
import { whyNotEdited } from '../administration/settings-in-effect.ts';
import { useBroker } from '../session/app-context.tsx';
import { ActList } from '../ui/act-list.tsx';
import { AdministratorPage } from '../ui/administrator-gate.tsx';
import { GroupDifference, PrincipalForm } from '../ui/principal-form.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { multiline, TextDifference } from '../ui/text-difference.tsx';

/** One principal: its settings, a form to change them, and the record of earlier changes. */
export function PrincipalPage() {
  const { principal: name } = useParams({ from: '/administration/principals/$principal' });
  return (
    <AdministratorPage
      title="Principal"
      id={visible(name)}
      lead="The record of its changes is verified in your browser."
    >
      {(administrator) => <Principal key={name} name={name} administrator={administrator} />}
    </AdministratorPage>
  );
}

function Principal({ name, administrator }: { readonly name: string; readonly administrator: Administrator }) {
  const broker = useBroker();
  const { environment } = administrator;
  const query = useQuery({
    queryKey: ['principal', name],
    queryFn: async ({ signal }) => {
      const options = { as: 'administrator', signal } as const;
      const [view, groups, record] = await Promise.all([
        broker('principal', { ...options, path: { principal: name } }),
        broker('groups', options),
        readChanges(broker, name, environment, signal),
      ]);
      return { view, groups, record };
    },
    staleTime: 0,
    refetchOnWindowFocus: false,
  });
  return (
    <QueryView query={query} reading="and verifying the record">
      {(read) => <Loaded {...read} administrator={administrator} />}
    </QueryView>
  );
}

function Loaded({
  view,
  groups,
  record,
  administrator,
}: {
  readonly view: PrincipalView;
  readonly groups: GroupList;
  readonly record: ReadRecord;
  readonly administrator: Administrator;
}) {
  const queries = useQueryClient();
  const [edits, setEdits] = useState(false);
  const [saved, setSaved] = useState<PrincipalView>();
  const readAgain = async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['principal', view.name] }),
      queries.invalidateQueries({ queryKey: ['principals'] }),
      queries.invalidateQueries({ queryKey: ['groups'] }),
    ]);
  };
  const { refuse, warn } = whyNotEdited({ view, record: record.verified, signer: administrator.signer });
  return (
    <>
      <section aria-labelledby="settings">
        <h2 id="settings">Settings</h2>
        <Facts view={view} groups={groups} />
        <h3 id="policy">Policy</h3>
        {view.policy === '' ? (
          <p className="empty">No policy. The reviewer reads nothing about this principal.</p>
        ) : (
          <blockquote className="policy" aria-labelledby="policy">
            <bdi dir="ltr">{multiline(view.policy)}</bdi>
          </blockquote>
        )}
      </section>
      {warn === undefined ? null : (
        <p className="note note-bad" role="alert">
          {warn}
        </p>
      )}
      {saved === undefined ? null : (
        <p className="note note-good" role="status">
          Saved as version {saved.version}. Your signature is in the record.
          {saved.opens === undefined ? null : ` New: ${saved.name} may now request ${saved.opens.join(', ')}.`}
        </p>
      )}
      {refuse !== undefined ? (
        <p className="hint">{refuse}</p>
      ) : edits && administrator.signer !== undefined ? (
        <PrincipalForm
          signer={administrator.signer}
          environment={administrator.environment}
          view={view}
          groups={groups}
          state={record.verified.state}
          onSaved={async (changed) => {
            setSaved(changed);
            setEdits(false);
            await readAgain();
          }}
          onFailed={readAgain}
          onCancel={() => setEdits(false)}
        />
      ) : (
        <div className="actions">
          <Button
            className="button button-main"
            onPress={() => {
              setSaved(undefined);
              setEdits(true);
            }}
          >
            {view.kind === 'agent' ? 'Change the policy…' : 'Change policy and groups…'}
          </Button>
        </div>
      )}
      <ActList
        id="history"
        title="Changes"
        verified={record.verified}
        roots={record.roots}
        empty="No administrator has changed anything: the settings are as the definitions say."
      >
        {(act) => <Change act={act} />}
      </ActList>
    </>
  );
}

function Facts({ view, groups }: { readonly view: PrincipalView; readonly groups: GroupList }) {
  const { kind, capacities, version } = view;
  const opened = groups.roles.filter((role) =>
    kind === 'agent' ? role.agents.includes(view.name) : role.groups.some((group) => view.groups.includes(group)),
  );
  const facts: readonly (readonly [string, string])[] = [
    ['Kind', kind],
    ['May be', capacities.join(', ')],
    ...(kind === 'person' ? [['Groups', list(view.groups)] as const] : []),
    ['Eligible for', list(opened.map(({ name }) => name))],
    ['Version', version === 0 ? '0, as defined' : String(version)],
  ];
  return (
    <dl className="facts">
      {facts.map(([label, text]) => (
        <div className="fact" key={label}>
          <dt>{label}</dt>
          <dd>
            <bdi>{text}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.map(visible).join(', ');
}

function Change({ act: { event } }: { readonly act: VerifiedAct }) {
  const { body } = event;
  if (body.type !== 'principal-set') return null;
  const { by, before, after, version, opens } = body;
  return (
    <>
      <p>
        <strong>
          <bdi>{visible(by)}</bdi>
        </strong>{' '}
        saved version {version}
        {opens.length === 0 ? null : `, which permitted requests for ${opens.map(visible).join(', ')}`}
      </p>
      <GroupDifference before={before.groups} after={after.groups} />
      {before.policy === after.policy ? (
        <p className="quiet">The policy did not change.</p>
      ) : (
        <TextDifference before={before.policy} after={after.policy} />
      )}
    </>
  );
}
