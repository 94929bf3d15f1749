/** What the broker tells a requester about the roles that they may request. */
import { roleList } from '@leasehold/contract';
import { manifest } from '@leasehold/documents';
import { aRole } from '../../support/environment';
import { World } from '../memory';
import { AGENT_ARN, aBank, aBrokerOver, personArn, rules } from './support';

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

it.each(['approver', 'administrator'] as const)(
  'shows every role and who reaches it to an %s, and to nobody else',
  async (kind) => {
    const bank = aBank();
    const both = aRole({
      name: 'both',
      gates: ['broker', 'mfa'],
      broker: rules({ humans: 1, eligible: { agents: [], groups: ['ops'] } }),
    });
    const { call } = aBrokerOver({ ...bank, roles: [...bank.roles, both] });
    const seen = roleList.parse(
      (await call('roles', { as: personArn(kind, kind === 'approver' ? 'lead' : 'root') })).body,
    ).roles;
    expect(seen.map(({ name }) => name).sort()).toEqual(
      ['both', ...bank.roles.filter(({ broker }) => broker !== undefined).map(({ name }) => name)].sort(),
    );
    expect(seen.find(({ name }) => name === 'both')?.reach).toEqual({
      agents: [],
      groups: ['ops'],
      mfaAgents: ['agent'],
      approvers: ['lead', 'oncall', 'third'],
    });
    expect(seen.find(({ name }) => name === 'log-read')?.reach).toEqual({
      agents: ['agent'],
      groups: [],
      mfaAgents: [],
      approvers: [],
    });
    for (const as of [AGENT_ARN, personArn('requester', 'alice')]) {
      const told = roleList.parse((await call('roles', { as })).body).roles;
      expect(told.filter(({ reach }) => reach !== undefined)).toEqual([]);
    }
  },
);

it.each([
  [0, 'off', false],
  [0, 'advise', true],
  [0, 'decide', true],
  [1, 'off', true],
  [2, 'decide', true],
] as const)('names approvers of a role with %i humans and the reviewer %s: %p', async (humans, reviewer, named) => {
  const bank = aBank();
  const roles = [aRole({ name: 'one', gates: ['broker'], broker: rules({ humans, reviewer }) })];
  const { call } = aBrokerOver({ ...bank, roles });
  const [role] = roleList.parse((await call('roles', { as: personArn('approver', 'lead') })).body).roles;
  expect(role?.reach?.approvers).toEqual(named ? bank.approvers : []);
});

it('reads nothing about an approver or an administrator, who see every role', async () => {
  const world = new World();
  const { principals } = world.ports();
  const read: string[] = [];
  const get: typeof principals.get = async (name) => {
    read.push(name);
    return principals.get(name);
  };
  const { call } = aBrokerOver(aBank(), { principals: { ...principals, get } }, world);
  for (const [kind, name] of [
    ['approver', 'lead'],
    ['administrator', 'root'],
    ['requester', 'alice'],
  ] as const) {
    expect((await call('roles', { as: personArn(kind, name) })).status).toBe(200);
  }
  expect(read).toEqual(['alice']);
});
