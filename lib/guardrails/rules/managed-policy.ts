import type { Environment, PinnedPolicy, Role } from '@leasehold/definitions';
import { isForPeopleOnly, isPinnedText, knownTextHash, managedName } from '@leasehold/documents';
import { COUNT_QUOTAS, nearest } from '@leasehold/policy';
import { AWS_MANAGED_DATE, awsManagedPaths, awsManagedPowers } from '@leasehold/policy/aws-managed';
import { firstWritten } from '../finding-place';
import { type Complaint, pageOf, type RoleGuardrail } from '../guardrail';

/** An agent's role must not have AWS-managed policies, because these policies are too wide, and AWS can change them. */
export const managedPolicy: RoleGuardrail = {
  id: 'managed-policy',
  title: 'An AWS-managed policy is used only in a read role for people, and is pinned to the hash of its text',
  severity: 'error',
  page: pageOf('managed-policy'),
  unwaivable: 'such a policy permits far more than one task of an agent needs, and AWS can change it at any time',
  over: 'role',
  *check({ role, environment }) {
    if (!isForPeopleOnly(role)) return;
    yield* people(role);
    yield* reading(role);
    const { managedPolicies = [] } = role;
    for (const [index, policy] of managedPolicies.entries()) {
      const complaint = unpinned(policy, managedPolicies.slice(0, index), environment);
      if (complaint) yield { ...complaint, at: role.locate(['managedPolicies', index]) };
    }
    const most = Math.min(COUNT_QUOTAS.managedPoliciesPerRole.value, COUNT_QUOTAS.sessionPolicyArns.value);
    if (managedPolicies.length > most) {
      yield {
        message: `The role has ${managedPolicies.length} managed policies, but AWS permits only ${most}.`,
        hint: 'Split the role.',
        at: role.locate(['managedPolicies']),
      };
    }
  },
};

/** Only people may request the role, and only from the broker. */
function* people(role: Role): Iterable<Complaint> {
  const { gates, agents, broker } = role;
  const named = [...new Set([...agents, ...(broker?.eligible.agents ?? [])])];
  if (named.length > 0) {
    yield {
      message: `\`${named.join('`, `')}\` may request this role, and no agent may have a policy that AWS manages.`,
      hint: 'Remove the agents, and name groups of people under `eligible`.',
      at: firstWritten(role.locate, ['agents'], ['eligible', 'agents'], ['managedPolicies']),
    };
  }
  if (gates.includes('mfa')) {
    yield {
      message: 'With the gate `mfa` an agent opens the role, and no agent may have a policy that AWS manages.',
      expected: '`gate: broker`',
      hint: 'Write `gate: broker`.',
      at: role.locate(['gate']),
    };
  } else if (broker?.eligible.groups.length === 0) {
    yield {
      message: 'Nobody can request this role: the role is only for people, and no group of people is eligible.',
      expected: 'groups under `eligible`, for example `eligible: { groups: [auditors] }`',
      hint: 'Name the groups of people who may request the role.',
      at: firstWritten(role.locate, ['eligible'], ['managedPolicies']),
    };
  }
}

function* reading(role: Role): Iterable<Complaint> {
  if (role.access !== 'read') {
    yield {
      message: 'A role with an AWS-managed policy must have only read access.',
      expected: '`access: read`',
      hint: 'Write `access: read`, and give writes and deletes a role of their own.',
      at: role.locate(['access']),
    };
  }
  for (const key of ['passes', 'assumes'] as const) {
    if (role[key].length === 0) continue;
    yield {
      message: `A role with a policy that AWS manages has no \`${key}\`.`,
      hint: `Move \`${key}\` to a role of its own.`,
      at: role.locate([key]),
    };
  }
}

/**
 * The violation that one policy causes; undefined if the policy's text is known, contains only plain Allow statements,
 * and equals the pinned text.
 */
function unpinned(
  policy: PinnedPolicy,
  before: readonly PinnedPolicy[],
  { partition }: Environment,
): Omit<Complaint, 'at'> | undefined {
  const { arn, sha256 } = policy;
  const name = managedName(arn);
  if (before.some((other) => other.arn === arn)) {
    return { message: `\`${name}\` is listed twice.`, hint: 'Remove one of them.' };
  }
  const hash = arn.startsWith(`arn:${partition}:`) ? knownTextHash(arn) : undefined;
  if (hash === undefined) return unknown(arn, partition);
  if (awsManagedPowers(arn)?.plain !== true) {
    return {
      message: `\`${name}\` does more than allow actions on resources: it excludes or denies some.`,
      hint: 'Choose a policy that only lists what it permits, such as `SecurityAudit` or `ReadOnlyAccess`.',
    };
  }
  if (isPinnedText(policy)) return undefined;
  const expected = `\`sha256: "${hash}"\`, the text of ${AWS_MANAGED_DATE}`;
  return sha256 === undefined
    ? {
        message: `\`${name}\` is not pinned to its text.`,
        expected,
        hint: 'Read with `npx leasehold can` what it permits, then add the hash.',
      }
    : {
        message: `\`${name}\` is pinned to a text that is not its current one: \`${sha256.slice(0, 12)}…\`.`,
        expected,
        hint: 'Find the change in the history of the AWS Managed Policy Reference Guide, read with `npx leasehold can` what it permits now, then pin that text.',
      };
}

function unknown(arn: string, partition: string): Omit<Complaint, 'at'> {
  if (!arn.startsWith(`arn:${partition}:`)) {
    return {
      message: `\`${arn}\` is in another partition than this environment, which is in \`${partition}\`.`,
      hint: `Write \`arn:${partition}:${arn.split(':').slice(2).join(':')}\`.`,
    };
  }
  const path = arn.slice(arn.indexOf('/'));
  const near = partition === 'aws' ? nearest(path, [...awsManagedPaths()]) : undefined;
  return {
    message: `The text of \`${arn}\` is not known, so nobody can see what it permits.`,
    expected: 'a policy that AWS published before this version of Leasehold',
    hint:
      near === undefined
        ? 'Check the ARN, update Leasehold, or list what people need under `allow:` instead.'
        : `Did you mean \`arn:aws:iam::aws:policy${near}\`?`,
  };
}
