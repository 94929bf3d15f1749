import { approvalWords } from '@leasehold/broker/core';
import type { RoleView } from '@leasehold/contract';
import { count, spoken, visible } from '@leasehold/contract/text';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Input, Label, SearchField } from 'react-aria-components';
import { matchingRoles } from '../request/draft.ts';
import { useVisibleRoles } from '../roles/role-queries.ts';
import { useKnownMe } from '../session/app-context.tsx';
import { Page } from '../ui/page.tsx';
import { QueryView } from '../ui/query-view.tsx';

/** Every role that the person may see. */
export function RolesPage() {
  const { may } = useKnownMe();
  const roles = useVisibleRoles();
  const [search, setSearch] = useState('');
  const seesAll = may.approver || may.administrator;
  return (
    <Page
      title="Roles"
      lead={
        seesAll
          ? 'All roles of this broker. Open a role to see what it permits and who can use it, or to check an action.'
          : 'The roles that you may request. Open a role to see what it permits, or to check an action.'
      }
    >
      <QueryView query={roles} reading="the roles">
        {(all) => {
          if (all.length === 0) {
            return <p className="empty">{seesAll ? 'The broker opens no role.' : 'No role is open to you.'}</p>;
          }
          const found = matchingRoles(all, search);
          return (
            <>
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
    </Page>
  );
}

function Card({ role }: { readonly role: RoleView }) {
  const { name, purpose, access, lease, reach } = role;
  const who =
    reach === undefined
      ? ''
      : `, for ${count(reach.agents.length, 'agent')} and ${count(reach.groups.length, 'group')}`;
  return (
    <article className="card">
      <h2>
        <Link to="/roles/$role" params={{ role: name }}>
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
