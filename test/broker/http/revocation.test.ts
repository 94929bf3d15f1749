/** What a revocation leaves of the leases that it names: nothing that can be used or collected. */
import { LONGEST_WINDOW } from '@leasehold/contract/request-rules';
import { DECIDED_WITHIN } from '../../../lib/broker/lease/fold';
import type { Ports } from '../../../lib/broker/service/deps';
import { silence, World } from '../memory';
import { aBank, aBrokerOver, personArn, REASON, rules } from './support';

const DEPLOY = { role: 's3-deploy', parameters: { release: '1.4.2' }, reason: 'Upload release 1.4.2 to the bucket' };
const LOGS = { role: 'log-read', reason: REASON };
const QUICK = { role: 'quick', reason: REASON };
const because = 'The agent was compromised';
const ROOT = personArn('administrator', 'root');
const LEAD = personArn('approver', 'lead');
const AS = { approver: LEAD, administrator: ROOT } as const;

/** The bank, where approvals can wait for a day. */
function aPatientBank() {
  const bank = aBank();
  const roles = bank.roles.map((role) =>
    role.name === DEPLOY.role ? { ...role, broker: rules({ humans: 2, windowSeconds: LONGEST_WINDOW }) } : role,
  );
  return { ...bank, roles };
}

type Broker = ReturnType<typeof aBrokerOver>;

/** A lease of `s3-deploy` in a state. */
async function aLeaseIn(state: 'pending' | 'approved' | 'issued', { call }: Broker): Promise<string> {
  const { body } = await call('request', { body: DEPLOY });
  const path = { lease: body.lease.id };
  if (state === 'pending') return path.lease;
  for (const as of [LEAD, personArn('approver', 'oncall')]) {
    expect((await call('approve', { as, path, body: { hash: body.lease.grant.hash } })).status).toBe(200);
  }
  if (state === 'issued') expect((await call('collect', { path })).status).toBe(200);
  return path.lease;
}

const SCOPES = {
  lease: ({ call }: Broker, as: string, lease: string) => call('revoke', { as, path: { lease }, body: { because } }),
  requester: ({ call }: Broker, as: string) => call('revokeMany', { as, body: { requester: 'agent', because } }),
  role: ({ call }: Broker, as: string) => call('revokeMany', { as, body: { role: DEPLOY.role, because } }),
  all: ({ call }: Broker, as: string) => call('revokeMany', { as, body: { all: true, because } }),
} as const;

/** Who revokes, what, and a lease in this state: the status, and the state of the lease afterwards. */
const ROWS = [
  ['approver', 'lease', 'pending', 409, 'pending'],
  ['approver', 'lease', 'approved', 200, 'revoked'],
  ['approver', 'lease', 'issued', 200, 'revoked'],
  ['approver', 'requester', 'pending', 200, 'pending'],
  ['approver', 'requester', 'approved', 200, 'revoked'],
  ['approver', 'requester', 'issued', 200, 'revoked'],
  ['approver', 'role', 'pending', 200, 'pending'],
  ['approver', 'role', 'approved', 200, 'revoked'],
  ['approver', 'role', 'issued', 200, 'revoked'],
  ['approver', 'all', 'approved', 200, 'revoked'],
  ['administrator', 'lease', 'pending', 200, 'revoked'],
  ['administrator', 'lease', 'approved', 200, 'revoked'],
  ['administrator', 'requester', 'pending', 200, 'revoked'],
  ['administrator', 'requester', 'approved', 200, 'revoked'],
  ['administrator', 'role', 'pending', 200, 'revoked'],
  ['administrator', 'role', 'approved', 200, 'revoked'],
  ['administrator', 'all', 'pending', 200, 'revoked'],
] as const;

it.each(ROWS)('by an %s, of a %s, with a %s lease: %i, %s', async (kind, scope, state, status, after) => {
  const broker = aBrokerOver(aPatientBank());
  const lease = await aLeaseIn(state, broker);
  const answer = await SCOPES[scope](broker, AS[kind], lease);
  expect(answer.status).toBe(status);
  if (status === 200) expect(answer.body.leases).toEqual(after === 'revoked' ? [lease] : []);
  // Long after a blocked role has opened again, and within the time for approval and collection.
  broker.world.now += LONGEST_WINDOW / 2;
  const path = { lease };
  expect((await broker.call('status', { path })).body.state).toBe(after);
  expect((await broker.call('collect', { path })).body.code).toBe(after === 'revoked' ? 'revoked' : 'wrong-state');
});

it('blocks a role until no lease that was not read can be collected', async () => {
  const world = new World();
  const { leases } = world.ports();
  const list: Ports['leases']['list'] = async () => ({ leases: [], next: 'more' });
  const broker = aBrokerOver(aPatientBank(), { leases: { ...leases, list } }, world);
  const lease = await aLeaseIn('approved', broker);
  const { body } = await SCOPES.role(broker, LEAD);
  expect(body.leases).toEqual([]);
  world.now = body.shut[DEPLOY.role];
  expect((await broker.call('collect', { path: { lease } })).body.code).toBe('lapsed');
});

