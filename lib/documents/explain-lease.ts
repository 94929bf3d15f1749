/** Explains what a lease could do, and why. The policy engine evaluates the deployed documents. */
import type { Agent, Environment, Role } from '@leasehold/definitions';
import {
  type Context,
  evaluate,
  keysRead,
  loadCatalogue,
  type PolicyDocuments,
  type Principal,
  parseActionPattern,
  prepare,
  type Verdict,
} from '@leasehold/policy';
import { agentBoundary, ask } from './agent';
import { ASK_ACTIONS } from './ask';
import { eligibility } from './broker/eligible';
import { brokerBoundary, brokerPermissions } from './broker/permissions';
import { isForPeopleOnly } from './managed-policies';
import { managedDocuments } from './managed-powers';
import { agentArn, agentName, brokerRoleArn, roleArn } from './names';
import { rolePolicy } from './permissions';
import { roleBoundary } from './role-boundary';
import { LEASE_ID_PREFIX, LEASE_ID_TAG, parameterTag, REASON_TAG } from './session';
import { mfaAgents, trust } from './trust';

/** A hypothetical lease, which is evaluated but not requested. */
export interface HypotheticalLease {
  readonly role: Role;
  readonly environment: Environment;
  /** The caller. A person is represented as an agent with an IAM user of the same name. */
  readonly agent: Agent;
  /** Values of the role's parameters. For a parameter without a value, no session tag is set. Default: none. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Whether the agent's call contains an MFA code of an approver. Default: false. */
  readonly mfa?: boolean;
  /** Context keys to add to the request or to replace in the request. An empty list removes a key. Default: none. */
  readonly context?: Context;
}

/** An AWS request by the lease's session. */
export interface SessionRequest {
  /** One action without wildcards, for example `s3:PutObject`. */
  readonly action: string;
  /** The ARN of one resource, or `*` for an action without resources. */
  readonly resource: string;
}

/**
 * Whether a lease can be obtained, and what its session may do. `allowed` is the result; the other fields explain the
 * result.
 */
export type LeaseExplanation =
  | {
      readonly eligible: false;
      readonly allowed: false;
      /** The reason why the caller may not request the role, as one sentence. */
      readonly because: string;
    }
  | {
      readonly eligible: true;
      /** True if the lease can be obtained and, if a request is given, the request is allowed. */
      readonly allowed: boolean;
      /** The caller of STS: the agent itself, or the broker on the agent's behalf. */
      readonly openedBy: 'agent' | 'broker';
      /** The calls that are needed to get the lease. Each of these calls must be allowed. */
      readonly opening: readonly Verdict[];
      /** Whether the request with the session is allowed, and why; absent if there is no request. */
      readonly request?: Verdict;
      /** Whether AWS lists the action and the action supports the resource; true if there is no request. */
      readonly works: boolean;
    };

/**
 * Evaluates whether a lease would open, and whether its session may make one request. `leasehold explain` prints the
 * result. `explain` of `@leasehold/policy` converts each verdict into sentences.
 * @throws PolicyError for a request that AWS could not receive, for example one with a wildcard in its action
 * @example
 * const { allowed } = await explainLease({ role, environment, agent }, { action: 's3:PutObject', resource });
 */
export async function explainLease(lease: HypotheticalLease, request?: SessionRequest): Promise<LeaseExplanation> {
  const because = ineligible(lease);
  if (because !== undefined) return { eligible: false, allowed: false, because };
  const opening = openingVerdicts(lease);
  const answer = request && sessionVerdict(lease, request);
  const works = request === undefined || (await worksOn(request));
  return {
    eligible: true,
    allowed: works && [...opening, ...(answer ? [answer] : [])].every(({ outcome }) => outcome === 'allowed'),
    openedBy: opener(lease),
    opening,
    ...(answer ? { request: answer } : {}),
    works,
  };
}

/**
 * The context keys on which an explanation can depend, sorted. Keys in resource policies are not included.
 * @param ofSession Whether to include the keys for requests that are made with the lease.
 */
export function contextKeysRead(lease: HypotheticalLease, ofSession: boolean): readonly string[] {
  const documents = [openingDocuments(lease), ...(ofSession ? [sessionDocuments(lease)] : [])];
  return [...new Set(documents.flatMap((each) => keysRead(prepare(each))))].sort();
}

