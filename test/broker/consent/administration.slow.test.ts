/** What administrators do, signed with passkeys, over HTTP, and verified again without the broker. */
import type { RevocationScope } from '@leasehold/contract/administration';
import {
  administrationStatement,
  foldAdministration,
  REVOCATIONS,
  settingsRecordOf,
} from '../../../lib/broker/consent/administration';
import type { Statement } from '../../../lib/broker/consent/statement';
import { verifyAdministration } from '../../../lib/broker/consent/verify-administration';
import { verifyKeys } from '../../../lib/broker/consent/verify-keys';
import { personArn } from '../http/support';
import { silence } from '../memory';
import type { Authenticator } from './authenticator';
import { aHouse } from './people';

type House = ReturnType<typeof aHouse>;

const BECAUSE = 'The agent is compromised';

async function aStaffedHouse(required = true) {
  const house = aHouse(required);
  const root = await house.enrol('administrator', 'root', { name: 'root' }, true);
  const lead = await house.enrol('approver', 'lead', { name: 'root', key: root });
  return { house, root, lead };
}

interface Settings {
  readonly policy?: string;
  readonly groups?: readonly string[];
  readonly version?: number;
}

/** The statement that a page composes for a change of alice. */
function statementOf(house: House, by: string, { policy = '', groups = [], version = 0 }: Settings): Statement {
  const stored = house.world.stored.get('alice') ?? { policy: '', groups: ['ops'] };
  const record = settingsRecordOf('alice');
  const events = house.world.administration.get(record) ?? [];
  return administrationStatement(foldAdministration(record, house.at, events), {
    type: 'principal-set',
    by,
    before: { policy: stored.policy, groups: stored.groups },
    after: { policy, groups },
    version: version + 1,
    opens: [],
  }) as Statement;
}

async function put(
  house: House,
  key: Authenticator | undefined,
  sent: Settings,
  { statement, by = 'root' }: { readonly statement?: Statement; readonly by?: string } = {},
) {
  const signs = statement ?? statementOf(house, by, sent);
  const consent = key && (await house.signed('administrator', by, key, signs));
  const body = { policy: '', groups: [], version: 0, ...sent, ...(consent === undefined ? {} : { consent }) };
  return house.call('putPrincipal', { as: personArn('administrator', by), path: { principal: 'alice' }, body });
}

/** What an auditor finds in a record, with the records of everybody's keys. */
async function audited(house: House, record: string, roots?: readonly string[]) {
  const people = [...house.store.events].map(([person, events]) => ({ person, events }));
  const keys = await verifyKeys(people, house.at, roots);
  return verifyAdministration({ record, events: house.world.administration.get(record) ?? [] }, house.at, keys);
}

const coded = (code: string) => ({ body: { code } });

