import { pageOf, type RoleGuardrail } from '../guardrail';

/** If two humans must approve, an MFA code from one human is not sufficient. */
export const oneCodeOneHuman: RoleGuardrail = {
  id: 'one-code-one-human',
  title: 'A role that several humans must approve cannot be opened with one MFA code',
  severity: 'warning',
  page: pageOf('one-code-one-human'),
  over: 'role',
  *check({ role, environment }) {
    const humans = role.broker?.humans ?? environment.approval.humans;
    if (humans <= 1 || !role.gates.includes('mfa')) return;
    yield {
      message: `In \`${environment.name}\` ${humans} humans are asked, but gate \`mfa\` opens this role with the code of one.`,
      hint: 'Use only gate `broker` there, or accept one human for it with a waiver.',
      at: role.locate(['gate']),
    };
  },
};
