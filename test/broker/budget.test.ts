/** What is left of a budget, and when there will be more. */
import { budgetLeft } from '../../lib/broker/budget';

const THREE_A_MINUTE = { limit: 3, window: 60 };

it.each([
  ['nothing spent', [], 100, true],
  ['two of three', [90, 95], 100, true],
  ['three, but one is a minute ago', [40, 90, 95], 100, true],
  ['three', [50, 90, 95], 100, 10],
  ['in any order', [95, 50, 90], 100, 10],
  ['more than the limit: as many must go as are over', [50, 60, 90, 95], 100, 20],
  ['nothing is allowed at all', [], 100, 60, 0],
])('%s', (_, spent, now, left, limit = 3) => {
  expect(budgetLeft({ ...THREE_A_MINUTE, limit }, spent, now)).toEqual(
    left === true ? { ok: true } : { ok: false, retryAfter: left },
  );
});
