/** Many at once, and faults at every call: nothing is lost, counted twice, or handed out without a record. */
import fc from 'fast-check';
import { fold } from '../../../lib/broker/lease/fold';
import { Refused } from '../../../lib/broker/ports';
import { type Call, silence, World } from '../memory';
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

const STEPS = ['request', 'approve', 'approve', 'collect', 'deny', 'revoke', 'status', 'wait'] as const;

/** A step of an adversarial run: who does what, and which call to AWS fails on the way, before or after its effect. */
const step = fc.record({
  what: fc.constantFrom(...STEPS),
  who: fc.constantFrom('lead', 'oncall', 'third', 'gone'),
  fault: fc.option(
    fc.record({
      call: fc.constantFrom<Call['call']>('append', 'cut', 'revoke', 'spend'),
      when: fc.constantFrom('before' as const, 'after' as const),
      refused: fc.boolean(),
    }),
    { nil: undefined },
  ),
  seconds: fc.nat(400),
});

it('whatever fails and whoever acts: no credentials without a record, no lease without its approvals', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), fc.boolean(), async (steps, humans) => {
      const world = new World();
      const { call } = aBrokerOver(aBank(), {}, world);
      const body = humans ? DEPLOY : { role: 'log-read', reason: REASON };
      const headers = { 'idempotency-key': 'a-key-of-this-very-test' };
      let hash = '0'.repeat(64);
      const cuts: { readonly sequence: number; readonly lease: string }[] = [];
      for (const { what, who, fault, seconds } of steps) {
        const [id = 'lh-none'] = [...world.events.keys()];
        const path = { lease: id };
        world.faults.length = 0;
        if (fault) {
          const error = fault.refused && fault.call === 'cut' ? new Refused('sts', 'Throttling') : silence(fault.call);
          // A refusal is never known after the effect: AWS then said yes.
          world.faults.push({ call: fault.call, when: fault.refused ? 'before' : fault.when, error });
        }
        const before = world.cuts.length;
        const as = personArn('approver', who);
        if (what === 'wait') world.now += seconds * 5;
        else if (what === 'request') hash = (await call('request', { body, headers })).body.lease?.grant?.hash ?? hash;
        else if (what === 'approve') await call('approve', { as, path, body: { hash } });
        else if (what === 'collect' || what === 'status') await call(what, { path });
        else await call(what, { as, path, body: { because: `Not now, says ${who}` } });
        world.now += seconds % 7;
        for (const cut of world.cuts.slice(before)) {
          cuts.push({ sequence: world.events.get(cut.lease)?.length ?? 0, lease: cut.lease });
        }
      }
      for (const [id, events] of world.events) {
        // Any list that is stored is believed, and says why each session could be cut.
        const lease = fold(events);
        const issued = events.filter(({ body: { type } }) => type === 'issued');
        if (cuts.some((cut) => cut.lease === id)) expect(issued.length).toBeGreaterThan(0);
        if (humans && issued.length > 0) expect(lease.approvals.length).toBeGreaterThanOrEqual(2);
        for (const cut of world.cuts) {
          const first = issued.find(({ body: each }) => each.type === 'issued' && each.until >= 0);
          expect(first && cut.seconds).toBeLessThanOrEqual(900);
        }
      }
    }),
    { numRuns: Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 500) },
  );
});
