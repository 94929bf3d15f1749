/** What administrators change of people is on record first, and said where it opens roles. */
import { verifyAdministration } from '@leasehold/broker';
import { administrationRecord, budgetList, groupList, principalList, principalView } from '@leasehold/contract';
import { silence } from '../memory';
import { aBrokerOver, personArn, REASON } from './support';

const NO_KEYS = { keys: new Map(), broken: new Map(), roots: [] };
const ROOT = personArn('administrator', 'root');
const SET = { type: 'principal-set', by: 'root' };
const set = (groups: readonly string[]) => ({ policy: '', groups });
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
  expect(world.administration.get('settings#lead')?.map(({ sequence, body }) => [sequence, body])).toEqual([
    [1, { ...SET, before: set(['ops']), after: set([]), version: 1, opens: [] }],
    [2, { ...SET, before: set([]), after: set(['ops', 'other']), version: 2, opens: ['ops-read'] }],
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

it('who is what, by the definitions', async () => {
  const { call } = aBrokerOver();
  const { body } = await call('principals', { as: ROOT });
  const capacities = Object.fromEntries(
    principalList.parse(body).principals.map((each) => [each.name, each.capacities]),
  );
  expect(capacities).toEqual({
    agent: ['requester'],
    alice: ['requester'],
    lead: ['requester', 'approver'],
    root: ['requester', 'administrator'],
  });
});

it('the record is read in pages, by administrators only', async () => {
  const { call } = aBrokerOver();
  for (let version = 0; version < 103; version += 1) await call('putPrincipal', put('alice', [`g${version}`], version));
  const read = async (query: string) => {
    const { body } = await call('principalEvents', { as: ROOT, path: { principal: 'alice' }, query });
    return administrationRecord.parse(body);
  };
  const first = await read('');
  expect([first.events.length, first.next, first.record]).toEqual([100, 100, 'settings#alice']);
  const { events, next } = await read('after=100');
  expect([events.map(({ sequence }) => sequence), next]).toEqual([[101, 102, 103], undefined]);
  const verified = await verifyAdministration(
    { record: 'settings#alice', events: [...first.events, ...events] },
    'hermes/dev/123456789012',
    NO_KEYS,
  );
  expect([verified.valid, verified.acts.length]).toEqual([true, 103]);
  for (const as of [personArn('approver', 'lead'), personArn('requester', 'alice'), undefined]) {
    expect((await call('principalEvents', { ...(as && { as }), path: { principal: 'alice' } })).status).toBe(403);
  }
  expect((await call('principalEvents', { as: ROOT, path: { principal: 'nobody' } })).status).toBe(404);
});

it('a broken record is shown as it is, and nothing can be appended to it', async () => {
  const { call, world } = aBrokerOver();
  await call('putPrincipal', put('alice', ['ops']));
  await call('putPrincipal', put('alice', [], 1));
  const [first, second] = world.administration.get('settings#alice') ?? [];
  if (first === undefined || second === undefined) throw new Error('nothing is recorded');
  world.administration.set('settings#alice', [{ ...first, at: first.at - 1 }, second]);
  const { body } = await call('principalEvents', { as: ROOT, path: { principal: 'alice' } });
  const received = { record: 'settings#alice', events: body.events };
  expect(await verifyAdministration(received, 'hermes/dev/123456789012', NO_KEYS)).toMatchObject({
    valid: false,
    acts: [{ event: { sequence: 1 } }],
    because: expect.stringContaining('does not follow'),
  });
  expect(await call('putPrincipal', put('alice', ['ops'], 2))).toMatchObject({ body: { code: 'broken-record' } });
  expect(world.stored.get('alice')).toMatchObject({ groups: [], version: 2 });
});

it('shows budgets as they are counted, without counting', async () => {
  const { call } = aBrokerOver();
  for (let tries = 0; tries < 3; tries += 1) await call('request', { body: { role: 'none', reason: REASON } });
  const read = async () => budgetList.parse((await call('budgets', { as: ROOT })).body);
  await read();
  const { requests, denials, requesters } = await read();
  expect([requests.limit, denials.limit]).toEqual([60, 3]);
  expect(requesters.find(({ name }) => name === 'agent')).toMatchObject({
    kind: 'agent',
    roles: ['log-read', 'profile', 'quick', 's3-deploy'],
    requests: { used: 3 },
    denials: { used: 3, retryAfter: expect.any(Number) },
  });
  expect(requesters.find(({ name }) => name === 'alice')).toMatchObject({ roles: ['ops-read'], requests: { used: 0 } });
  expect((await call('budgets', { as: personArn('approver', 'lead') })).status).toBe(403);
});

it('shows groups as they are now, with what they open', async () => {
  const { call } = aBrokerOver();
  await call('putPrincipal', put('alice', ['support']));
  const { body } = await call('groups', { as: ROOT });
  const { groups, roles, signIn } = groupList.parse(body);
  expect(groups).toEqual([
    { name: 'ops', members: ['lead'], roles: ['ops-read'] },
    { name: 'support', members: ['alice'], roles: [] },
  ]);
  expect(roles.find(({ name }) => name === 'ops-read')).toEqual({
    name: 'ops-read',
    humans: 1,
    reviewer: 'off',
    groups: ['ops'],
    agents: [],
  });
  expect(signIn).toBeUndefined();
  expect((await call('groups', { as: personArn('approver', 'lead') })).status).toBe(403);
});
