/** One broker, two doors: who may enter through which, and that a person who uses both is one person. */
import { OPERATIONS } from '@leasehold/contract/routes';
import type { ApiEvent } from '../../../lib/broker/http/event';
import { TokenInvalid } from '../../../lib/broker/port-errors';
import type { Environment } from '../../../lib/definitions/model';
import { World } from '../memory';
import {
  ACCOUNTS,
  aBankWithPeople,
  aBrokerWithPeople,
  ISSUER,
  PEOPLE,
  SIGN_IN,
  signedInEvent,
  withoutHumans,
} from './signed-in';
import { AGENT_ARN, aBank, aBrokerOver, aPerson, eventOf, personArn, REASON } from './support';

const OPS = { role: 'ops-read', reason: REASON };
const DEPLOY = { role: 's3-deploy', parameters: { release: '1.4.2' }, reason: 'Upload release 1.4.2 to the bucket' };
const LEAD = personArn('approver', 'lead');
const ONCALL = personArn('approver', 'oncall');
const ALICE = personArn('requester', 'alice');

const outcome = ({ status, body }: { status: number; body: { code?: string } }) => body.code ?? status;

/** Account, kind as which it calls, and what it may list. */
const MAY: readonly (readonly [token: string, as: string, expected: unknown])[] = [
  ['alice', 'requester', 200],
  ['alice', 'approver', 'forbidden'],
  ['alice', 'administrator', 'forbidden'],
  ['lead', 'requester', 200],
  ['lead', 'approver', 200],
  ['lead', 'administrator', 'forbidden'],
  // The definitions say approver, and the token no longer does.
  ['lead-only-staff', 'approver', 'forbidden'],
  ['lead-only-staff', 'requester', 200],
  ['root', 'administrator', 200],
  // In the administrators' group alone, somebody requests nothing.
  ['root', 'requester', 'forbidden'],
  ['kim', 'requester', 200],
  ['kim-who-left', 'requester', 'forbidden'],
  // The token says approver and administrator, and the definitions do not.
  ['alice-with-every-group', 'requester', 200],
  ['alice-with-every-group', 'approver', 'forbidden'],
  ['alice-with-every-group', 'administrator', 'forbidden'],
  ['leader', 'requester', 200],
  ['leader', 'approver', 'forbidden'],
  ['leader', 'administrator', 'forbidden'],
  // The names of others, who do not have these accounts.
  ['like-oncall', 'requester', 'forbidden'],
  ['like-oncall', 'approver', 'forbidden'],
  ['like-agent', 'requester', 'forbidden'],
  ['like-alice', 'requester', 'forbidden'],
  ['like-lead', 'requester', 'forbidden'],
  ['like-lead', 'approver', 'forbidden'],
  // Kinds that no person is.
  ['alice', 'agent', 'forbidden'],
  ['alice', '__proto__', 'forbidden'],
  ['alice', '', 'forbidden'],
  ['alice', 'Requester', 'forbidden'],
];

it.each(MAY)('%s as %s: %s', async (token, as, expected) => {
  const { signedIn } = aBrokerWithPeople();
  expect(outcome(await signedIn('leases', { token, as }))).toBe(expected);
});

it('everybody who can sign in may request where the groups say so, and nobody else becomes an approver', async () => {
  const { signedIn } = aBrokerWithPeople(aBankWithPeople({}, { groups: { ...PEOPLE.groups, requester: '*' } }));
  expect(outcome(await signedIn('leases', { token: 'kim-who-left', as: 'requester' }))).toBe(200);
  expect(outcome(await signedIn('leases', { token: 'kim-who-left', as: 'approver' }))).toBe('forbidden');
});