function sessionDocuments({ role, environment }: HypotheticalLease): PolicyDocuments {
  return { identity: [rolePolicy(role), ...managedDocuments(role)], boundary: roleBoundary(role, environment) };
}

/**
 * The reason why the caller may not request the role. Not used for a role that an agent assumes with an MFA code,
 * because the trust policy decides who may assume such a role.
 */
function ineligible({ role, environment, agent }: HypotheticalLease): string | undefined {
  const asking = eligibility(role, agent.name, environment);
  const isAgent = environment.agents.some(({ name }) => name === agent.name);
  const byList = role.gates.includes('broker') || isForPeopleOnly(role) || !isAgent;
  return asking?.eligible === false && byList ? asking.because : undefined;
}

function opener({ role, environment, agent }: HypotheticalLease): 'agent' | 'broker' {
  const itself = mfaAgents(role, environment).some(({ name }) => name === agent.name);
  const byBroker = role.gates.includes('broker') && eligibility(role, agent.name, environment)?.eligible === true;
  return !itself && byBroker ? 'broker' : 'agent';
}

function openingVerdicts(lease: HypotheticalLease): readonly Verdict[] {
  const policies = prepare(openingDocuments(lease));
  const request = {
    resource: roleArn(lease.role, lease.environment),
    principal: openingPrincipal(lease),
    context: merged(openingContext(lease), lease.context),
  };
  return ASK_ACTIONS.map((action) => evaluate({ ...request, action }, policies));
}

function sessionVerdict(lease: HypotheticalLease, { action, resource }: SessionRequest): Verdict {
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
 * Whether the action supports the resource. An action that is not in AWS's list counts as not supporting any resource.
 */
async function worksOn({ action, resource }: SessionRequest): Promise<boolean> {
  if (action.toLowerCase() === SCOPING_ACTION.toLowerCase()) return resource === '*';
  const service = parseActionPattern(action)?.service;
  const catalogue = await loadCatalogue(service === undefined || service === '*' ? [] : [service]);
  const info = catalogue.action(action);
  return info !== undefined && catalogue.acceptsResource(info, resource);
}

/**
 * The action that attenuates a lease. The catalogue does not contain the action, because AWS's service authorization
 * reference does not list it yet. Source:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html
 */
export const SCOPING_ACTION = 'sts:GetScopedCredentials';

/** The lease id of the evaluated lease. */
const LEASE_ID = `${LEASE_ID_PREFIX}explained`;
/** The reason of the evaluated lease. */
const REASON = 'Explain what this lease could do';

function openingDocuments(lease: HypotheticalLease): PolicyDocuments {
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

function openingPrincipal(lease: HypotheticalLease): Principal {
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
 * The context of the call that opens the lease. A call with a long-term access key has the MFA context keys only if it
 * contains a code, and never has `aws:TokenIssueTime`. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
function openingContext(lease: HypotheticalLease): Context {
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
    ...(byAgent && user && lease.mfa === true
      ? { 'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': '0' }
      : {}),
    ...(byAgent && user ? {} : { 'aws:MultiFactorAuthPresent': 'false', 'aws:TokenIssueTime': TOKEN_ISSUE_TIME }),
  };
}

/**
 * The time is arbitrary, because the trust policy checks only whether the context key exists. The context key exists
 * only for temporary credentials.
 */
const TOKEN_ISSUE_TIME = '2026-01-01T00:00:00Z';

function sessionTags({ parameters = {} }: HypotheticalLease): Readonly<Record<string, string>> {
  const values = Object.entries(parameters).map(([name, value]) => [parameterTag(name), value]);
  return { [LEASE_ID_TAG]: LEASE_ID, [REASON_TAG]: REASON, ...Object.fromEntries(values) };
}

/**
 * Merges changes into a context. Context keys are case-insensitive, so a change also replaces a key in another case.
 */
function merged(context: Context, changes: Context = {}): Context {
  const changed = new Set(Object.keys(changes).map((key) => key.toLowerCase()));
  return {
    ...Object.fromEntries(Object.entries(context).filter(([key]) => !changed.has(key.toLowerCase()))),
    ...changes,
  };
}
