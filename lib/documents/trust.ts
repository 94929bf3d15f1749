/** Who may open a purpose role, and what IAM demands of the call that opens it. */
import { isTagPunctuation } from '@leasehold/contract/text';
import type { Agent, Environment, Parameter, Role } from '@leasehold/definitions';
import { oneOrMany, type PolicyDocument, type Statement } from '@leasehold/policy';
import { NOT_SHUT } from './broker/revocation';
import { agentArn, brokerRoleArn } from './names';
import {
  BROKER_TAGS,
  LEASE_ID_PREFIX,
  LEASE_ID_TAG,
  LEASE_ID_TEMPLATE,
  parameterTag,
  REASON_MINIMUM,
  REASON_TAG,
  requiredTags,
  templateParts,
} from './session';

/** Longest age, in seconds, of an MFA sign-in. With a code on the call itself the age is about 0. */
const MFA_AGE = '300';

/**
 * The trust policy of a purpose role: one statement a gate, and one that lets the same callers mark the session.
 *
 * Gate `mfa` takes an agent's long-term key together with a code on the very call (`Null aws:TokenIssueTime`), so no
 * `GetSessionToken` turns one code into a day of roles. Either gate refuses a session whose name is not its lease id,
 * and one without a reason or a parameter, or with any other tag.
 *
 * All demands stand on `sts:AssumeRole`, the one action for which AWS documents every key used here. Tagging the
 * session and setting its source identity are worth nothing without it.
 * Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function trust(role: Role, environment: Environment): PolicyDocument {
  const agents = mfaAgents(role, environment).map((agent) => agentArn(agent, environment));
  const brokers = role.gates.includes('broker') ? [brokerRoleArn(environment)] : [];
  return {
    Version: '2012-10-17',
    Statement: [
      ...(agents.length > 0 ? [leaseByMfa(role, agents)] : []),
      ...(brokers.length > 0 ? [leaseByBroker(role, brokers)] : []),
      {
        Sid: 'MarkSession',
        Effect: 'Allow',
        Principal: { AWS: oneOrMany([...agents, ...brokers]) },
        Action: ['sts:SetSourceIdentity', 'sts:TagSession'],
      },
    ],
  };
}

/** The agents whose own STS call opens a role: IAM users with gate `mfa`. A workload cannot present MFA. */
export function mfaAgents(role: Role, environment: Environment): readonly Agent[] {
  if (!role.gates.includes('mfa')) return [];
  return environment.agents.filter((agent) => agent.identity.type === 'iam-user' && role.agents.includes(agent.name));
}

function leaseByMfa(role: Role, agents: readonly string[]): Statement {
  const { equals, like, notLike } = sessionRules(role);
  return {
    Sid: 'LeaseByMfa',
    Effect: 'Allow',
    Principal: { AWS: oneOrMany(agents) },
    Action: 'sts:AssumeRole',
    Condition: {
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
      Null: { 'aws:TokenIssueTime': 'true' },
      NumericLessThanIfExists: { 'aws:MultiFactorAuthAge': MFA_AGE },
      // The source identity names the agent in every CloudTrail event of the session, through any later chain.
      StringEquals: { ...equals, 'sts:SourceIdentity': '${aws:username}' },
      StringLike: like,
      ...notLike,
      'ForAllValues:StringEquals': { 'aws:TagKeys': requiredTags(role) },
    },
  };
}

function leaseByBroker(role: Role, brokers: readonly string[]): Statement {
  const { equals, like, notLike } = sessionRules(role);
  return {
    Sid: 'LeaseByBroker',
    Effect: 'Allow',
    Principal: { AWS: oneOrMany(brokers) },
    Action: 'sts:AssumeRole',
    Condition: {
      ...NOT_SHUT,
      StringEquals: equals,
      StringLike: { ...like, 'aws:RequestTag/requester': '?*', 'sts:SourceIdentity': '?*' },
      ...notLike,
      'ForAllValues:StringEquals': { 'aws:TagKeys': [...requiredTags(role), ...BROKER_TAGS] },
    },
  };
}

/**
 * What both gates demand of the session. A positive operator does not match a missing key, so each line below also
 * demands that its tag is there; `?*` demands that it is not empty.
 */
function sessionRules(role: Role) {
  const equals: Record<string, string | readonly string[]> = {
    // One session name a lease: what CloudTrail shows, and what a revocation can name.
    'sts:RoleSessionName': `\${aws:RequestTag/${LEASE_ID_TAG}}`,
  };
  const like: Record<string, string> = {
    [requestTag(LEASE_ID_TAG)]: `${LEASE_ID_PREFIX}?*`,
    [requestTag(REASON_TAG)]: `${'?'.repeat(REASON_MINIMUM)}*`,
  };
  const notLike: Record<string, readonly string[]> = {};
  const ends = leaseIdDelimiters(role);
  if (ends.length > 0) notLike[requestTag(LEASE_ID_TAG)] = ends.map((end) => `${LEASE_ID_PREFIX}*${end}*`);
  for (const parameter of role.parameters) {
    const key = requestTag(parameterTag(parameter));
    if (parameter.values) {
      equals[key] = parameter.values;
      continue;
    }
    like[key] = '?*';
    const delimiters = forbiddenDelimiters(parameter, role);
    if (delimiters.length > 0) notLike[key] = delimiters.map((delimiter) => `*${delimiter}*`);
  }
  return { equals, like, notLike: Object.keys(notLike).length > 0 ? { StringNotLike: notLike } : {} };
}

/**
 * The characters that end the lease's id wherever the role uses it. An agent names its lease by itself: that no id holds
 * them keeps what is named after one lease from being what is named after another.
 */
function leaseIdDelimiters(role: Role): readonly string[] {
  const found = templates(role).flatMap((template) =>
    template
      .split(LEASE_ID_TEMPLATE)
      .slice(1)
      .map((rest) => rest.charAt(0)),
  );
  return [...new Set(found)].filter((end) => end !== '' && isTagPunctuation(end)).sort();
}

/**
 * The characters that end a parameter wherever the role uses it and that its pattern never matches. IAM cannot
 * evaluate the pattern; that no value holds its own delimiter it can, and so no value reaches into another's scope.
 */
function forbiddenDelimiters({ name, pattern }: Parameter, role: Role): readonly string[] {
  if (pattern === undefined) return [];
  const found = new Set<string>();
  for (const template of templates(role)) {
    const parts = templateParts(template);
    parts.forEach((part, index) => {
      const next = parts[index + 1];
      if (!('parameter' in part) || part.parameter !== name || !next || !('text' in next)) return;
      const delimiter = next.text.charAt(0);
      if (isTagPunctuation(delimiter) && !pattern.canContain(delimiter)) found.add(delimiter);
    });
  }
  return [...found].sort();
}

function templates(role: Role): readonly string[] {
  return [...role.allow, ...role.deny].flatMap((statement) => [
    ...statement.resources,
    ...Object.values(statement.conditions).flatMap((keys) => Object.values(keys).flat()),
  ]);
}

function requestTag(tag: string): string {
  return `aws:RequestTag/${tag}`;
}
