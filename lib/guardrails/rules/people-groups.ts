import { type EnvironmentGuardrail, pageOf } from '../guardrail';

/**
 * The groups that may approve must not include all groups that may request, because the requesters could then approve
 * each other's leases.
 */
export const peopleGroups: EnvironmentGuardrail = {
  id: 'people-groups',
  title: 'Not everybody who may request leases may also approve them or administer the broker',
  severity: 'error',
  page: pageOf('people-groups'),
  over: 'environment',
  *check({ environment }) {
    const { people, locate } = environment.broker ?? {};
    if (people === undefined || locate === undefined || people.groups.requester === '*') return;
    const { requester } = people.groups;
    for (const kind of ['approver', 'administrator'] as const) {
      const groups = people.groups[kind];
      if (!requester.every((group) => groups.includes(group))) continue;
      const verb = kind === 'approver' ? 'approve' : 'administer';
      yield {
        message: `Everybody who may request leases is in \`${requester.join('`, `')}\`, whose people may ${verb}.`,
        hint: `Make a group of its own for ${kind}s, and write it under \`${kind}\`.`,
        at: locate(['people', 'groups', kind]),
      };
    }
  },
};
