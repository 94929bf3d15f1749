import { pageOf, type RoleGuardrail } from '../guardrail';

/** A reviewer that a role names must be configured. */
export const reviewerConfigured: RoleGuardrail = {
  id: 'reviewer-configured',
  title: 'A role that needs a reviewer has one',
  severity: 'error',
  page: pageOf('reviewer-configured'),
  unwaivable: 'a review that nobody makes is none',
  over: 'role',
  *check({ role, environment }) {
    const { broker } = environment;
    if (broker === undefined || broker.reviewer !== undefined) return;
    if (role.broker === undefined || role.broker.reviewer === 'off') return;
    yield {
      message: `The reviewer is to ${role.broker.reviewer} here, but the broker of \`${environment.name}\` has none.`,
      hint: 'Write `reviewer` in the document of the broker, or `reviewer: off` here.',
      at: role.locate(['reviewer']),
    };
  },
};
