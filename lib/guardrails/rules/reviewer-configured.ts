import { pageOf, type RoleGuardrail } from '../guardrail';

/** A role may use the reviewer only if a reviewer is configured. */
export const reviewerConfigured: RoleGuardrail = {
  id: 'reviewer-configured',
  title: 'If a role requires a reviewer, the broker has one',
  severity: 'error',
  page: pageOf('reviewer-configured'),
  unwaivable: 'a role must not claim a review that never happens',
  over: 'role',
  *check({ role, environment }) {
    const { broker } = environment;
    if (broker === undefined || broker.reviewer !== undefined) return;
    if (role.broker === undefined || role.broker.reviewer === 'off') return;
    yield {
      message: `The role has \`reviewer: ${role.broker.reviewer}\`, but the broker of \`${environment.name}\` has none.`,
      hint: 'Write `reviewer` in the document of the broker, or `reviewer: off` here.',
      at: role.locate(['reviewer']),
    };
  },
};
