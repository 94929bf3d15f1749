/** Which leases a list contains: by role, by requester, and by time. */
import { leaseList, problem } from '@leasehold/contract';
import { World } from '../memory';
import { AGENT_ARN, aBank, aBrokerOver, personArn, REASON } from './support';

const LEAD = personArn('approver', 'lead');
const LOGS = { role: 'log-read', reason: REASON };
const DAY = 86_400;

async function listed({ call }: Pick<ReturnType<typeof aBrokerOver>, 'call'>, query: string, as = LEAD) {
  return leaseList.parse((await call('leases', { as, query })).body).leases;
}

it('those of an agent, with the requests that were denied before a role was chosen', async () => {
  const broker = aBrokerOver();
  await broker.call('request', { body: LOGS });
  await broker.call('request', { body: { role: 'ops-read', reason: REASON } });
  const leases = await listed(broker, 'requester=agent');
  expect(leases.map(({ state, code }) => code ?? state).sort()).toEqual(['issued', 'not-eligible']);
  expect(await listed(broker, 'requester=agent', personArn('administrator', 'root'))).toHaveLength(2);
  expect(await listed(broker, 'requester=alice')).toEqual([]);
});

it('those of a person', async () => {
  const broker = aBrokerOver();
  await broker.call('request', { as: personArn('requester', 'alice'), body: { role: 'ops-read', reason: REASON } });
  expect((await listed(broker, 'requester=alice')).map(({ requester }) => requester)).toEqual(['alice']);
});

it('of the last day, or of as many days as are asked for', async () => {
  const broker = aBrokerOver();
  await broker.call('request', { body: LOGS });
  broker.world.now += 3 * DAY;
  expect(await listed(broker, 'role=log-read')).toEqual([]);
  expect(await listed(broker, 'role=log-read&days=2')).toEqual([]);
  expect(await listed(broker, 'role=log-read&days=4')).toHaveLength(1);
  expect(await listed(broker, 'requester=agent&days=31')).toHaveLength(1);
  expect(await listed(broker, 'days=4', AGENT_ARN)).toHaveLength(1);
});

it.each([
  ['another agent’s', 'requester=agent', AGENT_ARN, 'forbidden'],
  ['another person’s', 'requester=agent', personArn('requester', 'alice'), 'forbidden'],
  ['somebody whom the definitions do not name', 'requester=mallory', LEAD, 'not-found'],
  ['no name', 'requester=a%2Fb', LEAD, 'malformed'],
  ['a role and a requester', 'requester=agent&role=log-read', LEAD, 'malformed'],
  ['what waits, of a requester', 'requester=agent&open=true', LEAD, 'malformed'],
  ['no day', 'role=log-read&days=0', LEAD, 'malformed'],
  ['a year', 'role=log-read&days=365', LEAD, 'malformed'],
])('not of %s', async (_, query, as, code) => {
  const { call } = aBrokerOver(aBank(), {}, new World());
  expect(problem.parse((await call('leases', { as, query })).body).code).toBe(code);
});
