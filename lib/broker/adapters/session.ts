/** Builds the AssumeRole request of a session: exactly the grant. */

import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { LONGEST_TAG_VALUE, TAG_ALPHABET_WITHOUT_SPACES } from '@leasehold/contract/text';
import type { PolicyDocument } from '@leasehold/policy';
import { attenuable } from '../grant/attenuable';
import type { Cut } from '../ports';

/** Minimum duration in seconds of an AssumeRole session. */
export const SHORTEST = 900;
/**
 * Maximum duration in seconds. The function assumes the role from its own role session, which AWS calls role chaining.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
 */
export const LONGEST = 3600;

/**
 * The input of AssumeRole. Besides the grant, the session may call `sts:GetScopedCredentials` on itself. A lease
 * shorter than AWS's minimum session is made with that call, and a holder uses it to give a sub-agent less. The call
 * can only reduce permissions. Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function assumeRoleInput({ lease, grant, approvers, seconds }: Cut): AssumeRoleCommandInput {
  const tags = { ...grant.tags, ...(approvers.length === 0 ? {} : { [APPROVERS_TAG]: approversTag(approvers) }) };
  return {
    RoleArn: grant.roleArn,
    RoleSessionName: lease,
    SourceIdentity: grant.sourceIdentity,
    DurationSeconds: Math.max(SHORTEST, seconds),
    Policy: sessionPolicy(grant.policy),
    ...(grant.managedPolicies === undefined ? {} : { PolicyArns: grant.managedPolicies.map(({ arn }) => ({ arn })) }),
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  };
}

/**
 * The session policy as it is sent: the grant's policy and the permission to scope it down. Compact, because STS counts
 * white space.
 */
export function sessionPolicy(policy: PolicyDocument): string {
  return JSON.stringify(attenuable(policy));
}

/**
 * Puts the names of approvers in one tag, separated by spaces, which no IAM user name contains. Characters that a tag
 * cannot contain become `_`. Names that do not fit in 256 characters become ` ...`. Source:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html
 */
export function approversTag(approvers: readonly string[]): string {
  const names = approvers.map((name) => name.replace(NOT_IN_A_NAME, '_'));
  const whole = names.join(' ');
  if (whole.length <= LONGEST_TAG_VALUE) return whole;
  let tag = '';
  for (const name of names) {
    const longer = tag === '' ? name : `${tag} ${name}`;
    if (longer.length + CUT.length > LONGEST_TAG_VALUE) break;
    tag = longer;
  }
  return `${tag}${CUT}`;
}

const APPROVERS_TAG = 'approvers';
const NOT_IN_A_NAME = new RegExp(`[^${TAG_ALPHABET_WITHOUT_SPACES}]`, 'gu');
/** Maximum length of a tag value in characters. */
const CUT = ' ...';
