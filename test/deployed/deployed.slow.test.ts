/** What the synthesized reference project allows and denies, and that its tables notice every protection broken. */
import { MUTATIONS } from './mutations';
import { protectionsOf } from './protections';
import { referenceStack } from './reference';
import { ENVIRONMENTS, type Place, tablesOf, tryAsAgent, tryAsRole, tryToOpen, wrongAnswers } from './tables';

const PLACES: readonly Place[] = ENVIRONMENTS.map((environment) => ({
  environment,
  deployed: referenceStack(environment),
}));

describe.each(PLACES)('in $environment', (place) => {
  const { agent, roles } = tablesOf(place.environment);

  describe('the agent with its own key', () => {
    it.each(agent)('tries to $name: $expect', (row) => {
      expect(tryAsAgent(place, row)).toBe(row.expect);
    });
  });

  describe.each(roles)('opening $role', ({ role, opening }) => {
    it.each(opening)('$name: $expect', (row) => {
      expect(tryToOpen(place, role, row)).toBe(row.expect);
    });
  });

  describe.each(roles)('a lease of $role', ({ role, lease }) => {
    it.each(lease)('tries to $name: $expect', (row) => {
      expect(tryAsRole(place, role, row)).toBe(row.expect);
    });

    it('is held to at least 40 requests', () => {
      expect(lease.length).toBeGreaterThanOrEqual(40);
    });
  });

  it('has tables for every role that is deployed, and for the one agent', () => {
    const names = (of: object) => Object.keys(of).map((name) => name.replace(`hermes-${place.environment}-`, ''));
    expect(names(place.deployed.roles).sort()).toEqual(roles.map(({ role }) => role).sort());
    expect(names(place.deployed.users)).toEqual(['agent']);
  });

  it('answers nothing wrongly', () => {
    expect(wrongAnswers(place)).toEqual([]);
  });

  describe('a protection broken is noticed', () => {
    it.each(protectionsOf(place.deployed))('$name', ({ apply }) => {
      const deployed = structuredClone(place.deployed);
      apply(deployed);
      expect(deployed).not.toEqual(place.deployed);
      expect(wrongAnswers({ ...place, deployed })).not.toEqual([]);
    });
  });
});

describe('a protection broken by hand is noticed', () => {
  const [dev] = PLACES;
  it.each(MUTATIONS)('$name', ({ apply }) => {
    if (dev === undefined) throw new Error('there is no environment dev');
    const deployed = structuredClone(dev.deployed);
    apply(deployed);
    expect(wrongAnswers({ ...dev, deployed })).not.toEqual([]);
  });
});
