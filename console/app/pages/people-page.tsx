import { canSignCodes, isUsableAt, type PersonPasskeys, type RecordedKey, thumbprint } from '@leasehold/broker/core';
import { visible } from '@leasehold/contract/text';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { removePasskey } from '../consent/change.ts';
import { type People, readPeople } from '../consent/people.ts';
import type { Signer } from '../consent/sign.ts';
import { useBroker, useKnownMe } from '../session/app-context.tsx';
import { CodeForm } from '../ui/code-form.tsx';
import { Moment } from '../ui/moment.tsx';
import { Page } from '../ui/page.tsx';
import { PasskeyRemoval } from '../ui/passkey-removal.tsx';
import { QueryView } from '../ui/query-view.tsx';

/** Everybody's passkeys, for administrators. */
export function PeoplePage() {
  const broker = useBroker();
  const { may, person } = useKnownMe();
  const administrator: Signer | undefined =
    may.administrator && person !== undefined ? { broker, as: 'administrator', person } : undefined;
  const query = useQuery({
    queryKey: PEOPLE,
    queryFn: () => (administrator === undefined ? null : readPeople(administrator)),
    enabled: administrator !== undefined,
    // Another administrator may have changed something since the page was last open.
    staleTime: 0,
  });
  return (
    <Page
      title="People"
      lead="The passkeys of approvers and administrators. Their records are verified in your browser."
    >
      {administrator === undefined ? (
        <p className="empty">
          {may.administrator ? 'Nobody uses passkeys in this environment.' : 'Only administrators manage passkeys.'}
        </p>
      ) : (
        <QueryView query={query} reading="the passkeys of everybody">
          {(people) => (people === null ? null : <Everybody administrator={administrator} known={people} />)}
        </QueryView>
      )}
    </Page>
  );
}

const PEOPLE = ['people'];

function Everybody({ administrator, known }: { readonly administrator: Signer; readonly known: People }) {
  const { people, relyingParty, roots } = known;
  const own = people.find(({ person }) => person === administrator.person);
  const signs = own !== undefined && canSignCodes(own, relyingParty);
  return (
    <>
      {signs ? null : <CannotSign isFirst={!people.some((each) => canSignCodes(each, relyingParty))} />}
      <ul className="cards">
        {people.map((each) => (
          <li key={each.person}>
            <PersonCard administrator={administrator} known={known} passkeys={each} signs={signs} />
          </li>
        ))}
      </ul>
      {roots.map(({ person, thumbprint: root }) => (
        <section key={root}>
          <p className="quiet">
            All trust depends on the passkey of <bdi>{visible(person)}</bdi> with the thumbprint{' '}
            <span className="code">{root}</span>. Compare it with the one that you noted.
          </p>
        </section>
      ))}
    </>
  );
}

/** Why the administrator can change nothing here, and what to do. */
function CannotSign({ isFirst }: { readonly isFirst: boolean }) {
  return (
    <p className="note" role="note">
      {isFirst ? (
        <>
          No administrator has a passkey yet. Issue the first code on the command line, as your IAM user with MFA:{' '}
          <code>leasehold passkeys code NAME</code>
        </>
      ) : (
        'You have no administrator passkey for this console, so you cannot sign a code or a removal. Ask another administrator for a code.'
      )}
    </p>
  );
}

interface CardProps {
  readonly administrator: Signer;
  readonly known: People;
  readonly passkeys: PersonPasskeys;
  /** Whether the administrator can sign. */
  readonly signs: boolean;
}

function PersonCard({ administrator, known, passkeys, signs }: CardProps) {
  const { person } = passkeys;
  const { relyingParty, environment } = known;
  const queries = useQueryClient();
  const changed = () => queries.invalidateQueries({ queryKey: PEOPLE });
  if (passkeys.kind === 'broken') {
    return (
      <article className="card note-bad">
        <PersonName person={person} />
        <p>The record of the passkeys is not valid: {visible(passkeys.because)}</p>
        <p>Do not issue a code for this person until the cause is known.</p>
      </article>
    );
  }
  const usable = passkeys.keys.filter((each) => isUsableAt(each, relyingParty));
  const isSelf = person === administrator.person;
  return (
    <article className="card">
      <PersonName person={person} />
      {usable.length === 0 ? <p className="quiet">No passkey at this console.</p> : null}
      {usable.map((each) => (
        <PersonKey
          key={each.key.id}
          administrator={administrator}
          person={person}
          environment={environment}
          recorded={each}
          mayRemove={signs && !isSelf}
          onRemoved={changed}
        />
      ))}
      {passkeys.code === undefined ? null : (
        <p className="quiet">
          An unused code is valid until <Moment at={passkeys.code.until} />.
        </p>
      )}
      {isSelf && usable.length > 0 ? <p className="quiet">Your own passkeys are under Passkeys.</p> : null}
      {signs && usable.length === 0 ? (
        <CodeForm administrator={administrator} person={person} environment={environment} onIssued={changed} />
      ) : null}
    </article>
  );
}

function PersonName({ person }: { readonly person: string }) {
  return (
    <h2>
      <bdi>{visible(person)}</bdi>
    </h2>
  );
}

function PersonKey({
  administrator,
  person,
  environment,
  recorded: { key, registeredAt, administrator: isAdministrator },
  mayRemove,
  onRemoved,
}: {
  readonly administrator: Signer;
  readonly person: string;
  readonly environment: string;
  readonly recorded: RecordedKey;
  readonly mayRemove: boolean;
  readonly onRemoved: () => Promise<void>;
}) {
  return (
    <>
      <p>
        <bdi>{visible(key.label)}</bdi>, registered <Moment at={registeredAt} />{' '}
        {isAdministrator ? <span className="badge badge-wait">administrator</span> : null}
      </p>
      <p className="quiet code">Thumbprint {thumbprint(key.publicKey)}</p>
      {mayRemove ? (
        <PasskeyRemoval
          action="Remove with passkey"
          named={`${key.label} of ${person}`}
          remove={(because) => removePasskey(administrator, person, environment, { key: key.id, because })}
          onRemoved={onRemoved}
        />
      ) : null}
    </>
  );
}