describe('a door', () => {
  const jwt = { claims: { iss: ISSUER, sub: '00a' } };
  const iam = { userArn: ALICE, accountId: '123456789012' };
  const signed = eventOf('leases', { as: ALICE });
  const signedIn = signedInEvent('leases', { token: 'alice', as: 'requester' });
  const entering = (event: ApiEvent, authorizer: ApiEvent['requestContext']['authorizer']): ApiEvent => ({
    ...event,
    requestContext: authorizer === undefined ? {} : { authorizer },
  });

  it.each<[string, ApiEvent, unknown]>([
    ['of IAM takes a signature', signed, 200],
    ['of IAM takes no token', entering(signed, { jwt }), 'forbidden'],
    ['of IAM takes no token beside a signature', entering(signed, { iam, jwt }), 'forbidden'],
    ['of IAM takes no token in a header', entering({ ...signed, headers: signedIn.headers }, {}), 'forbidden'],
    ['of IAM takes nobody', entering(signed, undefined), 'forbidden'],
    ['for tokens takes a token', signedIn, 200],
    ['for tokens takes no signature', entering(signedIn, { iam }), 'forbidden'],
    ['for tokens takes no signature beside a token', entering(signedIn, { iam, jwt }), 'forbidden'],
    ['for tokens takes no agent', entering(signedIn, { iam: { userArn: AGENT_ARN } }), 'forbidden'],
    ['for tokens takes no token that API Gateway did not verify', entering(signedIn, undefined), 'forbidden'],
    ['for tokens takes no claims without a token', { ...signedIn, headers: {} }, 'sign-in-invalid'],
    [
      'for tokens takes no password',
      { ...signedIn, headers: { authorization: 'Basic YWxpY2U6YWxpY2U=' } },
      'sign-in-invalid',
    ],
    ['for tokens takes no bad token', { ...signedIn, headers: { authorization: 'Bearer x.y.z' } }, 'sign-in-invalid'],
    [
      'for tokens takes no token of somebody else than API Gateway verified',
      entering(signedIn, { jwt: { claims: { iss: ISSUER, sub: '00l' } } }),
      'forbidden',
    ],
    [
      'for tokens takes no token of another issuer than API Gateway verified',
      entering(signedIn, { jwt: { claims: { iss: 'https://evil.example', sub: '00a' } } }),
      'forbidden',
    ],
    ['for tokens takes no claims that API Gateway did not send', entering(signedIn, { jwt: {} }), 'forbidden'],
  ])('%s', async (_, event, expected) => {
    expect(outcome(await aBrokerWithPeople().send(event))).toBe(expected);
  });

  it('for tokens is closed where nobody signs in', async () => {
    for (const bank of [aBank(), aBankWithPeople()]) {
      const { handler } = aBrokerOver(bank);
      expect((await handler(signedIn)).statusCode).toBe(403);
    }
  });

  it('tells apart a bad token, which is 401, and an issuer that is down, which is 503 and can be retried', async () => {
    const failing = (why: 'expired' | 'keys-unavailable') => ({
      ...SIGN_IN,
      verify: async () => {
        throw new TokenInvalid(why);
      },
    });
    const answers = (['expired', 'keys-unavailable'] as const).map(async (why) => {
      const { statusCode, body } = await aBrokerOver(aBankWithPeople(), { signIn: failing(why) }).handler(signedIn);
      return [statusCode, JSON.parse(body).code, JSON.parse(body).retryable];
    });
    expect(await Promise.all(answers)).toEqual([
      [401, 'sign-in-invalid', false],
      [503, 'unavailable', true],
    ]);
  });

  it('for tokens has every route of people, and refuses the kinds that the route does not list', async () => {
    const { signedIn: call } = aBrokerWithPeople();
    for (const operation of OPERATIONS) {
      const path = { lease: 'lh-0', principal: 'alice' };
      const answer = await call(operation, { token: 'alice', as: 'requester', path });
      const open = ['request', 'propose', 'leases', 'status', 'events', 'collect', 'console', 'roles', 'keys'];
      const isOpen = open.includes(operation);
      expect([operation, answer.body.code === 'forbidden']).toEqual([operation, !isOpen]);
    }
  });
});

