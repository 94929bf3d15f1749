/** Helpers for the verifications of the agents' identities. */
import type { Environment } from '@leasehold/definitions';
import { agentName } from '@leasehold/documents';
import { parseArn } from '@leasehold/policy';
import type { LiveIdentity } from '../live/authorization';
import { type DeployedRoleOrUser, deployedAgents } from '../roles/deployed-identities';
import { observeEach } from '../unread';
import type { AccountContext, Observation } from '../verification';

/** An agent's deployed identity, and the live identity in the account. */
export interface AgentPair {
  readonly deployed: DeployedRoleOrUser;
  readonly live: LiveIdentity;
}

/**
 * Observes the identity of every agent. Skips missing identities, because the verification `agent-exists` reports
 * them.
 * @param kind `user` or `role`, to observe only identities of this kind.
 * @default both
 */
export async function observeAgents(
  { environment, live }: AccountContext,
  observe: (pair: AgentPair) => Promise<readonly Observation[]>,
  kind?: 'user' | 'role',
): Promise<readonly Observation[]> {
  const agents = deployedAgents(environment).filter((each) => kind === undefined || each.kind === kind);
  return observeEach(
    agents,
    ({ arn }) => arn,
    async (deployed) => {
      const found = await live.identity(deployed.kind, deployed.name);
      return found === undefined ? [] : observe({ deployed, live: found });
    },
  );
}

/** Whether an agent in the environment is an IAM user. */
export function hasUsers({ agents }: Environment): boolean {
  return agents.some(({ identity }) => identity.type === 'iam-user');
}

/** Whether an environment has an agent whose identity Leasehold creates. */
export function hasAgents(environment: Environment): boolean {
  return deployedAgents(environment).length > 0;
}

/** Agents that are IAM users, with their user names. */
export function agentUsers(environment: Environment) {
  return environment.agents
    .filter(({ identity }) => identity.type === 'iam-user')
    .map((agent) => ({ agent, userName: agentName(agent, environment) }));
}

/** Roles that agents use but that Leasehold did not create. */
export function existingRoles({ agents, account }: Environment) {
  return agents.flatMap(({ identity }) => {
    if (identity.type !== 'existing-role') return [];
    const arn = identity.roleArn;
    return [{ arn, name: arn.slice(arn.lastIndexOf('/') + 1), isLocal: parseArn(arn)?.account === account }];
  });
}
