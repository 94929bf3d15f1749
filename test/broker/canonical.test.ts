/** One text for one value. */
import fc from 'fast-check';
import { canonicalJson, hashOf, type Json } from '../../lib/broker/canonical';

it.each<[string, Json, string]>([
  [
    'keys are sorted, by code units',
    { b: 1, a: 2, '€': 3, A: 4, '\u{1F600}': 5, ﬀ: 6 },
    '{"A":4,"a":2,"b":1,"€":3,"😀":5,"ﬀ":6}',
  ],
  ['what is undefined is left out', { a: undefined, b: null }, '{"b":null}'],
  ['lists keep their order', [3, 1, 2], '[3,1,2]'],
  ['numbers are written as ECMAScript writes them', [1e21, 0.1, -0, 1e-7], '[1e+21,0.1,0,1e-7]'],
  ['texts are escaped no more than JSON asks', '\u0001"\\/é', '"\\u0001\\"\\\\/é"'],
])('%s (RFC 8785)', (_, value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

it.each([
  ['a lone surrogate', '\ud800'],
  ['a lone surrogate for a key', { '\udc00': 1 }],
  ['no number', Number.NaN],
  ['an infinite number', Number.POSITIVE_INFINITY],
])('refuses %s', (_, value) => {
  expect(() => canonicalJson(value)).toThrow(TypeError);
});

it('hashes the same value to the same, and another to another', () => {
  expect(hashOf({ a: 1, b: [2] })).toBe(hashOf({ b: [2], a: 1 }));
  expect(hashOf({ a: 1 })).not.toBe(hashOf({ a: '1' }));
});

it('is read back as the value that was written', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
      expect(JSON.parse(canonicalJson(value as Json))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
