import { escalation, foldAscii } from '@leasehold/policy';
import { pageOf, type RoleGuardrail } from '../guardrail';
import { listed, readAllows } from '../reading';

/** No role may have an action that is known to lead to more permissions. */
export const noPrivilegeEscalation: RoleGuardrail = {
  id: 'no-privilege-escalation',
  title: 'No role can gain more permissions than it has',
  severity: 'error',
  page: pageOf('no-privilege-escalation'),
  unwaivable: 'a role that can escalate has no limits for the other guardrails to check',
  over: 'role',
  *check({ role, catalogue }) {
    for (const { index, actions } of readAllows(role, catalogue)) {
      for (const [entry, { pattern, wildcard, escalating }] of actions.entries()) {
        const [first] = escalating;
        if (first === undefined) continue;
        const why = escalation(first.id)?.why;
        yield {
          message: wildcard
            ? `\`${pattern}\` also stands for ${listed(escalating)}: ${why}`
            : `\`${first.id}\` leads to more permissions: ${why}`,
          hint:
            DECLARED[foldAscii(first.id)] ??
            'Leave it to a human administrator, or to a pipeline that is not an agent.',
          at: role.locate(['allow', index, 'actions', entry]),
        };
      }
    }
  },
};

/** Actions that a role declares under a separate key, which names each role and its permissions. */
const DECLARED: Readonly<Record<string, string>> = {
  'iam:passrole': 'Take it out of `allow:`, and name each role and the service that takes it under `passes:`.',
  'sts:assumerole': 'Take it out of `allow:`, and name each role under `assumes:`.',
};
