/** Converts resolved definitions into the accounts that a deployment of the stacks would create. */
import type { Agent, Definitions, Environment } from '@leasehold/definitions';
import {
  AGENT_PATH,
  agentBoundary,
  agentName,
  agentTrust,
  ask,
  boundaryName,
  hasBroker,
  hasConsole,
  hasOwnBoundary,
  managedArns,
  NO_DENIALS,
  ownBoundaryName,
  policyArn,
  revocationPolicy,
  revocationPolicyName,
  roleBoundary,
  roleBoundaryName,
  roleName,
  rolePath,
  rolePolicy,
  rolesWithRevocationPolicy,
  trust,
} from '@leasehold/documents';
import type { PolicyDocument } from '@leasehold/policy';
import { parseArn } from '@leasehold/policy';
import type { Account } from '../account/model';
import { AccountBuilder } from './account-builder';
import { addBroker, addConsole, addOutcomes, addPeople, addPeopleElsewhere } from './broker';
import { addPolicies, addPolicy } from './policies';

/** One account for each account id that the environments use. */
export function accountsOf(definitions: Definitions): readonly Account[] {
  const builders = new Map<string, AccountBuilder>();
  for (const environment of definitions.environments) {
    const builder = builders.get(environment.account) ?? new AccountBuilder(environment.account, environment.partition);
    builders.set(environment.account, builder);
    addEnvironment(builder, environment);
  }
  for (const environment of definitions.environments) addPeopleElsewhere(builders, environment);
  return [...builders.values()].map((builder) => builder.build());
}

function addEnvironment(builder: AccountBuilder, environment: Environment): void {
  for (const agent of environment.agents) addAgent(builder, agent, environment);
  if (hasBroker(environment)) addBroker(builder, environment);
  if (environment.broker) {
    addPeople(builder, environment);
    addOutcomes(builder, environment);
    if (hasConsole(environment)) addConsole(builder, environment);
  }
  const boundary = roleBoundaryName(environment);
  builder.policy({ name: boundary, path: rolePath(environment), document: roleBoundary() });
  const revocable = rolesWithRevocationPolicy(environment);
  const revocation =
    revocable.length > 0
      ? [addPolicy(builder, revocationPolicyName(environment), revocationPolicy(NO_DENIALS, environment), environment)]
      : [];
  for (const role of environment.roles) {
    const own = hasOwnBoundary(role)
      ? addPolicy(builder, ownBoundaryName(role, environment), roleBoundary(role, environment), environment)
      : undefined;
    builder.role({
      name: roleName(role, environment),
      path: rolePath(environment),
      description: role.purpose,
      trust: trust(role, environment),
      boundary: own ?? policyArn(boundary, environment),
      inline: { [role.name]: rolePolicy(role) },
      attached: [...(revocable.includes(role) ? revocation : []), ...managedArns(role)],
    });
  }
}

function addAgent(builder: AccountBuilder, agent: Agent, environment: Environment): void {
  if (agent.identity.type === 'existing-role') {
    addExistingRole(builder, agent.identity.roleArn, environment);
    return;
  }
  const name = agentName(agent, environment);
  const identity = {
    name,
    path: AGENT_PATH,
    boundary: addPolicy(builder, boundaryName(name), agentBoundary(agent, environment), environment),
    attached: addPolicies(builder, `${name}-ask`, ask(agent, environment), environment),
  };
  if (agent.identity.type === 'iam-user') {
    builder.user(identity);
    return;
  }
  const document = agentTrust(agent, environment);
  if (!document) throw new TypeError(`identity type ${agent.identity.type} has no trust`);
  builder.role({ ...identity, trust: document });
}

/**
 * Adds a role that is not managed by Leasehold. Only the role's name is known, so the role has no permissions in the
 * sandbox.
 */
function addExistingRole(builder: AccountBuilder, arn: string, { account }: Environment): void {
  const parts = parseArn(arn);
  const [, path = '/', name = ''] = /^role(\/(?:.*\/)?)([^/]+)$/.exec(parts?.resource ?? '') ?? [];
  if (parts?.account !== account || name === '' || builder.has(name)) return;
  builder.role({ name, path, trust: NOBODY });
}

const NOBODY: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole' }],
};
