/** Every dangerous change of the reference project's plan is reported, at the severity that it has. */
import { dangerousPermissions } from './dangerous-permissions';
import { dangerousRest } from './dangerous-rest';
import { dangerousTrusts } from './dangerous-trust';
import { reviewOf } from './plan';

const dangerous = [...dangerousTrusts, ...dangerousPermissions, ...dangerousRest];

test('there are at least sixty of them, each with a name of its own', () => {
  expect(new Set(dangerous.map(({ name }) => name)).size).toBe(dangerous.length);
  expect(dangerous.length).toBeGreaterThanOrEqual(60);
});

describe.each([
  ['who may open a role', dangerousTrusts],
  ['what an identity may do', dangerousPermissions],
  ['what watches and protects', dangerousRest],
])('%s', (_, mutations) => {
  test.each(mutations)('$name: $expect', async ({ mutate, expect: [id, severity] }) => {
    const { findings } = await reviewOf(mutate);
    const found = findings.filter((finding) => finding.id === id).map((finding) => finding.severity);
    expect({ found, all: findings.map((finding) => `${finding.severity} ${finding.id}`) }).toEqual({
      found: expect.arrayContaining([severity]),
      all: expect.anything(),
    });
  });
});
