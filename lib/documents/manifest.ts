/** The `leasehold` output of a stack: everything that a client needs in order to ask, and nothing secret. */
import { defined } from '@leasehold/contract/defined';
import type {
  Access,
  Agent,
  Binding,
  Environment,
  Gate,
  Identity,
  Parameter,
  ReviewerMode,
  Role,
  Waiver,
} from '@leasehold/definitions';
import type { PolicyDocument } from '@leasehold/policy';
import { isBrokered, type PersonKind, personRoleArn } from './broker/names';
import { personKinds } from './broker/people';
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
  /** The environment's broker; absent where none is deployed. */
  readonly broker?: BrokerEntry;
  readonly agents: Readonly<Record<string, AgentEntry>>;
  readonly roles: Readonly<Record<string, RoleEntry>>;
}

/** Where the broker is, and as whom people speak to it. */
export interface BrokerEntry {
  /** Address of the API with its stage, without a slash at the end. AWS makes up a part of it at the first apply. */
  readonly url: string;
  /** The region that requests are signed for. */
  readonly region: string;
  /** ARNs of the roles that people take on, by kind; of a kind with nobody in it there is none. */
  readonly people: Readonly<Partial<Record<PersonKind, string>>>;
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
  /** What the broker asks before it opens the role; absent for a role that it does not open, or without a broker. */
  readonly broker?: BrokeredEntry;
  readonly parameters: Readonly<Record<string, ParameterEntry>>;
  /** Session tags without which IAM refuses the lease; no others are accepted. */
  readonly tags: readonly string[];
  /** The role's envelope: what an approver is shown. The deployed policy also lets a lease attenuate itself. */
  readonly policy: PolicyDocument;
  readonly waivers: readonly Waiver[];
}

/** What a client should know before it asks the broker for a role. */
export interface BrokeredEntry {
  /** Humans that must say yes. */
  readonly humans: number;
  /** Seconds in which they can. */
  readonly windowSeconds: number;
  readonly reviewer: ReviewerMode;
  /** Agents by name and people by group who may ask. */
  readonly eligible: { readonly agents: readonly string[]; readonly groups: readonly string[] };
}

export interface ParameterEntry {
  readonly description: string;
  readonly pattern?: string;
  readonly values?: readonly string[];
  /** What the broker binds it to; a client sends no value for it. */
  readonly from?: Binding;
}

/**
 * The manifest of one environment.
 * @param brokerUrl Where its broker answers. Absent: no broker is there to speak to, whatever the definitions say.
 */
export function manifest(environment: Environment, brokerUrl?: string): Manifest {
  const broker = environment.broker === undefined ? undefined : brokerUrl;
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
    ...(broker === undefined ? {} : { broker: brokerEntry(broker, environment) }),
    agents: Object.fromEntries(environment.agents.map((agent) => [agent.name, agentEntry(agent, environment)])),
    roles: Object.fromEntries(environment.roles.map((role) => [role.name, roleEntry(role, environment)])),
  };
}

function brokerEntry(url: string, environment: Environment): BrokerEntry {
  const people = personKinds(environment).map((kind) => [kind, personRoleArn(kind, environment)] as const);
  return { url, region: environment.region, people: Object.fromEntries(people) };
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
    ...(environment.broker === undefined ? {} : brokeredEntry(role)),
    parameters: Object.fromEntries(role.parameters.map((parameter) => [parameter.name, parameterEntry(parameter)])),
    tags: requiredTags(role),
    policy: permissions(role),
    waivers: role.waivers,
  };
}

function brokeredEntry(role: Role): { readonly broker?: BrokeredEntry } {
  if (!isBrokered(role) || role.broker === undefined) return {};
  const { humans, windowSeconds, reviewer, eligible } = role.broker;
  return { broker: { humans, windowSeconds, reviewer, eligible } };
}

function parameterEntry({ description, pattern, values, from }: Parameter): ParameterEntry {
  return {
    description,
    ...defined({ pattern: pattern?.source, values, from }),
  };
}
