/** What was approved is issued only by the definitions as they are when it is collected. */
import { ParameterPattern } from '@leasehold/definitions';
import fc from 'fast-check';
import { grantHash } from '../../../lib/broker/grant/grant';
import { type EventBody, type LeaseEvent, nextEvent } from '../../../lib/broker/lease/event';
import { MOST_WITHHELD } from '../../../lib/broker/lease/fold';
import { Unavailable } from '../../../lib/broker/port-errors';
import { eventWords } from '../../../lib/broker/words/events';
import type { BrokerRules, Environment, Role } from '../../../lib/definitions/model';
import { World } from '../memory';
import { AGENT_ARN, aBank, aBroker, aBrokerOver, aPerson, personArn, REASON, rules } from './support';

const LEAD = personArn('approver', 'lead');
const ONCALL = personArn('approver', 'oncall');
const ALICE = personArn('requester', 'alice');
const DEPLOY = { role: 's3-deploy', parameters: { release: '1.4.2' }, reason: 'Upload release 1.4.2 to the bucket' };
const OPS = { role: 'ops-read', reason: REASON };

/** A change of the definitions between the approval and the collection. */
type Change = (bank: Environment) => Environment;

const ofRole =
  (name: string, change: (role: Role) => Role): Change =>
  (bank) => ({ ...bank, roles: bank.roles.map((role) => (role.name === name ? change(role) : role)) });
const ofRules = (name: string, overrides: Partial<BrokerRules>): Change =>
  ofRole(name, (role) => ({ ...role, broker: { ...(role.broker ?? rules()), ...overrides } }));

const AGAINST_DEPLOY: Readonly<Record<string, readonly [Change, string]>> = {
  'the role is gone': [
    (bank) => ({ ...bank, roles: bank.roles.filter(({ name }) => name !== 's3-deploy') }),
    'not-eligible',
  ],
  'the role is opened otherwise': [ofRole('s3-deploy', ({ broker: _, ...role }) => role), 'not-eligible'],
  'the agent is not eligible': [ofRules('s3-deploy', { eligible: { agents: [], groups: ['ops'] } }), 'not-eligible'],
  'another agent is eligible': [ofRules('s3-deploy', { eligible: { agents: ['other'], groups: [] } }), 'not-eligible'],
  'one approver has left': [(bank) => ({ ...bank, approvers: ['lead', 'third'] }), 'not-eligible'],
  'both approvers have left': [(bank) => ({ ...bank, approvers: ['third', 'fourth'] }), 'not-eligible'],
  'it asks for three humans': [ofRules('s3-deploy', { humans: 3 }), 'not-eligible'],
  'the window is over': [ofRules('s3-deploy', { windowSeconds: 30 }), 'lapsed'],
  'leases are shorter': [
    ofRole('s3-deploy', (role) => ({ ...role, lease: { defaultSeconds: 300, maxSeconds: 300 } })),
    'invalid-request',
  ],
  'an action is gone': [
    ofRole('s3-deploy', (role) => ({
      ...role,
      allow: role.allow.map((allow) => ({ ...allow, actions: ['s3:GetObject'] })),
    })),
    'outside-envelope',
  ],
  'the resource is another': [
    ofRole('s3-deploy', (role) => ({
      ...role,
      allow: role.allow.map((allow) => ({ ...allow, resources: ['arn:aws:s3:::hermes-dev-other/${param.release}/*'] })),
    })),
    'outside-envelope',
  ],
  'a condition was added': [
    ofRole('s3-deploy', (role) => ({
      ...role,
      allow: role.allow.map((allow) => ({ ...allow, conditions: { Bool: { 'aws:SecureTransport': ['true'] } } })),
    })),
    'outside-envelope',
  ],
  'the parameter takes no such value': [
    ofRole('s3-deploy', (role) => ({
      ...role,
      parameters: role.parameters.map((each) => ({ ...each, pattern: new ParameterPattern('v[0-9]+') })),
    })),
    'invalid-request',
  ],
  'the parameter is gone': [ofRole('s3-deploy', (role) => ({ ...role, parameters: [] })), 'invalid-request'],
  'another parameter is asked for': [
    ofRole('s3-deploy', (role) => ({
      ...role,
      parameters: [...role.parameters, { name: 'stage', description: 'Stage', values: ['a'] }],
    })),
    'invalid-request',
  ],
  'the parameter is bound to a subject': [
    ofRole('s3-deploy', (role) => ({
      ...role,
      parameters: role.parameters.map((each) => ({ ...each, from: 'subject.sub' as const })),
    })),
    'invalid-request',
  ],
  'the agent has another identity': [(bank) => ({ ...bank, project: 'zeus' }), 'forbidden'],
  'it is outside hours': [(bank) => ({ ...bank, broker: aBroker({ hours: { from: 9, to: 10 } }) }), 'outside-hours'],
};

