import type { Environment } from '@leasehold/definitions';
import type { Arn } from '@leasehold/policy';
import { type Complaint, pageOf, type RoleGuardrail } from '../guardrail';
import { readAllows } from '../reading';
import { resourcesOf } from '../resources';

/** A role of an environment reaches into that environment's partition, account and region, and no other. */
export const resourceAtHome: RoleGuardrail = {
  id: 'resource-at-home',
  title: "A resource lies in the environment's own partition, account and region",
  severity: 'error',
  page: pageOf('resource-at-home'),
  over: 'role',
  *check({ role, environment, catalogue }) {
    for (const allow of readAllows(role, catalogue)) {
      for (const { text, arn, index } of resourcesOf(allow)) {
        const complaint = arn && elsewhere(text, arn, environment);
        if (complaint) yield { ...complaint, at: role.locate(['allow', allow.index, 'resources', index]) };
      }
    }
  },
};

function elsewhere(text: string, arn: Arn, environment: Environment): Omit<Complaint, 'at'> | undefined {
  for (const part of ['partition', 'account', 'region'] as const) {
    const found = arn[part];
    // Wildcards in partition and account, parameters, and AWS's own account are other guardrails' to report.
    if (found === '' || found === environment[part] || found.includes('${')) continue;
    if (part === 'account' && found === 'aws') continue;
    if (part !== 'region' && /[*?]/.test(found)) continue;
    return {
      message: `\`${text}\` lies in ${part} \`${found}\`, and environment \`${environment.name}\` is ${part} \`${environment[part]}\`.`,
      hint: `Write \`${environment[part]}\`, or \`\${env.${part}}\` so that it is right in every environment.`,
    };
  }
  return undefined;
}
