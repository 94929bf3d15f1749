/** What gives nobody anything is no finding; what only looks different is no change at all. */
import { harmless, rewritten } from './harmless';
import { reviewOf } from './plan';

test('there are at least forty of them, each with a name of its own', () => {
  const names = [...rewritten, ...harmless].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(40);
});

test.each(rewritten)('$name: no change', async ({ mutate }) => {
  const { findings, identities, unknowns, verdict } = await reviewOf(mutate);
  expect(findings.map(({ id, message }) => `${id}: ${message}`)).toEqual([]);
  expect({ identities, unknowns }).toEqual({ identities: [], unknowns: [] });
  expect(verdict).toBe('No identity can do more or less than before; no findings.');
});

test.each(harmless)('$name: no finding', async ({ mutate }) => {
  const { findings } = await reviewOf(mutate);
  expect(findings.map(({ id, message }) => `${id}: ${message}`)).toEqual([]);
});
