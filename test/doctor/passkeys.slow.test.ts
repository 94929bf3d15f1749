/** Records of passkeys: real ones, signed at a broker, with each change that somebody could make in the table. */
import { HEALTH_KEY, keyRecordName, passkeyKey, passkeyOwner } from '@leasehold/documents';
import fc from 'fast-check';
import { keyRecordOf } from '../../lib/broker/consent/key-record';
import { passkeysOf } from '../../lib/cli/doctor';
import { Authenticator } from '../broker/consent/authenticator';
import { aHouse } from '../broker/consent/people';
import { aPerson } from '../broker/http/support';
import { type Answers, awsError, examined, fullEnvironment } from './support/account';

type House = ReturnType<typeof aHouse>;
type Events = { body: Record<string, unknown>; previous: string; at: number; sequence: number }[];

/** The environment of the doctor with the people, the project and the account of the house. */
function environmentOf(house: House, people: readonly string[] = ['root', 'chief', 'lead', 'oncall']) {
  const { project, name, account } = house.environment;
  const principals = people.map((person) =>
    aPerson(person, { administrator: person === 'root' || person === 'chief' }),
  );
  return fullEnvironment({
    project,
    name,
    account,
    principals,
    approvers: ['lead'].filter((each) => people.includes(each)),
  });
}