describe('of a requester', () => {
  it('calls the revoker once for each role, and for one role after the other', async () => {
    const world = new World();
    const { revoker } = world.ports();
    let running = 0;
    const most: number[] = [];
    const broker = aBrokerOver(
      aBank(),
      {
        revoker: {
          ...revoker,
          revoke: async (role, leases) => {
            running += 1;
            most.push(running);
            await Promise.resolve();
            const answer = await revoker.revoke(role, leases);
            running -= 1;
            return role === 'quick' ? { ...answer, shutUntil: world.now + 90 } : answer;
          },
        },
      },
      world,
    );
    const ids: string[] = [];
    for (const body of [LOGS, QUICK, LOGS, QUICK, LOGS])
      ids.push((await broker.call('request', { body })).body.lease.id);
    const { body } = await SCOPES.requester(broker, LEAD);
    expect(body).toEqual({ leases: ids.sort(), shut: { quick: world.now + 90 } });
    expect(most).toEqual([1, 1]);
    const told = world.calls.flatMap((each) => (each.call === 'revoke' ? [each.leases.map(({ role }) => role)] : []));
    expect(told.sort()).toEqual([Array(3).fill('log-read'), Array(2).fill('quick')]);
  });

  it('names a lease with a broken record, and does not ask to repeat what cannot succeed', async () => {
    const broker = aBrokerOver();
    const ids: string[] = [];
    for (const body of [LOGS, LOGS]) ids.push((await broker.call('request', { body })).body.lease.id);
    const [broken = '', intact = ''] = ids;
    broker.world.events.get(broken)?.splice(2, 1);
    const { status, body } = await SCOPES.requester(broker, LEAD);
    expect([status, body.code, body.retryable]).toEqual([500, 'broken-record', false]);
    expect(body.detail).toContain(`\`${broken}\``);
    expect(body.detail).not.toContain(intact);
    expect(body.hint).toContain('revoke every lease of that role');
    expect(body.hint).not.toContain('again');
    expect(broker.world.told(intact).at(-1)).toBe('revoked');
  });

  it('names each lease that AWS does not deny, with what to do about it', async () => {
    const world = new World();
    const before = aBrokerOver(aBank(), {}, world);
    const ids: string[] = [];
    for (const body of [LOGS, QUICK]) ids.push((await before.call('request', { body })).body.lease.id);
    const bank = aBank();
    const broker = aBrokerOver({ ...bank, roles: bank.roles.filter(({ name }) => name !== QUICK.role) }, {}, world);
    world.faults.push({ call: 'revoke', when: 'before', error: silence('iam:TagRole') });
    const both = await SCOPES.requester(broker, LEAD);
    expect([both.status, both.body.code, both.body.retryable]).toEqual([503, 'unavailable', true]);
    expect(both.body.detail).toMatch(new RegExp(`Not revoked, or not denied by AWS: \`${ids[0]}\`\\..*\`${ids[1]}\``));
    expect(both.body.hint).toBe('Revoke again. Delete the IAM role if it still exists.');
    const removed = await SCOPES.requester(broker, LEAD);
    expect(removed.body.hint).toBe('Delete the IAM role if it still exists.');
    expect(removed.body.detail).not.toContain(ids[0]);
  });

  it('finds a lease that took the longest time possible until it was decided, collected and handed over', async () => {
    const world = new World();
    const bank = aBank();
    const roles = bank.roles.map((role) =>
      role.name === LOGS.role
        ? {
            ...role,
            lease: { defaultSeconds: 3600, maxSeconds: 3600 },
            broker: rules({ reviewer: 'decide', windowSeconds: LONGEST_WINDOW }),
          }
        : role,
    );
    const review = async () => {
      world.now += DECIDED_WITHIN - 1;
      return {
        decision: 'escalate',
        role: LOGS.role,
        actions: ['s3:GetObject'],
        parameters: {},
        minutes: 60,
        risk: 'high',
        sentence: 'A person should look at this.',
      };
    };
    const broker = aBrokerOver({ ...bank, roles }, { reviewer: { model: 'test/model', review } }, world);
    const { body } = await broker.call('request', { body: LOGS, headers: { 'idempotency-key': 'the-longest-lease' } });
    const path = { lease: body.lease.id };
    await broker.call('approve', { as: LEAD, path, body: { hash: body.lease.grant.hash } });
    world.now += LONGEST_WINDOW - 1;
    expect((await broker.call('collect', { path })).status).toBe(200);
    world.now += 3599;
    world.faults.push({ call: 'revoke', when: 'before', error: silence('iam:TagRole') });
    expect((await SCOPES.requester(broker, LEAD)).body.detail).toContain(path.lease);
    // The session may have been cut up to half a minute after its event, so AWS may still accept it.
    world.now += 30;
    expect((await SCOPES.requester(broker, LEAD)).body.leases).toEqual([path.lease]);
    expect(world.calls.filter(({ call }) => call === 'revoke')).toHaveLength(1);
  });
});
