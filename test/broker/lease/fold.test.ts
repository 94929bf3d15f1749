/** What becomes of a lease, event by event. */
import { grantHash } from '../../../lib/broker/grant/grant';
import type { EventBody } from '../../../lib/broker/lease/event';
import { LeaseFault } from '../../../lib/broker/lease/fault';
import {
  COLLECT_AGAIN,
  changedAt,
  fold,
  isCollectable,
  MOST_COLLECTED,
  MOST_WITHHELD,
  stateAt,
} from '../../../lib/broker/lease/fold';
import { actorsOf, LEASE_STATES } from '../../../lib/broker/lease/table';
import { AGENT, aGrant, eventsOf, leaseOf, proposed, REQUESTED, then } from '../support';

const HASH = grantHash(aGrant());
const yes = (name: string, hash = HASH): EventBody => ({ type: 'approved', by: { name }, hash });
const issued = (until: number, hash = HASH): EventBody => ({ type: 'issued', hash, until });
const collected = (by = AGENT.key): EventBody => ({ type: 'collected', by });

function faultOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof LeaseFault) return error.code;
    throw error;
  }
}

describe('a lease that goes well', () => {
  const approved = leaseOf(REQUESTED, proposed(2), yes('lead'), yes('oncall'));
  const open = then(approved, 10, issued(610));

  it('is pending until all humans have said yes', () => {
    expect(leaseOf(REQUESTED).state).toBe('requested');
    expect(leaseOf(REQUESTED, proposed(2)).state).toBe('pending');
    expect(leaseOf(REQUESTED, proposed(2), yes('lead')).state).toBe('pending');
    expect(approved.state).toBe('approved');
  });

  it('is issued for no longer than was approved, collected, and over by itself', () => {
    expect(stateAt(open, 609)).toBe('issued');
    expect(stateAt(open, 610)).toBe('expired');
    expect([609, 610, 999].map((now) => changedAt(open, now))).toEqual([open.last.at, 610, 610]);
    expect(faultOf(() => then(approved, 10, issued(611)))).toBe('malformed');
    expect(then(open, 11, collected()).collectedAt).toBe(11);
  });

  it('needs nobody where the role asks for nobody', () => {
    expect(leaseOf(REQUESTED, proposed(0)).state).toBe('approved');
  });

  it('is collected again within a minute, by the same requester, as the same lease', () => {
    const once = then(open, 20, collected());
    expect(then(once, 20 + COLLECT_AGAIN, collected())).toMatchObject({ id: 'lh-1', collectedAt: 20 });
    expect(faultOf(() => then(once, 21 + COLLECT_AGAIN, collected()))).toBe('collected-already');
    expect(faultOf(() => then(open, 20, collected('123456789012 user/agents/other')))).toBe('not-the-requester');
  });

  it('can be collected exactly when the record may contain that it was', () => {
    for (let times = 1, lease = then(open, 20, collected()); times <= MOST_COLLECTED; times += 1) {
      for (const now of [20, 20 + COLLECT_AGAIN, 21 + COLLECT_AGAIN, 10_000]) {
        const isPossible =
          stateAt(lease, now) === 'issued' && faultOf(() => then(lease, now, collected())) === undefined;
        expect([times, now, isCollectable(lease, now)]).toEqual([times, now, isPossible]);
      }
      if (times < MOST_COLLECTED) lease = then(lease, 20, collected());
    }
    expect(isCollectable(leaseOf(REQUESTED, proposed(0)), 10)).toBe(true);
    expect(isCollectable(leaseOf(REQUESTED, proposed(1)), 10)).toBe(false);
  });
});