/** The tables with the records of a house. An item has a MAC, which only the function can verify. */
function tables({ store }: House, change: (item: Record<string, { S?: string; N?: string }>) => object | undefined) {
  const answers: Answers = {
    'dynamodb:Query': ({ ExpressionAttributeValues }) => {
      const { ':lease': record } = ExpressionAttributeValues as { readonly ':lease'?: { readonly S: string } };
      const person = record?.S.replace(/^keys#/, '') ?? '';
      const events = record?.S.startsWith('keys#') ? (store.events.get(person) ?? []) : [];
      const items = events.map((event) => ({
        lease: { S: keyRecordOf(person) },
        sequence: { N: String(event.sequence) },
        events: { S: JSON.stringify([event]) },
        mac: { S: 'mac' },
      }));
      return { Items: items.flatMap((item) => change(item) ?? []) };
    },
    'dynamodb:Scan': () => ({
      Items: [...store.counters.keys()].map((name) => {
        const [credential = '', person = ''] = name.split(' ');
        return { pk: { S: passkeyKey(credential, person).pk } };
      }),
    }),
  };
  return answers;
}

async function found(
  house: House,
  {
    environment = environmentOf(house),
    answers = {},
    change = (item) => item,
  }: {
    readonly environment?: ReturnType<typeof environmentOf>;
    readonly answers?: Answers;
    readonly change?: Parameters<typeof tables>[1];
  } = {},
) {
  const options = { verifyPasskeys: passkeysOf(environment) };
  const { verified } = await examined(environment, { ...tables(house, change), ...answers }, options);
  const own = verified.find(({ id }) => id === 'passkey-records');
  return {
    result: own?.result,
    damages: own?.damages.map(({ severity, message }) => `${severity}: ${message}`),
    unchecked: own?.unchecked.map(({ place }) => place),
  };
}

/** `root` enrolled `lead` and `chief`; `chief` enrolled `oncall`, who has a second passkey. */
async function anEnrolledHouse() {
  const house = aHouse();
  const root = await house.enrol('administrator', 'root', { name: 'root' }, true);
  await house.enrol('approver', 'lead', { name: 'root', key: root });
  const chief = await house.enrol('administrator', 'chief', { name: 'root', key: root }, true);
  const oncall = await house.enrol('approver', 'oncall', { name: 'chief', key: chief });
  const further = await house.register('approver', 'oncall', new Authenticator(), { key: oncall });
  expect(further.status).toBe(200);
  return { house, root, chief };
}

/** Changes the stored events of a person. */
const edit = (house: House, person: string, change: (events: Events) => Events) =>
  house.store.events.set(person, change(structuredClone(house.store.events.get(person)) as unknown as Events) as never);

it('finds nothing in signed records', async () => {
  const { house } = await anEnrolledHouse();
  expect(house.store.events.size).toBe(4);
  expect(await found(house)).toEqual({ result: 'ok', damages: [], unchecked: [] });
});

it('finds nothing where nobody has a passkey', async () => {
  expect(await found(aHouse())).toMatchObject({ result: 'ok', damages: [] });
});

const registeredBy = (events: Events) => events.findIndex(({ body }) => body.type === 'key-registered');

it.each<[name: string, person: string, says: RegExp, change: (events: Events) => Events]>([
  ['an event is missing', 'lead', /Event 2 does not follow/, ([, ...rest]) => rest],
  ['an event is doubled', 'lead', /Event 1 does not follow/, ([first, ...rest]) => [first, first, ...rest] as Events],
  [
    'a label is changed',
    'lead',
    /statement signed with the passkey does not match this change/,
    (events) =>
      events.map((each) =>
        each.body.key
          ? { ...each, body: { ...each.body, key: { ...(each.body.key as object), label: 'other' } } }
          : each,
      ),
  ],
  [
    'a code is made that of an administrator',
    'lead',
    /statement signed with the passkey does not match this change/,
    (events) =>
      events.map((each) =>
        each.body.type === 'code-issued' ? { ...each, body: { ...each.body, administrator: true } } : each,
      ),
  ],
  [
    'a signature is removed',
    'oncall',
    /Event 2 of keys#oncall cannot be read/,
    (events) => {
      const at = registeredBy(events);
      return events.map((each, index) => {
        const { assertion: _, ...body } = each.body;
        return index === at ? { ...each, body } : each;
      });
    },
  ],
  [
    'a code loses its signature',
    'lead',
    /code that no administrator signed|does not follow/,
    (events) =>
      events.map((each) => {
        const { assertion: _, ...body } = each.body;
        return each.body.type === 'code-issued' ? { ...each, body } : each;
      }),
  ],
  [
    'an event is no event',
    'lead',
    /Event 1 of keys#lead cannot be read/,
    (events) => events.map((each) => ({ ...each, body: { type: 'key-granted' } })),
  ],
])('%s in the record of %s', async (_, person, says, change) => {
  const { house } = await anEnrolledHouse();
  edit(house, person, change);
  const { result, damages = [] } = await found(house);
  expect(result).toBe('damaged');
  expect(damages[0]).toMatch(/^critical: The record of the passkeys of /);
  expect(damages.join('\n')).toMatch(says);
  expect(damages.join('\n')).toContain(`of ${person} cannot be trusted`);
});

it.each<[name: string, change: (item: Record<string, { S?: string; N?: string }>) => object]>([
  ['without a MAC', ({ mac: _, ...item }) => item],
  ['under another number', (item) => ({ ...item, sequence: { N: '7' } })],
  ['of another record', (item) => ({ ...item, lease: { S: 'keys#somebody' } })],
  ['with ambiguous JSON', (item) => ({ ...item, events: { S: item.events?.S?.replace('{', '{"at":1,') } })],
])('an item %s is not believed', async (_, change) => {
  const { house } = await anEnrolledHouse();
  const { result, damages = [] } = await found(house, {
    change: (item) => (item.lease?.S === 'keys#lead' ? change(item) : item),
  });
  expect(result).toBe('damaged');
  expect(damages.join('\n')).toContain('of lead cannot be trusted');
});

describe('a person outside the definitions', () => {
  it('has a passkey that was never removed', async () => {
    const { house } = await anEnrolledHouse();
    const environment = environmentOf(house, ['root', 'chief', 'lead']);
    expect(await found(house, { environment })).toEqual({
      result: 'damaged',
      damages: ['medium: oncall has a passkey on record, but is not in the definitions.'],
      unchecked: [],
    });
  });

  it('had a passkey that was removed', async () => {
    const { house, root } = await anEnrolledHouse();
    const [first] = house.keysOf('lead').keys;
    if (first === undefined) throw new Error('lead has no passkey');
    const key = { id: first.key.id } as Authenticator;
    const { status } = await house.remove('administrator', { name: 'root', key: root }, 'lead', key);
    expect(status).toBe(200);
    const environment = environmentOf(house, ['root', 'chief', 'oncall']);
    expect(await found(house, { environment })).toEqual({ result: 'ok', damages: [], unchecked: [] });
  });

  it('signed for others: the records of others stay valid', async () => {
    const { house } = await anEnrolledHouse();
    const environment = environmentOf(house, ['root', 'lead', 'oncall']);
    // Even if the passkey of chief left no counter, its record is found by the signature.
    const { damages } = await found(house, { environment, answers: { 'dynamodb:Scan': () => ({ Items: [] }) } });
    expect(damages).toEqual(['medium: chief has a passkey on record, but is not in the definitions.']);
  });
});

it('does not call records fine that it could not find', async () => {
  const { house } = await anEnrolledHouse();
  const answers: Answers = { 'dynamodb:Scan': () => Promise.reject(awsError('AccessDeniedException')) };
  expect(await found(house, { answers })).toEqual({
    result: 'not checked',
    damages: [],
    unchecked: ['passkeys of people outside the definitions'],
  });
});

it('names records and counters as the broker does', () => {
  const name = fc.string({ minLength: 1 });
  fc.assert(
    fc.property(fc.base64String({ minLength: 1 }), name, (credential, person) => {
      expect(keyRecordName(person)).toBe(keyRecordOf(person));
      expect(passkeyOwner(passkeyKey(credential, person).pk)).toBe(person);
      expect(passkeyOwner(HEALTH_KEY.pk)).toBeUndefined();
    }),
  );
});
