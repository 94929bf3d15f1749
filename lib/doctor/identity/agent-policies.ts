/** Verifies the agents' users and base roles: their existence, policies, boundary and groups. */
import { shellOption } from '@leasehold/contract/text';
import { attachmentDamage, boundaryDamage } from '../roles/attachments';
import { deployedAgents } from '../roles/deployed-identities';
import { tagDamage } from '../roles/tags';
import { observeEach } from '../unread';
import type { AccountVerification } from '../verification';
import { existingRoles, hasAgents, hasUsers, observeAgents } from './agent-users';

export const agentExists: AccountVerification = {
  id: 'agent-exists',
  part: 'identity',
  severity: 'high',
  title: 'Every agent has its user or role, at its own path',
  why: 'The trust policies of the roles contain the ARN of the agent identity. Without this identity, no lease can be opened.',
  applies: ({ agents }) => agents.length > 0,
  verify: ({ environment, live }) =>
    observeEach(
      [
        ...deployedAgents(environment),
        ...existingRoles(environment)
          .filter(({ isLocal }) => isLocal)
          .map((role) => ({ ...role, kind: 'role' as const })),
      ],
      ({ arn }) => arn,
      async ({ kind, name, arn }) => {
        const found = await live.identity(kind, name);
        if (found?.arn === arn) return [];
        return [
          {
            kind: 'damage',
            place: arn,
            message:
              found === undefined
                ? `The ${kind} does not exist.`
                : `The ${kind} has a path that differs from the deployed path: ${found.arn}.`,
            hint: 'Apply the stack again.',
          },
        ];
      },
    ),
};

export const agentPolicies: AccountVerification = {
  id: 'agent-policies',
  part: 'identity',
  severity: 'critical',
  title: "An agent's identity has exactly the deployed policies",
  why: 'The identity of an agent may request leases and do nothing else. If somebody attaches an additional policy, only the boundary limits the permissions of the identity.',
  applies: hasAgents,
  verify: (context) =>
    observeAgents(context, async ({ deployed, live }) => attachmentDamage(deployed, live, context.live)),
};

export const agentBoundaryInPlace: AccountVerification = {
  id: 'agent-boundary',
  part: 'identity',
  severity: 'critical',
  title: "An agent's identity has the deployed permissions boundary",
  why: 'If somebody attaches a policy by mistake, the boundary is the only limit on that policy. Likewise, if a trust policy elsewhere names the agent, the explicit denies of the boundary are the only limit.',
  applies: hasAgents,
  verify: (context) =>
    observeAgents(context, async ({ deployed, live }) => boundaryDamage(deployed, live, context.live)),
};

export const agentGroups: AccountVerification = {
  id: 'agent-groups',
  part: 'identity',
  severity: 'high',
  title: "An agent's user is in no group",
  why: "A group's policies also apply to the user, and Terraform does not show the membership as drift.",
  applies: hasUsers,
  verify: (context) =>
    observeAgents(
      context,
      async ({ deployed, live }) =>
        live.groups.map((group) => ({
          kind: 'damage',
          place: deployed.arn,
          message: `The user is in the group ${group}.`,
          hint: `Remove it: aws iam remove-user-from-group ${shellOption('--user-name', deployed.name)} ${shellOption('--group-name', group)}`,
        })),
      'user',
    ),
};

export const agentTags: AccountVerification = {
  id: 'agent-tags',
  part: 'identity',
  severity: 'high',
  title: "An agent's identity has the tags of the stack and no other tags",
  why: 'The tags of a user or role are principal tags. If a policy elsewhere depends on a tag, that policy grants access to every identity with the tag.',
  applies: hasAgents,
  verify: (context) =>
    observeAgents(context, async ({ deployed, live }) => tagDamage(deployed, live.tags, context.environment)),
};
