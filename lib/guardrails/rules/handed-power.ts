import type { ExternalRole } from '@leasehold/definitions';
import type { Catalogue } from '@leasehold/policy';
import { type Complaint, pageOf, type RoleGuardrail } from '../guardrail';
import { powerOver } from '../handed-roles';
import { listed } from '../reading';

/** The holder of a lease must not obtain, through another role, permissions that no role of Leasehold may have. */
export const handedPower: RoleGuardrail = {
  id: 'handed-power',
  title: 'A passed or assumed role cannot change permissions',
  severity: 'error',
  page: pageOf('handed-power'),
  over: 'role',
  *check({ role, catalogue }) {
    for (const key of ['passes', 'assumes'] as const) {
      for (const [index, handed] of role[key].entries()) {
        const complaint = powerful(handed.role, key, catalogue);
        if (complaint) yield { ...complaint, at: role.locate([key, index]) };
      }
    }
  },
};

function powerful(
  role: ExternalRole,
  key: 'passes' | 'assumes',
  catalogue: Catalogue,
): Omit<Complaint, 'at'> | undefined {
  const { name } = role;
  const deed = key === 'passes' ? 'passes' : 'assumes';
  const hint = `Reduce the permissions of \`${name}\` and update \`external:\`, or waive the finding, so that approvers see it.`;
  const power = powerOver(role, catalogue);
  if (power === 'everything') {
    return { message: `A lease that ${deed} \`${name}\` can do everything in the account.`, hint };
  }
  if (power.length === 0) return undefined;
  return { message: `A lease that ${deed} \`${name}\` can change permissions: that role may ${listed(power)}.`, hint };
}
