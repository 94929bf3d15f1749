/** Verifies that the organization's policies do not deny calls that are needed for leases. */
import type { Agent, Environment, Role } from '@leasehold/definitions';
import {
  ASK_ACTIONS,
  agentArn,
  brokerApiArn,
  brokerRoleArn,
  INVOKE_ACTION,
  mfaAgents,
  roleArn,
} from '@leasehold/documents';
import {
  type Context,
  evaluate,
  hasWildcard,
  isArn,
  type PolicyDocument,
  type PolicyDocuments,
  PolicyError,
  type Principal,
  parseArn,
  prepare,
} from '@leasehold/policy';
import { ANY_SESSION, generously } from '../live/grants';
import type { AccountVerification, Damage } from '../verification';
import { type OrganizationPolicies, organizationPolicies } from './organization';

export const organizationLease: AccountVerification = {
  id: 'organization-lease',
  part: 'account',
  severity: 'high',
  title: 'No policy of the organization denies what a lease needs',
  why: 'Service and resource control policies apply to the agent, the broker and the roles, and no plan shows them. The doctor evaluates each call that a lease needs against all service and resource control policies.',
  verify: async ({ environment, live }) => {
    const policies = await organizationPolicies(live.aws, environment.account);
    if (policies === undefined) return [];
    return neededCalls(environment).flatMap((call) => denied(call, policies));
  },
};

/** A call that a lease needs. */
interface NeededCall {
  readonly who: string;
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  readonly context: Context;
}

function neededCalls(environment: Environment): readonly NeededCall[] {
  const everywhere = { 'aws:RequestedRegion': environment.region, 'aws:SecureTransport': 'true' };
  const broker = session(brokerRoleArn(environment));
  return environment.roles.flatMap((role) => {
    const target = roleArn(role, environment);
    const byAgents = mfaAgents(role, environment)
      .filter((agent) => isOfAccount(agent, environment))
      .flatMap((agent) =>
        ASK_ACTIONS.map((action) => ({
          who: `agent ${agent.name}`,
          principal: identityOf(agent, environment),
          action,
          resource: target,
          context: { ...everywhere, 'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': '0' },
        })),
      );
    const byBroker = role.gates.includes('broker')
      ? [
          ...ASK_ACTIONS.map((action) => ({
            who: 'the broker',
            principal: broker,
            action,
            resource: target,
            context: everywhere,
          })),
          ...environment.agents
            // The organization policies of this account do not apply to an agent in another account.
            .filter((agent) => role.agents.includes(agent.name) && isOfAccount(agent, environment))
            .map((agent) => ({
              who: `agent ${agent.name}`,
              principal: identityOf(agent, environment),
              action: INVOKE_ACTION,
              resource: brokerApiArn(environment, 'POST/leases').replaceAll('?', 'x'),
              context: everywhere,
            })),
        ]
      : [];
    return [...byAgents, ...byBroker, ...workOf(role, target, everywhere)];
  });
}

/** Example calls of a lease of the role: each action without a wildcard, on one resource. */
function workOf(role: Role, arn: string, context: Context): readonly NeededCall[] {
  return role.allow.flatMap(({ actions, resources }) => {
    const resource = resources.map(sample).find(isArn) ?? '*';
    return actions
      .filter((action) => !hasWildcard(action))
      .map((action) => ({ who: `a lease of ${role.name}`, principal: session(arn), action, resource, context }));
  });
}

/** The principal of an agent: its user, or a session of its base role or existing role. */
function identityOf(agent: Agent, environment: Environment): Principal {
  const arn = agentArn(agent, environment);
  return agent.identity.type === 'iam-user' ? { kind: 'user', arn } : session(arn);
}

function isOfAccount(agent: Agent, environment: Environment): boolean {
  return parseArn(agentArn(agent, environment))?.account === environment.account;
}

function session(roleArn: string): Principal {
  return { kind: 'session', roleArn, sessionName: ANY_SESSION };
}

/** An example of a resource that matches a template. */
function sample(template: string): string {
  return template.replace(/\$\{[^}]*\}|[*?]/g, 'x');
}

const EVERYTHING: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};
/**
 * Replaces the deployed trust policy, which another verification covers, so that only the organization's policies
 * decide.
 */
const ANYBODY: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sts:*' }],
};

function denied(call: NeededCall, { scps, rcps }: OrganizationPolicies): readonly Damage[] {
  const documents: PolicyDocuments = {
    identity: [EVERYTHING],
    ...(ASK_ACTIONS.includes(call.action) ? { trust: ANYBODY } : {}),
    ...(scps.length > 0 ? { scps } : {}),
    ...(rcps.length > 0 ? { rcps } : {}),
  };
  const asWritten = outcome(call, documents);
  if (asWritten === 'allowed') return [];
  const relax = (levels: readonly (readonly PolicyDocument[])[]) =>
    levels.map((level) => level.map((document) => generously(document, call)));
  const certain =
    asWritten === 'denied' &&
    outcome(call, {
      ...documents,
      ...(documents.scps && { scps: relax(scps) }),
      ...(documents.rcps && { rcps: relax(rcps) }),
    }) === 'denied';
  return [
    {
      kind: 'damage',
      place: call.resource,
      severity: certain ? 'high' : 'medium',
      message:
        asWritten === 'unreadable'
          ? `A policy of the organization cannot be read. This policy may deny ${call.action} for ${call.who}.`
          : `A policy of the organization denies ${call.action} of ${call.who}${certain ? '' : ', unless the call fulfils a condition that is not known here'}.`,
      hint: 'Ask the administrators of the organization to exempt the IAM paths of this stack from this policy.',
    },
  ];
}

function outcome(
  { principal, action, resource, context }: NeededCall,
  documents: PolicyDocuments,
): 'allowed' | 'denied' | 'unreadable' {
  try {
    const verdict = evaluate({ principal, action, resource, context }, prepare(documents));
    return verdict.outcome === 'allowed' ? 'allowed' : 'denied';
  } catch (error) {
    if (error instanceof PolicyError) return 'unreadable';
    throw error;
  }
}
