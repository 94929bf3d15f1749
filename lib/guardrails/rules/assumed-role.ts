import { pageOf, type RoleGuardrail } from '../guardrail';
import { unfit } from '../handed-roles';

/**
 * A role may be assumed with a lease only if the definitions contain its exact ARN and it does not belong to Leasehold.
 */
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
