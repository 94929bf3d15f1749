import type { Environment, Principal } from '@leasehold/definitions';
import { type EnvironmentGuardrail, pageOf } from '../guardrail';

/** A principal's free-text policy has no effect without a reviewer, because only a reviewer uses it. */
export const policyRead: EnvironmentGuardrail = {
  id: 'policy-read',
  title: 'If a principal has a `policy`, a reviewer reads it',
  severity: 'warning',
  page: pageOf('policy-read'),
  over: 'environment',
  *check({ environment }) {
    if (environment.broker === undefined) return;
    for (const principal of environment.principals) {
      if (principal.policy === '' || isRead(principal, environment)) continue;
      yield {
        message: `No reviewer reads the policy of \`${principal.name}\` for any role that \`${principal.name}\` may request, so nothing enforces it.`,
        hint: 'Let a reviewer read the requests, express the policy in the definitions of the roles, or remove the policy.',
        at: principal.locate(['policy']),
      };
    }
  },
};

function isRead({ kind, name, groups }: Principal, { broker, roles }: Environment): boolean {
  if (broker?.reviewer === undefined) return false;
  return roles.some(({ broker: rules }) => {
    if (rules === undefined || rules.reviewer === 'off') return false;
    const { eligible } = rules;
    return kind === 'agent' ? eligible.agents.includes(name) : groups.some((group) => eligible.groups.includes(group));
  });
}
