import { pageOf, type RoleGuardrail } from '../guardrail';

/** A subject is unique only together with its issuer: two issuers may use the same subject `42`. */
export const subjectIssuer: RoleGuardrail = {
  id: 'subject-issuer',
  title: 'A parameter that is bound to a subject means the same whoever issued the token',
  severity: 'error',
  page: pageOf('subject-issuer'),
  over: 'role',
  *check({ role, environment }) {
    const issuers = environment.broker?.subjects.map(({ issuer }) => `\`${issuer}\``) ?? [];
    if (role.broker === undefined || issuers.length < 2) return;
    for (const { name, from } of role.parameters) {
      if (from === undefined || !from.startsWith('subject.')) continue;
      yield {
        message: `Parameter \`${name}\` is \`${from}\` of a token of ${issuers.join(' or ')}: whoever is called alike by two of them reaches the same data.`,
        hint: 'Take tokens of one issuer where such a role exists, or say in a waiver why no two subjects of them are called alike.',
        at: role.locate(['parameters', name, 'from']),
      };
    }
  },
};
