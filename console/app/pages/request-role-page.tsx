import { visible } from '@leasehold/contract/text';
import { Link, useParams } from '@tanstack/react-router';
import { RequestForm } from '../request/request-form.tsx';
import { useRequestableRoles } from '../request/request-queries.ts';
import { useKnownMe } from '../session/app-context.tsx';
import { Page } from '../ui/page.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { NotARequester } from './request-page.tsx';

/** The form for one role. */
export function RequestRolePage() {
  const { role: name } = useParams({ from: '/request/$role' });
  const { may } = useKnownMe();
  const roles = useRequestableRoles();
  return (
    <Page title="Request" id={visible(name)}>
      {may.requester ? (
        <QueryView query={roles} reading="the role">
          {(all) => {
            const role = all.find((each) => each.name === name);
            if (role !== undefined) return <RequestForm key={name} role={role} />;
            return (
              <p className="empty">
                You may not request this role, or it does not exist.{' '}
                <Link to="/request">See the roles that you may request</Link>
              </p>
            );
          }}
        </QueryView>
      ) : (
        <NotARequester />
      )}
    </Page>
  );
}
