/** What the synthesized reference project allows and denies, and that its tables notice every protection broken. */
import type { Deployed } from '../support/deployed';
import { MUTATIONS } from './mutations';
import { referenceStack } from './reference';
import { agentRows, roleRows, trustRows, tryAsAgent, tryAsRole, tryToOpen, wrongAnswers } from './tables';

let deployed: Deployed;
beforeAll(() => {
  deployed = referenceStack();
});

describe('opening s3-deploy', () => {
  it.each(trustRows)('$name: $expect', (row) => {
    expect(tryToOpen(deployed, row)).toBe(row.expect);
  });
});

describe('the agent with its own key', () => {
  it.each(agentRows)('tries to $name: $expect', (row) => {
    expect(tryAsAgent(deployed, row)).toBe(row.expect);
  });
});

describe.each(roleRows)('a lease of $role', ({ role, rows }) => {
  it.each(rows)('tries to $name: $expect', (row) => {
    expect(tryAsRole(deployed, role, row)).toBe(row.expect);
  });

  it('is held to at least 40 requests', () => {
    expect(rows.length).toBeGreaterThanOrEqual(40);
  });
});

describe('a protection broken is noticed', () => {
  it.each(MUTATIONS)('$name', ({ apply }) => {
    const mutated = structuredClone(deployed);
    apply(mutated);
    expect(wrongAnswers(mutated)).not.toEqual([]);
  });

  it('and nothing is noticed where nothing is broken', () => {
    expect(wrongAnswers(structuredClone(deployed))).toEqual([]);
  });
});