describe('an approval', () => {
  const pending = leaseOf(REQUESTED, proposed(2));

  it('is bound to the grant that was shown', () => {
    expect(faultOf(() => then(pending, 5, yes('lead', grantHash(aGrant({ seconds: 601 })))))).toBe('another-grant');
  });

  it('counts once for each human', () => {
    expect(faultOf(() => then(then(pending, 5, yes('lead')), 6, yes('lead')))).toBe('said-already');
  });

  it('is never the requester’s own, though it were on the list', () => {
    expect(faultOf(() => then(pending, 5, yes('hermes')))).toBe('own-lease');
  });

  it('is never that of the person on whose behalf is asked', () => {
    const subject = { issuer: 'https://id.example', sub: 'Lead', claims: {} };
    const grant = aGrant({ subject: 'https://id.example Lead' });
    const lease = leaseOf({ ...REQUESTED, subject } as EventBody, proposed(1, grant));
    expect(faultOf(() => then(lease, 5, yes('lead', grantHash(grant))))).toBe('own-lease');
  });

  it('comes from an approver of this lease', () => {
    expect(faultOf(() => then(pending, 5, yes('mallory')))).toBe('not-an-approver');
  });

  it('does not outlive a change of the grant', () => {
    const changed = aGrant({ seconds: 60 });
    const again = then(then(pending, 5, yes('lead')), 6, proposed(2, changed));
    expect(again).toMatchObject({ state: 'pending', approvals: [] });
    expect(faultOf(() => then(again, 7, yes('oncall')))).toBe('another-grant');
    expect(faultOf(() => then(again, 7, issued(60, grantHash(changed))))).toBe('wrong-state');
  });

  it('comes too late when the window is over', () => {
    expect(stateAt(pending, 1799)).toBe('pending');
    expect([1799, 1800].map((now) => changedAt(pending, now))).toEqual([pending.last.at, 1800]);
    expect(stateAt(pending, 1800)).toBe('lapsed');
    expect(faultOf(() => then(pending, 1800, yes('lead')))).toBe('wrong-state');
    const late = leaseOf(REQUESTED, proposed(1), yes('lead'));
    expect(faultOf(() => then(late, 1800, issued(1900)))).toBe('wrong-state');
    expect(then(pending, 1800, { type: 'lapsed' }).state).toBe('lapsed');
  });
});

const EVENTS = [
  ...([
    'reviewed',
    'proposed',
    'approved',
    'denied',
    'lapsed',
    'issued',
    'failed',
    'withheld',
    'collected',
    'revoked',
  ] as const),
];

describe('a no', () => {
  const no: EventBody = { type: 'denied', by: { name: 'oncall' }, code: 'approver-denied', because: 'Not today.' };

  it('ends a lease, whatever others said before', () => {
    const denied = then(leaseOf(REQUESTED, proposed(2), yes('lead')), 5, no);
    expect(denied).toMatchObject({ state: 'denied', because: 'Not today.' });
    expect(faultOf(() => then(denied, 6, yes('oncall')))).toBe('wrong-state');
  });

  it('is taken from an approver alone', () => {
    expect(
      faultOf(() => then(leaseOf(REQUESTED, proposed(2)), 5, { ...no, by: { name: 'mallory' } } as EventBody)),
    ).toBe('not-an-approver');
  });
});

describe('a revoked lease', () => {
  it('cannot be collected any more', () => {
    const revoked = then(leaseOf(REQUESTED, proposed(0), issued(600)), 5, {
      type: 'revoked',
      by: 'administrator root',
      because: 'Wrong release.',
    });
    expect(revoked.state).toBe('revoked');
    expect(faultOf(() => then(revoked, 6, collected()))).toBe('wrong-state');
  });
});

describe('withheld credentials', () => {
  const withheld: EventBody = { type: 'withheld', code: 'not-eligible', because: 'The group is gone.' };
  const approved = leaseOf(REQUESTED, proposed(1), yes('lead'));

  it('leave the lease as it is: it is issued if it is permitted again in time', () => {
    const waits = then(approved, 5, withheld);
    expect(waits).toMatchObject({ state: 'approved', approvals: ['lead'], withheld: 1 });
    expect(then(waits, 6, issued(606)).state).toBe('issued');
    expect(stateAt(waits, 1800)).toBe('lapsed');
    const once = then(then(approved, 5, issued(605)), 6, collected());
    expect(then(once, 7, withheld)).toMatchObject({ state: 'issued', collected: 1, issued: { until: 605 } });
  });

  it('are on record a limited number of times', () => {
    let lease = approved;
    for (let times = 1; times <= MOST_WITHHELD; times += 1) lease = then(lease, 4 + times, withheld);
    expect(faultOf(() => then(lease, 100, withheld))).toBe('wrong-state');
    expect(then(lease, 100, issued(700)).state).toBe('issued');
  });

  it.each([
    ['decided', leaseOf(REQUESTED)],
    ['approved', leaseOf(REQUESTED, proposed(1))],
  ])('are nothing of a lease before it is %s', (_, lease) => {
    expect(faultOf(() => then(lease, 5, withheld))).toBe('wrong-state');
  });
});

