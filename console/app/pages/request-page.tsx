import { DescribeTask } from '../request/describe-task.tsx';
import { useProposes, useRequestableRoles } from '../request/request-queries.ts';
import { useKnownMe } from '../session/app-context.tsx';
import { Page } from '../ui/page.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { RoleList } from '../ui/role-list.tsx';

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
  return (
    <QueryView query={roles} reading="the roles that you may request">
      {(all) => {
        if (all.length === 0) {
          return (
            <p className="empty">
              You cannot request any role: none of your groups is eligible for a role. Ask an administrator which group
              you need.
            </p>
          );
        }
        return (
          <>
            {proposes ? <DescribeTask roles={all} /> : null}
            {proposes ? <h2>Or choose a role</h2> : null}
            <RoleList roles={all} to="/request/$role" />
          </>
        );
      }}
    </QueryView>
  );
}
