/** Enrolment: codes, registration, removal. Each is an event in the person's own record. */
import {
  appendKey,
  CODE_SECONDS,
  keyStatement,
  MOST_KEYS,
  MOST_WRONG_CODES,
  nextKeyEvent,
  noKeys,
} from '../../../lib/broker/consent/key-record';
import type { Statement } from '../../../lib/broker/consent/statement';
import { personArn } from '../http/support';
import { Authenticator, PARTY, type Twist } from './authenticator';
import { aHouse } from './people';

const told = ({ store }: ReturnType<typeof aHouse>, person: string) =>
  (store.events.get(person) ?? []).map(({ body }) => body.type);

async function aHouseWithRoot() {
  const house = aHouse();
  const root = await house.enrol('administrator', 'root', { name: 'root' }, true);
  return { house, root };
}

describe('the first administrator', () => {
  it('needs a code that nobody signed, and signs every later one', async () => {
    const { house, root } = await aHouseWithRoot();
    expect(told(house, 'root')).toEqual(['code-issued', 'key-registered']);
    const unsigned = await house.issueCode('lead', { name: 'root' });
    expect(unsigned.answer).toMatchObject({ status: 403, body: { code: 'consent-required' } });
    expect((await house.issueCode('lead', { name: 'root', key: root })).answer.status).toBe(200);
  });

  it('is an administrator of the definitions, and gets the power to sign', async () => {
    const house = aHouse();
    for (const [person, administrator] of [
      ['lead', true],
      ['root', false],
    ] as const) {
      const { answer } = await house.issueCode(person, { name: 'root' }, administrator);
      expect(answer).toMatchObject({ body: { code: 'consent-required' } });
    }
  });
});

describe('a code', () => {
  it('registers one passkey, once, of the person whom it names', async () => {
    const { house, root } = await aHouseWithRoot();
    const { code } = await house.issueCode('lead', { name: 'root', key: root });
    expect(await house.register('approver', 'oncall', new Authenticator(), { code })).toMatchObject({
      body: { code: 'enrolment-refused' },
    });
    expect((await house.register('approver', 'lead', new Authenticator(), { code })).status).toBe(200);
    expect(await house.register('approver', 'lead', new Authenticator(), { code })).toMatchObject({
      body: { code: 'enrolment-refused' },
    });
  });

  it('registers nothing again after its passkey was removed, while it would still be valid', async () => {
    const { house, root } = await aHouseWithRoot();
    const by = { name: 'root', key: root };
    const { code } = await house.issueCode('lead', by);
    const key = new Authenticator();
    expect((await house.register('approver', 'lead', key, { code })).status).toBe(200);
    expect((await house.remove('administrator', by, 'lead', key)).status).toBe(200);
    const before = told(house, 'lead');
    expect(await house.register('approver', 'lead', new Authenticator(), { code })).toMatchObject({
      status: 403,
      body: { code: 'enrolment-refused' },
    });
    expect(told(house, 'lead')).toEqual(before);
  });

  it('expires, and lasts for a day at most', async () => {
    const { house, root } = await aHouseWithRoot();
    const by = { name: 'root', key: root };
    const long = await house.issueCode('lead', by, false, house.world.now + CODE_SECONDS + 1);
    expect(long.answer.status).not.toBe(200);
    const { code } = await house.issueCode('lead', by, false, house.world.now + 60);
    house.world.now += 60;
    expect(await house.register('approver', 'lead', new Authenticator(), { code })).toMatchObject({
      body: { code: 'enrolment-refused' },
    });
    house.world.now -= 1;
    expect((await house.register('approver', 'lead', new Authenticator(), { code })).status).toBe(200);
  });

  it(`is void after ${MOST_WRONG_CODES} guesses, each on record, also when they are made in parallel`, async () => {
    const { house, root } = await aHouseWithRoot();
    const { code } = await house.issueCode('lead', { name: 'root', key: root });
    const wrong = { code: 'a'.repeat(40) };
    const guesses = Array.from({ length: 8 }, () => house.register('approver', 'lead', new Authenticator(), wrong));
    for (const { status } of await Promise.all(guesses)) expect(status).toBe(403);
    expect(told(house, 'lead')).toEqual(['code-issued', ...Array(MOST_WRONG_CODES).fill('code-refused')]);
    expect(await house.register('approver', 'lead', new Authenticator(), { code })).toMatchObject({ status: 403 });
    const { code: next } = await house.issueCode('lead', { name: 'root', key: root });
    expect((await house.register('approver', 'lead', new Authenticator(), { code: next })).status).toBe(200);
  });

  it('is for people without a passkey', async () => {
    const { house, root } = await aHouseWithRoot();
    const by = { name: 'root', key: root };
    await house.enrol('approver', 'lead', by);
    expect((await house.issueCode('lead', by)).answer).toMatchObject({ body: { code: 'enrolment-refused' } });
  });

  it('is issued by administrators, for people whom the definitions know', async () => {
    const { house, root } = await aHouseWithRoot();
    const { answer } = await house.issueCode('nobody', { name: 'root', key: root });
    expect(answer).toMatchObject({ status: 404 });
    const as = personArn('approver', 'lead');
    expect((await house.call('issueCode', { as, path: { principal: 'oncall' }, body: {} })).status).toBe(403);
  });
});

