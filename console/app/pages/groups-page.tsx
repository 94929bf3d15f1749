import { approvalWords } from '@leasehold/broker/core';
import type { GroupList, PrincipalView } from '@leasehold/contract';
import { visible } from '@leasehold/contract/text';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useBroker } from '../session/app-context.tsx';
import { AdministratorPage } from '../ui/administrator-gate.tsx';
import { QueryView } from '../ui/query-view.tsx';

/** Who is what, who is in which group, and which roles a group can request. */
export function GroupsPage() {
  const broker = useBroker();
  const query = useQuery({
    queryKey: ['groups'],
    queryFn: async ({ signal }) => {
      const options = { as: 'administrator', signal } as const;
      const [groups, { principals }] = await Promise.all([broker('groups', options), broker('principals', options)]);
      return { groups, people: principals.filter(({ kind }) => kind === 'person') };
    },
    staleTime: 0,
  });
  return (
    <AdministratorPage
      title="Groups"
      lead="Groups decide who may request which role. The definitions name the groups of a role, and administrators put people into groups."
    >
      {() => (
        <QueryView query={query} reading="the groups">
          {({ groups, people }) => <Groups groups={groups} people={people} />}
        </QueryView>
      )}
    </AdministratorPage>
  );
}

const PARTS = ['requester', 'approver', 'administrator'] as const;

function Groups({
  groups: { signIn, groups, roles },
  people,
}: {
  readonly groups: GroupList;
  readonly people: readonly PrincipalView[];
}) {
  return (
    <>
      <section aria-labelledby="parts">
        <h2 id="parts">Who is requester, approver or administrator</h2>
        <dl className="facts">
          {PARTS.map((part) => (
            <div className="fact" key={part}>
              <dt>{PART_NAMES[part]}</dt>
              <dd>
                <People people={people.filter(({ capacities }) => capacities.includes(part))} />
                {signIn === undefined ? null : <p className="quiet">{needed(signIn[part])}</p>}
              </dd>
            </div>
          ))}
        </dl>
        <p className="quiet">
          {signIn === undefined
            ? 'Nobody signs in with a browser in this environment.'
            : 'The broker gets a person’s groups from the issuer at each sign-in, and does not know them at other times.'}
        </p>
      </section>
      <section aria-labelledby="groups">
        <h2 id="groups">Groups</h2>
        {groups.length === 0 ? <p className="empty">No group can request a role, and no group has members.</p> : null}
        <ul className="cards">
          {groups.map(({ name, members, roles: requestable }) => (
            <li key={name}>
              <article className="card">
                <h3>
                  <bdi>{visible(name)}</bdi>
                </h3>
                <p>
                  {requestable.length === 0
                    ? 'Cannot request any role.'
                    : `Can request ${requestable.map(visible).join(', ')}`}
                </p>
                <People people={people.filter((each) => members.includes(each.name))} />
              </article>
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="roles">
        <h2 id="roles">Roles</h2>
        {roles.length === 0 ? <p className="empty">The broker has no roles.</p> : null}
        <dl className="facts">
          {roles.map(({ name, groups: own, agents, ...rules }) => (
            <div className="fact" key={name}>
              <dt>
                <bdi>{visible(name)}</bdi>
              </dt>
              <dd>
                <p>{eligible(own, agents)}</p>
                <p className="quiet">Opens {approvalWords(rules)}</p>
              </dd>
            </div>
          ))}
        </dl>
      </section>
    </>
  );
}

const PART_NAMES = { requester: 'Requesters', approver: 'Approvers', administrator: 'Administrators' } as const;

function People({ people }: { readonly people: readonly PrincipalView[] }) {
  if (people.length === 0) return <p className="quiet">Nobody in the definitions.</p>;
  return (
    <ul className="names">
      {people.map(({ name }) => (
        <li key={name}>
          <Link to="/administration/principals/$principal" params={{ principal: name }}>
            {visible(name)}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function needed(claims: '*' | readonly string[]): string {
  if (claims === '*') return 'Everybody who can sign in.';
  if (claims.length === 0) return 'Nobody who signs in with a browser.';
  return `With a browser, only in the issuer’s ${claims.length === 1 ? 'group' : 'groups'} ${claims.map(visible).join(', ')}`;
}

function eligible(groups: readonly string[], agents: readonly string[]): string {
  const texts = [
    ...(groups.length === 0 ? [] : [`people in ${groups.map(visible).join(', ')}`]),
    ...(agents.length === 0
      ? []
      : [`${agents.length === 1 ? 'the agent' : 'the agents'} ${agents.map(visible).join(', ')}`]),
  ];
  return texts.length === 0 ? 'Nobody may request it.' : `For ${texts.join(' and ')}`;
}
