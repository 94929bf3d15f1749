/** The values that no message contains, in whatever form. */
import fc from 'fast-check';
import { REMOVED, SecretList } from '../../lib/mcp/secrets';

const KEY = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYLEASEDKEY1';
const list = () => {
  const secrets = new SecretList();
  return { secrets, forget: secrets.add([KEY]) };
};

it.each<[string, (text: string) => string]>([
  ['as it is', (text) => text],
  ['in a URL', encodeURIComponent],
  ['in a URL, in lower case', (text) => encodeURIComponent(text).replace(/%../g, (each) => each.toLowerCase())],
  ['in a URL inside a URL', (text) => encodeURIComponent(encodeURIComponent(text))],
  ['in JSON with escaped slashes', (text) => text.replaceAll('/', '\\/')],
  ['in hexadecimal digits', (text) => Buffer.from(text).toString('hex')],
])('a secret %s is removed', (_, form) => {
  expect(list().secrets.scrub(`<${form(KEY)}>`)).toBe(`<${REMOVED}>`);
});

it.each(['base64', 'base64url'] as const)('a secret inside of what is encoded in %s is removed', (encoding) => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      const { secrets } = list();
      const text = Buffer.from(`${before}${KEY}${after}`).toString(encoding);
      const clean = secrets.scrub(text);
      expect(clean).toContain(REMOVED);
      // What is left does not contain more than the ends of the secret.
      for (const part of clean.split(REMOVED))
        expect(Buffer.from(part, encoding).toString()).not.toContain(KEY.slice(2, -2));
    }),
  );
});

it('the beginning of a secret at the end of a text that was cut is removed', () => {
  const { secrets } = list();
  for (let length = 6; length < KEY.length; length++) {
    expect(secrets.scrub(`a ${KEY.slice(0, length)}`, true)).toBe(`a ${REMOVED}`);
    expect(secrets.scrub(`a ${KEY.slice(0, length)}`)).toBe(`a ${KEY.slice(0, length)}`);
  }
});

it('secrets are removed from keys and values at every depth, and short values are not searched for', () => {
  const { secrets } = list();
  secrets.add(['short', undefined]);
  expect(secrets.scrubbed({ [KEY]: [{ a: `short ${KEY}`, n: 1, z: null }] })).toEqual({
    [REMOVED]: [{ a: `short ${REMOVED}`, n: 1, z: null }],
  });
});

it('a very deep value is cut, and does not exceed the stack', () => {
  let value: unknown = KEY;
  for (let level = 0; level < 50_000; level++) value = level % 2 === 0 ? [value] : { a: value };
  const text = JSON.stringify(list().secrets.scrubbed(value));
  expect(text).toContain(REMOVED);
  expect(text).not.toContain(KEY);
});

it('a secret that was added twice is one until it was forgotten twice', () => {
  const { secrets, forget } = list();
  const again = secrets.add([KEY]);
  forget();
  forget();
  expect(secrets.scrub(KEY)).toBe(REMOVED);
  again();
  expect(secrets.scrub(KEY)).toBe(KEY);
});

it('of secrets that overlap in a text, nothing is left, and other texts stay', () => {
  const secrets = new SecretList();
  const [first, second] = ['aaaa-bbbb-cccc-dddd', 'cccc-dddd-eeee-ffff'];
  secrets.add([first, second, `${first}-longer`]);
  const text = 'aaaa-bbbb-cccc-dddd-eeee-ffff';
  expect(secrets.scrub(`<${text}> <${first}-longer> <${first}${first}> <aaaa-bbbb-cccc-ddd>`)).toBe(
    `<${REMOVED}> <${REMOVED}> <${REMOVED}${REMOVED}> <aaaa-bbbb-cccc-ddd>`,
  );
  expect([secrets.isIn(text), secrets.isIn('aaaa-bbbb-cccc-ddd')]).toEqual([true, false]);
});

it('a text at the end of which a form would begin does not contain it', () => {
  const { secrets } = list();
  expect(secrets.isIn(KEY.slice(0, -1))).toBe(false);
  expect(secrets.scrub(KEY.slice(0, -1))).toBe(KEY.slice(0, -1));
});