describe('a passkey', () => {
  it('is signed by an earlier one of the same person', async () => {
    const { house, root } = await aHouseWithRoot();
    const by = { name: 'root', key: root };
    const lead = await house.enrol('approver', 'lead', by);
    const second = new Authenticator();
    expect((await house.register('approver', 'lead', second, { key: lead })).status).toBe(200);
    expect((await house.register('approver', 'lead', new Authenticator(), { key: second })).status).toBe(200);
    for (const key of [root, new Authenticator()]) {
      const answer = await house.register('approver', 'lead', new Authenticator(), { key });
      expect(answer).toMatchObject({ body: { code: 'consent-invalid' } });
    }
  });

  it.each<[string, Twist]>([
    ['another origin', { origin: 'https://evil.example' }],
    ['another relying party', { rpId: 'evil.example' }],
    ['nobody verified', { flags: 0x01 }],
    ['the answer to a sign-in', { type: 'webauthn.get' }],
  ])('is refused when it was created with %s', async (_, creation) => {
    const { house, root } = await aHouseWithRoot();
    const { code } = await house.issueCode('lead', { name: 'root', key: root });
    expect(await house.register('approver', 'lead', new Authenticator(), { code }, { creation })).toMatchObject({
      status: 403,
      body: { code: 'enrolment-refused' },
    });
    expect(told(house, 'lead')).toEqual(['code-issued']);
  });

  it('that is the first one signs for itself, under its own id', () => {
    const [key, other] = [new Authenticator(), new Authenticator()];
    const before = noKeys('lead', 'hermes/dev/123456789012');
    const code = 'c'.repeat(64);
    const issued = {
      type: 'code-issued',
      by: 'root',
      code,
      until: 60,
      administrator: false,
      relyingParty: PARTY,
    } as const;
    const state = appendKey(before, nextKeyEvent(before, 0, issued));
    const body = { type: 'key-registered', key: key.passkey(), code } as const;
    const assertion = key.sign(keyStatement(state, body) as Statement);
    const register = (credential: string) =>
      appendKey(state, nextKeyEvent(state, 1, { ...body, assertion: { ...assertion, credential } }));
    expect(register(key.id).keys).toHaveLength(1);
    expect(() => register(other.id)).toThrow(expect.objectContaining({ code: 'no-such-key' }));
  });

  it('is refused with bytes that cannot be read, without a crash', async () => {
    const { house, root } = await aHouseWithRoot();
    const { code } = await house.issueCode('lead', { name: 'root', key: root });
    const key = new Authenticator();
    const create = key.create.bind(key);
    for (const attestation of ['AA', 'o2Nmb', Buffer.from([0xbf, 0xff]).toString('base64url'), 'A'.repeat(6000)]) {
      key.create = (challenge, twist) => ({ ...create(challenge, twist), attestation });
      expect((await house.register('approver', 'lead', key, { code })).status).toBe(403);
    }
    expect(house.world.errors).toEqual([]);
  });

  it('is refused with an algorithm that is not permitted', async () => {
    const { house, root } = await aHouseWithRoot();
    const { code } = await house.issueCode('lead', { name: 'root', key: root });
    const key = new Authenticator();
    const cose = key.cose();
    // EdDSA, on the same curve: the label of the algorithm alone.
    cose[4] = 0x27;
    key.cose = () => cose;
    expect(await house.register('approver', 'lead', key, { code })).toMatchObject({
      body: { code: 'enrolment-refused' },
    });
  });

  it('cannot be registered twice, also not by another person or after its removal', async () => {
    const { house, root } = await aHouseWithRoot();
    const by = { name: 'root', key: root };
    const lead = await house.enrol('approver', 'lead', by);
    expect(await house.register('approver', 'lead', lead, { key: lead })).toMatchObject({
      body: { code: 'enrolment-refused' },
    });
    await house.remove('administrator', by, 'lead', lead);
    const { code } = await house.issueCode('lead', by);
    expect(await house.register('approver', 'lead', lead, { code })).toMatchObject({
      body: { code: 'enrolment-refused' },
    });
  });

  it(`is one of ${MOST_KEYS} at most`, async () => {
    const { house, root } = await aHouseWithRoot();
    for (let count = 1; count < MOST_KEYS; count += 1) {
      expect((await house.register('administrator', 'root', new Authenticator(), { key: root })).status).toBe(200);
    }
    expect(await house.register('administrator', 'root', new Authenticator(), { key: root })).toMatchObject({
      body: { code: 'enrolment-refused' },
    });
  });

  it('is the caller’s own', async () => {
    const { house } = await aHouseWithRoot();
    const as = personArn('approver', 'oncall');
    const { nonce, ticket } = await house.nonceOf('approver', 'oncall');
    const key = new Authenticator();
    const body = { label: 'Laptop', creation: key.create('x'), consent: { assertion: key.assert(nonce, {}), ticket } };
    expect(await house.call('registerKey', { as, path: { principal: 'lead' }, body })).toMatchObject({
      body: { code: 'forbidden' },
    });
  });
});

