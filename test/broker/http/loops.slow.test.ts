/** Whoever repeats themselves, however often and however many at once, reaches neither people nor a model more often. */
import { fold, MOST_COLLECTED } from '../../../lib/broker/lease/fold';
import { Refused } from '../../../lib/broker/port-errors';
import type { ReviewerPort } from '../../../lib/broker/ports';
import { silence, World } from '../memory';
import { aBank, aBroker, aBrokerOver, personArn, REASON, rules } from './support';

const LEAD = personArn('approver', 'lead');
const ROOT = personArn('administrator', 'root');
const LOGS = { role: 'log-read', reason: REASON };
const because = 'The agent loops';

const ALLOWS = {
  decision: 'allow',
  role: 'log-read',
  actions: ['s3:GetObject'],
  parameters: {},
  minutes: 15,
  risk: 'low',
  sentence: 'fine',
};
const DENIES = { ...ALLOWS, decision: 'deny' };

/** A bank whose `log-read` a reviewer decides about, with so many denials in an hour. */
function reviewed(answer: object, denials = 30) {
  const budget = (limit: number) => ({ limit, windowSeconds: 3600 });
  const bank = aBank({ broker: aBroker({ budgets: { requests: budget(5000), denials: budget(denials) } }) });
  const roles = bank.roles.map((role) =>
    role.name === 'log-read' ? { ...role, broker: rules({ reviewer: 'decide' }) } : role,
  );
  let asked = 0;
  const reviewer: ReviewerPort = {
    model: 'test',
    review: async () => {
      asked += 1;
      await new Promise(setImmediate);
      return answer;
    },
  };
  return { ...aBrokerOver({ ...bank, roles }, { reviewer }), asked: () => asked };
}

const codesOf = (answers: readonly { readonly status: number; readonly body: { readonly code?: string } }[]) => {
  const codes: Record<string, number> = {};
  for (const { status, body } of answers) codes[body.code ?? status] = (codes[body.code ?? status] ?? 0) + 1;
  return codes;
};

describe('one idempotency key', () => {
  const headers = { 'idempotency-key': 'a-key-of-this-very-test' };

  it('reaches the reviewer once, whatever else is said with it, and however often at once', async () => {
    const { call, world, asked } = reviewed(DENIES);
    const reason = (index: number) => (index % 2 === 0 ? REASON : `${REASON}, try ${index}`);
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) => call('request', { body: { ...LOGS, reason: reason(index) }, headers })),
    );
    expect([asked(), world.events.size]).toEqual([1, 1]);
    // The same request is told where its lease stands; another one is none.
    expect(codesOf(answers)).toMatchObject({ 'reviewer-denied': 1, 'key-reused': 30, 202: 29 });
    for (let tries = 0; tries < 20; tries += 1)
      await call('request', { body: { ...LOGS, reason: reason(tries) }, headers });
    expect(asked()).toBe(1);
  });

  it('is on record before the reviewer is asked, and lapses where nothing came of it', async () => {
    const { call, world, asked } = reviewed(ALLOWS);
    world.faults.push({ call: 'append', when: 'after', error: silence('dynamodb:PutItem') });
    expect((await call('request', { body: LOGS, headers })).status).toBe(503);
    expect(asked()).toBe(0);
    const [id = ''] = [...world.events.keys()];
    expect(world.told(id)).toEqual(['requested']);
    expect((await call('request', { body: LOGS, headers })).body.lease.state).toBe('requested');
    world.now += 120;
    expect((await call('request', { body: LOGS, headers })).body.lease.state).toBe('lapsed');
    expect((await call('collect', { path: { lease: id } })).body.code).toBe('lapsed');
    expect([asked(), world.cuts.length]).toEqual([0, 0]);
  });

  it('is handed over as without a key', async () => {
    const { call, world } = reviewed(ALLOWS);
    const { status, body } = await call('request', { body: LOGS, headers });
    expect([status, world.told(body.lease.id)]).toEqual([
      201,
      ['requested', 'reviewed', 'proposed', 'issued', 'collected'],
    ]);
  });
});

describe('denials', () => {
  it('at once are as many as the budget has, and reach the reviewer as often', async () => {
    const { call, world, asked } = reviewed(DENIES, 5);
    const answers = await Promise.all(Array.from({ length: 80 }, () => call('request', { body: LOGS })));
    expect([asked(), codesOf(answers)]).toEqual([5, { 'reviewer-denied': 5, 'over-budget': 75 }]);
    const over = await call('request', { body: LOGS });
    expect([over.body.code, asked()]).toEqual(['over-budget', 5]);
    world.now += over.body.retryAfter;
    expect((await call('request', { body: LOGS })).body.code).toBe('reviewer-denied');
  });

  it('that did not come about are given back', async () => {
    const { call, asked } = reviewed(ALLOWS, 2);
    for (let index = 0; index < 10; index += 1) expect((await call('request', { body: LOGS })).status).toBe(201);
    expect(asked()).toBe(10);
  });

  it('are told soon to come again where others are only being decided', async () => {
    const { call } = reviewed(ALLOWS, 1);
    const answers = await Promise.all([call('request', { body: LOGS }), call('request', { body: LOGS })]);
    const over = answers.find(({ status }) => status === 429);
    expect([over?.body.code, over?.body.retryAfter]).toEqual(['over-budget', 5]);
  });
});