describe('a change of a principal', () => {
  it('is signed with the old and the new text, and an auditor verifies it', async () => {
    const { house, root } = await aStaffedHouse();
    expect(await put(house, undefined, { groups: ['ops'] })).toMatchObject(coded('consent-required'));
    expect((await put(house, root, { policy: 'Works in support.', groups: ['ops'] })).status).toBe(200);
    expect((await put(house, root, { policy: 'Works in sales.', version: 1 })).status).toBe(200);
    const { acts, valid } = await audited(house, 'settings#alice');
    expect(valid).toBe(true);
    expect(acts.map(({ proof }) => proof.kind === 'signed' && proof.key.person)).toEqual(['root', 'root']);
    expect(acts[1]?.event.body).toMatchObject({
      before: { policy: 'Works in support.', groups: ['ops'] },
      after: { policy: 'Works in sales.', groups: [] },
    });
  });

  it.each<[string, (house: House) => Statement]>([
    ['another text', (house) => statementOf(house, 'root', { policy: 'May do everything.' })],
    ['another group', (house) => statementOf(house, 'root', { policy: 'New.', groups: ['ops'] })],
    ['another version', (house) => statementOf(house, 'root', { policy: 'New.', version: 5 })],
    ['another administrator', (house) => statementOf(house, 'chief', { policy: 'New.' })],
    [
      'another principal',
      (house) => ({ ...statementOf(house, 'root', { policy: 'New.' }), principal: 'lead' }) as never,
    ],
    ['another environment', (house) => ({ ...statementOf(house, 'root', { policy: 'New.' }), environment: 'x/y/1' })],
    [
      'another event before',
      (house) => ({ ...statementOf(house, 'root', { policy: 'New.' }), previous: 'a' }) as never,
    ],
    [
      'another old text',
      (house) => {
        const { scope, ...rest } = statementOf(house, 'root', { policy: 'New.' }) as never as { scope: object };
        return { ...rest, scope: { ...scope, before: { policy: 'What was never there.', groups: ['ops'] } } } as never;
      },
    ],
  ])('with a signature of %s is refused, and recorded nowhere', async (_, statement) => {
    const { house, root } = await aStaffedHouse();
    expect(await put(house, root, { policy: 'New.' }, { statement: statement(house) })).toMatchObject(
      coded('consent-invalid'),
    );
    expect([house.world.administration.size, house.world.stored.size]).toEqual([0, 0]);
  });

  it('cannot be made with the signature of an earlier change', async () => {
    const { house, root } = await aStaffedHouse();
    const consent = await house.signed('administrator', 'root', root, statementOf(house, 'root', { groups: ['ops'] }));
    const as = personArn('administrator', 'root');
    const send = (version: number) =>
      house.call('putPrincipal', {
        as,
        path: { principal: 'alice' },
        body: { policy: '', groups: ['ops'], version, consent },
      });
    expect((await send(0)).status).toBe(200);
    expect(await send(0)).toMatchObject(coded('version-conflict'));
    expect(await send(1)).toMatchObject(coded('consent-invalid'));
    // The store lost the change, but the record did not.
    house.world.stored.clear();
    expect(await send(0)).toMatchObject(coded('consent-invalid'));
  });

  it('is refused with a key that was not registered as one of an administrator', async () => {
    const { house, root } = await aStaffedHouse();
    const chief = await house.enrol('administrator', 'chief', { name: 'root', key: root });
    expect(await put(house, chief, {}, { by: 'chief' })).toMatchObject({ status: 403, ...coded('consent-invalid') });
  });

  it('that a replaced broker recorded is found by an auditor', async () => {
    const { house, root, lead } = await aStaffedHouse();
    expect((await put(house, root, { groups: ['ops'] })).status).toBe(200);
    const [event] = house.world.administration.get('settings#alice') ?? [];
    if (event?.body.type !== 'principal-set') throw new Error('nothing is recorded');
    const { body } = event;
    const withBody = async (change: object) => {
      house.world.administration.set('settings#alice', [{ ...event, body: { ...body, ...change } as never }]);
      return audited(house, 'settings#alice');
    };
    expect(await withBody({ after: { policy: 'May do everything.', groups: ['ops'] } })).toMatchObject({
      valid: false,
      because: expect.stringContaining('does not match this change'),
    });
    expect(await withBody({ version: 2 })).toMatchObject({ valid: false });
    expect(await withBody({ by: 'chief' })).toMatchObject({ valid: false });
    // The broker has no key of an administrator, but it may have the one of somebody else.
    const unsigned = { ...body, assertion: undefined, by: 'lead' };
    const statement = administrationStatement(foldAdministration('settings#alice', house.at, []), unsigned);
    expect(await withBody({ by: 'lead', assertion: lead.sign(statement as Statement) })).toMatchObject({
      valid: false,
      acts: [{ proof: { kind: 'invalid', because: 'lead was not an administrator.' } }],
    });
    // Without a signature it counts as unsigned, which `--signed` reports.
    const { assertion: _, ...bare } = body;
    house.world.administration.set('settings#alice', [{ ...event, body: bare }]);
    expect(await audited(house, 'settings#alice')).toMatchObject({ acts: [{ proof: { kind: 'unsigned' } }] });
    house.world.administration.set('settings#alice', [event]);
    expect(await audited(house, 'settings#alice')).toMatchObject({ valid: true });
    expect(await audited(house, 'settings#alice', ['0'.repeat(64)])).toMatchObject({ valid: false });
    expect(await audited(house, 'settings#bob')).toMatchObject({ valid: true, acts: [] });
  });
});

