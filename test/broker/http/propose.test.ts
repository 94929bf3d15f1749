/** What a person is told who describes a task in plain words, before anything is requested. */
import { proposal, requestBody } from '@leasehold/contract';
import type { Environment, Role } from '@leasehold/definitions';
import fc from 'fast-check';
import { ReviewerFailed } from '../../../lib/broker/port-errors';
import type { ReviewerPort } from '../../../lib/broker/ports';
import { callDeny, callRole, readPerCall } from '../../../lib/definitions/resolve-per-call';
import { aReleaseRole } from '../../support/environment';
import type { World } from '../memory';
import { AGENT_ARN, aBank, aBroker, aBrokerOver, personArn, rules } from './support';

const ALICE = personArn('requester', 'alice');
const INTENT = 'Upload release 1.4.2 of the shop for SHOP-1042';
const FAIR = {
  decision: 'allow',
  role: 'shop-deploy',
  actions: ['s3:PutObject', 's3:GetObject'],
  parameters: { release: '1.4.2' },
  minutes: 5,
  risk: 'medium',
  sentence: 'It uploads one release.',
};
const numRuns = Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 100);

/** The bank, where people of `ops` request `shop-deploy` and `ops-read`, which a reviewer reads. */
function aShop(overrides: Partial<Environment> = {}): Environment {
  const bank = aBank();
  const ops = { humans: 1, reviewer: 'decide' as const, eligible: { agents: [], groups: ['ops'] } };
  const shop = aReleaseRole({
    name: 'shop-deploy',
    gates: ['broker'],
    lease: { defaultSeconds: 900, maxSeconds: 1800 },
    broker: rules(ops),
  });
  const roles = bank.roles.map((role) => (role.name === 'ops-read' ? { ...role, broker: rules(ops) } : role));
  return { ...bank, roles: [...roles, shop], ...overrides };
}

/** The shop with a reviewer that says these things, one a question. */
function reviewedBy(says: readonly unknown[] | undefined, environment = aShop()) {
  const left = [...(says ?? [])];
  const asked: unknown[] = [];
  const reviewer: ReviewerPort = {
    model: 'test/model',
    review: async (question) => {
      asked.push(question);
      const said = left.shift();
      if (said instanceof Error) throw said;
      return said;
    },
  };
  const broker = aBrokerOver(environment, says === undefined ? {} : { reviewer });
  const propose = (as = ALICE, body: object = { intent: INTENT }) => broker.call('propose', { as, body });
  return { ...broker, asked, propose };
}

/** What the budgets of the requester were charged. */
const charged = ({ calls }: World) =>
  calls.flatMap((each) => (each.call === 'spend' || each.call === 'give-back' ? [`${each.call} ${each.what}`] : []));

/** Nothing exists that anybody could collect or read. */
function expectNothing({ world }: { readonly world: World }): void {
  expect([...world.events]).toEqual([]);
  expect(world.cuts).toEqual([]);
  expect(JSON.stringify([world.lines, world.counts, world.errors, world.calls])).not.toContain('SHOP-1042');
}

it('an allowed task is answered with what to request, and creates no lease', async () => {
  const broker = reviewedBy([FAIR]);
  const { status, body } = await broker.propose();
  expect(status).toBe(200);
  expect(proposal.parse(body)).toEqual({
    role: 'shop-deploy',
    parameters: { release: '1.4.2' },
    actions: ['s3:GetObject', 's3:PutObject'],
    seconds: 300,
    humans: 1,
    sentence: 'It uploads one release.',
    risk: 'medium',
  });
  expectNothing(broker);
});

it('an escalated task needs one more person', async () => {
  const { propose } = reviewedBy([{ ...FAIR, decision: 'escalate', risk: 'high' }]);
  expect((await propose()).body).toMatchObject({ humans: 2, risk: 'high' });
});

it('the reviewer is told what was wrong with its answer, as for a request', async () => {
  const { propose, asked } = reviewedBy([{ ...FAIR, actions: ['s3:*'] }, FAIR]);
  expect((await propose()).status).toBe(200);
  expect(asked).toHaveLength(2);
});

/** The shop, where each call that uploads is approved on its own. */
function aShopWithCalls(): Environment {
  const shop = aShop();
  const roles = shop.roles.flatMap((role) => {
    if (role.name !== 'shop-deploy') return [role];
    const read = perCall(role.allow);
    const own = { ...role, deny: [callDeny(read)], perCall: read };
    return [own, callRole(own) ?? own];
  });
  return { ...shop, roles };
}

function perCall(allow: Role['allow']) {
  const read = readPerCall({ name: 'shop-deploy', perCall: 's3:PutObject' }, { allow });
  if (read === undefined || 'complaint' in read) throw new Error('the calls cannot be approved one by one');
  return read;
}

