/** A session as STS is asked for it: exactly the grant. */

import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { LONGEST_TAG_VALUE, TAG_ALPHABET_WITHOUT_SPACES } from '@leasehold/contract/text';
import type { PolicyDocument } from '@leasehold/policy';
import { attenuable } from '../grant/attenuable';
import type { Cut } from '../ports';

/** Seconds of the shortest session that AssumeRole cuts. */
export const SHORTEST = 900;
/**
 * Seconds of the longest: the function's own session opens the role, which AWS calls chaining.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
 */
export const LONGEST = 3600;

/**
 * The call of AssumeRole. Besides the grant the session may cut less out of itself: a lease that is shorter than AWS's
 * shortest session is cut so, and its holder cuts less for a sub-agent so. It can only subtract.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function assumeRoleInput({ lease, grant, approvers, seconds }: Cut): AssumeRoleCommandInput {
  const tags = { ...grant.tags, ...(approvers.length === 0 ? {} : { [APPROVERS_TAG]: approversTag(approvers) }) };
  return {
    RoleArn: grant.roleArn,
    RoleSessionName: lease,
    SourceIdentity: grant.sourceIdentity,
    DurationSeconds: Math.max(SHORTEST, seconds),
    Policy: sessionPolicy(grant.policy),
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  };
}

/** A grant's policy as it is sent, with the means of holding less. STS counts white space. */
export function sessionPolicy(policy: PolicyDocument): string {
  return JSON.stringify(attenuable(policy));
}

/**
 * Names of approvers as one tag: with a space between them, which no name of an IAM user holds. What a tag cannot hold is
 * a `_`; those for whom there is no room in 256 characters are an ` ...`.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html
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
/** Characters of a tag's value. */
const CUT = ' ...';
