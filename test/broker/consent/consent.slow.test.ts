/** Approvals, denials, revocations and changes by administrators, signed with passkeys, over HTTP. */
import type { Consent } from '@leasehold/contract/consent';
import { consentStatement, type Decided, NONCE_SECONDS, type Statement } from '../../../lib/broker/consent/statement';
import { fold } from '../../../lib/broker/lease/fold';
import { aBrokerOver, personArn } from '../http/support';
import { Authenticator, aNonce, PARTY, type Twist } from './authenticator';
import { aHouse } from './people';

type House = ReturnType<typeof aHouse>;
type Key = Authenticator;

async function aStaffedHouse(required = true) {
  const house = aHouse(required);
  const root = await house.enrol('administrator', 'root', { name: 'root' }, true);
  const lead = await house.enrol('approver', 'lead', { name: 'root', key: root });
  const oncall = await house.enrol('approver', 'oncall', { name: 'root', key: root });
  return { house, root, lead, oncall };
}

function leaseIn({ world }: House, id: string): Decided {
  return fold(world.events.get(id) ?? []);
}

/** Signs and approves. */
async function approve(
  house: House,
  name: string,
  key: Key,
  lease: { readonly id: string; readonly grant: { readonly hash: string } },
  change: {
    readonly statement?: Statement | undefined;
    readonly twist?: Twist;
    readonly consent?: Partial<Consent>;
  } = {},
) {
  const statement = change.statement ?? consentStatement(leaseIn(house, lease.id), 'approve', name);
  const consent = { ...(await house.signed('approver', name, key, statement, change.twist)), ...change.consent };
  const body = { hash: lease.grant.hash, consent };
  return house.call('approve', { as: personArn('approver', name), path: { lease: lease.id }, body });
}

it('a nonce states the names that the statement of its caller contains', async () => {
  const house = aHouse();
  for (const [kind, name] of [
    ['approver', 'lead'],
    ['administrator', 'root'],
  ] as const) {
    expect(await house.nonceOf(kind, name)).toMatchObject({ person: name, environment: house.at, relyingParty: PARTY });
  }
});

describe('an approval', () => {
  it('is recorded with its whole signature, and two of them open the lease', async () => {
    const { house, lead, oncall } = await aStaffedHouse();
    const lease = await house.pending();
    expect(await approve(house, 'lead', lead, lease)).toMatchObject({ status: 200, body: { state: 'pending' } });
    expect(await approve(house, 'oncall', oncall, lease)).toMatchObject({ status: 200, body: { state: 'approved' } });
    const signed = (house.world.events.get(lease.id) ?? []).flatMap(({ body }) =>
      body.type === 'approved' ? [body.assertion?.credential] : [],
    );
    expect(signed).toEqual([lead.id, oncall.id]);
    expect((await house.call('collect', { path: { lease: lease.id } })).status).toBe(200);
  });

  it('without a signature is refused where passkeys are required, and recorded nowhere', async () => {
    const { house } = await aStaffedHouse();
    const lease = await house.pending();
    const body = { hash: lease.grant.hash };
    const answer = await house.call('approve', { as: personArn('approver', 'lead'), path: { lease: lease.id }, body });
    expect(answer).toMatchObject({ status: 403, body: { code: 'consent-required' } });
    expect(house.world.told(lease.id)).toEqual(['requested', 'proposed']);
  });

  it('stays signed for a lease that was proposed so, when the definitions no longer demand it', async () => {
    const { house } = await aStaffedHouse();
    const lease = await house.pending();
    const lax = aHouse(false);
    lax.world.events.set(lease.id, house.world.events.get(lease.id) ?? []);
    const body = { hash: lease.grant.hash };
    expect(
      await lax.call('approve', { as: personArn('approver', 'lead'), path: { lease: lease.id }, body }),
    ).toMatchObject({ status: 403, body: { code: 'consent-required' } });
  });

  it('without a signature is refused as unsigned also for a lease that was proposed before signatures were demanded', async () => {
    const lax = aHouse(false);
    const lease = await lax.pending();
    const house = aHouse();
    house.world.events.set(lease.id, lax.world.events.get(lease.id) ?? []);
    const body = { hash: lease.grant.hash };
    const answer = await house.call('approve', { as: personArn('approver', 'lead'), path: { lease: lease.id }, body });
    expect(answer).toMatchObject({ status: 403, body: { code: 'consent-required' } });
    expect(house.world.told(lease.id)).toEqual(['requested', 'proposed']);
  });

  it('without a signature no longer opens the lease once the definitions demand signatures', async () => {
    const lax = aHouse(false);
    const lease = await lax.pending();
    const path = { lease: lease.id };
    for (const name of ['lead', 'oncall']) {
      await lax.call('approve', { as: personArn('approver', name), path, body: { hash: lease.grant.hash } });
    }
    const house = aHouse();
    house.world.events.set(lease.id, lax.world.events.get(lease.id) ?? []);
    expect(await house.call('collect', { path })).toMatchObject({ status: 403, body: { code: 'not-eligible' } });
    expect((await lax.call('collect', { path })).status).toBe(200);
  });

  it('needs no signature where they are not required, but one that is sent must be valid', async () => {
    const { house, lead, oncall } = await aStaffedHouse(false);
    const lease = await house.pending();
    const body = { hash: lease.grant.hash };
    const as = personArn('approver', 'lead');
    expect((await house.call('approve', { as, path: { lease: lease.id }, body })).status).toBe(200);
    expect(await approve(house, 'oncall', lead, lease)).toMatchObject({ body: { code: 'consent-invalid' } });
    expect((await approve(house, 'oncall', oncall, lease)).status).toBe(200);
  });
});

