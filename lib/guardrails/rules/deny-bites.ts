import type { Role } from '@leasehold/definitions';
import { managedPowers, permissions } from '@leasehold/documents';
import { type Catalogue, compare, PolicyError } from '@leasehold/policy';
import { pageOf, type RoleGuardrail } from '../guardrail';
import { readDenies } from '../reading';

/** A deny statement must match something that the role allows. Otherwise the statement has no effect. */
export const denyBites: RoleGuardrail = {
  id: 'deny-bites',
  title: 'Every deny removes something that the role would allow',
  severity: 'error',
  page: pageOf('deny-bites'),
  over: 'role',
  *check({ role, catalogue }) {
    // The deny statements of a role for single calls are those of another role, in which they are checked.
    if (role.callOf !== undefined) return;
    for (const { section, index, actions } of readDenies(role, catalogue)) {
      // Other guardrails report unknown actions, which may be denied effectively.
      if (actions.some(({ kind }) => kind === 'unknown') || !isIdle(role, index, catalogue)) continue;
      yield {
        message: 'This statement denies nothing that the role allows.',
        hint: 'Remove it, or list the actions and resources that it must exclude from `allow:`.',
        at: role.locate([section, index]),
      };
    }
  },
};

/** Whether a deny statement has no effect, proven with the policy engine. */
function isIdle(role: Role, index: number, catalogue: Catalogue): boolean {
  const { deny } = role;
  const allow = [...role.allow, ...managedPowers(role)];
  try {
    const found = compare(
      permissions({ allow, deny: deny.slice(index, index + 1) }),
      permissions({ allow, deny: [] }),
      { catalogue, newActions: 'ignore', resourcePolicies: 'ignore' },
    );
    return found.kind === 'not-widened';
  } catch (error) {
    if (error instanceof PolicyError) return false;
    throw error;
  }
}
