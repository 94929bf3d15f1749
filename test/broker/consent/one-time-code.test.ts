/** One-time codes: random, typed without doubt, and accepted by the contract. */
import { createHash } from 'node:crypto';
import { registerKeyBody } from '@leasehold/contract/consent';
import fc from 'fast-check';
import { CODE_BYTES, codeHash, codeUntil, oneTimeCode } from '../../../lib/broker/consent/one-time-code';
import { NONCE_SECONDS } from '../../../lib/broker/consent/statement';

const bytes = fc.uint8Array({ minLength: CODE_BYTES, maxLength: CODE_BYTES });

it('a code is accepted by the contract, and its hash is what the broker computes', () => {
  fc.assert(
    fc.property(bytes, (random) => {
      const { code, hash } = oneTimeCode(random);
      expect(registerKeyBody.shape.code.safeParse(code).success).toBe(true);
      expect(hash).toBe(createHash('sha256').update(code, 'utf8').digest('hex'));
      // Neither i, l, o nor u, which look like other characters.
      expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{26}$/);
    }),
  );
});

it('the hash of whatever a person typed is the SHA-256 of its UTF-8 text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (typed) => {
      expect(codeHash(typed)).toBe(createHash('sha256').update(typed, 'utf8').digest('hex'));
    }),
  );
});

it('every digit comes from exactly eight of the 256 values of a byte, so it has five random bits', () => {
  const times = new Map<string, number>();
  for (let value = 0; value < 256; value += 1) {
    const [digit = ''] = oneTimeCode(new Uint8Array(CODE_BYTES).fill(value)).code;
    times.set(digit, (times.get(digit) ?? 0) + 1);
  }
  expect([...times.values()]).toEqual(Array(32).fill(8));
  expect(CODE_BYTES * 5).toBeGreaterThanOrEqual(128);
});

it('every byte changes the code', () => {
  fc.assert(
    fc.property(bytes, fc.nat(CODE_BYTES - 1), (random, at) => {
      const other = Uint8Array.from(random, (byte, index) => (index === at ? byte ^ 1 : byte));
      expect(oneTimeCode(other).code).not.toBe(oneTimeCode(random).code);
    }),
  );
});

it.each([0, CODE_BYTES - 1, CODE_BYTES + 1])('%d bytes make no code', (length) => {
  expect(() => oneTimeCode(new Uint8Array(length))).toThrow(TypeError);
});

it('a code ends by the clock of the broker', () => {
  expect(codeUntil({ expiresAt: 1000 + NONCE_SECONDS }, 60)).toBe(1060);
});
