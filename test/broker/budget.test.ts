/** What is left of a budget, and when there will be more. */
import fc from 'fast-check';
import { budgetLeft } from '../../lib/broker/budget';

/** Windows begin at whole minutes: 120 is the first second of one, 150 its middle. */
const THREE_A_MINUTE = { limit: 3, windowSeconds: 60 };

it.each([
  ['nothing spent', { current: 0, previous: 0 }, 120, true],
  ['two of three', { current: 2, previous: 0 }, 120, true],
  ['three: room comes once enough of this window lies a minute back', { current: 3, previous: 0 }, 150, 50],
  ['three in the window before, which has just ended', { current: 0, previous: 3 }, 120, 20],
  ['three in the window before, of which half still counts', { current: 0, previous: 3 }, 150, true],
  ['three in the window before, and one since', { current: 1, previous: 3 }, 150, 10],
  ['far more than the limit', { current: 30, previous: 0 }, 120, 116],
] as const)('%s', (_, spent, now, left) => {
  expect(budgetLeft(THREE_A_MINUTE, spent, now)).toEqual(
    left === true ? { ok: true } : { ok: false, retryAfter: left },
  );
});

it('keeps its word: after `retryAfter` seconds without another request there is room', () => {
  const spent = fc.record({ current: fc.nat(50), previous: fc.nat(50) });
  const budget = fc.record({
    limit: fc.integer({ min: 1, max: 20 }),
    windowSeconds: fc.integer({ min: 60, max: 3600 }),
  });
  fc.assert(
    fc.property(budget, spent, fc.nat(100_000), (limits, before, now) => {
      const left = budgetLeft(limits, before, now);
      if (left.ok) return;
      const later = now + left.retryAfter;
      const passed = Math.floor(later / limits.windowSeconds) - Math.floor(now / limits.windowSeconds);
      const since = [before, { current: 0, previous: before.current }, { current: 0, previous: 0 }][
        Math.min(passed, 2)
      ];
      expect(since && budgetLeft(limits, since, later)).toEqual({ ok: true });
    }),
  );
});
