import type { BudgetList } from '@leasehold/contract';
import { spoken, visible } from '@leasehold/contract/text';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Label, Meter } from 'react-aria-components';
import { useBroker } from '../session/app-context.tsx';
import { AdministratorPage } from '../ui/administrator-gate.tsx';
import { Choice, namedChoices } from '../ui/choice.tsx';
import { QueryView } from '../ui/query-view.tsx';

/** How much of their budgets the requesters have used. */
export function BudgetsPage() {
  const broker = useBroker();
  const query = useQuery({
    queryKey: ['budgets'],
    queryFn: ({ signal }) => broker('budgets', { as: 'administrator', signal }),
    staleTime: 0,
    refetchInterval: 15_000,
  });
  return (
    <AdministratorPage
      title="Budgets"
      lead="Every requester has the same budgets, for all roles together. They limit how many requests reach a model or a person."
    >
      {() => (
        <QueryView query={query} reading="the budgets">
          {(budgets) => <Budgets budgets={budgets} />}
        </QueryView>
      )}
    </AdministratorPage>
  );
}

function Budgets({ budgets: { requests, denials, requesters } }: { readonly budgets: BudgetList }) {
  const [role, setRole] = useState('');
  const roles = [...new Set(requesters.flatMap((each) => each.roles))].sort();
  const shown = requesters.filter((each) => role === '' || each.roles.includes(role));
  return (
    <>
      <section aria-label="Limits">
        <dl className="facts">
          <div className="fact">
            <dt>Requests</dt>
            <dd>{`${requests.limit} in ${spoken(requests.windowSeconds)}`}</dd>
          </div>
          <div className="fact">
            <dt>Denials</dt>
            <dd>{`${denials.limit} in ${spoken(denials.windowSeconds)}. A requester who is denied more often must wait.`}</dd>
          </div>
        </dl>
      </section>
      <section aria-label="Requesters">
        <div className="search">
          <Choice
            label="Who may request"
            value={role}
            choices={namedChoices(roles, 'any role', visible)}
            onChange={setRole}
          />
        </div>
        <p role="status" className="quiet">
          {shown.length} of {requesters.length}
        </p>
        {requesters.length === 0 ? <p className="empty">The definitions contain no agent and no person.</p> : null}
        <ul className="cards">
          {shown.map((each) => (
            <li key={each.name}>
              <article className="card card-wide">
                <h2>
                  <bdi>{visible(each.name)}</bdi>
                  <span className="badge badge-past">{each.kind}</span>
                </h2>
                <p className="quiet">
                  {each.roles.length === 0
                    ? 'Cannot request any role.'
                    : `May request ${each.roles.map(visible).join(', ')}`}
                </p>
                <Used label="Requests" limit={requests.limit} spent={each.requests} />
                <Used label="Denials" limit={denials.limit} spent={each.denials} />
              </article>
            </li>
          ))}
        </ul>
        <p className="quiet">
          People without a document in the definitions also have budgets, but the broker keeps no list of them.
        </p>
      </section>
    </>
  );
}

function Used({
  label,
  limit,
  spent: { used, retryAfter },
}: {
  readonly label: string;
  readonly limit: number;
  readonly spent: BudgetList['requesters'][number]['requests'];
}) {
  const isOver = retryAfter !== undefined;
  const text = isOver ? `used up, available again in ${spoken(retryAfter)}` : `${used} of ${limit} used`;
  return (
    <Meter
      className={isOver ? 'meter meter-over' : 'meter'}
      value={Math.min(used, limit)}
      maxValue={limit}
      valueLabel={text}
    >
      {({ percentage }) => (
        <>
          <div className="meter-text">
            <Label>{label}</Label>
            <span>{text}</span>
          </div>
          <svg
            className="meter-bar"
            viewBox="0 0 100 4"
            preserveAspectRatio="none"
            aria-hidden="true"
            focusable="false"
          >
            <rect className="meter-rest" width="100" height="4" />
            <rect className="meter-used" width={percentage} height="4" />
          </svg>
        </>
      )}
    </Meter>
  );
}