describe('refuses the signature', () => {
  const other = (change: Partial<Extract<Statement, { profile: 'leasehold.consent/1' }>>) => (statement: Statement) =>
    ({ ...statement, ...change }) as Statement;
  it.each<[string, { readonly statement?: (own: Statement) => Statement; readonly twist?: Twist }]>([
    ['of another decision', { statement: other({ decision: 'deny' }) }],
    ['for another person', { statement: other({ approver: 'oncall' }) }],
    ['of another grant', { statement: other({ grantHash: 'f'.repeat(64) }) }],
    ['of a wider scope', { statement: other({ scope: { role: 's3-deploy', parameters: {}, seconds: 3600 } }) }],
    ['for another environment', { statement: other({ environment: 'hermes/prod/123456789012' }) }],
    ['from another origin', { twist: { origin: 'https://evil.example' } }],
    ['for another relying party', { twist: { rpId: 'evil.example' } }],
    ['without user verification', { twist: { flags: 0x01 } }],
    ['in a frame', { twist: { clientData: { crossOrigin: true } } }],
  ])('%s', async (_, { statement, twist }) => {
    const { house, lead } = await aStaffedHouse();
    const lease = await house.pending();
    const own = consentStatement(leaseIn(house, lease.id), 'approve', 'lead') as Statement;
    const change = { statement: statement?.(own), ...(twist === undefined ? {} : { twist }) };
    expect(await approve(house, 'lead', lead, lease, change)).toMatchObject({
      status: 403,
      body: { code: 'consent-invalid' },
    });
    expect(house.world.told(lease.id)).toEqual(['requested', 'proposed']);
  });

  it('of another lease, replayed', async () => {
    const { house, lead } = await aStaffedHouse();
    const [first, second] = [await house.pending(), await house.pending('Upload the other release of today')];
    const statement = consentStatement(leaseIn(house, first.id), 'approve', 'lead');
    expect(await approve(house, 'lead', lead, second, { statement })).toMatchObject({
      body: { code: 'consent-invalid' },
    });
    expect((await approve(house, 'lead', lead, first)).status).toBe(200);
  });

  it('that was accepted once and is sent again as it is, wherever that is', async () => {
    const { house, lead, oncall } = await aStaffedHouse();
    const [first, second] = [await house.pending(), await house.pending('Upload the other release of today')];
    const statement = consentStatement(leaseIn(house, first.id), 'approve', 'lead');
    const consent = await house.signed('approver', 'lead', lead, statement);
    const as = personArn('approver', 'lead');
    const [here, there] = [{ lease: first.id }, { lease: second.id }];
    const body = { hash: first.grant.hash, consent };
    expect((await house.call('approve', { as, path: here, body })).status).toBe(200);
    const before = [...house.world.events].map(([id]) => house.world.told(id));
    const because = 'The release was withdrawn';
    const attempts: readonly [Parameters<House['call']>[0], Parameters<House['call']>[1], string][] = [
      // The same person, on the same lease and on another one.
      ['approve', { as, path: here, body }, 'said-already'],
      ['approve', { as, path: there, body: { ...body, hash: second.grant.hash } }, 'consent-invalid'],
      ['deny', { as, path: here, body: { because, consent } }, 'consent-invalid'],
      ['deny', { as, path: there, body: { because, consent } }, 'consent-invalid'],
      // Another person, on both.
      ['approve', { as: personArn('approver', 'oncall'), path: here, body }, 'consent-invalid'],
      [
        'approve',
        { as: personArn('approver', 'oncall'), path: there, body: { ...body, hash: second.grant.hash } },
        'consent-invalid',
      ],
      // Another kind of decision.
      ['removeKey', { as, path: { principal: 'lead' }, body: { key: lead.id, because, consent } }, 'consent-invalid'],
      [
        'putPrincipal',
        {
          as: personArn('administrator', 'root'),
          path: { principal: 'alice' },
          body: { policy: '', groups: ['ops'], version: 0, consent },
        },
        'consent-invalid',
      ],
    ];
    for (const [operation, options, code] of attempts) {
      expect([operation, (await house.call(operation, options)).body.code]).toEqual([operation, code]);
    }
    expect([...house.world.events].map(([id]) => house.world.told(id))).toEqual(before);
    expect(house.keysOf('lead').keys).toHaveLength(1);
    // The attempts spoil nothing.
    expect((await approve(house, 'oncall', oncall, first)).status).toBe(200);
    expect((await approve(house, 'lead', lead, second)).status).toBe(200);
  });

  it('of somebody else’s key, sent as one’s own', async () => {
    const { house, oncall } = await aStaffedHouse();
    const lease = await house.pending();
    expect(await approve(house, 'lead', oncall, lease)).toMatchObject({ body: { code: 'consent-invalid' } });
  });

  it('of a removed key', async () => {
    const { house, root, lead } = await aStaffedHouse();
    const lease = await house.pending();
    expect((await house.remove('administrator', { name: 'root', key: root }, 'lead', lead)).status).toBe(200);
    expect(await approve(house, 'lead', lead, lease)).toMatchObject({ body: { code: 'consent-invalid' } });
  });

  it('of a key whose counter went back, or stayed', async () => {
    const { house, lead, oncall } = await aStaffedHouse();
    const [first, second] = [await house.pending(), await house.pending('Upload the other release of today')];
    expect((await approve(house, 'lead', lead, first, { twist: { counter: 9 } })).status).toBe(200);
    for (const counter of [8, 9, 0]) {
      expect(await approve(house, 'lead', lead, second, { twist: { counter } })).toMatchObject({
        body: { code: 'consent-invalid', detail: expect.stringContaining('counter') },
      });
    }
    expect((await approve(house, 'lead', lead, second, { twist: { counter: 10 } })).status).toBe(200);
    expect((await approve(house, 'oncall', oncall, second)).status).toBe(200);
  });

  it('of a key whose id another person copied: counters are separate', async () => {
    const { house, root, lead } = await aStaffedHouse();
    const copy = new Authenticator('ES256', PARTY, lead.id);
    await house.enrol('approver', 'third', { name: 'root', key: root }, false, copy);
    const lease = await house.pending();
    expect((await approve(house, 'third', copy, lease, { twist: { counter: 1000 } })).status).toBe(200);
    expect((await approve(house, 'lead', lead, lease, { twist: { counter: 3 } })).status).toBe(200);
  });

  it('over a nonce that expired, that the broker did not make, or that it made for somebody else', async () => {
    const { house, lead } = await aStaffedHouse();
    const lease = await house.pending();
    const statement = consentStatement(leaseIn(house, lease.id), 'approve', 'lead') as Statement;
    const as = personArn('approver', 'lead');
    const send = (consent: Consent) =>
      house.call('approve', { as, path: { lease: lease.id }, body: { hash: lease.grant.hash, consent } });
    const own = await house.signed('approver', 'lead', lead, statement);
    const forOther = await house.nonceOf('approver', 'oncall');
    const ticket = own.ticket;
    const late = `${Number(ticket.split('.')[0]) + 1}.${ticket.split('.')[1]}`;
    const attempts: readonly Consent[] = [
      { assertion: lead.sign(statement, aNonce()), ticket },
      { ...own, ticket: forOther.ticket },
      { ...own, ticket: late },
      { ...own, ticket: '' },
      { ...own, ticket: `${house.world.now}.${'A'.repeat(43)}` },
      { assertion: lead.sign(statement, forOther.nonce), ticket: forOther.ticket },
    ];
    for (const consent of attempts) expect(await send(consent)).toMatchObject({ body: { code: 'consent-invalid' } });
    house.world.now += NONCE_SECONDS;
    expect(await send(own)).toMatchObject({ body: { code: 'consent-invalid' } });
    house.world.now -= 1;
    expect((await send(own)).status).toBe(200);
  });

  it.each([
    ['no assertion', { assertion: {} }],
    ['bytes that are no base64url', { assertion: { signature: '!' } }],
    ['a huge signature', { assertion: { signature: 'A'.repeat(2000) } }],
    ['another profile', { assertion: { type: 'webauthn.assertion/2' } }],
    ['a key beside it', { assertion: { publicKey: {} } }],
  ])('that is malformed: %s', async (_, { assertion }) => {
    const { house, lead } = await aStaffedHouse();
    const lease = await house.pending();
    const statement = consentStatement(leaseIn(house, lease.id), 'approve', 'lead') as Statement;
    const own = await house.signed('approver', 'lead', lead, statement);
    const broken = Object.keys(assertion).length === 0 ? assertion : { ...own.assertion, ...assertion };
    const body = { hash: lease.grant.hash, consent: { ...own, assertion: broken } };
    expect(
      await house.call('approve', { as: personArn('approver', 'lead'), path: { lease: lease.id }, body }),
    ).toMatchObject({ status: 400, body: { code: 'malformed' } });
  });

  it('over a nonce that the record has: one that approved cannot deny', async () => {
    const { house, lead } = await aStaffedHouse();
    const lease = await house.pending();
    const before = leaseIn(house, lease.id);
    const { nonce, ticket } = await house.nonceOf('approver', 'lead');
    const statement = consentStatement(before, 'approve', 'lead') as Statement;
    const consent = { assertion: lead.sign(statement, nonce), ticket };
    const as = personArn('approver', 'lead');
    const send = () =>
      house.call('approve', { as, path: { lease: lease.id }, body: { hash: lease.grant.hash, consent } });
    expect((await send()).status).toBe(200);
    expect(await send()).toMatchObject({ body: { code: 'said-already' } });
    const because = 'The release was withdrawn';
    const denial = {
      assertion: lead.sign(consentStatement(before, 'deny', 'lead', because) as Statement, nonce),
      ticket,
    };
    expect(
      await house.call('deny', { as, path: { lease: lease.id }, body: { because, consent: denial } }),
    ).toMatchObject({ body: { code: 'consent-invalid', detail: expect.stringContaining('nonce') } });
  });
});

