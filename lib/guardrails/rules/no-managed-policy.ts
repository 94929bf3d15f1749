import type { Agent, Role } from '@leasehold/definitions';
import { identityRead } from '@leasehold/policy';
import { type Complaint, type EnvironmentGuardrail, pageOf } from '../guardrail';

/**
 * AWS-managed policies are not permitted, because they permit far more than one task needs, and AWS can change them.
 */
export const noManagedPolicy: EnvironmentGuardrail = {
  id: 'no-managed-policy',
  title: 'No statement and no agent uses an AWS-managed or `FullAccess` policy',
  severity: 'error',
  page: pageOf('no-managed-policy'),
  unwaivable: 'this project does not show what such a policy permits',
  over: 'environment',
  *check({ environment }) {
    for (const role of environment.roles) yield* mentions(role);
    for (const agent of environment.agents) {
      const complaint = powerful(agent);
      if (complaint) yield { ...complaint, at: agent.locate(['agents', agent.name, 'identity']) };
    }
  },
};

/**
 * Finds ARNs of AWS-managed policies in the resources and conditions of allow statements. Policies under
 * `managedPolicies` are checked by the guardrail `managed-policy`.
 */
function* mentions(role: Role): Iterable<Complaint> {
  for (const [index, { actions, resources, conditions }] of role.allow.entries()) {
    // Reading AWS-managed policies is harmless.
    const isRead = (text: string) => actions.every(identityRead) && /^arn:[a-z-]+:iam::aws:policy\//.test(text);
    for (const [entry, text] of resources.entries()) {
      if (isManaged(text) && !isRead(text)) yield mention(text, role, ['allow', index, 'resources', entry]);
    }
    for (const [operator, keys] of Object.entries(conditions)) {
      for (const [key, values] of Object.entries(keys)) {
        const text = values.find(isManaged);
        if (text !== undefined) yield mention(text, role, ['allow', index, 'conditions', operator, key]);
      }
    }
  }
}

function mention(text: string, role: Role, path: readonly (string | number)[]): Complaint {
  return {
    message: `\`${text}\` is a policy that AWS manages, or one for full access.`,
    hint: 'List the actions and resources of the task under `allow:` instead.',
    at: role.locate(path),
  };
}

function isManaged(text: string): boolean {
  return (
    /:iam::aws:policy\b/i.test(text) ||
    /:policy\/(?:.*\/)?[^/]*(?:FullAccess|AdministratorAccess|PowerUserAccess)/i.test(text)
  );
}

/**
 * The policies of an existing identity are not visible to this check. Only its name shows whether it is a predefined
 * role, such as those that IAM Identity Center creates from `AdministratorAccess`.
 */
function powerful({ name, identity }: Agent): Omit<Complaint, 'at'> | undefined {
  if (identity.type !== 'existing-role') return undefined;
  if (!/\/aws-reserved\/|\/aws-service-role\/|FullAccess|AdministratorAccess|PowerUserAccess/i.test(identity.roleArn)) {
    return undefined;
  }
  return {
    message: `Agent \`${name}\` starts from \`${identity.roleArn}\`, a role that AWS manages, or one with full access.`,
    hint: 'For the agent, use a separate role that has no attached policies.',
  };
}
