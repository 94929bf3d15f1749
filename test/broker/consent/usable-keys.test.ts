/** Which keys can be used at a site: one rule for the broker, the command line and the console. */
import { administratorKeysAt, isUsableAt, keysAt, type RecordedKey } from '../../../lib/broker/consent/key-record';
import { canSignCodes } from '../../../lib/broker/consent/people-keys';

const SITE = { id: 'leases.example.com', origin: 'https://leases.example.com' };
const OTHER_ID = { ...SITE, id: 'example.com' };
const OTHER_ORIGIN = { ...SITE, origin: 'https://leases.example.com:8443' };

const CASES: readonly (readonly [name: string, recorded: Partial<RecordedKey>, site: typeof SITE, usable: boolean])[] =
  [
    ['a key of the site', {}, SITE, true],
    ['a key of another domain', {}, OTHER_ID, false],
    ['a key of another origin with the same domain', {}, OTHER_ORIGIN, false],
    ['a key that was removed', { removedAt: 20 }, SITE, false],
    ['a key that was removed at the time 0', { removedAt: 0 }, SITE, false],
    ['a removed key of another domain', { removedAt: 20 }, OTHER_ID, false],
  ];

describe.each([true, false])('a key of an administrator: %s', (administrator) => {
  it.each(CASES)('%s', (_, recorded, relyingParty, usable) => {
    const key = { id: 'k1', label: 'Laptop', relyingParty, counter: 0, synced: true } as RecordedKey['key'];
    const each: RecordedKey = { key, registeredAt: 10, administrator, ...recorded };
    const keys = { keys: [each] };
    expect(isUsableAt(each, SITE)).toBe(usable);
    expect(keysAt(keys, SITE)).toEqual(usable ? [key] : []);
    expect(administratorKeysAt(keys, SITE)).toEqual(usable && administrator ? [each] : []);
    const verified = { ...keys, person: 'root', kind: 'verified', code: undefined } as const;
    expect(canSignCodes(verified, SITE)).toBe(usable && administrator);
  });
});

it('nobody signs codes with a record that is not valid', () => {
  expect(canSignCodes({ person: 'root', kind: 'broken', because: 'It is broken.' }, SITE)).toBe(false);
});