describe('one person', () => {
  it('sees and collects through one door what they requested through the other', async () => {
    const { call, signedIn } = aBrokerWithPeople();
    const { body } = await signedIn('request', { token: 'alice', as: 'requester', body: OPS });
    const path = { lease: body.lease.id };
    expect(body.lease).toMatchObject({ state: 'pending', requester: 'alice' });
    expect((await call('status', { as: ALICE, path })).status).toBe(200);
    await call('approve', { as: ONCALL, path, body: { hash: body.lease.grant.hash } });
    expect((await call('collect', { as: ALICE, path })).body).toHaveProperty('credentials');
    const { body: signed } = await call('request', { as: ALICE, body: OPS });
    expect(
      (await signedIn('status', { token: 'alice', as: 'requester', path: { lease: signed.lease.id } })).status,
    ).toBe(200);
  });

  it('has one budget', async () => {
    const { call, signedIn, world } = aBrokerWithPeople();
    await call('request', { as: ALICE, body: OPS });
    await signedIn('request', { token: 'alice', as: 'requester', body: OPS });
    const spent = world.calls.flatMap((each) => (each.call === 'spend' ? [each.principal] : []));
    expect(spent).toEqual(['alice', 'alice']);
  });

  it('cannot approve as an IAM user what they requested signed in, nor the other way round', async () => {
    const { call, signedIn } = aBrokerWithPeople();
    const requests = [
      await signedIn('request', { token: 'lead', as: 'requester', body: OPS }),
      await call('request', { as: personArn('requester', 'lead'), body: OPS }),
    ];
    for (const { body } of requests) {
      const { id, grant, approval } = body.lease;
      expect(approval.approvers).toEqual(['oncall', 'third']);
      const answer = { path: { lease: id }, body: { hash: grant.hash } };
      expect(outcome(await call('approve', { as: LEAD, ...answer }))).toBe('own-lease');
      expect(outcome(await signedIn('approve', { token: 'lead', as: 'approver', ...answer }))).toBe('own-lease');
    }
  });

  it('cannot answer twice by changing the door', async () => {
    const { call, signedIn } = aBrokerWithPeople();
    const { body } = await call('request', { body: DEPLOY });
    const answer = { path: { lease: body.lease.id }, body: { hash: body.lease.grant.hash } };
    expect((await call('approve', { as: LEAD, ...answer })).body.state).toBe('pending');
    expect(outcome(await signedIn('approve', { token: 'lead', as: 'approver', ...answer }))).toBe('said-already');
    const { body: after } = await call('status', { path: { lease: body.lease.id } });
    expect(after).toMatchObject({ state: 'pending', approval: { approvals: ['lead'] } });
  });

  it('cannot approve what an agent requested on behalf of their account', async () => {
    const subject = { issuer: ISSUER, sub: '00l', claims: { login: 'lead@example.com' } };
    const broker = aBrokerOver(aBankWithPeople(), { signIn: SIGN_IN, tokens: { verify: async () => subject } });
    const { body } = await broker.call('request', { body: { ...DEPLOY, subjectToken: 'a.b.c' } });
    expect(body.lease.approval.approvers).toEqual(['oncall', 'third']);
    const answer = { as: LEAD, path: { lease: body.lease.id }, body: { hash: body.lease.grant.hash } };
    expect(outcome(await broker.call('approve', answer))).toBe('not-an-approver');
  });

  it.each([
    ['as an IAM user, by the name of the account', { login: 'lead@example.com' }, false],
    ['signed in, by the account itself', {}, true],
  ])('cannot approve it %s, although they were asked before the definitions knew it', async (_, claims, isSignedIn) => {
    const subject = { issuer: ISSUER, sub: '00l', claims };
    const world = new World();
    const ports = { signIn: SIGN_IN, tokens: { verify: async () => subject } };
    const bank = aBankWithPeople();
    const unmapped = { ...bank, principals: bank.principals.map(({ signIn: _written, ...person }) => person) };
    const { body } = await aBrokerOver(unmapped, ports, world).call('request', {
      body: { ...DEPLOY, subjectToken: 'a.b.c' },
    });
    expect(body.lease.approval.approvers).toContain('lead');
    const { call, signedIn } = aBrokerWithPeople(bank, world);
    const answer = { path: { lease: body.lease.id }, body: { hash: body.lease.grant.hash } };
    const told = isSignedIn
      ? await signedIn('approve', { token: 'lead', as: 'approver', ...answer })
      : await call('approve', { as: LEAD, ...answer });
    expect(outcome(told)).toBe('own-lease');
  });

  it('is somebody else than the same account name at another issuer', async () => {
    const subject = { issuer: 'https://other.example', sub: '00l', claims: { login: 'lead@example.com' } };
    const broker = aBrokerOver(aBankWithPeople(), { signIn: SIGN_IN, tokens: { verify: async () => subject } });
    const { body } = await broker.call('request', { body: { ...DEPLOY, subjectToken: 'a.b.c' } });
    expect(body.lease.approval.approvers).toEqual(['lead', 'oncall', 'third']);
  });
});

describe('somebody without a document', () => {
  const request = { token: 'kim', as: 'requester', body: OPS } as const;

  it('has the groups of the token, is recorded with those that mean something, and with an identity of the issuer', async () => {
    const { signedIn, world } = aBrokerWithPeople();
    const { body } = await signedIn('request', request);
    const [first] = world.events.get(body.lease.id) ?? [];
    expect(first?.body).toMatchObject({
      requester: { kind: 'person', name: 'kim', key: `${ISSUER} 00k`, groups: ['ops', 'staff'] },
    });
  });

  it('is not whoever has the same name at the issuer', async () => {
    const { signedIn } = aBrokerWithPeople();
    const { body } = await signedIn('request', request);
    const path = { lease: body.lease.id };
    expect(outcome(await signedIn('status', { token: 'another-kim', as: 'requester', path }))).toBe('not-found');
    expect(outcome(await signedIn('collect', { token: 'another-kim', as: 'requester', path }))).toBe('not-found');
  });

  it('does not get the groups that were stored for a person of that name whose document is gone', async () => {
    const { signedIn, world } = aBrokerWithPeople();
    const stored = { policy: '', groups: ['ops'], version: 1, changedBy: 'root', changedAt: 1 };
    world.stored.set('kim', stored);
    const { body } = await signedIn('roles', { token: 'kim-without-ops', as: 'requester' });
    expect(body.roles).toEqual([]);
  });
});

