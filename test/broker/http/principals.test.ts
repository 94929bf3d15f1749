/** What administrators change of people is on record first, and said where it opens roles. */
import { principalView } from '@leasehold/contract';
import { silence } from '../memory';
import { aBrokerOver, personArn } from './support';

const ROOT = personArn('administrator', 'root');
const put = (principal: string, groups: readonly string[], version = 0) => ({
  as: ROOT,
  path: { principal },
  body: { policy: '', groups, version },
});

it('a group that opens roles is on record before it has effect, named in the answer, and counted', async () => {
  const { call, world } = aBrokerOver();
  expect((await call('roles', { as: personArn('requester', 'root') })).body.roles).toEqual([]);
  const { body } = await call('putPrincipal', put('lead', []));
  expect(principalView.parse(body).opens).toBeUndefined();
  const given = await call('putPrincipal', put('lead', ['ops', 'other'], 1));
  expect(principalView.parse(given.body)).toMatchObject({ groups: ['ops', 'other'], opens: ['ops-read'] });
  const records = world.calls.flatMap((each) => (each.call === 'record' ? [each.change] : []));
  expect(records).toMatchObject([
    { principal: 'lead', before: { groups: ['ops'] }, after: { groups: [], version: 1 }, opens: [] },
    { principal: 'lead', before: { groups: [] }, after: { changedBy: 'root', version: 2 }, opens: ['ops-read'] },
  ]);
  expect(world.counts).toContain('GroupsGiven lead');
});

it('a change that cannot be put on record has no effect', async () => {
  const { call, world } = aBrokerOver();
  world.faults.push({ call: 'record', when: 'before', error: silence('dynamodb:PutItem') });
  expect((await call('putPrincipal', put('alice', []))).status).toBe(503);
  expect(world.stored.get('alice')).toBeUndefined();
});

it('a change over another one is neither recorded nor made', async () => {
  const { call, world } = aBrokerOver();
  await call('putPrincipal', put('alice', []));
  const { status, body } = await call('putPrincipal', put('alice', ['ops']));
  expect([status, body.code]).toEqual([409, 'version-conflict']);
  expect(world.calls.filter((each) => each.call === 'record')).toHaveLength(1);
});
