/** Nobody reads, collects or changes the leases of others by knowing their ids: every route, through both doors. */
import { type CallerKind, OPERATIONS, type Operation, ROUTES } from '@leasehold/contract/routes';
import type { Environment } from '../../../lib/definitions/model';
import { anAgent } from '../../support/environment';
import { World } from '../memory';
import { aBankWithPeople, aBrokerWithPeople } from './signed-in';
import { AGENT_ARN, personArn, REASON } from './support';

type House = ReturnType<typeof aBrokerWithPeople>;

/** The bank with a second agent, which may do what the first one may. */
function aBankWithRobot(): Environment {
  const bank = aBankWithPeople();
  const roles = bank.roles.map((role) => {
    const { broker } = role;
    if (broker === undefined || !broker.eligible.agents.includes('agent')) return role;
    return { ...role, broker: { ...broker, eligible: { ...broker.eligible, agents: ['agent', 'robot'] } } };
  });
  return { ...bank, roles, agents: [...bank.agents, { ...anAgent(), name: 'robot' }] };
}

interface Somebody {
  readonly kind: CallerKind;
  call(house: House, operation: Operation, options?: object): ReturnType<House['send']>;
}

const byIam = (kind: CallerKind, as: string): Somebody => ({
  kind,
  call: ({ call }, operation, options) => call(operation, { ...options, as }),
});
const byToken = (kind: CallerKind, token: string): Somebody => ({
  kind,
  call: ({ signedIn }, operation, options) => signedIn(operation, { ...options, token, as: kind }),
});

const SOMEBODY = {
  agent: byIam('agent', AGENT_ARN),
  robot: byIam('agent', 'arn:aws:iam::123456789012:user/agents/hermes-dev-robot'),
  alice: byIam('requester', personArn('requester', 'alice')),
  'alice, signed in': byToken('requester', 'alice'),
  lead: byIam('requester', personArn('requester', 'lead')),
  kim: byToken('requester', 'kim'),
  'another kim': byToken('requester', 'another-kim'),
} as const satisfies Readonly<Record<string, Somebody>>;
type Name = keyof typeof SOMEBODY;

/** Everybody's lease in every state that it can be read in. */
const OWNERS: Readonly<Record<string, readonly [owner: Name, body: object, approvals: number, collected: boolean]>> = {
  'pending lease': ['agent', { role: 's3-deploy', parameters: { release: '1.4.2' }, reason: REASON }, 0, false],
  'approved lease': ['agent', { role: 's3-deploy', parameters: { release: '1.4.2' }, reason: REASON }, 2, false],
  'issued lease': ['agent', { role: 'log-read', reason: REASON }, 0, true],
  'denied request': ['agent', { role: 'ops-read', reason: REASON }, 0, false],
  'pending lease of a person': ['kim', { role: 'ops-read', reason: REASON }, 0, false],
  'approved lease of a person': ['kim', { role: 'ops-read', reason: REASON }, 1, false],
  'lease of a person with a document': ['alice', { role: 'ops-read', reason: REASON }, 1, true],
};

async function aLease(house: House, [owner, body, approvals, collected]: (typeof OWNERS)[string]): Promise<string> {
  const answer = await SOMEBODY[owner].call(house, 'request', { body });
  const { lease } = answer.body;
  const id: string = lease?.id ?? lease;
  const path = { lease: id };
  for (const name of ['oncall', 'third'].slice(0, approvals)) {
    const approval = { as: personArn('approver', name), path, body: { hash: lease.grant.hash } };
    expect((await house.call('approve', approval)).status).toBe(200);
  }
  if (collected && approvals > 0) expect((await SOMEBODY[owner].call(house, 'collect', { path })).status).toBe(200);
  return id;
}

/** The same person through both doors. */
const SAME: Readonly<Partial<Record<Name, readonly Name[]>>> = { alice: ['alice', 'alice, signed in'] };
/** Routes of one lease. */
const OF_A_LEASE = OPERATIONS.filter((operation) => ROUTES[operation].path.includes('{lease}'));

const rows = Object.keys(OWNERS).flatMap((what) => {
  const [owner] = OWNERS[what] as (typeof OWNERS)[string];
  return (Object.keys(SOMEBODY) as Name[])
    .filter((name) => name !== owner && SAME[owner]?.includes(name) !== true)
    .map((name) => [what, owner, name] as const);
});

it.each(rows)('a %s, of %s, is for %s as if it were not there, on every route', async (what, _, name) => {
  const house = aBrokerWithPeople(aBankWithRobot(), new World());
  const id = await aLease(house, OWNERS[what] as (typeof OWNERS)[string]);
  const before = JSON.stringify([[...house.world.events], house.world.cuts, house.world.now]);
  const somebody = SOMEBODY[name];
  const bodies: Readonly<Partial<Record<Operation, object>>> = {
    approve: { hash: 'a'.repeat(64) },
    deny: { because: 'Not during the freeze of this week' },
    revoke: { because: 'Not during the freeze of this week' },
  };
  for (const operation of OF_A_LEASE) {
    const send = (lease: string) =>
      somebody.call(house, operation, {
        path: { lease },
        ...(bodies[operation] === undefined ? {} : { body: bodies[operation] }),
        ...(operation === 'status' ? { query: 'wait=20' } : {}),
      });
    const [known, unknown] = [await send(id), await send('lh-nothing')];
    const mayCall = (ROUTES[operation].callers as readonly CallerKind[]).includes(somebody.kind);
    expect([operation, known.status, known.body.code]).toEqual([
      operation,
      ...(mayCall ? [404, 'not-found'] : [403, 'forbidden']),
    ]);
    // Nothing but the id that was sent differs.
    const same = (answer: typeof known) => JSON.stringify(answer).replaceAll(id, 'lh-nothing');
    expect(same(known)).toBe(same(unknown));
  }
  expect(JSON.stringify([[...house.world.events], house.world.cuts, house.world.now])).toBe(before);
});

it('everybody sees their own lease, so that the answers above are not those of a broker that shows nothing', async () => {
  for (const [owner, ...rest] of Object.values(OWNERS)) {
    const house = aBrokerWithPeople(aBankWithRobot(), new World());
    const lease = await aLease(house, [owner, ...rest]);
    for (const name of SAME[owner] ?? [owner]) {
      expect((await SOMEBODY[name].call(house, 'events', { path: { lease } })).status).toBe(200);
    }
  }
});

it('a list has the own leases alone, whatever page is asked for', async () => {
  const house = aBrokerWithPeople(aBankWithRobot(), new World());
  for (const owned of Object.values(OWNERS)) await aLease(house, owned);
  for (const [name, somebody] of Object.entries(SOMEBODY)) {
    for (const query of ['', 'days=31', 'next=0', 'next=1&days=31', 'open=true']) {
      const { status, body } = await somebody.call(house, 'leases', query === '' ? {} : { query });
      expect(status).toBe(200);
      const [first = ''] = name.split(',');
      const requesters = body.leases.map(({ requester }: { requester: string }) => requester);
      expect(requesters.filter((each: string) => each !== first)).toEqual([]);
    }
    for (const query of ['requester=agent', 'requester=alice', 'role=s3-deploy']) {
      expect((await somebody.call(house, 'leases', { query })).body.code).toBe('forbidden');
    }
  }
});
