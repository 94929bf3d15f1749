import type { PassedRole } from '@leasehold/definitions';
import { accessOf, servicesTaking } from '@leasehold/policy';
import { type Complaint, pageOf, type RoleGuardrail, type RoleSubject } from '../guardrail';
import { unfit } from '../handed-roles';
import { readAllows } from '../reading';

/**
 * A role may be passed only by its exact ARN, and only to one service that the task uses. The passed role must not
 * belong to Leasehold.
 */
export const passedRole: RoleGuardrail = {
  id: 'passed-role',
  title: 'A passed role is one exact role outside Leasehold, and is passed to a service that the task works with',
  severity: 'error',
  page: pageOf('passed-role'),
  unwaivable: 'a lease that may pass a role can do everything that the passed role can do',
  over: 'role',
  *check(subject) {
    const { role, environment, catalogue } = subject;
    for (const [index, passed] of role.passes.entries()) {
      const at = role.locate(['passes', index]);
      for (const complaint of unfit(passed.role, environment, catalogue)) yield { ...complaint, at };
      const idle = unused(passed, subject);
      if (idle) yield { ...idle, at };
    }
  },
};

/**
 * Reports an entry of `passes` if no action of the role uses the passed role. The entry's statement has no effect now,
 * but would silently take effect if such an action were added to the role later.
 */
function unused(
  { role: { name }, to }: PassedRole,
  { role, catalogue }: RoleSubject,
): Omit<Complaint, 'at'> | undefined {
  const services = servicesTaking(to);
  const taken = readAllows(role, catalogue)
    .flatMap(({ granted }) => granted)
    .some((action) => services.includes(action.service) && accessOf(action) !== 'read');
  if (taken) return undefined;
  return {
    message: `No action of this role can pass \`${name}\` to \`${to}\`.`,
    expected: `an action under \`allow:\` that changes something of ${services.map((each) => `\`${each}\``).join(', ')}`,
    hint: `Remove the entry, or name under \`to:\` the service that receives the role.`,
  };
}
