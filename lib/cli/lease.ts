/** Questions about a lease, asked of the very documents that are deployed. Decides nothing: the policy engine does. */
import type { Agent, Environment, Role } from '@leasehold/definitions';
import {
  ASK_ACTIONS,
  agentArn,
  agentBoundary,
  agentName,
  ask,
  brokerBoundary,
  brokerPermissions,
  brokerRoleArn,
  eligibility,
  LEASE_ID_PREFIX,
  LEASE_ID_TAG,
  mfaAgents,
  parameterTag,
  REASON_TAG,
  roleArn,
  roleBoundary,
  rolePolicy,
  trust,
} from '@leasehold/documents';
import {
  type Context,
  evaluate,
  keysRead,
  type PolicyDocuments,
  type Principal,
  prepare,
  type Verdict,
} from '@leasehold/policy';

/** A lease as it would be asked for. */
export interface Lease {
  readonly role: Role;
  readonly environment: Environment;
  readonly agent: Agent;
  /** Values of the role's parameters; one that is missing has no tag. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Whether an approver's code comes with the agent's call. */
  readonly mfa: boolean;
  /** Context keys that the caller adds or replaces; an empty list takes a key away. */
  readonly context: Context;
}

/** Who calls STS to open the lease: the agent itself, or the broker on its behalf. */
export function opener({ role, environment, agent }: Lease): 'agent' | 'broker' {
  const itself = mfaAgents(role, environment).includes(agent);
  const byBroker = role.gates.includes('broker') && eligibility(role, agent.name, environment)?.eligible === true;
  return !itself && byBroker ? 'broker' : 'agent';
}

/** Whether the lease would open: STS asks for every one of these. */
export function openingVerdicts(lease: Lease): readonly Verdict[] {
  const policies = prepare(openingDocuments(lease));
  const request = {
    resource: roleArn(lease.role, lease.environment),
    principal: openingPrincipal(lease),
    context: merged(openingContext(lease), lease.context),
  };
  return ASK_ACTIONS.map((action) => evaluate({ ...request, action }, policies));
}

/** What the session of an open lease may do. */
export function sessionVerdict(lease: Lease, action: string, resource: string): Verdict {
  const { role, environment } = lease;
  const tags = Object.entries(sessionTags(lease)).map(([tag, value]) => [`aws:PrincipalTag/${tag}`, value]);
  const context: Context = {
    ...Object.fromEntries(tags),
    'aws:RequestedRegion': environment.region,
    'aws:SecureTransport': 'true',
    'aws:SourceIdentity': agentName(lease.agent, environment),
    'aws:MultiFactorAuthPresent': 'false',
  };
  return evaluate(
    {
      action,
      resource,
      principal: { kind: 'session', roleArn: roleArn(role, environment), sessionName: LEASE_ID },
      context: merged(context, lease.context),
    },
    prepare(sessionDocuments(lease)),
  );
}

/**
 * The context keys that a verdict on a lease can depend on; no other key is used. Policies of resources are not asked.
 * @param ofSession Whether what the open lease may do is asked, too.
 */
export function keysUsed(lease: Lease, ofSession: boolean): readonly string[] {
  const documents = [openingDocuments(lease), ...(ofSession ? [sessionDocuments(lease)] : [])];
  return [...new Set(documents.flatMap((each) => keysRead(prepare(each))))].sort();
}

function sessionDocuments({ role }: Lease): PolicyDocuments {
  return { identity: [rolePolicy(role)], boundary: roleBoundary() };
}

/** The lease id of a lease that is only thought of. */
const LEASE_ID = `${LEASE_ID_PREFIX}explained`;
/** Its reason. */
const REASON = 'Explain what this lease could do';

function openingDocuments(lease: Lease): PolicyDocuments {
  const { role, environment, agent } = lease;
  return opener(lease) === 'agent'
    ? {
        identity: ask(agent, environment),
        boundary: agentBoundary(agent, environment),
        trust: trust(role, environment),
      }
    : {
        identity: brokerPermissions(environment),
        boundary: brokerBoundary(environment),
        trust: trust(role, environment),
      };
}

function openingPrincipal(lease: Lease): Principal {
  const { environment, agent } = lease;
  if (opener(lease) === 'broker') {
    return { kind: 'session', roleArn: brokerRoleArn(environment), sessionName: 'broker' };
  }
  const arn = agentArn(agent, environment);
  return agent.identity.type === 'iam-user'
    ? { kind: 'user', arn }
    : { kind: 'session', roleArn: arn, sessionName: agent.name };
}

/**
 * A long-term key sends neither key of MFA unless a code comes with the call, and never `aws:TokenIssueTime`.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
function openingContext(lease: Lease): Context {
  const byAgent = opener(lease) === 'agent';
  const tags = byAgent
    ? sessionTags(lease)
    : { ...sessionTags(lease), requester: agentArn(lease.agent, lease.environment) };
  const user = lease.agent.identity.type === 'iam-user';
  return {
    ...Object.fromEntries(Object.entries(tags).map(([tag, value]) => [`aws:RequestTag/${tag}`, value])),
    'aws:TagKeys': Object.keys(tags),
    'sts:RoleSessionName': LEASE_ID,
    'sts:SourceIdentity': agentName(lease.agent, lease.environment),
    'aws:SecureTransport': 'true',
    ...(byAgent && user && lease.mfa ? { 'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': '0' } : {}),
    ...(byAgent && user ? {} : { 'aws:MultiFactorAuthPresent': 'false', 'aws:TokenIssueTime': TOKEN_ISSUE_TIME }),
  };
}

/** Any moment: the trust asks only whether the caller's credentials are temporary. */
const TOKEN_ISSUE_TIME = '2026-01-01T00:00:00Z';

function sessionTags({ parameters }: Lease): Readonly<Record<string, string>> {
  const values = Object.entries(parameters).map(([name, value]) => [parameterTag(name), value]);
  return { [LEASE_ID_TAG]: LEASE_ID, [REASON_TAG]: REASON, ...Object.fromEntries(values) };
}

/** Context keys match in any case, so a replacement in another case has to replace too. */
function merged(context: Context, changes: Context): Context {
  const changed = new Set(Object.keys(changes).map((key) => key.toLowerCase()));
  return {
    ...Object.fromEntries(Object.entries(context).filter(([key]) => !changed.has(key.toLowerCase()))),
    ...changes,
  };
}
