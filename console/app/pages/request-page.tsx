import { approvalWords } from '@leasehold/broker/core';
import type { RoleView } from '@leasehold/contract';
import { count, spoken, visible } from '@leasehold/contract/text';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Input, Label, SearchField } from 'react-aria-components';
import { DescribeTask } from '../request/describe-task.tsx';
import { matchingRoles } from '../request/draft.ts';
import { useProposes, useRequestableRoles } from '../request/request-queries.ts';
import { useKnownMe } from '../session/app-context.tsx';
import { Page } from '../ui/page.tsx';
import { QueryView } from '../ui/query-view.tsx';

/** The roles that the person may request. */
export function RequestPage() {
  const { may } = useKnownMe();
  return (
    <Page title="Request access" lead="Choose a role. You see what it would permit before you ask.">
      {may.requester ? <Roles /> : <NotARequester />}
    </Page>
  );
}

/** Why the person may request nothing. */
export function NotARequester() {
  return (
    <p className="empty">
      You cannot request leases: your account is in no group that may request. Ask an administrator for a group of
      requesters, then sign in again.
    </p>
  );
}

function Roles() {
  const roles = useRequestableRoles();
  const proposes = useProposes();
  const [search, setSearch] = useState('');
  return (
    <QueryView query={roles} reading="the roles that you may request">
      {(all) => {
        if (all.length === 0) {
          return (
            <p className="empty">
              No role is open to you: none of your groups is eligible for a role. Ask an administrator which group you
              need.
            </p>
          );
        }
        const found = matchingRoles(all, search);
        return (
          <>
            {proposes ? <DescribeTask roles={all} /> : null}
            {proposes ? <h2>Or choose a role</h2> : null}
            <div className="search">
              <SearchField value={search} onChange={setSearch}>
                <Label>Search roles</Label>
                <Input placeholder="Name or action" />
              </SearchField>
            </div>
            <p role="status" className="quiet">
              {search.trim() === '' ? count(all.length, 'role') : `${found.length} of ${count(all.length, 'role')}`}
            </p>
            {found.length === 0 ? <p className="empty">No role matches. Use fewer words.</p> : null}
            <ul className="cards">
              {found.map((role) => (
                <li key={role.name}>
                  <Card role={role} />
                </li>
              ))}
            </ul>
          </>
        );
      }}
    </QueryView>
  );
}

function Card({ role }: { readonly role: RoleView }) {
  const { name, purpose, access, lease } = role;
  return (
    <article className="card">
      <h2>
        <Link to="/request/$role" params={{ role: name }}>
          {visible(name)}
        </Link>
      </h2>
      <p>
        <bdi>{visible(purpose)}</bdi>
      </p>
      <p className="quiet">
        {access}, at most {spoken(lease.maxSeconds)}, {approvalWords(role)}
      </p>
    </article>
  );
}
