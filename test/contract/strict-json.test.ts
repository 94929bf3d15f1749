/** JSON that could be read in two ways is not read at all. */

import { strictJson } from '@leasehold/contract/strict-json';
import fc from 'fast-check';

it.each([
  '{"a":1,"a":2}',
  '{"a":1,"b":{"c":1,"c":1}}',
  '[{"a":1},{"a":1,"\\u0061":2}]',
  '{"__proto__":{"role":"x"}}',
  '{"a":{"\\u005f_proto__":1}}',
  '{"seconds":9e2}',
  '{"seconds":900.0}',
  '{"seconds":1E3}',
  '[-0]',
  '[12345678901234567890]',
  '[0.10]',
  `${'['.repeat(65)}${']'.repeat(65)}`,
  '{"a":1',
  '',
])('refuses %s', (text) => {
  expect(() => strictJson(text)).toThrow(SyntaxError);
});

it('reads whatever JSON.stringify writes, as JSON.parse does', () => {
  void fc.assert(
    fc.property(fc.json({ noUnicodeString: false, maxDepth: 6 }), (json) => {
      const text = JSON.stringify(JSON.parse(json), (key, value) => (key === '__proto__' ? undefined : value), 1);
      if (text.includes('__proto__')) return;
      expect(strictJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

it('finds a doubled key in any object at any depth', () => {
  const keys = fc.string({ maxLength: 6 }).filter((key) => key !== '__proto__');
  void fc.assert(
    fc.property(keys, fc.jsonValue(), fc.array(fc.boolean(), { maxLength: 8 }), (key, value, nest) => {
      const member = `${JSON.stringify(key)}:${JSON.stringify(value === undefined ? null : value)}`;
      if (member.includes('__proto__')) return;
      const around = (inner: string) =>
        nest.reduce((text, inArray) => (inArray ? `[0,${text}]` : `{"k":${text}}`), inner);
      expect(() => strictJson(around(`{${member}}`))).not.toThrow();
      expect(() => strictJson(around(`{${member} , ${member}}`))).toThrow(SyntaxError);
    }),
  );
});

it('demands exact numbers below one member alone, where the rest is somebody else’s', () => {
  const below = { numbersBelow: 'input' };
  expect(strictJson('{"usage":{"cost":1.0,"p":1e-5},"input":{"minutes":15}}', below)).toEqual({
    usage: { cost: 1, p: 1e-5 },
    input: { minutes: 15 },
  });
  for (const input of ['15.0', '{"minutes":1.5e1}', '[{"minutes":15.0}]']) {
    expect(() => strictJson(`{"usage":1.0,"input":${input}}`, below)).toThrow(SyntaxError);
  }
});
