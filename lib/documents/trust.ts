/** The trust policy of a purpose role: who may assume the role, and which conditions the call must meet. */
import { isTagPunctuation } from '@leasehold/contract/text';
import type { Agent, Environment, Parameter, Role } from '@leasehold/definitions';
import { oneOrMany, type PolicyDocument, type Statement } from '@leasehold/policy';
import { NOT_SHUT } from './broker/revocation';
import { isForPeopleOnly } from './managed-policies';
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

/** Maximum age, in seconds, of an MFA sign-in. If the call itself contains a code, the age is about 0. */
const MFA_AGE = '300';
/**
 * Maximum age of an MFA sign-in, in seconds, in an environment with `oneCodeOneLease: code-age`. In such an
 * environment, only this age limits how many leases can be obtained with one code.
 */
const CODE_AGE = '60';

/**
 * The trust policy of a purpose role: one statement for each gate, and one that lets the same callers set session tags
 * and the source identity.
 *
 * The gate `mfa` requires an agent's long-term key (`Null aws:TokenIssueTime`) and an MFA code in the same call.
 * `GetSessionToken` therefore cannot extend the use of one code to a whole day. The definitions can select the
 * alternative `code-age`. Both gates deny three kinds of sessions: the session name is not the lease id, the reason or
 * a parameter is missing, or there is any other tag.
 *
 * All conditions are on `sts:AssumeRole`, the only action for which AWS documents every key used here. The permissions
 * to tag the session and to set its source identity have no effect without `sts:AssumeRole`. Sources:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function trust(role: Role, environment: Environment): PolicyDocument {
  const agents = mfaAgents(role, environment).map((agent) => agentArn(agent, environment));
  const brokers = role.gates.includes('broker') ? [brokerRoleArn(environment)] : [];
  if (agents.length + brokers.length === 0) return { Version: '2012-10-17', Statement: [NOBODY] };
  return {
    Version: '2012-10-17',
    Statement: [
      ...(agents.length > 0 ? [leaseByMfa(role, agents, oneCode(environment))] : []),
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

/** A trust policy that permits nobody to assume the role. Guardrails reject such a role. */
const NOBODY: Statement = { Sid: 'Nobody', Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole' };

/**
 * The agents that open leases of a role themselves: they call AssumeRole with an MFA code, without the broker. Only an
 * IAM user can use MFA, so all of these agents are IAM users. The list is empty for a role without the gate `mfa`, and
 * for a role with AWS-managed policies, which no agent may assume.
 */
export function mfaAgents(role: Role, environment: Environment): readonly Agent[] {
  if (!role.gates.includes('mfa') || isForPeopleOnly(role)) return [];
  return environment.agents.filter((agent) => agent.identity.type === 'iam-user' && role.agents.includes(agent.name));
}

/**
 * The conditions that limit how many leases one MFA code can open. With `token-issue-time`, each call needs a long-term
 * key and its own code, so that one code opens one lease. With `code-age`, the code must have been used less than a
 * minute ago, in this call or for GetSessionToken. Both conditions require that the MFA context key exists, so that a
 * call without a code never matches.
 */
function oneCode({ mfa }: Environment): NonNullable<Statement['Condition']> {
  return mfa?.oneCodeOneLease === 'code-age'
    ? { NumericLessThan: { 'aws:MultiFactorAuthAge': CODE_AGE } }
    : {
        Null: { 'aws:TokenIssueTime': 'true' },
        NumericLessThanIfExists: { 'aws:MultiFactorAuthAge': MFA_AGE },
      };
}

function leaseByMfa(role: Role, agents: readonly string[], limits: NonNullable<Statement['Condition']>): Statement {
  const { equals, like, notLike } = sessionRules(role);
  return {
    Sid: 'LeaseByMfa',
    Effect: 'Allow',
    Principal: { AWS: oneOrMany(agents) },
    Action: 'sts:AssumeRole',
    Condition: {
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
      ...limits,
      // The source identity names the agent in every CloudTrail event of the session, even after role chaining.
      StringEquals: { ...equals, 'sts:SourceIdentity': '${aws:username}' },
      StringLike: like,
      ...(Object.keys(notLike).length > 0 && { StringNotLike: notLike }),
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
      StringEquals: equals,
      StringLike: { ...like, 'aws:RequestTag/requester': '?*', 'sts:SourceIdentity': '?*' },
      StringNotLike: { ...notLike, ...NOT_SHUT },
      'ForAllValues:StringEquals': { 'aws:TagKeys': [...requiredTags(role), ...BROKER_TAGS] },
    },
  };
}

/**
 * The conditions on the session that both gates share. A positive operator does not match a missing key, so each
 * condition also requires that its tag exists. `?*` requires that the tag is not empty.
 */
function sessionRules(role: Role) {
  const equals: Record<string, string | readonly string[]> = {
    // Each lease has its own session name, which CloudTrail records and a revocation can refer to.
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
  return { equals, like, notLike };
}

/**
 * The characters that follow the lease id in the role's templates. An agent chooses the id of its lease, so the id must
 * not contain these characters. Otherwise a resource name built from one lease id could equal a name built from another
 * lease id.
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
 * The characters that follow a parameter in the role's templates, or precede it behind a wildcard, and that the
 * parameter's pattern never matches. IAM cannot evaluate the pattern, but it can check that no value contains its own
 * delimiter, so that no value can match another value's scope.
 */
function forbiddenDelimiters({ name, pattern }: Parameter, role: Role): readonly string[] {
  if (pattern === undefined) return [];
  const found = new Set<string>();
  for (const template of templates(role)) {
    const parts = templateParts(template);
    parts.forEach((part, index) => {
      if (!('parameter' in part) || part.parameter !== name) return;
      const [before, after] = [parts[index - 1], parts[index + 1]];
      const isBehindWildcard = parts.slice(0, index).some((each) => 'text' in each && /[*?]/.test(each.text));
      const delimiters = [
        ...(after && 'text' in after ? [after.text.charAt(0)] : []),
        ...(isBehindWildcard && before && 'text' in before ? [before.text.slice(-1)] : []),
      ];
      for (const delimiter of delimiters) {
        if (isTagPunctuation(delimiter) && !pattern.canContain(delimiter)) found.add(delimiter);
      }
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
