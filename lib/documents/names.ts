/**
 * Physical names, paths and ARNs. They are built only from values that are known at synth, so a plan never shows
 * "(known after apply)" in place of a permission.
 */
import { createHash } from 'node:crypto';
import type { Agent, Environment, Role } from '@leasehold/definitions';

/** The properties of an environment from which names and ARNs are built. */
export type EnvironmentNames = Pick<Environment, 'project' | 'name' | 'partition' | 'region' | 'account'>;

/** IAM path of every agent's base identity. */
export const AGENT_PATH = '/agents/';

/**
 * IAM path of the brokers' execution roles. The path is separate from the paths of purpose roles, so that no agent's
 * boundary permits assuming a broker's role.
 */
export const BROKER_PATH = '/leasehold-broker/';

/**
 * Prefix of all physical names in an environment, and name of the environment's Terraform stack, for example
 * `hermes-dev`.
 */
export function stackName(environment: Pick<EnvironmentNames, 'project' | 'name'>): string {
  return `${environment.project}-${environment.name}`;
}

/**
 * Name prefix of an environment's monitoring resources, such as `<prefix>-alerts` and `<prefix>-trail`. The prefix is
 * the stack's name. A name that is too long for an EventBridge rule (64 characters) or an S3 bucket (63) is shortened,
 * and a hash is appended.
 */
export function watchName(environment: Environment): string {
  const name = stackName(environment);
  if (name.length <= LONGEST_WATCH_NAME) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, LONGEST_WATCH_NAME - hash.length - 1)}-${hash}`;
}

/**
 * Maximum length of the prefix: a bucket name has at most 63 characters, including the suffix `-trail-123456789012`.
 */
const LONGEST_WATCH_NAME = 44;

/** IAM path of an environment's purpose roles and policies, for example `/leasehold/hermes-dev/`. */
export function rolePath(environment: EnvironmentNames): string {
  return `/leasehold/${stackName(environment)}/`;
}

/** Name of an agent's IAM user or base role, for example `hermes-dev-agent`. */
export function agentName(agent: Agent, environment: Environment): string {
  return `${stackName(environment)}-${agent.name}`;
}

/** ARN of an agent's base identity: its IAM user, its base role, or its existing role. */
export function agentArn(agent: Agent, environment: Environment): string {
  if (agent.identity.type === 'existing-role') return agent.identity.roleArn;
  const kind = agent.identity.type === 'iam-user' ? 'user' : 'role';
  return iamArn(environment, `${kind}${AGENT_PATH}${agentName(agent, environment)}`);
}

/** Name of a purpose role, for example `hermes-dev-s3-deploy`. */
export function roleName(role: Role, environment: Environment): string {
  return `${stackName(environment)}-${role.name}`;
}

/** ARN of a purpose role. */
export function roleArn(role: Role, environment: Environment): string {
  return iamArn(environment, `role${rolePath(environment)}${roleName(role, environment)}`);
}

/** Name of the broker's execution role. */
export function brokerRoleName(environment: EnvironmentNames): string {
  return `${stackName(environment)}-broker`;
}

/** ARN of the broker's execution role. */
export function brokerRoleArn(environment: EnvironmentNames): string {
  return iamArn(environment, `role${BROKER_PATH}${brokerRoleName(environment)}`);
}

/** Name of the boundary of an agent's or the broker's identity, for example `hermes-dev-agent-boundary`. */
export function boundaryName(identityName: string): string {
  return `${identityName}-boundary`;
}

/** Name of the permissions boundary that all purpose roles of an environment share. */
export function roleBoundaryName(environment: Environment): string {
  return boundaryName(`${stackName(environment)}-role`);
}

/**
 * Name of a purpose role's own boundary, for example `hermes-dev-ecs-deploy-role-boundary`. An agent and a role may
 * have the same name, so the names of their boundaries must differ.
 */
export function ownBoundaryName(role: Role, environment: Environment): string {
  return boundaryName(`${roleName(role, environment)}-role`);
}

/** ARN of a customer-managed policy at the environment's path. */
export function policyArn(name: string, environment: EnvironmentNames): string {
  return iamArn(environment, `policy${rolePath(environment)}${name}`);
}

/** Name of an approver's MFA device, for example `hermes-dev-agent-oncall`. */
export function mfaDeviceName(approver: string, agent: Agent, environment: Environment): string {
  return `${agentName(agent, environment)}-${approver}`;
}

/**
 * Serial number (ARN) of an approver's MFA device. The device belongs to the agent's user, because STS accepts a code
 * only from a device of the caller: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function mfaDeviceArn(approver: string, agent: Agent, environment: Environment): string {
  return iamArn(environment, `mfa/${mfaDeviceName(approver, agent, environment)}`);
}

/** The regional STS endpoint of an environment. The global endpoint is never used. */
export function stsEndpoint(place: Pick<Environment, 'partition' | 'region'>): string {
  return `https://sts.${place.region}.${dnsSuffix(place)}`;
}

/** DNS suffix of the environment's partition. */
export function dnsSuffix({ partition }: Pick<Environment, 'partition'>): string {
  return partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
}

/** An IAM ARN in the environment's account, for example the ARN of `user/agents/hermes-dev-agent`. */
export function iamArn(environment: EnvironmentNames, resource: string): string {
  return `arn:${environment.partition}:iam::${environment.account}:${resource}`;
}
