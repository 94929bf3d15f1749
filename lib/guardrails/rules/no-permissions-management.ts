import { pageOf, type RoleGuardrail } from '../guardrail';
import { escalates, listed, readAllows } from '../reading';

/** No role may manage permissions. */
export const noPermissionsManagement: RoleGuardrail = {
  id: 'no-permissions-management',
  title: 'No role manages permissions',
  severity: 'error',
  page: pageOf('no-permissions-management'),
  unwaivable: 'nothing that this project deploys limits a role that grants permissions',
  over: 'role',
  *check({ role, catalogue }) {
    for (const { index, actions } of readAllows(role, catalogue)) {
      for (const [entry, { pattern, wildcard, byAccess }] of actions.entries()) {
        // The guardrail for privilege escalation reports such actions with a better explanation.
        const found = byAccess.permissions.filter((action) => !escalates(action));
        if (found.length === 0) continue;
        yield {
          message: wildcard
            ? `\`${pattern}\` also matches ${listed(found)}, which changes permissions.`
            : `\`${found[0]?.id}\` changes who may do what.`,
          hint: 'Remove it from `allow:`, and leave it to a human administrator or to Terraform.',
          at: role.locate(['allow', index, 'actions', entry]),
        };
      }
    }
  },
};