describe('collecting again', () => {
  it('is bounded, and appends no more than that', async () => {
    const { call, world } = aBrokerOver();
    const { body } = await call('request', { body: LOGS });
    const path = { lease: body.lease.id };
    const codes: unknown[] = [];
    for (let tries = 0; tries < 20; tries += 1) codes.push((await call('collect', { path })).body.code);
    expect(codes.filter((code) => code === undefined)).toHaveLength(MOST_COLLECTED - 1);
    expect(new Set(codes.slice(MOST_COLLECTED))).toEqual(new Set(['collected-already']));
    expect(world.told(path.lease).filter((type) => type === 'collected')).toHaveLength(MOST_COLLECTED);
    expect(world.cuts).toHaveLength(MOST_COLLECTED);
  });

  it('by any number at once does not keep anybody from taking the lease back', async () => {
    const { call, world } = aBrokerOver();
    const { body } = await call('request', { body: LOGS });
    const path = { lease: body.lease.id };
    const collectors = Array.from({ length: 64 }, async () => {
      for (let tries = 0; tries < 10; tries += 1) await call('collect', { path });
    });
    const revoked = await call('revoke', { as: ROOT, path, body: { because } });
    expect(revoked.status).toBe(200);
    await Promise.all(collectors);
    expect(world.told(path.lease).at(-1)).toBe('revoked');
    expect((world.events.get(path.lease) ?? []).length).toBeLessThanOrEqual(4 + MOST_COLLECTED);
  });

  it('while AWS refuses has to wait longer each time', async () => {
    const { call, world } = aBrokerOver();
    const refuse = () =>
      world.faults.push({ call: 'cut', when: 'before', error: new Refused('sts:AssumeRole', 'AccessDenied') });
    refuse();
    const { body } = await call('request', { body: LOGS });
    const path = { lease: body.lease };
    let tries = 0;
    for (let seconds = 0; seconds < 1700; seconds += 1) {
      world.now += 1;
      world.faults.splice(0);
      refuse();
      if ((await call('collect', { path })).body.code === 'role-shut') tries += 1;
    }
    expect(tries).toBeLessThan(16);
    expect(fold(world.events.get(path.lease) ?? []).refused?.times).toBe(tries + 1);
    world.faults.splice(0);
    world.now += 60;
    expect((await call('status', { path })).body.state).toBe('approved');
  });
});

describe('the sweep', () => {
  it('puts every lapse on record, however many questions are newer', async () => {
    const world = new World();
    const budget = { limit: 5000, windowSeconds: 3600 };
    const { call, sweep } = aBrokerOver(
      aBank({ broker: aBroker({ budgets: { requests: budget, denials: budget } }) }),
      {},
      world,
    );
    const deploy = {
      role: 's3-deploy',
      parameters: { release: '1.4.2' },
      reason: 'Upload release 1.4.2 to the bucket',
    };
    const ids: string[] = [];
    for (let index = 0; index < 450; index += 1) ids.push((await call('request', { body: deploy })).body.lease.id);
    world.now += 1800;
    await sweep();
    expect(ids.filter((id) => world.told(id).at(-1) !== 'lapsed')).toEqual([]);
    const calls = world.calls.length;
    await sweep();
    expect(world.calls).toHaveLength(calls);
  });
});

describe('a second click of an approver', () => {
  it.each(['before', 'after'] as const)('is told as one, %s the last yes', async (when) => {
    const { call } = aBrokerOver();
    const deploy = {
      role: 's3-deploy',
      parameters: { release: '1.4.2' },
      reason: 'Upload release 1.4.2 to the bucket',
    };
    const { body } = await call('request', { body: deploy });
    const path = { lease: body.lease.id };
    const { hash } = body.lease.grant;
    await call('approve', { as: LEAD, path, body: { hash } });
    if (when === 'after') await call('approve', { as: personArn('approver', 'oncall'), path, body: { hash } });
    const again = await call('approve', { as: LEAD, path, body: { hash } });
    expect([again.status, again.body.code, again.body.detail]).toEqual([
      409,
      'said-already',
      'This lease is already approved by you.',
    ]);
    if (when === 'before') return;
    await call('collect', { path });
    expect((await call('approve', { as: LEAD, path, body: { hash } })).body.code).toBe('said-already');
    expect((await call('approve', { as: personArn('approver', 'third'), path, body: { hash } })).body.code).toBe(
      'wrong-state',
    );
  });
});

describe('the length of a session', () => {
  it.each([1, 60, 2699])('is never more than was approved, where the clock is %d s behind', async (behind) => {
    const { call, world } = aBrokerOver();
    const { body } = await call('request', { body: LOGS });
    const path = { lease: body.lease.id };
    world.now -= behind;
    await call('collect', { path });
    world.now += behind + 20;
    await call('collect', { path });
    expect(world.cuts.map(({ seconds }) => seconds)).toEqual([900, 900, 880]);
  });

  it('of fifteen minutes is cut whole, however long the record took', async () => {
    const world = new World();
    const { leases } = world.ports();
    const { call } = aBrokerOver(
      aBank(),
      {
        leases: {
          ...leases,
          append: async (events, after) => {
            const answer = await leases.append(events, after);
            world.now += 3;
            return answer;
          },
        },
      },
      world,
    );
    await call('request', { body: LOGS });
    expect(world.cuts.map(({ seconds }) => seconds)).toEqual([900]);
  });
});