const HARMLESS: Readonly<Record<string, Change>> = {
  nothing: (bank) => bank,
  'another role is gone': (bank) => ({ ...bank, roles: bank.roles.filter(({ name }) => name !== 'log-read') }),
  'a third approver has left': (bank) => ({ ...bank, approvers: ['lead', 'oncall'] }),
  'one human is enough': ofRules('s3-deploy', { humans: 1 }),
  'more is allowed': ofRole('s3-deploy', (role) => ({
    ...role,
    allow: [
      ...role.allow,
      { actions: ['s3:ListBucket'], resources: ['arn:aws:s3:::hermes-dev-deploy'], conditions: {} },
    ],
  })),
  'another group is eligible, too': ofRules('s3-deploy', { eligible: { agents: ['agent'], groups: ['staff'] } }),
};

/** A lease that two humans approved by the bank's definitions, a minute ago. */
async function approved() {
  const world = new World();
  const { call } = aBrokerOver(aBank(), {}, world);
  const { body } = await call('request', { body: DEPLOY });
  const path = { lease: body.lease.id as string };
  for (const as of [LEAD, ONCALL]) await call('approve', { as, path, body: { hash: body.lease.grant.hash } });
  world.now += 60;
  return { world, path };
}

describe('a lease that was approved by older definitions', () => {
  it.each(Object.entries(AGAINST_DEPLOY))('is not issued where %s', async (_, [change, code]) => {
    const { world, path } = await approved();
    const { call } = aBrokerOver(change(aBank()), {}, world);
    const { status, body } = await call('collect', { path });
    expect([status >= 400, body.code]).toEqual([true, code]);
    expect(world.cuts).toEqual([]);
    // The refusal is on record, and so on the bus. Somebody who is not the requester any more records nothing.
    const last = world.events.get(path.lease)?.at(-1)?.body;
    expect(last).toMatchObject(code === 'forbidden' ? { type: 'approved' } : { type: 'withheld', code });
    // And what is restored in time is issued after all.
    expect((await aBrokerOver(aBank(), {}, world).call('collect', { path })).status).toBe(200);
  });

  it.each(Object.entries(HARMLESS))('is issued where %s', async (_, change) => {
    const { world, path } = await approved();
    const { status, body } = await aBrokerOver(change(aBank()), {}, world).call('collect', { path });
    expect([status, body.lease.state]).toEqual([200, 'issued']);
  });

  it('is issued only where the same could be asked for anew', async () => {
    const changes = [...Object.values(AGAINST_DEPLOY).map(([change]) => change), ...Object.values(HARMLESS)];
    await fc.assert(
      fc.asyncProperty(fc.subarray(changes, { maxLength: 3 }), async (some) => {
        const { world, path } = await approved();
        const bank = some.reduce((before, change) => change(before), aBank());
        const { call } = aBrokerOver(bank, {}, world);
        const issued = (await call('collect', { path })).status === 200;
        // 201 where the change left nobody to ask.
        if (issued) expect([201, 202]).toContain((await call('request', { body: DEPLOY })).status);
      }),
      { numRuns: Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 100) },
    );
  });

  it('is recorded as withheld once, however often and by however many it is collected', async () => {
    const { world, path } = await approved();
    const narrower = aBrokerOver(ofRules('s3-deploy', { eligible: { agents: [], groups: [] } })(aBank()), {}, world);
    const collectors = Array.from({ length: 8 }, () => narrower.call('collect', { path }));
    for (const { body } of await Promise.all(collectors)) expect(body.code).toBe('not-eligible');
    expect((await narrower.call('collect', { path })).body.code).toBe('not-eligible');
    expect(world.told(path.lease).slice(-2)).toEqual(['approved', 'withheld']);
    const what = 'withheld the credentials (not-eligible): The requester is no longer eligible for the role.';
    expect(eventWords(world.events.get(path.lease) ?? []).at(-1)).toMatchObject({ who: 'broker', what });
  });

  it('is withheld for another reason on record, up to a limit, and always refused', async () => {
    const { world, path } = await approved();
    const bank = aBank();
    const closed = aBrokerOver({ ...bank, broker: aBroker({ hours: { from: 9, to: 10 } }) }, {}, world);
    const narrower = aBrokerOver(ofRules('s3-deploy', { eligible: { agents: [], groups: [] } })(bank), {}, world);
    for (let tries = 0; tries < MOST_WITHHELD; tries += 1) {
      expect((await closed.call('collect', { path })).body.code).toBe('outside-hours');
      expect((await narrower.call('collect', { path })).body.code).toBe('not-eligible');
    }
    expect(world.told(path.lease).filter((type) => type === 'withheld')).toHaveLength(MOST_WITHHELD);
    expect(world.cuts).toEqual([]);
    expect(world.errors).toEqual([]);
    const because = 'The release was withdrawn';
    expect((await closed.call('deny', { as: LEAD, path, body: { because } })).status).toBe(200);
  });

  it('is withheld all the same where that cannot be recorded', async () => {
    const { world, path } = await approved();
    const narrower = aBrokerOver(ofRules('s3-deploy', { eligible: { agents: [], groups: [] } })(aBank()), {}, world);
    world.faults.push({ call: 'append', when: 'before', error: new Unavailable('dynamodb:PutItem') });
    expect((await narrower.call('collect', { path })).body.code).toBe('not-eligible');
    expect(world.errors).toHaveLength(1);
    expect(world.errors[0]).toContain('withheld-unrecorded');
    expect([world.told(path.lease).at(-1), world.cuts]).toEqual(['approved', []]);
  });

  it('is not recorded as withheld by anybody but its requester', async () => {
    const { world, path } = await approved();
    const narrower = aBrokerOver(ofRules('s3-deploy', { eligible: { agents: [], groups: [] } })(aBank()), {}, world);
    expect((await narrower.call('collect', { as: ALICE, path })).body.code).toBe('not-found');
    expect(world.told(path.lease).at(-1)).toBe('approved');
  });

  it('is not handed over a second time either', async () => {
    const { world, path } = await approved();
    expect((await aBrokerOver(aBank(), {}, world).call('collect', { path })).status).toBe(200);
    const narrower = aBrokerOver(ofRules('s3-deploy', { eligible: { agents: [], groups: [] } })(aBank()), {}, world);
    expect((await narrower.call('collect', { path })).body.code).toBe('not-eligible');
    expect(world.cuts).toHaveLength(1);
    expect(world.told(path.lease).slice(-2)).toEqual(['collected', 'withheld']);
  });
});