describe('denials and revocations', () => {
  it('keep the signature that was sent, and need none', async () => {
    const { house, lead } = await aStaffedHouse();
    const because = 'Not during the freeze';
    const as = personArn('approver', 'lead');
    const [first, second] = [await house.pending(), await house.pending('Upload the other release of today')];
    const statement = consentStatement(leaseIn(house, first.id), 'deny', 'lead', because);
    const consent = await house.signed('approver', 'lead', lead, statement);
    expect((await house.call('deny', { as, path: { lease: first.id }, body: { because, consent } })).status).toBe(200);
    expect(house.world.events.get(first.id)?.at(-1)?.body).toMatchObject({
      type: 'denied',
      assertion: consent.assertion,
    });
    expect((await house.call('deny', { as, path: { lease: second.id }, body: { because } })).status).toBe(200);
  });

  it('are refused with the signature of another reason', async () => {
    const { house, lead, oncall } = await aStaffedHouse();
    const lease = await house.pending();
    for (const [name, key] of [
      ['lead', lead],
      ['oncall', oncall],
    ] as const)
      await approve(house, name, key, lease);
    await house.call('collect', { path: { lease: lease.id } });
    const as = personArn('approver', 'lead');
    const revoke = async (signed: string, sent: string) => {
      const statement = consentStatement(leaseIn(house, lease.id), 'revoke', 'lead', signed);
      const consent = await house.signed('approver', 'lead', lead, statement);
      return house.call('revoke', { as, path: { lease: lease.id }, body: { because: sent, consent } });
    };
    expect(await revoke('It is done', 'It was abused')).toMatchObject({ body: { code: 'consent-invalid' } });
    expect((await revoke('It is done', 'It is done')).status).toBe(200);
    expect(house.world.events.get(lease.id)?.at(-1)?.body).toMatchObject({ type: 'revoked', assertion: {} });
  });
});

it('an environment without passkeys has none of it', async () => {
  const { call } = aBrokerOver();
  for (const operation of ['nonce', 'keys'] as const) {
    const path = operation === 'keys' ? { path: { principal: 'lead' } } : {};
    expect(await call(operation, { as: personArn('approver', 'lead'), ...path })).toMatchObject({ status: 404 });
  }
  expect(PARTY.origin).toBe(`https://${PARTY.id}`);
});
