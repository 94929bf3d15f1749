/** Many at once: nothing is lost, and nothing counted twice. */
import { fold } from '../../../lib/broker/lease/fold';
import { Refused } from '../../../lib/broker/port-errors';
import { aBank, aBroker, aBrokerOver, personArn, REASON, rules } from './support';

const DEPLOY = { role: 's3-deploy', parameters: { release: '1.4.2' }, reason: 'Upload release 1.4.2 to the bucket' };

it('counts a hundred approvals at once, each once', async () => {
  const approvers = Array.from({ length: 100 }, (_, index) => `approver-${index}`);
  const bank = aBank({ approvers });
  const roles = bank.roles.map((role) => (role.broker ? { ...role, broker: rules({ humans: 100 }) } : role));
  const { call, world } = aBrokerOver({ ...bank, roles });
  const { body } = await call('request', { body: DEPLOY });
  const path = { lease: body.lease.id };
  const { hash } = body.lease.grant;
  const answers = await Promise.all(
    // Each says yes twice.
    [...approvers, ...approvers.slice(0, 20)].map((name) =>
      call('approve', { as: personArn('approver', name), path, body: { hash } }),
    ),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(100);
  const lease = fold(world.events.get(path.lease) ?? []);
  expect([lease.state, new Set(lease.approvals).size, lease.approvals.length]).toEqual(['approved', 100, 100]);
});

it('takes a thousand requests at once', async () => {
  const environment = aBank({
    broker: aBroker({
      budgets: { requests: { limit: 5000, windowSeconds: 3600 }, denials: { limit: 5000, windowSeconds: 3600 } },
    }),
  });
  const { call, world } = aBrokerOver(environment);
  const answers = await Promise.all(
    Array.from({ length: 1000 }, (_, index) =>
      call('request', { body: index % 2 === 0 ? { role: 'log-read', reason: REASON } : DEPLOY }),
    ),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(500);
  expect(answers.filter(({ status }) => status === 202)).toHaveLength(500);
  expect(world.events.size).toBe(1000);
  expect(new Set(world.cuts.map(({ lease }) => lease)).size).toBe(500);
});

it('collects a lease for two at once as the same lease', async () => {
  const { call, world } = aBrokerOver();
  const { body } = await call('request', {
    body: { role: 'ops-read', reason: REASON },
    as: personArn('requester', 'alice'),
  });
  const path = { lease: body.lease.id };
  await call('approve', { as: personArn('approver', 'lead'), path, body: { hash: body.lease.grant.hash } });
  const as = personArn('requester', 'alice');
  const [one, other] = await Promise.all([call('collect', { as, path }), call('collect', { as, path })]);
  expect([one?.status, other?.status]).toEqual([200, 200]);
  expect(one?.body.credentials.expiresAt).toBe(other?.body.credentials.expiresAt);
  expect(world.told(path.lease).filter((type) => type === 'issued')).toHaveLength(1);
});

it('does not take a lease back to approved when somebody else collected it meanwhile', async () => {
  const { call, world } = aBrokerOver();
  world.faults.push({ call: 'cut', when: 'before', error: new Refused('sts:AssumeRole', 'Throttling') });
  const headers = { 'idempotency-key': 'a-key-of-this-very-test' };
  const body = { role: 'log-read', reason: REASON };
  // The first call is refused by STS; before it can say so, the second has collected the lease.
  let second: Promise<unknown> = Promise.resolve();
  const { leases } = world.ports();
  const append: typeof leases.append = async (events, after) => {
    if (events[0]?.body.type === 'failed' && world.cuts.length === 0) {
      second = call('request', { body, headers });
      await second;
    }
    return leases.append(events, after);
  };
  const refused = aBrokerOver(aBank(), { leases: { ...leases, append } }, world);
  expect((await refused.call('request', { body, headers })).status).toBe(503);
  expect(await second).toMatchObject({ status: 201 });
  const [id] = [...world.events.keys()];
  expect(world.told(id ?? '').filter((type) => type === 'failed')).toEqual([]);
});
