import { pageOf, type RoleGuardrail } from '../guardrail';
import { unfit } from '../handed-roles';

/** Only roles that are named by an exact ARN and do not belong to Leasehold may be assumed with a lease. */
export const assumedRole: RoleGuardrail = {
  id: 'assumed-role',
  title: 'An assumed role is one exact role outside Leasehold',
  severity: 'error',
  page: pageOf('assumed-role'),
  unwaivable: 'if a lease could assume the role of another lease, nobody would approve the second lease',
  over: 'role',
  *check({ role, environment, catalogue }) {
    for (const [index, assumed] of role.assumes.entries()) {
      const at = role.locate(['assumes', index]);
      for (const complaint of unfit(assumed.role, environment, catalogue)) yield { ...complaint, at };
    }
  },
};
