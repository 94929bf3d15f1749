import { pageOf, type RoleGuardrail } from '../guardrail';

/** A subject is unique only together with its issuer, because two issuers may both use a subject such as `42`. */
export const subjectIssuer: RoleGuardrail = {
  id: 'subject-issuer',
  title: 'A parameter that is bound to a subject has the same meaning for every issuer',
  severity: 'error',
  page: pageOf('subject-issuer'),
  over: 'role',
  *check({ role, environment }) {
    const issuers = environment.broker?.subjects.map(({ issuer }) => `\`${issuer}\``) ?? [];
    if (role.broker === undefined || issuers.length < 2) return;
    for (const { name, from } of role.parameters) {
      if (from === undefined || !from.startsWith('subject.')) continue;
      yield {
        message: `Parameter \`${name}\` is \`${from}\` of a token of ${issuers.join(' or ')}: two people with the same value from two issuers reach the same data.`,
        hint: 'Accept tokens from only one issuer, or state in a waiver why two people at these issuers cannot have the same value.',
        at: role.locate(['parameters', name, 'from']),
      };
    }
  },
};
