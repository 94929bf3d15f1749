/** Probes about the conditions that a trust policy can set for a session. */
import { SHUT_TAG } from '@leasehold/documents';
import { plannedRole } from '../identities/plan';
import { holds, type RunnableProbe, violated } from '../probe';
import { seconds, undecided } from '../verdicts';

export const sessionNameIsLeaseId: RunnableProbe = {
  id: 'session-name-is-lease-id',
  topic: 'session',
  assumption: 'A trust policy can compare `sts:RoleSessionName` with `${aws:RequestTag/lease-id}`',
  tried:
    'The probe assumes a role with the deployed trust policy for gate `broker` with the lease id as session name, and then tries another name. The same policy without the condition is the control.',
  consequence: 'Either no lease can be opened, or the name of a session can differ from the id of its lease.',
  change:
    'In the trust policy, compare the session name with a fixed pattern. Use the lease’s tag to find a lease in CloudTrail.',
  run: async (bench) => {
    bench.demandAllowed(await bench.eventually(() => bench.openAsBroker('lease', 'the role without the condition')));
    const equal = await bench.eventually(() => bench.openAsBroker('named', 'the deployed role, named like the lease'));
    if (equal.outcome === 'denied')
      return violated('The deployed trust policy denies a session whose name is the id of its lease.');
    if (equal.outcome !== 'allowed') return undecided(equal);
    const other = await bench.openAsBroker('named', 'the deployed role, with another name', {
      name: 'lh-somebody-else',
    });
    if (other.outcome === 'allowed')
      return violated('The deployed trust policy allows a session whose name is not the id of its lease.');
    return other.outcome === 'denied'
      ? holds(
          'The role can be assumed if the session name is the lease’s id, but not if the session name is different.',
        )
      : undecided(other);
  },
};

export const resourceTagOnAssumeRole: RunnableProbe = {
  id: 'resource-tag-on-assume-role',
  topic: 'session',
  assumption: 'The request context of AssumeRole contains `iam:ResourceTag` with the tags of the role',
  tried:
    'A role with the deployed trust policy is assumed. Then the role gets the tag that prevents new sessions, and the probe repeatedly tries to assume the role. After that, the probe must still be able to assume another role.',
  consequence: 'Fails open: a role that was revoked with `leasehold revoke --role` can still be opened.',
  change: 'To block a role, remove its trust policy instead, and report the result.',
  run: async (bench) => {
    const { administrator, plan, signal, patience } = bench.lab;
    const RoleName = plannedRole(plan, 'shut').name;
    const open = () => bench.openAsBroker('shut', 'the deployed role');
    bench.demandAllowed(await bench.eventually(open));
    await administrator.call('TagRole', { RoleName, Tags: [{ Key: SHUT_TAG, Value: 'probe' }] }, signal);
    const shut = await bench.until(open, ({ outcome }) => outcome === 'denied', patience.change);
    const measured = { 'until the tag was seen': seconds(shut.seconds) };
    if (shut.met) {
      bench.demandAllowed(
        await bench.eventually(() => bench.openAsBroker('lease', 'another role, by the same session of the broker')),
      );
      return holds('The blocked role can no longer be assumed, and a different role can still be assumed.', measured);
    }
    return shut.answer.outcome === 'allowed'
      ? violated(`The role can still be assumed ${seconds(shut.seconds)} after the blocking tag was added to it.`)
      : undecided(shut.answer);
  },
};

export const sourceIdentityInChains: RunnableProbe = {
  id: 'source-identity-in-chains',
  topic: 'session',
  assumption:
    'A session with a source identity assumes a role only if that role’s trust policy allows `sts:SetSourceIdentity`',
  tried:
    'A lease of a role with `assumes:` assumes two roles: one whose trust policy allows `sts:SetSourceIdentity`, and one whose does not.',
  consequence: 'The documentation requires a permission that AWS does not require.',
  change: 'No protection depends on this assumption; correct docs/definitions.md and the sandbox.',
  run: async (bench) => {
    const lease = await bench.eventually(() => bench.openAsBroker('chain', 'a lease that may assume roles'));
    const keys = bench.keysOf(lease);
    bench.demandAllowed(
      await bench.eventually(() => bench.chain('target-marked', 'the role that allows sts:SetSourceIdentity', keys)),
    );
    // This role has no control of its own: a denial may only mean that STS does not see the role yet.
    const bare = await bench.eventually(() => bench.chain('target', 'the role that does not', keys));
    if (bare.outcome === 'allowed')
      return violated('The role without sts:SetSourceIdentity in its trust policy can also be assumed.');
    return bare.outcome === 'denied'
      ? holds('Only the role that allows sts:SetSourceIdentity can be assumed.')
      : undecided(bare);
  },
};

export const variableWithoutValue: RunnableProbe = {
  id: 'variable-without-value',
  topic: 'policies',
  assumption: 'If a variable has no value, a negated comparison with it matches',
  tried:
    'One statement has a `StringNotEquals` condition, and another a `NotResource`, each with a variable that has no value. One call is tried for each statement. Leasehold deploys neither kind of statement.',
  consequence: 'The policy engine gives wrong results for policies that Leasehold does not deploy.',
  change: 'Correct the policy engine’s interpretation, which is listed in docs/policy-engine.md.',
  run: async (bench) => {
    const keys = bench.keysOf(await bench.eventually(() => bench.openAsBroker('variables', 'a lease')));
    const TableName = `${bench.lab.plan.scope.run}-none`;
    const negated = await bench.eventually(() => bench.use(keys, 'with the negated comparison'));
    const excluded = await bench.ask(
      'dynamodb',
      'DescribeTable',
      { TableName },
      { what: 'a table that does not exist, with NotResource', keys },
    );
    const measured = { 'NotResource with a variable without a value': excluded.outcome };
    if (negated.outcome === 'allowed') return holds('The negated comparison matches.', measured);
    return negated.outcome === 'denied'
      ? violated('The negated comparison does not match.', measured)
      : undecided(negated);
  },
};