describe('a role for single calls', () => {
  const CALL = { role: 'shop-deploy-call', parameters: { release: '1.4.2', call: 'app.js' } };
  const asked = { ...CALL, reason: INTENT };

  it('is not described to the reviewer of a task, who cannot pick it', async () => {
    const picked = { ...FAIR, ...CALL, actions: ['s3:PutObject'], minutes: 1 };
    const broker = reviewedBy([picked, picked, picked, picked], aShopWithCalls());
    expect((await broker.propose()).body.code).toBe('reviewer-failed');
    expect((await broker.call('request', { as: ALICE, body: { intent: INTENT } })).body.code).toBe('reviewer-failed');
    expect(broker.asked).toHaveLength(4);
    expect(JSON.stringify(broker.asked)).not.toContain('shop-deploy-call');
  });

  it('is not the nearest scope, nor among the roles that a person may request', async () => {
    const broker = reviewedBy([], aShopWithCalls());
    const { body } = await broker.call('request', { as: ALICE, body: { ...asked, role: 'shop-deploy-cal' } });
    expect(body.nearest?.role).not.toBe('shop-deploy-call');
    const names = async (as: string) =>
      (await broker.call('roles', { as })).body.roles.map(({ name }: { name: string }) => name);
    expect(await names(ALICE)).toEqual(['ops-read', 'shop-deploy']);
    expect(await names(personArn('approver', 'lead'))).toContain('shop-deploy-call');
  });

  it('is reviewed when it is requested by its name', async () => {
    const broker = reviewedBy([{ ...FAIR, ...CALL, actions: ['s3:PutObject'], minutes: 1 }], aShopWithCalls());
    const { body } = await broker.call('request', { as: ALICE, body: asked });
    expect(body.lease.state).toBe('pending');
    expect(broker.asked).toMatchObject([{ roles: [{ name: 'shop-deploy-call' }] }]);
  });
});

const at = (overrides: Partial<Environment>) => aShop(overrides);
const nobody = at({ approvers: ['lead'] });
type Refused = [
  name: string,
  code: string,
  says: readonly unknown[] | undefined,
  environment?: Environment,
  as?: string,
];
const REFUSED: Refused[] = [
  ['the reviewer denies it', 'reviewer-denied', [{ ...FAIR, decision: 'deny' }]],
  ['the reviewer answers outside its schema', 'reviewer-failed', ['Sure!', { decision: 'allow' }]],
  ['the reviewer picks the role of others', 'reviewer-failed', Array(2).fill({ ...FAIR, role: 's3-deploy' })],
  [
    'the reviewer picks an action that the role does not have',
    'reviewer-failed',
    Array(2).fill({ ...FAIR, actions: ['s3:DeleteObject'] }),
  ],
  [
    'the reviewer picks a value that the role does not permit',
    'reviewer-failed',
    Array(2).fill({ ...FAIR, parameters: { release: '*' } }),
  ],
  ['the reviewer picks a longer lease', 'reviewer-failed', Array(2).fill({ ...FAIR, minutes: 60 })],
  ['the reviewer does not answer', 'reviewer-failed', [new ReviewerFailed('timeout')]],
  ['there is no reviewer', 'invalid-request', undefined],
  [
    'the requester is eligible for no role',
    'not-eligible',
    [FAIR],
    at({ principals: aBank().principals.map((each) => ({ ...each, groups: [] })) }),
  ],
  ['the reviewer is off for every role of the requester', 'not-eligible', [FAIR], aBank()],
  ['nobody else may approve', 'not-eligible', [FAIR], nobody, personArn('requester', 'lead')],
];

it.each<Refused>(REFUSED)('if %s: %s', async (_, code, says, environment = aShop(), as = ALICE) => {
  const broker = reviewedBy(says, environment);
  const { body } = await broker.propose(as);
  expect(body.code).toBe(code);
  expect(body).not.toHaveProperty('lease');
  expectNothing(broker);
  // Exactly as a request by intent.
  const other = reviewedBy(says, environment);
  const request = await other.call('request', { as, body: { intent: INTENT } });
  expect([request.body.code, request.body.detail]).toEqual([code, body.detail]);
  expect(charged(broker.world)).toEqual(charged(other.world));
});

it('outside of the hours it is refused, and no model is asked', async () => {
  const broker = reviewedBy([FAIR], at({ broker: aBroker({ hours: { from: 9, to: 10 } }) }));
  expect((await broker.propose()).body.code).toBe('outside-hours');
  expect(broker.asked).toEqual([]);
  broker.world.now += 3600;
  expect((await broker.propose()).status).toBe(200);
});

