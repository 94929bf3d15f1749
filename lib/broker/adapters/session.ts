/** Builds the AssumeRole request for a session with exactly the permissions of the grant. */

import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { LONGEST_TAG_VALUE, TAG_ALPHABET_WITHOUT_SPACES } from '@leasehold/contract/text';
import type { PolicyDocument } from '@leasehold/policy';
import { SHORTEST_SESSION } from '../durations';
import { attenuable } from '../grant/attenuable';
import type { Cut } from '../ports';

/**
 * The input for AssumeRole. In addition to the grant, the session may call `sts:GetScopedCredentials` on itself. The
 * broker uses this call to create a lease that is shorter than AWS's minimum session. A holder uses it to give fewer
 * permissions to a sub-agent. The call can only reduce permissions. Source:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function assumeRoleInput({ lease, grant, approvers, seconds }: Cut): AssumeRoleCommandInput {
  const tags = { ...grant.tags, ...(approvers.length === 0 ? {} : { [APPROVERS_TAG]: approversTag(approvers) }) };
  return {
    RoleArn: grant.roleArn,
    RoleSessionName: lease,
    SourceIdentity: grant.sourceIdentity,
    DurationSeconds: Math.max(SHORTEST_SESSION, seconds),
    Policy: sessionPolicy(grant.policy),
    ...(grant.managedPolicies === undefined ? {} : { PolicyArns: grant.managedPolicies.map(({ arn }) => ({ arn })) }),
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  };
}

/**
 * The session policy as sent to STS: the grant's policy, plus the permission to scope the session down. White space is
 * removed, because STS counts it in the policy's size.
 */
export function sessionPolicy(policy: PolicyDocument): string {
  return JSON.stringify(attenuable(policy));
}

/**
 * The value of the tag with the names of the approvers. The names are separated by spaces, which no IAM user name
 * contains. Characters that a tag cannot contain become `_`. Names that do not fit in 256 characters are replaced by `
 * ...`. Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html
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
/** Suffix that marks a tag value from which names were removed. */
const CUT = ' ...';
