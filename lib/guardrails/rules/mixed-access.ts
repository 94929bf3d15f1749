import { pageOf, type RoleGuardrail } from '../guardrail';

/** A role may permit both writing and deleting only if the project document permits it. */
export const mixedAccess: RoleGuardrail = {
  id: 'mixed-access',
  title: 'A role may both write and delete only if the project names it in an exception with an end date',
  severity: 'error',
  page: pageOf('mixed-access'),
  unwaivable: 'an entry under `mixedAccess:` of the project allows it instead',
  over: 'role',
  *check({ role }) {
    // A role for single calls has the access of another role, which is checked itself.
    if (role.access !== 'write+delete' || role.callOf !== undefined) return;
    yield {
      message: `One lease of \`${role.name}\` can write and delete, and the project does not allow that.`,
      expected: `an entry \`{ role: ${role.name}, because: …, until: … }\` under \`mixedAccess\` of the project`,
      hint: 'Split the role in two, or let the project allow it under `mixedAccess:`, with a reason and an end date.',
      at: role.locate(['access']),
    };
  },
};