describe('budgets', () => {
  const few = (what: 'requests' | 'denials', limit: number) =>
    at({ broker: aBroker({ budgets: { ...aBroker().budgets, [what]: { limit, windowSeconds: 3600 } } }) });

  it('of requests are spent by proposals and requests together', async () => {
    const broker = reviewedBy([FAIR, FAIR, FAIR], few('requests', 2));
    expect((await broker.propose()).status).toBe(200);
    expect((await broker.call('request', { as: ALICE, body: { intent: INTENT } })).status).toBe(202);
    const { status, body } = await broker.propose();
    expect([status, body.code, body.retryable]).toEqual([429, 'over-budget', true]);
    expect(broker.asked).toHaveLength(2);
  });

  it('of denials are spent by denied proposals, so that nobody can try words in a loop', async () => {
    const broker = reviewedBy(Array(9).fill({ ...FAIR, decision: 'deny' }), few('denials', 2));
    const codes: string[] = [];
    for (let times = 0; times < 5; times += 1) codes.push((await broker.propose()).body.code);
    expect(codes).toEqual(['reviewer-denied', 'reviewer-denied', 'over-budget', 'over-budget', 'over-budget']);
    expect(broker.asked).toHaveLength(2);
    expect((await broker.call('request', { as: ALICE, body: { role: 'ops-read', reason: INTENT } })).body.code).toBe(
      'over-budget',
    );
  });

  it('in parallel: no more calls of the reviewer than denials are left', async () => {
    const broker = reviewedBy(Array(30).fill({ ...FAIR, decision: 'deny' }), few('denials', 3));
    await Promise.all(Array.from({ length: 20 }, () => broker.propose()));
    expect(broker.asked).toHaveLength(3);
  });

  it('are given back what a good answer did not use', async () => {
    const broker = reviewedBy(Array(5).fill(FAIR), few('denials', 1));
    for (let times = 0; times < 5; times += 1) expect((await broker.propose()).status).toBe(200);
  });
});

it('only people may ask for proposals, and only in plain words', async () => {
  const { propose, asked } = reviewedBy([FAIR]);
  expect((await propose(AGENT_ARN)).body.code).toBe('forbidden');
  expect((await propose(personArn('approver', 'lead'))).body.code).toBe('forbidden');
  expect((await propose(ALICE, { role: 'shop-deploy', reason: INTENT })).body.code).toBe('malformed');
  expect(asked).toEqual([]);
});

it('whoever can get proposals is told so with their roles', async () => {
  const told = async (broker: ReturnType<typeof reviewedBy>, as?: string) =>
    (await broker.call('roles', as === undefined ? {} : { as })).body.proposes;
  expect(await told(reviewedBy([]), ALICE)).toBe(true);
  expect(await told(reviewedBy([]), personArn('approver', 'lead'))).toBeUndefined();
  expect(await told(reviewedBy([]))).toBeUndefined();
  expect(await told(reviewedBy(undefined), ALICE)).toBeUndefined();
  expect(await told(reviewedBy([], aBank()), ALICE)).toBeUndefined();
});

it('whatever an obeying reviewer answers, a proposal names a role of the requester, and gives nothing', async () => {
  const environment = aShop();
  const text = fc.oneof(
    fc.constantFrom(...environment.roles.map(({ name }) => name), 's3:PutObject', 's3:*', 'release', '1.4.2', '*'),
    fc.string({ maxLength: 12 }),
  );
  const mostly = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) =>
    fc.oneof({ weight: 5, arbitrary: usual }, { weight: 1, arbitrary: odd });
  const answer = fc.record({
    decision: fc.constantFrom('allow', 'escalate'),
    role: mostly(fc.constantFrom('shop-deploy', 'ops-read', 's3-deploy', 'log-read'), text),
    actions: mostly(
      fc.subarray(['s3:GetObject', 's3:PutObject'], { minLength: 1 }),
      fc.array(text, { minLength: 1, maxLength: 3 }),
    ),
    parameters: mostly(
      fc.constantFrom<Record<string, string>>({ release: '1.4.2' }, {}),
      fc.dictionary(text, text, { maxKeys: 2 }),
    ),
    minutes: mostly(fc.integer({ min: 1, max: 30 }), fc.double()),
    risk: fc.constant('low'),
    sentence: fc.constant('It is needed.'),
  });
  let proposed = 0;
  await fc.assert(
    fc.asyncProperty(answer, async (said) => {
      const broker = reviewedBy([said, said, said, said], environment);
      const { status, body } = await broker.propose();
      expectNothing(broker);
      if (status !== 200) return;
      proposed += 1;
      const { role, parameters, actions, seconds, humans } = proposal.parse(body);
      const own = environment.roles.find(({ name }) => name === role);
      expect(own?.broker?.eligible.groups).toContain('ops');
      expect(humans).toBeGreaterThanOrEqual(own?.broker?.humans ?? Number.NaN);
      expect(seconds).toBeLessThanOrEqual(own?.lease.maxSeconds ?? 0);
      const all = own?.allow.flatMap((each) => each.actions.map((action) => action.toLowerCase())) ?? [];
      expect(all).toEqual(expect.arrayContaining(actions.map((action) => action.toLowerCase())));
      // An ordinary request with these values is decided anew, and waits for people.
      const request = { role, parameters, actions, seconds, reason: INTENT };
      expect(requestBody.safeParse(request).success).toBe(true);
      const { body: answered } = await broker.call('request', { as: ALICE, body: request });
      expect(answered.credentials).toBeUndefined();
      expect(broker.asked).toHaveLength(2);
    }),
    { numRuns },
  );
  expect(proposed).toBeGreaterThan(numRuns / 50);
});
