/** The statistics of the page of activity. */
import type { LeaseView } from '@leasehold/contract';
import type { Operation } from '@leasehold/contract/routes';
import fc from 'fast-check';
import {
  activityOf,
  approvalTimes,
  approvedIn,
  NO_ROLE,
  OTHER_ROLES,
  startOfDay,
} from '../../console/app/activity/activity';
import { approvalSeconds } from '../../console/app/activity/approval-seconds';
import type { Broker } from '../../console/app/api/client';
import { aBrokerOver, personArn } from '../broker/http/support';

const DAY = 86_400;
const utcDay = (seconds: number) => Math.floor(seconds / DAY) * DAY;

function view(overrides: Partial<LeaseView> = {}): LeaseView {
  return {
    id: 'lh-1',
    state: 'expired',
    environment: 'dev',
    requester: 'agent',
    requestedAt: 10 * DAY,
    changedAt: 10 * DAY,
    sequence: 1,
    collected: true,
    grant: { role: 's3-deploy' },
    ...overrides,
  } as LeaseView;
}

it('counts requests, grants, denials by code, reasons, and requests by role and day', () => {
  const leases = [
    view({ expiresAt: 1 }),
    view({ requestedAt: 11 * DAY + 5, state: 'denied', code: 'approver-denied', because: 'Frozen' }),
    view({ requestedAt: 11 * DAY, state: 'denied', code: 'approver-denied', because: 'Frozen' }),
    view({ requestedAt: 11 * DAY, state: 'denied', code: 'not-eligible', grant: undefined, because: 'No' }),
    view({ requestedAt: 12 * DAY, state: 'pending', grant: { role: 'log-read' } as LeaseView['grant'] }),
    view({ requestedAt: 9 * DAY }),
  ];
  expect(activityOf(leases, 10 * DAY, 13 * DAY, utcDay)).toEqual({
    requests: 5,
    granted: 1,
    denied: 3,
    waiting: 1,
    denials: [
      { name: 'approver-denied', count: 2 },
      { name: 'not-eligible', count: 1 },
    ],
    reasons: [
      { name: 'Frozen', count: 2 },
      { name: 'No', count: 1 },
    ],
    roles: ['s3-deploy', 'log-read', NO_ROLE],
    days: [
      { from: 10 * DAY, counts: [1, 0, 0] },
      { from: 11 * DAY, counts: [2, 0, 1] },
      { from: 12 * DAY, counts: [0, 1, 0] },
      { from: 13 * DAY, counts: [0, 0, 0] },
    ],
  });
});

it('counts each request on exactly one day and for one role, in any time zone', () => {
  const lease = fc
    .record({ role: fc.integer({ min: 1, max: 12 }), at: fc.integer({ min: 0, max: 31 * DAY }) })
    .map(({ role, at }) =>
      view({ requestedAt: 1_700_000_000 + at, grant: { role: `role-${role}` } as LeaseView['grant'] }),
    );
  fc.assert(
    fc.property(fc.array(lease), fc.integer({ min: -14, max: 14 }), (leases, zone) => {
      const dayOf = (seconds: number) => utcDay(seconds + zone * 3600) - zone * 3600;
      for (const each of [dayOf, startOfDay]) {
        const { days, requests, roles } = activityOf(leases, 1_700_000_000, 1_700_000_000 + 31 * DAY, each);
        expect(days.flatMap(({ counts }) => counts).reduce((sum, count) => sum + count, 0)).toBe(requests);
        expect(requests).toBe(leases.length);
        expect(roles.length).toBeLessThanOrEqual(7);
      }
    }),
  );
});

it('counts many roles together', () => {
  const leases = Array.from({ length: 9 }, (_, index) =>
    view({ grant: { role: `role-${index}` } as LeaseView['grant'] }),
  );
  const { roles, days } = activityOf(leases, 10 * DAY, 10 * DAY + 1, utcDay);
  expect(roles.at(-1)).toBe(OTHER_ROLES);
  expect(days[0]?.counts).toEqual([1, 1, 1, 1, 1, 1, 3]);
});

it.each<[readonly number[], ReturnType<typeof approvalTimes>]>([
  [[], undefined],
  [[30], { count: 1, median: 30, most: 30 }],
  [[50, 10, 30], { count: 3, median: 30, most: 50 }],
  [[1, 2, 3, 4, 5, 6, 7, 8, 9, 100], { count: 10, median: 5, most: 9 }],
])('the time to approval of %j', (seconds, times) => {
  expect(approvalTimes(seconds)).toEqual(times);
});

it('times only leases whose approval is complete', () => {
  const approval = (humans: number, ...approvals: string[]) => ({ humans, approvals, approvers: ['a', 'b'], until: 1 });
  const leases = [
    view({ id: 'lh-1' }),
    view({ id: 'lh-2', approval: approval(2, 'a') }),
    view({ id: 'lh-3', approval: approval(2, 'a', 'b') }),
    view({ id: 'lh-4', approval: approval(0) }),
  ];
  expect(approvedIn(leases).map(({ id }) => id)).toEqual(['lh-3']);
});

it('reads the time from the record, and leaves out records that are broken', async () => {
  const { call, world } = aBrokerOver();
  const times: string[] = [];
  for (const wait of [60, 300]) {
    const body = { role: 's3-deploy', parameters: { release: '1.4.2' }, reason: 'Upload release 1.4.2 to the bucket' };
    const { lease } = (await call('request', { body })).body;
    times.push(lease.id);
    for (const name of ['lead', 'oncall']) {
      world.now += wait;
      await call('approve', {
        as: personArn('approver', name),
        path: { lease: lease.id },
        body: { hash: lease.grant.hash },
      });
    }
  }
  const broker = (async (operation: Operation, { path }: { path: Record<string, string> }) =>
    (await call(operation, { as: personArn('approver', 'lead'), path })).body) as unknown as Broker;
  const { signal } = new AbortController();
  expect([...(await approvalSeconds(broker, 'approver', times, signal))].sort()).toEqual([120, 600]);
  world.events.get(times[0] ?? '')?.splice(1, 1);
  expect(await approvalSeconds(broker, 'approver', times, signal)).toEqual([600]);
});