describe('a removal', () => {
  it('is signed by its owner, or by an administrator', async () => {
    const { house, root } = await aHouseWithRoot();
    const by = { name: 'root', key: root };
    const lead = await house.enrol('approver', 'lead', by);
    const oncall = await house.enrol('approver', 'oncall', by);
    expect(await house.remove('approver', { name: 'oncall', key: oncall }, 'lead', lead)).toMatchObject({
      status: 403,
    });
    expect(await house.remove('approver', { name: 'lead', key: oncall }, 'lead', lead)).toMatchObject({
      body: { code: 'consent-invalid' },
    });
    expect((await house.remove('approver', { name: 'lead', key: lead }, 'lead', lead)).status).toBe(200);
    expect((await house.remove('administrator', by, 'oncall', oncall)).status).toBe(200);
    expect(await house.remove('administrator', by, 'oncall', oncall)).toMatchObject({ status: 403 });
    expect(told(house, 'lead')).toEqual(['code-issued', 'key-registered', 'key-removed']);
  });

  it('leaves an administrator’s key in the environment', async () => {
    const { house, root } = await aHouseWithRoot();
    const by = { name: 'root', key: root };
    expect(await house.remove('administrator', by, 'root', root)).toMatchObject({
      status: 409,
      body: { code: 'last-key' },
    });
    // A key without the power to sign codes does not count.
    await house.enrol('administrator', 'chief', by);
    expect(await house.remove('administrator', by, 'root', root)).toMatchObject({ body: { code: 'last-key' } });
    const second = new Authenticator();
    expect((await house.register('administrator', 'root', second, { key: root })).status).toBe(200);
    expect((await house.remove('administrator', by, 'root', root)).status).toBe(200);
    expect(await house.remove('administrator', { name: 'root', key: second }, 'root', second)).toMatchObject({
      body: { code: 'last-key' },
    });
  });

  it('of one administrator is possible while another has a key', async () => {
    const { house, root } = await aHouseWithRoot();
    const chief = await house.enrol('administrator', 'chief', { name: 'root', key: root }, true);
    expect((await house.remove('administrator', { name: 'chief', key: chief }, 'root', root)).status).toBe(200);
    expect(await house.remove('administrator', { name: 'chief', key: chief }, 'chief', chief)).toMatchObject({
      body: { code: 'last-key' },
    });
  });
});

it('the record is listed as it is stored, for whoever verifies signatures', async () => {
  const { house, root } = await aHouseWithRoot();
  const lead = await house.enrol('approver', 'lead', { name: 'root', key: root });
  const { body } = await house.call('keys', { as: personArn('requester', 'alice'), path: { principal: 'lead' } });
  expect(body).toEqual({ person: 'lead', events: house.store.events.get('lead') });
  expect(JSON.stringify(body)).toContain(lead.id);
});
