import type { Broker, Parameter } from '@leasehold/definitions';
import { type Complaint, pageOf, type RoleGuardrail } from '../guardrail';

/**
 * A parameter may be bound to an identity only if no agent can choose the parameter's value, and every requester has
 * this identity.
 */
export const boundParameterGate: RoleGuardrail = {
  id: 'bound-parameter-gate',
  title: 'For every issuer, only the broker sets a parameter that is bound to an identity',
  severity: 'error',
  page: pageOf('bound-parameter-gate'),
  unwaivable: 'otherwise the agent could choose whose data it reaches',
  over: 'role',
  *check({ role, environment }) {
    for (const { name, from } of role.parameters) {
      if (from === undefined) continue;
      const at = role.locate(['parameters', name, 'from']);
      if (role.gates.includes('mfa')) {
        yield {
          message: `Parameter \`${name}\` is bound to \`${from}\`, but with gate \`mfa\` the agent calls STS itself and chooses the value.`,
          hint: 'Use only gate `broker` for the role.',
          at,
        };
      }
      const complaint = environment.broker && unproven(name, from, environment.broker, environment.name);
      if (complaint) yield { ...complaint, at };
    }
  },
};

const CLAIMS = 'subject.claims.';

function unproven(
  name: string,
  from: NonNullable<Parameter['from']>,
  { subjects }: Broker,
  environment: string,
): Omit<Complaint, 'at'> | undefined {
  if (!from.startsWith('subject.')) return undefined;
  if (subjects.length === 0) {
    return {
      message: `Parameter \`${name}\` is bound to \`${from}\`, but the broker of \`${environment}\` accepts no tokens of users.`,
      hint: 'List under `subjects` of the broker the issuers whose tokens it accepts.',
    };
  }
  if (!from.startsWith(CLAIMS)) return undefined;
  const claim = from.slice(CLAIMS.length);
  const without = subjects.filter(({ claims }) => !claims.includes(claim)).map(({ issuer }) => `\`${issuer}\``);
  if (without.length === 0) return undefined;
  return {
    message: `Parameter \`${name}\` is bound to the claim \`${claim}\`, which is not read from tokens of ${without.join(', ')}.`,
    hint: `Add \`${claim}\` to \`claims\` of each issuer.`,
  };
}
