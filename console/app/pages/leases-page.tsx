import { useState } from 'react';
import { Button, Form, Input, Label, SearchField } from 'react-aria-components';
import { useLeasesOf } from '../lease/lease-queries.ts';
import { useKnownMe } from '../session/app-context.tsx';
import { BrokenNote } from '../ui/broken-note.tsx';
import { LeaseCards } from '../ui/lease-cards.tsx';
import { OwnLeases } from '../ui/own-leases.tsx';
import { Page } from '../ui/page.tsx';
import { QueryView } from '../ui/query-view.tsx';

/** Leases of the last day: the person's own, and for approvers and administrators those of a role. */
export function LeasesPage() {
  const { may } = useKnownMe();
  return (
    <Page title="Leases" lead="Leases of the last day. Open one to see its record, verified in your browser.">
      {may.approver || may.administrator ? <OfRole /> : null}
      {may.requester ? <OwnLeases>You requested no lease.</OwnLeases> : null}
    </Page>
  );
}

function OfRole() {
  const [typed, setTyped] = useState('');
  const [role, setRole] = useState('');
  const found = useLeasesOf(role);
  return (
    <section aria-labelledby="of-role">
      <h2 id="of-role">Leases of a role</h2>
      <Form
        className="search"
        onSubmit={(event) => {
          event.preventDefault();
          setRole(typed.trim());
        }}
      >
        <SearchField value={typed} onChange={setTyped}>
          <Label>Name of the role</Label>
          <Input placeholder="s3-deploy" />
        </SearchField>
        <Button className="button" type="submit">
          Show
        </Button>
      </Form>
      {role === '' ? (
        <p className="empty">Enter the name of a role.</p>
      ) : (
        <QueryView query={found} reading="the leases">
          {({ leases, broken }) => (
            <>
              <BrokenNote ids={broken} />
              {leases.length > 0 ? (
                <LeaseCards leases={leases} />
              ) : (
                <p className="empty">No lease of this role in the last day.</p>
              )}
            </>
          )}
        </QueryView>
      )}
    </section>
  );
}
