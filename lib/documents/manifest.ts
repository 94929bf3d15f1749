/** The `leasehold` output of a stack: everything that a client needs to request leases. It contains no secret. */
import { defined } from '@leasehold/contract/defined';
import type {
  AgentEntry,
  BrokerEntry,
  BrokeredEntry,
  HandedEntry,
  Manifest,
  ParameterEntry,
  RoleEntry,
} from '@leasehold/contract/manifest';
import type { Agent, Environment, ExternalRole, Parameter, Role, Waiver } from '@leasehold/definitions';
import type { PolicyDocument } from '@leasehold/policy';
import { isBrokered, personRoleArn } from './broker/names';
import { personKinds } from './broker/people';
import { consoleAddress } from './broker/sign-in';
import { agentArn, agentName, mfaDeviceArn, roleArn, stackName, stsEndpoint } from './names';
import { permissions } from './permissions';
import { deployedTemplate, LEASE_ID_PREFIX, REASON_MINIMUM, requiredTags } from './session';

/** The content of `terraform output -json leasehold`: the manifest that clients read, with details for people. */
export interface DeployedManifest extends Manifest {
  readonly roles: Readonly<Record<string, DeployedRole>>;
}

/** A role in the output. */
export interface DeployedRole extends RoleEntry {
  readonly policy: PolicyDocument;
  /** Waived guardrails of the role, including `mixed-access` if the project permits the role to write and delete. */
  readonly waivers: readonly Waiver[];
}

/**
 * The manifest of one environment.
 * @param brokerUrl Address of the environment's broker. If absent, the manifest contains no broker, even if the
 * definitions contain one.
 * @param console Address of the console. Default: the address in AWS.
 */
export function manifest(environment: Environment, brokerUrl?: string, console?: string): DeployedManifest {
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
    ...(broker === undefined ? {} : { broker: brokerEntry(broker, environment, console) }),
    agents: Object.fromEntries(environment.agents.map((agent) => [agent.name, agentEntry(agent, environment)])),
    roles: Object.fromEntries(environment.roles.map((role) => [role.name, roleEntry(role, environment)])),
  };
}

function brokerEntry(url: string, environment: Environment, console = consoleAddress(environment, url)): BrokerEntry {
  const people = personKinds(environment).map((kind) => [kind, personRoleArn(kind, environment)] as const);
  return { url, region: environment.region, people: Object.fromEntries(people), ...defined({ console }) };
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

function roleEntry(role: Role, environment: Environment): DeployedRole {
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
    ...calling(role),
    ...managing(role),
    ...handing(role),
    waivers: [
      ...role.waivers,
      ...environment.mixedAccess
        .filter((entry) => entry.role === role.name)
        .map(({ because, until }) => ({ guardrail: 'mixed-access', because, until })),
    ],
  };
}

function calling({ perCall, callOf }: Role): Pick<RoleEntry, 'perCall' | 'callOf'> {
  if (callOf !== undefined) return { callOf };
  if (perCall === undefined) return {};
  const { role, actions, resource } = perCall;
  return { perCall: { role, actions, resource: deployedTemplate(resource) } };
}

function managing({ managedPolicies }: Role): Pick<RoleEntry, 'managedPolicies'> {
  if (managedPolicies === undefined) return {};
  return { managedPolicies: managedPolicies.map(({ arn, sha256 = '-', because }) => ({ arn, sha256, because })) };
}

function handing({ passes, assumes }: Role): Pick<RoleEntry, 'passes' | 'assumes'> {
  const entry = ({ name, arn, may }: ExternalRole, because: string): HandedEntry => ({
    name,
    arn,
    may: may === 'administrator' ? may : permissions({ allow: may, deny: [] }),
    because,
  });
  return {
    ...(passes.length > 0 ? { passes: passes.map(({ role, to, because }) => ({ ...entry(role, because), to })) } : {}),
    ...(assumes.length > 0 ? { assumes: assumes.map(({ role, because }) => entry(role, because)) } : {}),
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
