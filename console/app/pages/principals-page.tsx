import type { PrincipalView } from '@leasehold/contract';
import { clipped, visible } from '@leasehold/contract/text';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Input, Label, SearchField } from 'react-aria-components';
import { useBroker } from '../session/app-context.tsx';
import { AdministratorPage } from '../ui/administrator-gate.tsx';
import { Moment } from '../ui/moment.tsx';
import { QueryView } from '../ui/query-view.tsx';

/** Everybody who can request leases, with the text that the reviewer reads about them. */
export function PrincipalsPage() {
  const broker = useBroker();
  const query = useQuery({
    queryKey: ['principals'],
    queryFn: ({ signal }) => broker('principals', { as: 'administrator', signal }),
    staleTime: 0,
  });
  return (
    <AdministratorPage
      title="Principals"
      lead="The agents and people of the definitions. The policy is free text that the reviewer reads with each request."
    >
      {() => (
        <QueryView query={query} reading="the principals">
          {({ principals }) => <Principals principals={principals} />}
        </QueryView>
      )}
    </AdministratorPage>
  );
}

function Principals({ principals }: { readonly principals: readonly PrincipalView[] }) {
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const shown = principals.filter(({ name, groups, policy }) =>
    [name, policy, ...groups].some((text) => text.toLowerCase().includes(wanted)),
  );
  if (principals.length === 0) return <p className="empty">The definitions contain no agent and no person.</p>;
  return (
    <section aria-label="Principals">
      <div className="search">
        <SearchField value={search} onChange={setSearch}>
          <Label>Search names, groups and policies</Label>
          <Input />
        </SearchField>
      </div>
      <p role="status" className="quiet">
        {shown.length} of {principals.length}
      </p>
      <ul className="cards">
        {shown.map((each) => (
          <li key={each.name}>
            <PrincipalCard principal={each} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Maximum length of a policy in the list, in characters. The page of the principal shows the complete policy. */
const LONGEST_POLICY = 160;

function PrincipalCard({
  principal: { name, kind, capacities, groups, policy, changedBy, changedAt },
}: {
  readonly principal: PrincipalView;
}) {
  return (
    <article className="card">
      <h2>
        <Link to="/administration/principals/$principal" params={{ principal: name }}>
          {visible(name)}
        </Link>
        <span className="badge badge-past">{kind}</span>
        {capacities.map((part) =>
          part === 'requester' ? null : (
            <span key={part} className="badge badge-wait">
              {part}
            </span>
          ),
        )}
      </h2>
      {policy === '' ? (
        <p className="quiet">No policy.</p>
      ) : (
        <p className="said">
          <bdi dir="ltr">{clipped(policy, LONGEST_POLICY)}</bdi>
        </p>
      )}
      {kind === 'agent' ? null : (
        <p className="quiet">{groups.length === 0 ? 'In no group.' : `Groups: ${groups.map(visible).join(', ')}`}</p>
      )}
      <p className="quiet">
        {changedBy === undefined || changedAt === undefined ? (
          'As defined.'
        ) : (
          <>
            Changed by <bdi>{visible(changedBy)}</bdi>, <Moment at={changedAt} />
          </>
        )}
      </p>
    </article>
  );
}