describe('a lease that waits for approvers', () => {
  it.each(Object.entries(AGAINST_DEPLOY).filter(([name]) => !/have left|identity/.test(name)))(
    'is not approved where %s',
    async (_, [change, code]) => {
      const world = new World();
      const { body } = await aBrokerOver(aBank(), {}, world).call('request', { body: DEPLOY });
      const path = { lease: body.lease.id };
      world.now += 60;
      const { call } = aBrokerOver(change(aBank()), {}, world);
      const answer = await call('approve', { as: LEAD, path, body: { hash: body.lease.grant.hash } });
      // Of two approvers one is left, and has not answered yet.
      expect(answer.body.code ?? 'approved').toBe(/one approver/.test(_) ? 'approved' : code);
    },
  );

  it('is not approved where somebody who approved it is no approver any more', async () => {
    const world = new World();
    const { call } = aBrokerOver(aBank(), {}, world);
    const { body } = await call('request', { body: DEPLOY });
    const path = { lease: body.lease.id };
    const { hash } = body.lease.grant;
    await call('approve', { as: ONCALL, path, body: { hash } });
    const without = aBrokerOver(aBank({ approvers: ['lead', 'third'] }), {}, world);
    const answer = await without.call('approve', { as: LEAD, path, body: { hash } });
    expect([answer.status, answer.body.code]).toEqual([403, 'not-eligible']);
    expect(answer.body.detail).toContain('oncall');
  });
});

