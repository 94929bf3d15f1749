/** What the broker tells a requester about the roles that they may request. */
import { roleList } from '@leasehold/contract';
import { manifest } from '@leasehold/documents';
import { AGENT_ARN, aBank, aBrokerOver, personArn } from './support';

it('tells the policy and the ARN of each role as the manifest of the stack does, and of no other role', async () => {
  const bank = aBank();
  const { call } = aBrokerOver(bank);
  const { roles } = manifest(bank);
  for (const [as, names] of [
    [AGENT_ARN, ['log-read', 'profile', 'quick', 's3-deploy']],
    [personArn('requester', 'alice'), ['ops-read']],
    [personArn('requester', 'root'), []],
  ] as const) {
    const told = roleList.parse((await call('roles', { as })).body).roles;
    expect(told.map(({ name }) => name)).toEqual(names);
    expect(told.map(({ arn, policy }) => ({ arn, policy }))).toEqual(
      names.map((name) => ({ arn: roles[name]?.arn, policy: roles[name]?.policy })),
    );
  }
});
