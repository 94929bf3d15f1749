/** What a lease could do, and why: asked of the very documents that are deployed. The policy engine decides. */
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
import { agentArn, agentName, brokerRoleArn, roleArn } from './names';
import { roleBoundary, rolePolicy } from './permissions';
import { LEASE_ID_PREFIX, LEASE_ID_TAG, parameterTag, REASON_TAG } from './session';
import { mfaAgents, trust } from './trust';

/** A lease as it would be asked for. */
export interface HypotheticalLease {
  readonly role: Role;
  readonly environment: Environment;
  /** Who asks. A person asks as an agent with an IAM user of the same name. */
  readonly agent: Agent;
  /** Values of the role's parameters; one that is missing has no tag. Default: none. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Whether an approver's code comes with the agent's call. Default: false. */
  readonly mfa?: boolean;
  /** Context keys that the caller adds or replaces; an empty list takes a key away. Default: none. */
  readonly context?: Context;
}

/** What a session would ask AWS for. */
export interface SessionRequest {
  /** One action without wildcards, for example `s3:PutObject`. */
  readonly action: string;
  /** The ARN of one resource, or `*` for an action that works on none. */
  readonly resource: string;
}

/** Whether a lease opens and what its session may do. `allowed` is the answer; the rest says why. */
export type LeaseExplanation =
  | {
      readonly eligible: false;
      readonly allowed: false;
      /** Why whoever asks may not ask for the role: one sentence. */
      readonly because: string;
    }
  | {
      readonly eligible: true;
      /** Whether the lease opens and the request, if there is one, is allowed. */
      readonly allowed: boolean;
      /** Who calls STS: the agent itself, or the broker on its behalf. */
      readonly openedBy: 'agent' | 'broker';
      /** The calls that open the lease; STS demands every one of them. */
      readonly opening: readonly Verdict[];
      /** What was asked of the lease's session; absent where only the opening was asked about. */
      readonly request?: Verdict;
      /** Whether AWS lists the action, and it works on the resource at all; true where nothing was asked of the session. */
      readonly works: boolean;
    };

/**
 * Whether a lease would open, and whether its session may do one thing: what `leasehold explain` prints. `explain` of
 * `@leasehold/policy` puts each verdict into sentences.
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
 * The context keys that an explanation can depend on, sorted; no other key is used. Policies of resources are not asked.
 * @param ofSession Whether what the open lease may do is asked, too.
 */
export function contextKeysRead(lease: HypotheticalLease, ofSession: boolean): readonly string[] {
  const documents = [openingDocuments(lease), ...(ofSession ? [sessionDocuments(lease)] : [])];
  return [...new Set(documents.flatMap((each) => keysRead(prepare(each))))].sort();
}

function sessionDocuments({ role }: HypotheticalLease): PolicyDocuments {
  return { identity: [rolePolicy(role)], boundary: roleBoundary() };
}

/** Why whoever asks may not ask. Of a role that an agent opens with a code, the trust policy itself says who may not. */
function ineligible({ role, environment, agent }: HypotheticalLease): string | undefined {
  const asking = eligibility(role, agent.name, environment);
  const isAgent = environment.agents.some(({ name }) => name === agent.name);
  return asking?.eligible === false && (role.gates.includes('broker') || !isAgent) ? asking.because : undefined;
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

/** An action that AWS does not list works on nothing. */
async function worksOn({ action, resource }: SessionRequest): Promise<boolean> {
  if (action.toLowerCase() === SCOPING_ACTION.toLowerCase()) return resource === '*';
  const service = parseActionPattern(action)?.service;
  const catalogue = await loadCatalogue(service === undefined || service === '*' ? [] : [service]);
  const info = catalogue.action(action);
  return info !== undefined && catalogue.acceptsResource(info, resource);
}

/**
 * Not in the service authorization reference yet, so the catalogue does not know it.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html
 */
export const SCOPING_ACTION = 'sts:GetScopedCredentials';

/** The lease id of a lease that is only thought of. */
const LEASE_ID = `${LEASE_ID_PREFIX}explained`;
/** Its reason. */
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
 * A long-term key sends neither key of MFA unless a code comes with the call, and never `aws:TokenIssueTime`.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
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

/** Any moment: the trust asks only whether the caller's credentials are temporary. */
const TOKEN_ISSUE_TIME = '2026-01-01T00:00:00Z';

function sessionTags({ parameters = {} }: HypotheticalLease): Readonly<Record<string, string>> {
  const values = Object.entries(parameters).map(([name, value]) => [parameterTag(name), value]);
  return { [LEASE_ID_TAG]: LEASE_ID, [REASON_TAG]: REASON, ...Object.fromEntries(values) };
}

/** Context keys match in any case, so a replacement in another case has to replace too. */
function merged(context: Context, changes: Context = {}): Context {
  const changed = new Set(Object.keys(changes).map((key) => key.toLowerCase()));
  return {
    ...Object.fromEntries(Object.entries(context).filter(([key]) => !changed.has(key.toLowerCase()))),
    ...changes,
  };
}
