/** Which leases are the person's own, also if the name of the person is not known. */
import type { Broker } from '../../console/app/api/client';
import { BrokerRefusal } from '../../console/app/api/errors';
import { isOwn, isOwnAtBroker } from '../../console/app/request/own';
import type { Me } from '../../console/app/session/me';
import { PROBLEM_STATUS, type ProblemCode } from '../../lib/contract/problem';

const me = (person: string | undefined, ...may: readonly (keyof Me['may'])[]): Me => ({
  person,
  environment: undefined,
  may: {
    requester: may.includes('requester'),
    approver: may.includes('approver'),
    administrator: may.includes('administrator'),
  },
});

const PERSON = { kind: 'person', name: 'alice', key: 'alice', groups: [] } as const;

it.each([
  ['a requester', me(undefined, 'requester'), PERSON, true],
  ['an approver with the name of the requester', me('Alice', 'approver', 'requester'), PERSON, true],
  ['an approver with another name', me('lead', 'approver', 'requester'), PERSON, false],
  ['an approver whose name is not known', me(undefined, 'approver', 'requester'), PERSON, undefined],
  ['an administrator whose name is not known', me(undefined, 'administrator', 'requester'), PERSON, undefined],
  ['somebody who cannot request', me(undefined, 'approver'), PERSON, false],
  [
    'an approver, of a lease of an agent',
    me(undefined, 'approver', 'requester'),
    { ...PERSON, kind: 'agent' } as const,
    false,
  ],
])('%s: whether the lease is their own', (_, who, requester, expected) => {
  expect(isOwn(who, { requester })).toBe(expected);
});

describe('a lease of a person whose name is not known', () => {
  const answering = (code?: ProblemCode): Broker =>
    (async (operation: string, options: object) => {
      expect([operation, options]).toEqual(['status', { as: 'requester', path: { lease: 'lh-1' } }]);
      if (code === undefined) return {};
      const status = PROBLEM_STATUS[code];
      throw new BrokerRefusal({ type: 'about:blank', title: '', status, detail: '', code, hint: '', retryable: false });
    }) as unknown as Broker;

  it('is their own if the broker shows it to them as a requester', async () => {
    expect(await isOwnAtBroker(answering(), 'lh-1')).toBe(true);
    expect(await isOwnAtBroker(answering('not-found'), 'lh-1')).toBe(false);
    await expect(isOwnAtBroker(answering('unavailable'), 'lh-1')).rejects.toBeInstanceOf(BrokerRefusal);
  });
});
