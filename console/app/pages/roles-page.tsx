import { useVisibleRoles } from '../roles/role-queries.ts';
import { useKnownMe } from '../session/app-context.tsx';
import { Page } from '../ui/page.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { RoleList } from '../ui/role-list.tsx';

/** Every role that the person may see. */
export function RolesPage() {
  const { may } = useKnownMe();
  const roles = useVisibleRoles();
  const seesAll = may.approver || may.administrator;
  return (
    <Page
      title="Roles"
      lead={
        seesAll
          ? 'All roles of this broker. Select a role to see what it permits and who can use it, or to check an action.'
          : 'The roles that you may request. Select a role to see what it permits, or to check an action.'
      }
    >
      <QueryView query={roles} reading="the roles">
        {(all) => {
          if (all.length === 0) {
            return <p className="empty">{seesAll ? 'The broker has no roles.' : 'You cannot request any role.'}</p>;
          }
          return <RoleList roles={all} to="/roles/$role" />;
        }}
      </QueryView>
    </Page>
  );
}
