import type { VerifiedAct } from '@leasehold/broker/core';
import type { GroupList, PrincipalView, RevocationAnswer, RevocationList } from '@leasehold/contract';
import type { RevocationScope } from '@leasehold/contract/administration';
import { count, visible } from '@leasehold/contract/text';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Administrator } from '../administration/administrator.ts';
import { type ReadRevocations, readRevocations } from '../administration/records.ts';
import { whoBlocked } from '../administration/who-blocked.ts';
import { useBroker } from '../session/app-context.tsx';
import { ActList } from '../ui/act-list.tsx';
import { AdministratorPage } from '../ui/administrator-gate.tsx';
import { Deadline, Moment, useNow } from '../ui/moment.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { RevocationForm } from '../ui/revocation-form.tsx';

/** The roles that are blocked, who blocked them, and a form to end leases. */
export function RevocationsPage() {
  return (
    <AdministratorPage
      title="Revocations"
      lead="End every lease of a role, of a requester, or of all roles. AWS denies the next call that uses one of them."
    >
      {(administrator) => <Revocations administrator={administrator} />}
    </AdministratorPage>
  );
}

const KEY = ['revocations'];

function Revocations({ administrator }: { readonly administrator: Administrator }) {
  const broker = useBroker();
  const { environment } = administrator;
  const query = useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => {
      const options = { as: 'administrator', signal } as const;
      const [record, groups, { principals }] = await Promise.all([
        readRevocations(broker, environment, signal),
        broker('groups', options),
        broker('principals', options),
      ]);
      return { record, groups, principals };
    },
    staleTime: 0,
    refetchInterval: 15_000,
  });
  return (
    <QueryView query={query} reading="and verifying the record">
      {(read) => <Loaded {...read} administrator={administrator} />}
    </QueryView>
  );
}

function Loaded({
  record,
  groups,
  principals,
  administrator,
}: {
  readonly record: ReadRevocations;
  readonly groups: GroupList;
  readonly principals: readonly PrincipalView[];
  readonly administrator: Administrator;
}) {
  const queries = useQueryClient();
  const [done, setDone] = useState<RevocationAnswer>();
  const readAgain = async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: KEY }),
      queries.invalidateQueries({ queryKey: ['leases'] }),
    ]);
  };
  return (
    <>
      <section aria-labelledby="blocked">
        <h2 id="blocked">Blocked now</h2>
        {record.shut.length === 0 ? (
          <p className="empty">No role is blocked.</p>
        ) : (
          <ul className="cards">
            {record.shut.map((each) => (
              <li key={each.role}>
                <BlockedRole blocked={each} acts={record.verified.acts} />
              </li>
            ))}
          </ul>
        )}
        <p className="quiet">
          The block ends by itself when the last lease that ran would have ended. Nobody can end it earlier. To block
          the role for longer, revoke its leases again, or remove it from the definitions.
        </p>
      </section>
      {done === undefined ? null : <Done answer={done} />}
      <RevocationForm
        administrator={administrator}
        roles={groups.roles.map(({ name }) => name)}
        requesters={principals.map(({ name }) => name)}
        onRevoked={async (answer) => {
          setDone(answer);
          await readAgain();
        }}
        // A revocation that failed halfway has blocked some of the roles.
        onFailed={readAgain}
        onStarted={() => setDone(undefined)}
      />
      <ActList
        id="history"
        title="Record"
        verified={record.verified}
        roots={record.roots}
        empty="Nobody has revoked several leases at once."
      >
        {(act) => <Revocation act={act} />}
      </ActList>
    </>
  );
}

function BlockedRole({
  blocked: { role, until, tag, policy },
  acts,
}: {
  readonly blocked: RevocationList['shut'][number];
  readonly acts: readonly VerifiedAct[];
}) {
  const now = useNow();
  const by = whoBlocked(role, until, acts);
  return (
    <article className="card">
      <h3>
        <bdi>{visible(role)}</bdi>
        <span className="badge badge-bad">blocked</span>
      </h3>
      <p>
        Block ends: <Deadline until={until} now={now} />
      </p>
      {by === undefined ? (
        <p className="quiet">
          No revocation of this role is in the record. Too many single leases of it may have been revoked.
        </p>
      ) : (
        <>
          <p>
            Blocked by{' '}
            <strong>
              <bdi>{visible(by.by)}</bdi>
            </strong>
            , <Moment at={by.at} />
          </p>
          <p className="said">
            <bdi dir="ltr">{visible(by.because)}</bdi>
          </p>
        </>
      )}
      <ul className="told">
        <li>{TAG_WORDS[tag]}</li>
        {policy === 'none' ? (
          <li className="quiet">The role has no revocation policy. Only the tag denies.</li>
        ) : (
          <li>{POLICY_WORDS[policy]}</li>
        )}
      </ul>
    </article>
  );
}

const LATER = 'The scheduled run adds it within a minute. Revoke the leases of the role again to try immediately.';
const TAG_WORDS = {
  present: 'The role has the tag in AWS that denies every session of the role.',
  missing: `AWS does not have the tag that denies the role. ${LATER}`,
  'not-read': 'The broker could not read whether the role has the tag that denies its sessions.',
} as const;
const POLICY_WORDS = {
  present: 'The revocation policy in AWS denies the role.',
  missing: `The revocation policy does not deny the role. ${LATER}`,
  'not-read': 'The broker could not read whether the revocation policy denies the role.',
} as const;

function Done({ answer: { leases, shut } }: { readonly answer: RevocationAnswer }) {
  const roles = Object.entries(shut);
  return (
    <div className="note note-good" role="status">
      <p>
        <strong>Revoked.</strong> AWS was told.{' '}
        {leases.length === 0 ? 'No running lease was on record.' : `${count(leases.length, 'lease')} ended:`}
      </p>
      <ul>
        {leases.map((id) => (
          <li key={id}>
            <Link to="/leases/$lease" params={{ lease: id }}>
              {visible(id)}
            </Link>
          </li>
        ))}
      </ul>
      {roles.map(([role, until]) => (
        <p key={role}>
          <bdi>{visible(role)}</bdi> is blocked until <Moment at={until} />
        </p>
      ))}
    </div>
  );
}

function Revocation({ act: { event } }: { readonly act: VerifiedAct }) {
  const { body } = event;
  if (body.type !== 'leases-revoked') return null;
  return (
    <>
      <p>
        <strong>
          <bdi>{visible(body.by)}</bdi>
        </strong>{' '}
        ended {scopeWords(body.scope)}
      </p>
      <p className="said">
        <bdi dir="ltr">{visible(body.because)}</bdi>
      </p>
    </>
  );
}

function scopeWords(scope: RevocationScope): string {
  if ('role' in scope) return `every lease of the role ${visible(scope.role)}`;
  return 'requester' in scope ? `every lease of ${visible(scope.requester)}` : 'every lease of all roles';
}
