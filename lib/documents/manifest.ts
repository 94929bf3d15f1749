/** The `leasehold` output of a stack: everything that a client needs in order to ask, and nothing secret. */
import type { Access, Agent, Environment, Gate, Identity, Role, Waiver } from '../definitions/model';
import type { PolicyDocument } from '../policy/document';
import { agentArn, agentName, mfaDeviceArn, roleArn, stackName, stsEndpoint } from './names';
import { permissions } from './permissions';
import { LEASE_ID_PREFIX, REASON_MINIMUM, requiredTags } from './session';

/** What a client reads from `terraform output -json leasehold`. Durations are seconds. */
export interface Manifest {
  /** Version of this shape; a client refuses one that it does not know. */
  readonly version: 1;
  readonly project: string;
  readonly environment: string;
  readonly stack: string;
  readonly account: string;
  readonly partition: string;
  readonly region: string;
  /** Regional STS endpoint on which leases are asked for. */
  readonly stsEndpoint: string;
  readonly session: { readonly leaseIdPrefix: string; readonly reasonMinimum: number };
  readonly agents: Readonly<Record<string, AgentEntry>>;
  readonly roles: Readonly<Record<string, RoleEntry>>;
}

export interface AgentEntry {
  readonly arn: string;
  readonly identity: Identity['type'];
  /** What a session's source identity must be; absent for an agent that opens no role by itself. */
  readonly sourceIdentity?: string;
  /** Approver → serial number of the MFA device enrolled for them on the agent's user. */
  readonly mfaDevices: Readonly<Record<string, string>>;
}

export interface RoleEntry {
  readonly arn: string;
  readonly purpose: string;
  readonly access: Access;
  readonly gates: readonly Gate[];
  readonly agents: readonly string[];
  readonly lease: { readonly defaultSeconds: number; readonly maxSeconds: number };
  readonly parameters: Readonly<Record<string, { description: string; pattern?: string; values?: readonly string[] }>>;
  /** Session tags without which IAM refuses the lease; no others are accepted. */
  readonly tags: readonly string[];
  /** The role's envelope: what an approver is shown. The deployed policy also lets a lease attenuate itself. */
  readonly policy: PolicyDocument;
  readonly waivers: readonly Waiver[];
}

/** The manifest of one environment. */
export function manifest(environment: Environment): Manifest {
  return {
    version: 1,
    project: environment.project,
    environment: environment.name,
    stack: stackName(environment),
    account: environment.account,
    partition: environment.partition,
    region: environment.region,
    stsEndpoint: stsEndpoint(environment),
    session: { leaseIdPrefix: LEASE_ID_PREFIX, reasonMinimum: REASON_MINIMUM },
    agents: Object.fromEntries(environment.agents.map((agent) => [agent.name, agentEntry(agent, environment)])),
    roles: Object.fromEntries(environment.roles.map((role) => [role.name, roleEntry(role, environment)])),
  };
}

function agentEntry(agent: Agent, environment: Environment): AgentEntry {
  const user = agent.identity.type === 'iam-user';
  return {
    arn: agentArn(agent, environment),
    identity: agent.identity.type,
    ...(user ? { sourceIdentity: agentName(agent, environment) } : {}),
    mfaDevices: user
      ? Object.fromEntries(
          environment.approvers.map((approver) => [approver, mfaDeviceArn(approver, agent, environment)]),
        )
      : {},
  };
}

function roleEntry(role: Role, environment: Environment): RoleEntry {
  return {
    arn: roleArn(role, environment),
    purpose: role.purpose,
    access: role.access,
    gates: role.gates,
    agents: role.agents,
    lease: role.lease,
    parameters: Object.fromEntries(
      role.parameters.map(({ name, description, pattern, values }) => [
        name,
        { description, ...(pattern === undefined ? {} : { pattern }), ...(values === undefined ? {} : { values }) },
      ]),
    ),
    tags: requiredTags(role),
    policy: permissions(role),
    waivers: role.waivers,
  };
}
