import { type Defined, defined } from '@leasehold/contract/defined';
import fc from 'fast-check';

it('leaves out what is undefined, and nothing else that is falsy', () => {
  const whole = { a: undefined, b: null, c: 0, d: '', e: false, f: Number.NaN };
  expect(Object.entries(defined(whole))).toEqual(Object.entries(whole).slice(1));
});

it('equals one conditional spread for each property, in the same order', () => {
  const values = fc.option(fc.jsonValue(), { nil: undefined });
  fc.assert(
    fc.property(fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), values), (object) => {
      const entries = Object.entries(object).filter(([, value]) => value !== undefined);
      expect(Object.entries(defined(object))).toEqual(entries);
      expect(Object.getPrototypeOf(defined(object))).toBe(Object.prototype);
    }),
  );
});

it('has the type of what is left', () => {
  const seconds = [60, undefined][0];
  const kept: { readonly name: string; readonly gate: 'mfa'; readonly seconds?: number } = defined({
    name: 'a',
    gate: 'mfa',
    seconds,
  });
  const readonly: Defined<{ readonly a?: string; b: string | undefined }> = {};
  // @ts-expect-error A property that may be undefined is optional afterwards.
  const required: { readonly seconds: number } = defined({ seconds });
  expect([kept, readonly, required]).toEqual([{ name: 'a', gate: 'mfa', seconds: 60 }, {}, { seconds: 60 }]);
});
