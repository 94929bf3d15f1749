/** Who may ask for a role, and why not: agents by name, people by group. */
import { eligibility, eligibleAskers } from '@leasehold/documents';
import { aBrokerEnvironment, aBrokeredRole, aPerson, brokerRules } from '../../support/broker-environment';

const role = (agents: readonly string[], groups: readonly string[]) =>
  aBrokeredRole({ broker: brokerRules({ eligible: { agents: [...agents], groups: [...groups] } }) });
const environment = aBrokerEnvironment({
  principals: [aPerson({ name: 'alice', groups: ['staff', 'ops'] }), aPerson({ name: 'bob', groups: [] })],
});

it.each<[string, string[], string[], string, boolean | undefined, RegExp]>([
  ['an agent that is named', ['agent'], [], 'agent', true, /is open to the agent agent\.$/],
  [
    'an agent that is not',
    ['worker'],
    [],
    'agent',
    false,
    /does not issue leases of the role refund to agent: the role is open to the agent worker, and agent is an agent/,
  ],
  ['an agent, of a role for groups', [], ['staff'], 'agent', false, /open to the group staff, and agent is an agent/],
  ['a person of the group', [], ['staff'], 'alice', true, /open to the group staff\.$/],
  ['a person of no group', [], ['staff'], 'bob', false, /bob is a person of no group\.$/],
  [
    'a person of others',
    ['agent'],
    ['finance', 'legal'],
    'alice',
    false,
    /open to the agent agent and the groups finance, legal, and alice is a person of the groups staff, ops/,
  ],
  ['anybody, of a role for nobody', [], [], 'alice', false, /open to nobody, and/],
])('%s', (_, agents, groups, name, eligible, because) => {
  const found = eligibility(role(agents, groups), name, environment);
  expect(found?.eligible).toBe(eligible);
  expect(found?.because).toMatch(because);
});

it('somebody unknown is nobody; askers are those who may ask', () => {
  expect(eligibility(role(['agent'], ['staff']), 'mallory', environment)).toBeUndefined();
  expect(eligibleAskers(role(['agent'], ['staff']), environment)).toEqual(['agent', 'alice']);
  expect(eligibleAskers(role([], []), environment)).toEqual([]);
});