describe('eligibility when credentials are cut', () => {
  /** A lease of kim, approved by an IAM user. */
  async function approved(bank: Environment = aBankWithPeople()) {
    const broker = aBrokerWithPeople(bank);
    const { body } = await broker.signedIn('request', { token: 'kim', as: 'requester', body: OPS });
    const path = { lease: body.lease.id };
    const { status } = await broker.call('approve', { as: LEAD, path, body: { hash: body.lease.grant.hash } });
    expect(status).toBe(200);
    return { ...broker, path };
  }

  it('holds: the requester collects', async () => {
    const { signedIn, path } = await approved();
    expect((await signedIn('collect', { token: 'kim', as: 'requester', path })).body).toHaveProperty('credentials');
  });

  it.each([
    ['the group that the role asks for', 'kim-without-ops', 'not-eligible'],
    ['every group', 'kim-who-left', 'forbidden'],
  ])('is lost with %s, although it was approved', async (_, token, code) => {
    const { signedIn, path, world } = await approved();
    expect(outcome(await signedIn('collect', { token, as: 'requester', path }))).toBe(code);
    expect(world.cuts).toEqual([]);
    expect(world.events.get(path.lease)?.at(-1)?.body).toMatchObject({ type: 'withheld', code: 'not-eligible' });
  });

  it.each(['collect', 'console'] as const)(
    'is on record as lost only if the requester calls: %s',
    async (operation) => {
      const { signedIn, call, path, world } = await approved();
      const last = () => world.told(path.lease).at(-1);
      // Strangers without the requesters' group, of the same name or not, at both doors, and a token for somebody else.
      for (const token of ['kim-who-left', 'like-alice', 'root']) {
        const event = signedInEvent(operation, { token, as: 'requester', path });
        const jwt = { claims: { iss: ISSUER, sub: token === 'kim-who-left' ? '00l' : ACCOUNTS[token]?.sub } };
        const { statusCode } = await aBrokerWithPeople(undefined, world).handler({
          ...event,
          requestContext: { authorizer: { jwt } },
        } as ApiEvent);
        expect([token, statusCode, last()]).toEqual([token, 403, 'approved']);
      }
      expect(outcome(await call(operation, { as: personArn('requester', 'gone'), path }))).toBe('forbidden');
      expect(outcome(await signedIn(operation, { token: 'kim-who-left', as: 'approver', path }))).toBe('forbidden');
      expect(last()).toBe('approved');
      for (let times = 0; times < 3; times += 1) {
        expect(outcome(await signedIn(operation, { token: 'kim-who-left', as: 'requester', path }))).toBe('forbidden');
      }
      expect(world.told(path.lease).filter((type) => type === 'withheld')).toHaveLength(1);
      const nothing = { token: 'kim-who-left', as: 'requester', path: { lease: 'lh-nothing' } };
      expect(outcome(await signedIn(operation, nothing))).toBe('forbidden');
      expect(world.errors).toEqual([]);
    },
  );

  const CHANGES: Readonly<Record<string, (bank: Environment) => Environment>> = {
    'the approver has left': (bank) => ({ ...bank, approvers: ['oncall', 'third'] }),
    'people sign in no more': ({ broker, ...bank }) => {
      const { people: _, ...rest } = broker ?? aBank().broker ?? fail();
      return { ...bank, broker: rest };
    },
    'another group may request': (bank) => ({
      ...bank,
      broker: aBankWithPeople({}, { groups: { ...PEOPLE.groups, requester: ['contractors'] } }).broker ?? fail(),
    }),
    'the name is now that of a person with a document': (bank) => ({
      ...bank,
      principals: [...bank.principals, aPerson('kim')],
    }),
    'the account is now that of a person with a document': (bank) => ({
      ...bank,
      principals: [...bank.principals, aPerson('k', { signIn: 'kim' })],
    }),
  };

  it.each(Object.keys(CHANGES))('is lost where %s', async (name) => {
    const { world, path } = await approved();
    const changed = aBrokerWithPeople((CHANGES[name] as (bank: Environment) => Environment)(aBankWithPeople()), world);
    expect((await changed.signedIn('collect', { token: 'kim', as: 'requester', path })).status).not.toBe(200);
    expect(world.cuts).toEqual([]);
  });

  it('is lost for a person with a document when an administrator takes the group, whatever the token says', async () => {
    const { call, signedIn, world } = aBrokerWithPeople(withoutHumans(aBankWithPeople()));
    expect((await signedIn('request', { token: 'alice', as: 'requester', body: OPS })).status).toBe(201);
    const body = { policy: '', groups: [], version: 0 };
    await call('putPrincipal', { as: personArn('administrator', 'root'), path: { principal: 'alice' }, body });
    expect(outcome(await signedIn('request', { token: 'alice', as: 'requester', body: OPS }))).toBe('not-eligible');
    expect(world.cuts).toHaveLength(1);
  });

  it('is judged by the recorded groups while an approver answers', async () => {
    const { signedIn, world } = aBrokerWithPeople();
    const { body } = await signedIn('request', { token: 'kim', as: 'requester', body: OPS });
    const bank = aBankWithPeople({}, { groups: { ...PEOPLE.groups, requester: ['contractors'] } });
    const answer = { as: LEAD, path: { lease: body.lease.id }, body: { hash: body.lease.grant.hash } };
    expect(outcome(await aBrokerWithPeople(bank, world).call('approve', answer))).toBe('not-eligible');
  });
});

