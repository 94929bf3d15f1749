import { approvalWords } from '@leasehold/broker/core';
import type { RoleView } from '@leasehold/contract';
import { count, spoken, visible } from '@leasehold/contract/text';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Input, Label, SearchField } from 'react-aria-components';
import { matchingRoles } from '../request/draft.ts';

/** A list of roles that can be searched. Each role links to a page of its own. */
export function RoleList({
  roles,
  to,
}: {
  readonly roles: readonly RoleView[];
  readonly to: '/roles/$role' | '/request/$role';
}) {
  const [search, setSearch] = useState('');
  const found = matchingRoles(roles, search);
  return (
    <>
      <div className="search">
        <SearchField value={search} onChange={setSearch}>
          <Label>Search roles</Label>
          <Input placeholder="Name or action" />
        </SearchField>
      </div>
      <p role="status" className="quiet">
        {search.trim() === '' ? count(roles.length, 'role') : `${found.length} of ${count(roles.length, 'role')}`}
      </p>
      {found.length === 0 ? <p className="empty">No role matches. Use fewer words.</p> : null}
      <ul className="cards">
        {found.map((role) => (
          <li key={role.name}>
            <Card role={role} to={to} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Card({ role, to }: { readonly role: RoleView; readonly to: '/roles/$role' | '/request/$role' }) {
  const { name, purpose, access, lease, reach } = role;
  const who =
    reach === undefined
      ? ''
      : `, for ${count(reach.agents.length, 'agent')} and ${count(reach.groups.length, 'group')}`;
  return (
    <article className="card">
      <h2>
        <Link to={to} params={{ role: name }}>
          {visible(name)}
        </Link>
      </h2>
      <p>
        <bdi>{visible(purpose)}</bdi>
      </p>
      <p className="quiet">
        {access}, at most {spoken(lease.maxSeconds)}, {approvalWords(role)}
        {who}
      </p>
    </article>
  );
}
