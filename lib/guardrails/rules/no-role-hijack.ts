import { escalation } from '@leasehold/policy';
import { pageOf, type RoleGuardrail } from '../guardrail';
import { listed, readAllows } from '../reading';

const HINT =
  'Leave it to a pipeline; or, if the role of each named resource may do no more than this one, say so: `waivers: [{ guardrail: no-role-hijack, because: …, until: … }]`.';

/** No role may permit an action with which the caller can control a resource that has an IAM role. */
export const noRoleHijack: RoleGuardrail = {
  id: 'no-role-hijack',
  title: 'No role can take over a resource that runs with another role',
  severity: 'error',
  page: pageOf('no-role-hijack'),
  over: 'role',
  *check({ role, catalogue }) {
    for (const { index, actions } of readAllows(role, catalogue)) {
      for (const [entry, { pattern, wildcard, hijacking }] of actions.entries()) {
        const [first] = hijacking;
        if (first === undefined) continue;
        const why = escalation(first.id)?.why;
        yield {
          message: wildcard
            ? `\`${pattern}\` also matches ${listed(hijacking)}: ${why}`
            : `\`${first.id}\` acts with a role that is not this one: ${why}`,
          hint: HINT,
          at: role.locate(['allow', index, 'actions', entry]),
        };
      }
    }
  },
};
