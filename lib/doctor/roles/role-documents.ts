/** Verifies every role of the stack: its existence, policies, boundary, trust policy, session duration and tags. */
import type { LiveIdentity } from '../live/authorization';
import { observeEach, present } from '../unread';
import type { AccountContext, AccountVerification, Observation } from '../verification';
import { attachmentDamage, boundaryDamage } from './attachments';
import { type DeployedRoleOrUser, deployedIdentities, SESSION_SECONDS } from './deployed-identities';
import { damageBy, judge } from './judge';
import { tagDamage } from './tags';

export const roleExists: AccountVerification = {
  id: 'role-exists',
  part: 'roles',
  severity: 'high',
  title: 'Every role of the stack exists, at its own path',
  why: 'Policies and boundaries name roles by ARN. A role with the same name at a different path is a different role.',
  verify: ({ environment, live }) =>
    observeEach(
      deployedIdentities(environment).filter(({ part }) => part !== 'agent'),
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
                ? 'The role does not exist.'
                : `The role has a path that differs from the deployed path: ${found.arn}.`,
            hint: 'Apply the stack again.',
          },
        ];
      },
    ),
};

export const rolePolicies: AccountVerification = {
  id: 'role-policies',
  part: 'roles',
  severity: 'critical',
  title: 'Every role has exactly the deployed policies',
  why: 'The policies of a role define the maximum permissions that any lease of the role can have. Policies are compared by what they permit, so a different order or spelling does not count as a difference.',
  verify: (context) =>
    observeRoles(context, async (deployed, found) =>
      deployed.part === 'agent' ? [] : attachmentDamage(deployed, found, context.live),
    ),
};

export const roleBoundaryInPlace: AccountVerification = {
  id: 'role-boundary',
  part: 'roles',
  severity: 'critical',
  title: 'Every role has the deployed permissions boundary',
  why: 'The boundary denies IAM, STS and Organizations actions, even if a role has AdministratorAccess.',
  verify: (context) =>
    observeRoles(context, async (deployed, found) =>
      deployed.part === 'agent' ? [] : boundaryDamage(deployed, found, context.live),
    ),
};

export const roleTrust: AccountVerification = {
  id: 'role-trust',
  part: 'roles',
  severity: 'critical',
  title: 'Every role has the deployed trust policy',
  why: 'The trust policy of a role requires the lease id, the reason, the parameters and, with gate `mfa`, an MFA code, and lists the identities that may assume the role. Nobody else may assume the role.',
  verify: (context) =>
    observeRoles(context, async (deployed, found) =>
      damageBy(judge('trust', deployed.trust === undefined ? [] : [deployed.trust], [found.trust ?? '']), {
        place: deployed.arn,
        what: 'The trust policy',
        hint: 'Find out who changed the trust policy, then apply the stack again. CloudTrail shows the leases that were opened in the meantime.',
        wider: 'critical',
      }),
    ),
};

export const roleSessionLength: AccountVerification = {
  id: 'role-session-length',
  part: 'roles',
  severity: 'high',
  title: 'No role of the stack allows sessions of more than an hour',
  why: 'With gate `mfa`, IAM does not enforce the duration of a lease. The maximum session duration of the role is the only limit.',
  verify: (context) =>
    observeRoles(context, async (deployed) => {
      const lengths = await context.live.sessionLengths();
      const seconds = present(lengths.get(deployed.name), 'the role', 'iam:ListRoles');
      if (seconds <= SESSION_SECONDS) return [];
      return [
        {
          kind: 'damage',
          place: deployed.arn,
          message: `A session of the role can last up to ${seconds / 3600} hours.`,
          hint: 'Apply the stack again: it sets one hour.',
        },
      ];
    }),
};

export const roleTags: AccountVerification = {
  id: 'role-tags',
  part: 'roles',
  severity: 'medium',
  title: 'Every role has the tags of the stack and no other tags',
  why: 'The tags of a role are principal tags of its sessions, and policies can depend on these tags.',
  verify: (context) =>
    observeRoles(context, async (deployed, { tags }) =>
      deployed.part === 'agent' ? [] : tagDamage(deployed, tags, context.environment),
    ),
};

/**
 * Observes every existing role, including the agents' base roles. `role-exists` and `agent-exists` report missing
 * roles.
 */
function observeRoles(
  { environment, live }: AccountContext,
  observe: (deployed: DeployedRoleOrUser, found: LiveIdentity) => Promise<readonly Observation[]>,
): Promise<readonly Observation[]> {
  return observeEach(
    deployedIdentities(environment).filter(({ kind }) => kind === 'role'),
    ({ arn }) => arn,
    async (deployed) => {
      const found = await live.identity('role', deployed.name);
      return found === undefined ? [] : observe(deployed, found);
    },
  );
}
