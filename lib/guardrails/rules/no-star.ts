import { pageOf, type RoleGuardrail } from '../guardrail';
import { readAllows } from '../reading';

/** `*`, `service:*` and other patterns that match all actions are not permitted. */
export const noStar: RoleGuardrail = {
  id: 'no-star',
  title: 'No action is `*` or `service:*`',
  severity: 'error',
  page: pageOf('no-star'),
  unwaivable: 'a role that may do everything cannot be checked further',
  over: 'role',
  *check({ role, catalogue }) {
    for (const { index, actions } of readAllows(role, catalogue)) {
      for (const [entry, { pattern, kind }] of actions.entries()) {
        if (kind !== 'all') continue;
        yield {
          message: `\`${pattern}\` allows every action of ${serviceIn(pattern)}.`,
          hint: 'Name the actions that the task needs.',
          at: role.locate(['allow', index, 'actions', entry]),
        };
      }
    }
  },
};

function serviceIn(pattern: string): string {
  const service = pattern.slice(0, Math.max(pattern.indexOf(':'), 0));
  return service === '' || /[*?]/.test(service) ? 'AWS' : `\`${service}\``;
}