describe('consent', () => {
  const DOORS = [
    ['signed in', undefined],
    ['as an IAM user', LEAD],
  ] as const;
  const WITH = [undefined, 'mfa', 'passkey'] as const;

  it.each(WITH.flatMap((approveWith) => DOORS.map(([door, as]) => [approveWith, door, as] as const)))(
    'with approveWith %s, %s',
    async (approveWith, _, as) => {
      const { approveWith: _written, ...rest } = PEOPLE;
      const people = approveWith === undefined ? rest : { ...rest, approveWith };
      const bank = aBank({ ...aBankWithPeople(), broker: { ...(aBankWithPeople().broker ?? fail()), people } });
      const { call, signedIn, world } = aBrokerWithPeople(bank);
      const { body } = await call('request', { as: ALICE, body: OPS });
      const answer = { path: { lease: body.lease.id }, body: { hash: body.lease.grant.hash } };
      const told =
        as === undefined
          ? await signedIn('approve', { token: 'lead', as: 'approver', ...answer })
          : await call('approve', { as, ...answer });
      // A token is never enough, and a passkey is asked of everybody.
      const isEnough = as !== undefined && approveWith !== 'passkey';
      expect(outcome(told)).toBe(isEnough ? 200 : 'consent-required');
      expect(world.told(body.lease.id).includes('approved')).toBe(isEnough);
    },
  );

  it('is not needed to deny or to revoke, which takes power away', async () => {
    const { call, signedIn } = aBrokerWithPeople(withoutHumans(aBankWithPeople()));
    const { body: pending } = await call('request', { body: DEPLOY });
    const because = 'Not during the freeze of this week';
    const deny = { token: 'lead', as: 'approver', path: { lease: pending.lease.id }, body: { because } };
    expect((await signedIn('deny', deny)).body.state).toBe('denied');
    const { body: issued } = await call('request', { as: ALICE, body: OPS });
    const revoke = { token: 'root', as: 'administrator', path: { lease: issued.lease.id }, body: { because } };
    expect((await signedIn('revoke', revoke)).status).toBe(200);
  });

  it('of a signed-in administrator alone changes no principal', async () => {
    const { signedIn, world } = aBrokerWithPeople();
    const body = { policy: '', groups: ['ops'], version: 0 };
    const put = { token: 'root', as: 'administrator', path: { principal: 'lead' }, body };
    expect(outcome(await signedIn('putPrincipal', put))).toBe('consent-required');
    expect([...world.stored]).toEqual([]);
  });
});

it('logs who called, and neither token nor account', async () => {
  const { signedIn, world } = aBrokerWithPeople();
  await signedIn('leases', { token: 'alice', as: 'requester' });
  expect(world.lines).toMatchObject([{ operation: 'leases', caller: 'requester alice', status: 200 }]);
  expect(JSON.stringify(world.lines)).not.toContain(ACCOUNTS.alice?.sub);
});

function fail(): never {
  throw new Error('no broker');
}