describe('a revocation of more than one lease', () => {
  const revoke = async (
    house: House,
    scope: RevocationScope,
    key?: Authenticator,
    signed: { readonly scope?: RevocationScope; readonly because?: string } = {},
    [kind, by]: readonly ['approver' | 'administrator', string] = ['administrator', 'root'],
  ) => {
    const statement = administrationStatement(foldAdministration(REVOCATIONS, house.at, []), {
      type: 'leases-revoked',
      by: `${kind} ${by}`,
      scope: signed.scope ?? scope,
      because: signed.because ?? BECAUSE,
    });
    const consent = key && (await house.signed(kind, by, key, statement));
    const body = { ...scope, because: BECAUSE, ...(consent === undefined ? {} : { consent }) };
    return house.call('revokeMany', { as: personArn(kind, by), body });
  };

  /** The agent gets a lease of `log-read`, which nobody has to approve. */
  const issued = async (house: House): Promise<string> => {
    const { status, body } = await house.call('request', {
      body: { role: 'log-read', reason: 'Look for the failed deployment of last night' },
    });
    expect(status).toBe(201);
    return body.lease.id;
  };

  it('is signed with its scope and its reason, recorded, and shown with who shut the role', async () => {
    const { house, root, lead } = await aStaffedHouse();
    const id = await issued(house);
    expect((await revoke(house, { role: 'log-read' }, root)).body).toMatchObject({ leases: [id] });
    expect((await revoke(house, { all: true }, lead, {}, ['approver', 'lead'])).status).toBe(200);
    expect(await audited(house, REVOCATIONS)).toMatchObject({
      valid: true,
      acts: [
        { event: { body: { by: 'administrator root', scope: { role: 'log-read' } } }, proof: { kind: 'signed' } },
        { event: { body: { by: 'approver lead', scope: { all: true } } }, proof: { kind: 'signed' } },
      ],
    });
    const { body } = await house.call('revocations', { as: personArn('administrator', 'root') });
    expect(body.events).toHaveLength(2);
    expect(body.shut.map(({ role }: { role: string }) => role)).toContain('log-read');
    house.world.now += 3 * 3600;
    const later = await house.call('revocations', { as: personArn('approver', 'lead') });
    expect(later.body).toMatchObject({ shut: [], events: [{}, {}] });
    expect((await house.call('revocations', { as: personArn('requester', 'alice') })).status).toBe(403);
    expect((await house.call('revocations')).status).toBe(403);
  });

  it.each([
    [{ scope: { role: 'quick' } }],
    [{ scope: { all: true } }],
    [{ scope: { requester: 'log-read' } }],
    [{ because: 'Something else' }],
  ] as const)('with a signature of %p is refused, and nothing is shut', async (signed) => {
    const { house, root } = await aStaffedHouse();
    const id = await issued(house);
    expect(await revoke(house, { role: 'log-read' }, root, signed)).toMatchObject(coded('consent-invalid'));
    expect([house.world.shut.size, house.world.told(id).at(-1)]).toEqual([0, 'collected']);
    expect(house.world.administration.size).toBe(0);
  });

  it('cannot be repeated with the same signature', async () => {
    const { house, root } = await aStaffedHouse();
    const scope = { role: 'log-read' };
    const statement = administrationStatement(foldAdministration(REVOCATIONS, house.at, []), {
      type: 'leases-revoked',
      by: 'administrator root',
      scope,
      because: BECAUSE,
    });
    const consent = await house.signed('administrator', 'root', root, statement);
    const send = () =>
      house.call('revokeMany', {
        as: personArn('administrator', 'root'),
        body: { ...scope, because: BECAUSE, consent },
      });
    expect((await send()).status).toBe(200);
    expect(await send()).toMatchObject(coded('consent-invalid'));
    expect(house.world.administration.get(REVOCATIONS)).toHaveLength(1);
  });

  it('needs no signature, and is then recorded as not signed', async () => {
    const { house } = await aStaffedHouse();
    expect((await revoke(house, { role: 'log-read' })).status).toBe(200);
    expect(await audited(house, REVOCATIONS)).toMatchObject({ valid: true, acts: [{ proof: { kind: 'unsigned' } }] });
  });

  it('shuts the role also if the record cannot be written or read, and states that', async () => {
    const { house, root } = await aStaffedHouse();
    const id = await issued(house);
    house.world.faults.push({ call: 'record', when: 'before', error: silence('dynamodb:PutItem') });
    const answer = await revoke(house, { role: 'log-read' }, root);
    expect(answer).toMatchObject({
      status: 503,
      body: { detail: expect.stringContaining('could not record who revoked them') },
    });
    expect([house.world.shut.has('log-read'), house.world.told(id).at(-1)]).toEqual([true, 'revoked']);
    expect((await revoke(house, { role: 'log-read' }, root)).status).toBe(200);
    const [event] = house.world.administration.get(REVOCATIONS) ?? [];
    house.world.administration.set(REVOCATIONS, [{ ...event, previous: 'a' } as never]);
    const broken = await revoke(house, { role: 'quick' });
    expect(broken).toMatchObject({ body: { code: 'broken-record', retryable: false } });
    // The record stays broken, so revoking again cannot record it.
    expect(broken.body.hint).toBe(
      'Tell the owner of the broker: `leasehold audit --revocations` shows where the record breaks.',
    );
    expect(house.world.shut.has('quick')).toBe(true);
  });

  it('of one requester ends every lease of it, and no lease of another', async () => {
    const { house, root } = await aStaffedHouse();
    const [first, second] = [await issued(house), await issued(house)];
    const waiting = await house.pending();
    const own = await house.call('request', {
      as: personArn('requester', 'alice'),
      body: { role: 'ops-read', reason: 'Read the report of the last night shift' },
    });
    const { body } = await revoke(house, { requester: 'agent' }, root);
    expect(body).toEqual({ leases: [first, second, waiting.id].sort(), shut: {} });
    expect([first, second, waiting.id].map((id) => house.world.told(id).at(-1))).toEqual(Array(3).fill('revoked'));
    expect(house.world.told(own.body.lease.id)).not.toContain('revoked');
    expect(house.world.calls.filter(({ call }) => call === 'revoke')).toHaveLength(1);
    // AWS is told again.
    expect((await revoke(house, { requester: 'agent' }, root)).body.leases).toHaveLength(3);
    expect((await revoke(house, { requester: 'alice' }, root)).body.leases).toEqual([own.body.lease.id]);
    expect(await revoke(house, { requester: 'nobody' }, root)).toMatchObject({ status: 404 });
  });

  it('of one requester by an approver ends what runs, and names what AWS was not told', async () => {
    const { house, lead } = await aStaffedHouse();
    const id = await issued(house);
    const other = await issued(house);
    const waiting = await house.pending();
    house.world.faults.push({ call: 'revoke', when: 'before', error: silence('iam:TagRole') });
    const by = ['approver', 'lead'] as const;
    const failed = await revoke(house, { requester: 'agent' }, lead, {}, by);
    expect(failed).toMatchObject({ status: 503, body: { hint: 'Revoke again.' } });
    for (const each of [id, other]) expect(failed.body.detail).toContain(each);
    expect(house.world.told(waiting.id).at(-1)).toBe('proposed');
    expect((await revoke(house, { requester: 'agent' }, lead, {}, by)).body.leases.sort()).toEqual([id, other].sort());
  });
});