describe('a person', () => {
  const put = (groups: readonly string[]) => ({
    as: personArn('administrator', 'root'),
    path: { principal: 'alice' },
    body: { policy: '', groups, version: 0 },
  });

  it.each(['before', 'after'] as const)('who left the group %s the approval gets nothing', async (when) => {
    const { call, world } = aBrokerOver();
    const { body } = await call('request', { as: ALICE, body: OPS });
    const path = { lease: body.lease.id };
    const approve = () => call('approve', { as: LEAD, path, body: { hash: body.lease.grant.hash } });
    if (when === 'after') expect((await approve()).status).toBe(200);
    await call('putPrincipal', put([]));
    if (when === 'before') expect((await approve()).body.code).toBe('not-eligible');
    expect((await call('collect', { as: ALICE, path })).status).toBeGreaterThanOrEqual(400);
    expect((await call('console', { as: ALICE, path })).status).toBeGreaterThanOrEqual(400);
    expect(world.cuts).toEqual([]);
  });

  it('who left the definitions gets nothing, even where an administrator stored groups of theirs', async () => {
    const world = new World();
    const { call } = aBrokerOver(aBank(), {}, world);
    const { body } = await call('request', { as: ALICE, body: OPS });
    const path = { lease: body.lease.id };
    await call('putPrincipal', put(['ops']));
    const { call: later } = aBrokerOver(aBank({ principals: [aPerson('lead')] }), {}, world);
    const answer = await later('approve', { as: LEAD, path, body: { hash: body.lease.grant.hash } });
    expect(answer.body.code).toBe('not-eligible');
  });
});

describe('a record that somebody wrote past the broker', () => {
  /** Writes a lease of the agent, of two humans' approvals or of none, by the broker's own rules of a record. */
  async function forged(definitions: Environment, body: object, as = AGENT_ARN) {
    const world = new World();
    const forger = aBrokerOver(definitions, {}, world);
    const { body: made } = await forger.call('request', { body, as });
    const path = { lease: (made.lease?.id ?? made.lease) as string };
    for (const name of ['lead', 'oncall']) {
      await forger.call('approve', { as: personArn('approver', name), path, body: { hash: made.lease?.grant?.hash } });
    }
    // Handed over already by the forger, and collected again.
    return { world, path, cuts: world.cuts.length };
  }

  const everything = [{ actions: ['*'], resources: ['*'], conditions: {} }];
  it.each<[string, Change, object]>([
    [
      'everything on everything',
      ofRole('log-read', (role) => ({ ...role, allow: everything })),
      { role: 'log-read', reason: REASON },
    ],
    [
      'an hour of a role that has half of it',
      ofRole('log-read', (role) => ({ ...role, lease: { defaultSeconds: 3600, maxSeconds: 3600 } })),
      { role: 'log-read', reason: REASON },
    ],
    ['no humans', ofRules('s3-deploy', { humans: 0 }), DEPLOY],
    ['a role of others', ofRules('ops-read', { humans: 0, eligible: { agents: ['agent'], groups: [] } }), OPS],
    [
      'a role that is not there',
      ofRole('log-read', (role) => ({ ...role, name: 'all' })),
      { role: 'all', reason: REASON },
    ],
    [
      'a customer without a token',
      ofRole('profile', (role) => ({ ...role, parameters: role.parameters.map(({ from: _, ...each }) => each) })),
      { role: 'profile', parameters: { customer: 'c-1002' }, reason: REASON },
    ],
  ])('opens nothing: %s', async (_, change, body) => {
    const { world, path, cuts } = await forged(change(aBank()), body);
    expect(cuts).toBe(1);
    const { status } = await aBrokerOver(aBank(), {}, world).call('collect', { path });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(world.cuts).toHaveLength(1);
  });

  it('opens nothing by the name of another agent', async () => {
    const { world, path } = await approved();
    const forged: LeaseEvent[] = [];
    let hash = '';
    for (const { at, body } of world.events.get(path.lease) ?? []) {
      const next = body.type === 'approved' ? { ...body, hash } : renamed(body);
      if (next.type === 'proposed') hash = grantHash(next.grant);
      forged.push(nextEvent(path.lease, forged.at(-1), at, next));
    }
    world.events.set(path.lease, forged);
    const bank = ofRules('s3-deploy', { eligible: { agents: ['other'], groups: [] } })(aBank());
    const { status, body } = await aBrokerOver(bank, {}, world).call('collect', { path });
    expect([status, body.code]).toEqual([403, 'not-eligible']);
    expect(world.cuts).toEqual([]);
  });
});

/** The same event, of an agent of another name with the same key. */
function renamed(body: EventBody): EventBody {
  if (body.type === 'requested') return { ...body, requester: { ...body.requester, name: 'other' } };
  if (body.type !== 'proposed') return body;
  const { grant } = body;
  const tags = { ...grant.tags, requester: 'other' };
  return { ...body, grant: { ...grant, tags, sourceIdentity: 'other' } };
}
