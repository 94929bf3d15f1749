/** A lease from the first word to its end, as an agent and its approvers live it. */
import { collected, leaseList, leaseView, problem, requestAnswer } from '@leasehold/contract';
import { LONGEST_WINDOW } from '@leasehold/contract/request-rules';
import { Refused } from '../../../lib/broker/port-errors';
import { SIGN_IN_ADDRESS, silence, World } from '../memory';
import { AGENT_ARN, aBank, aBroker, aBrokerOver, personArn, REASON, rules } from './support';

const LOGS = { role: 'log-read', reason: REASON };
const DEPLOY = { role: 's3-deploy', parameters: { release: '1.4.2' }, reason: 'Upload release 1.4.2 to the bucket' };
const LEAD = personArn('approver', 'lead');
const ONCALL = personArn('approver', 'oncall');

describe('a role that asks nobody', () => {
  it('is handed over at once, with everything on record before the session is cut', async () => {
    const { call, world } = aBrokerOver();
    const { status, body } = await call('request', { body: LOGS });
    expect(status).toBe(201);
    expect(requestAnswer.parse(body)).toMatchObject({
      lease: { state: 'issued', collected: true, grant: { role: 'log-read', seconds: 900, reason: REASON } },
      credentials: { expiresAt: world.now + 900 },
    });
    expect(world.calls.map(({ call: name }) => name)).toEqual(['spend', 'append', 'cut']);
    expect(world.told(body.lease.id)).toEqual(['requested', 'proposed', 'issued', 'collected']);
  });

  it('lasts as many seconds as were asked for', async () => {
    const { call, world } = aBrokerOver();
    await call('request', { body: { ...LOGS, seconds: 20 } });
    expect(world.cuts).toMatchObject([{ seconds: 20, grant: { seconds: 20 } }]);
  });

  it('permits fewer actions, where fewer are asked for, and never others', async () => {
    const { call } = aBrokerOver();
    const { body } = await call('request', { body: { ...LOGS, actions: ['s3:GetObject'] } });
    expect(body.lease.grant.policy.Statement).toEqual([
      { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::hermes-dev-logs/*' },
    ]);
    const wider = await call('request', { body: { ...LOGS, actions: ['s3:PutObject'] } });
    expect([wider.status, wider.body.code]).toEqual([403, 'outside-envelope']);
  });
});

describe('a role that asks two humans', () => {
  async function pending() {
    const broker = aBrokerOver();
    const { status, body } = await broker.call('request', { body: DEPLOY });
    expect([status, body.lease.state, body.credentials]).toEqual([202, 'pending', undefined]);
    const path = { lease: body.lease.id as string };
    return { ...broker, path, hash: body.lease.grant.hash as string };
  }

  it('opens when both have said yes to what they were shown, and is collected once', async () => {
    const { call, path, hash, world } = await pending();
    await call('approve', { as: LEAD, path, body: { hash } });
    expect((await call('collect', { path })).body).toMatchObject({ code: 'wrong-state', lease: path.lease });
    const { body: approved } = await call('approve', { as: ONCALL, path, body: { hash } });
    expect(leaseView.parse(approved)).toMatchObject({ state: 'approved', approval: { approvals: ['lead', 'oncall'] } });
    const { status, body } = await call('collect', { path });
    expect(status).toBe(200);
    expect(collected.parse(body).credentials.accessKeyId).toBe(`ASIA${path.lease}`);
    expect(world.cuts).toMatchObject([{ lease: path.lease, approvers: ['lead', 'oncall'], seconds: 900 }]);
    world.now += 61;
    expect((await call('collect', { path })).body.code).toBe('collected-already');
  });

  it.each([
    ['one human twice', LEAD, LEAD, 'said-already'],
    ['somebody who is no approver any more', LEAD, personArn('approver', 'gone'), 'forbidden'],
    ['the agent itself', LEAD, AGENT_ARN, 'forbidden'],
    ['a person in another role', LEAD, personArn('requester', 'alice'), 'forbidden'],
    ['an administrator', LEAD, personArn('administrator', 'root'), 'forbidden'],
    ['a role of the same name in another account', LEAD, ONCALL.replace('123456789012', '999999999999'), 'forbidden'],
  ])('does not open by %s', async (_, first, second, code) => {
    const { call, path, hash } = await pending();
    await call('approve', { as: first, path, body: { hash } });
    expect((await call('approve', { as: second, path, body: { hash } })).body.code).toBe(code);
    expect((await call('collect', { path })).body.code).toBe('wrong-state');
  });

  it('does not take a yes to another hash', async () => {
    const { call, path, hash } = await pending();
    const other = hash.replace(/^./, (first) => (first === '0' ? '1' : '0'));
    expect((await call('approve', { as: LEAD, path, body: { hash: other } })).body.code).toBe('another-grant');
  });

  it('ends with one no, which counts against the requester', async () => {
    const { call, path, world } = await pending();
    const because = 'The release is not tagged';
    expect((await call('deny', { as: LEAD, path, body: { because } })).body).toMatchObject({
      state: 'denied',
      because,
    });
    expect((await call('collect', { path })).body).toMatchObject({ code: 'approver-denied', detail: because });
    expect(world.calls.at(-1)).toEqual({ call: 'spend', principal: 'agent', what: 'denials' });
  });

  it('lapses when nobody answers in its window, and the sweep puts that on record', async () => {
    const { call, path, hash, world, sweep } = await pending();
    world.now += 1800;
    expect((await call('status', { path })).body.state).toBe('lapsed');
    expect((await call('approve', { as: LEAD, path, body: { hash } })).body.code).toBe('lapsed');
    await sweep();
    expect(world.told(path.lease).at(-1)).toBe('lapsed');
    expect(world.errors).toEqual([]);
  });

  it('is waited for: the status answers when it has changed, or when the time is over', async () => {
    const { call, path, hash, world } = await pending();
    const asked = world.now;
    expect((await call('status', { path, query: 'wait=20' })).body.state).toBe('pending');
    expect(world.now - asked).toBe(20);
    await call('approve', { as: LEAD, path, body: { hash } });
    const then = world.now;
    expect((await call('status', { path, query: 'wait=20&after=2' })).body.approval.approvals).toEqual(['lead']);
    expect(world.now).toBe(then);
  });
});

describe('a lease of somebody else', () => {
  it.each(['status', 'events', 'collect'] as const)(
    'cannot be told from one that is not there: %s',
    async (operation) => {
      const { call } = aBrokerOver();
      const { body } = await call('request', {
        as: personArn('requester', 'alice'),
        body: { role: 'ops-read', reason: REASON },
      });
      const others = await call(operation, { path: { lease: body.lease.id } });
      const nothing = await call(operation, { path: { lease: 'lh-nothing' } });
      expect([others.status, others.body.code, others.body.detail]).toEqual([404, 'not-found', nothing.body.detail]);
    },
  );
});

describe('a person', () => {
  it('asks for what their groups may have, is never their own approver, and may have a console', async () => {
    const { call } = aBrokerOver();
    const lead = personArn('requester', 'lead');
    const { body } = await call('request', { as: lead, body: { role: 'ops-read', reason: REASON } });
    const path = { lease: body.lease.id };
    expect(body.lease.approval.approvers).toEqual(['oncall', 'third']);
    const { hash } = body.lease.grant;
    expect((await call('approve', { as: LEAD, path, body: { hash } })).body.code).toBe('own-lease');
    await call('approve', { as: ONCALL, path, body: { hash } });
    const { status, body: opened } = await call('console', { as: lead, path });
    expect([status, opened.url]).toEqual([200, SIGN_IN_ADDRESS]);
  });

  it('has the groups that administrators gave them last', async () => {
    const { call } = aBrokerOver();
    const alice = personArn('requester', 'alice');
    const put = { policy: '', groups: [], version: 0 };
    await call('putPrincipal', { as: personArn('administrator', 'root'), path: { principal: 'alice' }, body: put });
    expect((await call('request', { as: alice, body: { role: 'ops-read', reason: REASON } })).body.code).toBe(
      'not-eligible',
    );
  });

  it('cannot be given a console as an agent', async () => {
    const { call } = aBrokerOver();
    const { body } = await call('request', { body: LOGS });
    expect((await call('console', { path: { lease: body.lease.id } })).body.code).toBe('forbidden');
  });
});

describe('the same idempotency key', () => {
  const headers = { 'idempotency-key': 'a-key-of-this-very-test' };

  it('is the same lease, handed over once more where its answer was lost', async () => {
    const { call, world } = aBrokerOver();
    const first = await call('request', { body: LOGS, headers });
    world.now += 5;
    const second = await call('request', { body: LOGS, headers });
    expect([second.status, second.body.lease.id]).toEqual([201, first.body.lease.id]);
    expect(second.body.credentials.expiresAt).toBe(first.body.credentials.expiresAt);
    expect([...world.events.keys()]).toEqual([first.body.lease.id]);
  });

  it('is refused for another request, and means nothing for another requester', async () => {
    const { call } = aBrokerOver();
    const { body } = await call('request', { body: LOGS, headers });
    expect((await call('request', { body: { ...LOGS, seconds: 5 }, headers })).body.code).toBe('key-reused');
    const alice = personArn('requester', 'alice');
    const other = await call('request', { as: alice, body: { role: 'ops-read', reason: REASON }, headers });
    expect([other.status, other.body.lease.id === body.lease.id]).toEqual([202, false]);
  });
});

describe('when AWS fails', () => {
  it('cuts nothing where the record could not be written', async () => {
    const { call, world } = aBrokerOver();
    world.faults.push({ call: 'append', when: 'before', error: silence('dynamodb:PutItem') });
    const { status, body } = await call('request', { body: LOGS });
    expect([status, problem.parse(body).code, body.retryable]).toEqual([503, 'unavailable', true]);
    expect(world.cuts).toEqual([]);
  });

  it('loses no lease where STS said no: it is collected again, for as long as the approval stands', async () => {
    const { call, world } = aBrokerOver();
    world.faults.push({ call: 'cut', when: 'before', error: new Refused('sts:AssumeRole', 'Throttling') });
    const { body } = await call('request', { body: LOGS });
    expect(body).toMatchObject({ code: 'unavailable', retryable: true });
    expect(world.told(body.lease).at(-1)).toBe('failed');
    world.now += 300;
    const { status, body: again } = await call('collect', { path: { lease: body.lease } });
    expect([status, again.credentials.expiresAt]).toEqual([200, world.now + 900]);
  });

  it('cuts the same lease again where the answer of STS was lost, until the same end', async () => {
    const { call, world } = aBrokerOver();
    world.faults.push({ call: 'cut', when: 'after', error: silence('sts:AssumeRole') });
    const headers = { 'idempotency-key': 'a-key-of-this-very-test' };
    expect((await call('request', { body: LOGS, headers })).status).toBe(503);
    world.now += 10;
    const { status, body } = await call('request', { body: LOGS, headers });
    expect([status, body.credentials.expiresAt]).toEqual([201, world.now - 10 + 900]);
    expect(world.cuts.map(({ lease, seconds }) => [lease, seconds])).toEqual([
      [body.lease.id, 900],
      [body.lease.id, 890],
    ]);
  });

  it('says nothing of what it did not foresee', async () => {
    const { call, world } = aBrokerOver();
    world.faults.push({ call: 'append', when: 'before', error: new Error('a secret in a message') });
    const { status, body } = await call('request', { body: LOGS });
    expect([status, JSON.stringify(body).includes('secret')]).toEqual([503, false]);
  });
});

describe('a record that somebody edited', () => {
  it('opens nothing, is named as broken, and hides no other lease', async () => {
    const { call, world } = aBrokerOver();
    const { body: one } = await call('request', { body: LOGS });
    const { body: two } = await call('request', { body: LOGS });
    const path = { lease: one.lease.id };
    world.events.get(path.lease)?.splice(2, 1);
    for (const operation of ['status', 'collect'] as const) {
      const { status, body } = await call(operation, { path });
      expect([status, problem.parse(body).code, body.retryable]).toEqual([500, 'broken-record', false]);
      const stranger = await call(operation, { as: personArn('requester', 'alice'), path });
      expect(stranger.body.code).toBe('not-found');
    }
    for (const listed of [await call('leases'), await call('leases', { as: LEAD, query: 'role=log-read' })]) {
      const { leases, broken } = leaseList.parse(listed.body);
      expect([leases.map(({ id }) => id), broken]).toEqual([[two.lease.id], [one.lease.id]]);
    }
  });

  it('is shown as it is to those who watch over leases', async () => {
    const { call, world } = aBrokerOver();
    const { body } = await call('request', { body: LOGS });
    const path = { lease: body.lease.id };
    world.events.get(path.lease)?.splice(2, 1);
    expect((await call('events', { as: LEAD, path })).body.events).toEqual(world.events.get(path.lease));
    expect((await call('events', { path })).body.code).toBe('broken-record');
  });
});

describe('an agent that loops', () => {
  it('is told when to come again once it has been denied often enough', async () => {
    const { call, world } = aBrokerOver();
    const wrong = { role: 'ops-read', reason: REASON };
    for (let tries = 0; tries < 3; tries += 1) {
      expect((await call('request', { body: wrong })).body.code).toBe('not-eligible');
    }
    const { status, body, headers } = await call('request', { body: LOGS });
    expect([status, body.code, headers['retry-after']]).toEqual([429, 'over-budget', String(body.retryAfter)]);
    world.now += body.retryAfter;
    expect((await call('request', { body: LOGS })).status).toBe(201);
  });

  it('is told the nearest scope that it could have', async () => {
    const { call } = aBrokerOver();
    const { body } = await call('request', { body: { role: 'log-reed', reason: REASON } });
    expect(body.nearest).toEqual({ role: 'log-read', actions: ['s3:GetObject'], parameters: {}, seconds: 1800 });
  });

  it('is asked to come back in working hours', async () => {
    const environment = aBank({ broker: aBroker({ hours: { from: 8, to: 18 } }) });
    const world = new World();
    const { call } = aBrokerOver(environment, {}, world);
    world.now = Date.UTC(2027, 0, 15, 18) / 1000;
    expect((await call('request', { body: LOGS })).body.code).toBe('outside-hours');
    world.now = Date.UTC(2027, 0, 15, 8) / 1000;
    expect((await call('request', { body: LOGS })).status).toBe(201);
  });
});

describe('taking back', () => {
  const ROOT = personArn('administrator', 'root');
  const because = 'The agent was compromised';

  it('puts it on record, then has AWS deny it until its end', async () => {
    const { call, world } = aBrokerOver();
    const { body } = await call('request', { body: LOGS });
    const path = { lease: body.lease.id };
    const revoked = await call('revoke', { as: ROOT, path, body: { because } });
    expect(revoked.body).toEqual({ leases: [path.lease], shut: {} });
    expect(world.calls.slice(-2)).toEqual([
      { call: 'append', lease: path.lease, types: ['revoked'] },
      { call: 'revoke', leases: [{ lease: path.lease, role: 'log-read', until: world.now + 930 }] },
    ]);
    expect((await call('collect', { path })).body.code).toBe('revoked');
  });

  it('can be said again until AWS has heard it', async () => {
    const { call, world } = aBrokerOver();
    const { body } = await call('request', { body: LOGS });
    world.faults.push({ call: 'revoke', when: 'before', error: silence('iam:TagRole') });
    const path = { lease: body.lease.id };
    expect((await call('revoke', { as: ROOT, path, body: { because } })).status).toBe(503);
    expect((await call('revoke', { as: ROOT, path, body: { because } })).status).toBe(200);
    expect(world.told(path.lease).filter((type) => type === 'revoked')).toHaveLength(1);
  });

  it('of a lease whose role is no longer in the definitions is recorded, and states that AWS was not told', async () => {
    const { call, world } = aBrokerOver();
    const { body } = await call('request', { body: LOGS });
    const path = { lease: body.lease.id };
    const bank = aBank();
    const roles = bank.roles.filter(({ name }) => name !== LOGS.role);
    const later = aBrokerOver({ ...bank, roles }, {}, world);
    const revoked = await later.call('revoke', { as: ROOT, path, body: { because } });
    expect([revoked.status, revoked.body.code]).toEqual([503, 'unavailable']);
    expect(revoked.body).toMatchObject({
      detail: expect.stringContaining('The revocation is recorded, but was not carried out in AWS'),
      hint: 'Delete the IAM role if it still exists.',
    });
    expect(world.told(path.lease).at(-1)).toBe('revoked');
    expect(world.calls.filter(({ call: name }) => name === 'revoke')).toEqual([]);
    world.now += 930;
    expect((await later.call('revoke', { as: ROOT, path, body: { because } })).status).toBe(200);
  });

  it('takes a whole role back: shut first, then each lease on record', async () => {
    const { call, world } = aBrokerOver();
    const { body: one } = await call('request', { body: LOGS });
    const { body: two } = await call('request', { body: { ...LOGS, seconds: 60 } });
    await call('request', { body: { role: 'quick', reason: REASON } });
    const revoked = await call('revokeMany', { as: LEAD, body: { role: 'log-read', because } });
    expect(revoked.body).toEqual({
      leases: [one.lease.id, two.lease.id].sort(),
      shut: { 'log-read': world.now + 1830 },
    });
    expect(world.calls.filter(({ call: name }) => name === 'shut')).toEqual([
      { call: 'shut', role: 'log-read', until: world.now + 1830 },
    ]);
    expect(world.calls.filter(({ call: name }) => name === 'deny')).toEqual([
      { call: 'deny', roles: [{ role: 'log-read', until: world.now + 1830 }] },
    ]);
  });

  it('of a role lasts as long as its leases, although the definitions permit only shorter ones now', async () => {
    const { call, world } = aBrokerOver();
    const { body } = await call('request', { body: { ...LOGS, seconds: 1800 } });
    const bank = aBank();
    const roles = bank.roles.map((role) => ({ ...role, lease: { defaultSeconds: 60, maxSeconds: 60 } }));
    const stricter = aBrokerOver({ ...bank, roles }, {}, world);
    world.now += 300;
    const revoked = await stricter.call('revokeMany', { as: ROOT, body: { role: 'log-read', because } });
    const until = world.now - 300 + 1800 + 30;
    expect(revoked.body).toEqual({ leases: [body.lease.id], shut: { 'log-read': until } });
    const blocks = world.calls.flatMap((each) => (each.call === 'shut' ? [each.until] : []));
    expect(blocks).toEqual([world.now + 90, until]);
    expect(world.calls.filter((each) => each.call === 'deny').at(-1)).toEqual({
      call: 'deny',
      roles: [{ role: 'log-read', until }],
    });
  });

  it('of a role records a lease whose approval could wait longer under earlier definitions', async () => {
    const bank = aBank();
    const waiting = (windowSeconds: number) => ({
      ...bank,
      roles: bank.roles.map((role) => ({ ...role, broker: rules({ humans: 2, windowSeconds }) })),
    });
    const { call, world } = aBrokerOver(waiting(LONGEST_WINDOW));
    const { body } = await call('request', { body: DEPLOY });
    const path = { lease: body.lease.id };
    for (const as of [LEAD, ONCALL]) await call('approve', { as, path, body: { hash: body.lease.grant.hash } });
    world.now += LONGEST_WINDOW - 1;
    expect((await call('collect', { path })).status).toBe(200);
    world.now += 60;
    const shorter = aBrokerOver(waiting(60), {}, world);
    const revoked = await shorter.call('revokeMany', { as: ROOT, body: { role: DEPLOY.role, because } });
    expect(revoked.body.leases).toEqual([path.lease]);
    expect(world.told(path.lease).at(-1)).toBe('revoked');
  });

  it('of a role lasts as long as any lease can, while there are more leases than one page lists', async () => {
    const world = new World();
    const { leases } = world.ports();
    // Few leases on a full page: each was proposed more than once.
    const { call } = aBrokerOver(
      aBank(),
      { leases: { ...leases, list: async (query) => ({ ...(await leases.list(query)), next: 'more' }) } },
      world,
    );
    const { body } = await call('request', { body: { role: 'quick', reason: REASON } });
    const revoked = await call('revokeMany', { as: ROOT, body: { role: 'quick', because } });
    expect(revoked.body).toEqual({ leases: [body.lease.id], shut: { quick: world.now + 3630 } });
  });

  it('denies all roles by one write of the policy', async () => {
    const { call, world } = aBrokerOver();
    await call('revokeMany', { as: ROOT, body: { all: true, because } });
    const denied = world.calls.flatMap((each) => (each.call === 'deny' ? [each.roles.map(({ role }) => role)] : []));
    expect(denied).toEqual([aBank().roles.map(({ name }) => name)]);
  });

  it('of a role shuts it by its tag though the policy cannot be written, and says what is missing', async () => {
    const { call, world } = aBrokerOver();
    world.faults.push({ call: 'deny', when: 'before', error: silence('iam:CreatePolicyVersion') });
    const { status, body } = await call('revokeMany', { as: ROOT, body: { role: 'log-read', because } });
    expect([status, body.code, body.retryable]).toEqual([503, 'unavailable', true]);
    expect(body.detail).toBe('The revocation policy could not be written in AWS, but tags block the roles.');
    expect(world.calls.filter(({ call: name }) => name === 'shut')).toHaveLength(1);
    expect((await call('revokeMany', { as: ROOT, body: { role: 'log-read', because } })).status).toBe(200);
  });

  it('of all roles shuts every one that it can, and names those that AWS left open', async () => {
    const { call, world } = aBrokerOver();
    world.faults.push({ call: 'shut', when: 'before', error: silence('iam:TagRole') });
    const { status, body } = await call('revokeMany', { as: ROOT, body: { all: true, because } });
    const [first = '', ...others] = aBank().roles.map(({ name }) => name);
    expect([status, body.code, body.retryable]).toEqual([503, 'unavailable', true]);
    expect(body.detail).toContain(`AWS did not block \`${first}\`;`);
    expect(world.calls.flatMap((each) => (each.call === 'shut' ? [each.role] : []))).toEqual(others);
    const again = await call('revokeMany', { as: ROOT, body: { all: true, because } });
    expect(Object.keys(again.body.shut).sort()).toEqual([first, ...others].sort());
  });

  it('of a role is not held up by a lease whose record is broken', async () => {
    const { call, world } = aBrokerOver();
    const { body: one } = await call('request', { body: LOGS });
    const { body: two } = await call('request', { body: LOGS });
    world.events.get(one.lease.id)?.splice(2, 1);
    const { body } = await call('revokeMany', { as: ROOT, body: { role: 'log-read', because } });
    // When that lease ends is unknown, so the role is shut for as long as any lease can last.
    expect(body).toEqual({ leases: [two.lease.id], shut: { 'log-read': world.now + 3630 } });
    expect(world.errors).toHaveLength(1);
  });

  it('is not for agents, nor for requesters', async () => {
    const { call } = aBrokerOver();
    const { body } = await call('request', { body: LOGS });
    for (const as of [AGENT_ARN, personArn('requester', 'alice')]) {
      expect((await call('revoke', { as, path: { lease: body.lease.id }, body: { because } })).body.code).toBe(
        'forbidden',
      );
    }
  });
});