describe('a list of events that was edited', () => {
  const events = eventsOf(REQUESTED, proposed(1), yes('lead'), issued(600));

  it.each([
    ['one is left out', events.filter((_, index) => index !== 2)],
    ['two change places', [events[0], events[2], events[1], events[3]]],
    ['one is told twice', [...events, events[3]]],
    ['the first is missing', events.slice(1)],
    [
      'a word in the middle is another',
      events.map((each, index) => (index === 0 ? { ...each, at: each.at - 1 } : each)),
    ],
    ['it is of two leases', events.map((each, index) => (index === 3 ? { ...each, lease: 'lh-2' } : each))],
    ['it is empty', []],
  ])('is not believed: %s', (_, list) => {
    expect(faultOf(() => fold(list as typeof events))).toBe('out-of-sequence');
  });

  it('is believed as it was written', () => {
    expect(fold(events).state).toBe('issued');
  });

  it('is not believed where a grant is for somebody else', () => {
    expect(faultOf(() => leaseOf(REQUESTED, proposed(1, aGrant({ requester: 'somebody else' }))))).toBe('malformed');
  });
});

describe('a session that AWS refused to cut', () => {
  const failed: EventBody = { type: 'failed', call: 'sts:AssumeRole', code: 'Throttling' };
  const asked = leaseOf(REQUESTED, proposed(0), issued(600), collected());

  it('leaves the lease to be issued again', () => {
    const again = then(asked, 5, failed);
    expect(stateAt(again, 6)).toBe('approved');
    expect(then(again, 7, issued(600)).state).toBe('issued');
  });

  it('cannot be said of one that was collected again: credentials may be out', () => {
    expect(faultOf(() => then(then(asked, 5, collected()), 6, failed))).toBe('wrong-state');
  });
});

describe('who may do what', () => {
  it('is one table', () => {
    const rows = LEASE_STATES.flatMap((state) =>
      EVENTS.flatMap((event) => {
        const actors = actorsOf(state, event);
        return actors.length === 0 ? [] : [`${state}: ${event} by ${actors.join(', ')}`];
      }),
    );
    expect(rows).toEqual([
      'requested: reviewed by broker',
      'requested: proposed by broker',
      'requested: denied by broker',
      'pending: proposed by broker',
      'pending: approved by approver',
      'pending: denied by approver, broker',
      'pending: revoked by administrator',
      'approved: denied by approver, broker',
      'approved: issued by broker',
      'approved: withheld by broker',
      'approved: revoked by approver, administrator',
      'issued: failed by broker',
      'issued: withheld by broker',
      'issued: collected by requester',
      'issued: revoked by approver, administrator',
      'lapsed: lapsed by broker',
    ]);
  });

  it('is asked of every event, also of a stored one', () => {
    const pending = leaseOf(REQUESTED, proposed(2));
    const approved = leaseOf(REQUESTED, proposed(0));
    const open = leaseOf(REQUESTED, proposed(0), issued(600));
    const revokedBy = (by: string): EventBody => ({ type: 'revoked', by, because: 'Enough.' });
    const rows = [pending, approved, open].flatMap((lease) =>
      ['administrator root', 'approver lead', 'requester alice', 'broker', 'administratorroot', ''].map(
        (by) => `${lease.state} by ${by}: ${faultOf(() => then(lease, 5, revokedBy(by))) ?? 'revoked'}`,
      ),
    );
    expect(rows).toEqual([
      'pending by administrator root: revoked',
      'pending by approver lead: wrong-state',
      'pending by requester alice: wrong-state',
      'pending by broker: wrong-state',
      'pending by administratorroot: wrong-state',
      'pending by : wrong-state',
      'approved by administrator root: revoked',
      'approved by approver lead: revoked',
      'approved by requester alice: wrong-state',
      'approved by broker: wrong-state',
      'approved by administratorroot: wrong-state',
      'approved by : wrong-state',
      'issued by administrator root: revoked',
      'issued by approver lead: revoked',
      'issued by requester alice: wrong-state',
      'issued by broker: wrong-state',
      'issued by administratorroot: wrong-state',
      'issued by : wrong-state',
    ]);
    const no: EventBody = { type: 'denied', by: { name: 'lead' }, code: 'approver-denied', because: 'No.' };
    expect(faultOf(() => then(leaseOf(REQUESTED), 5, no))).toBe('wrong-state');
  });
});
