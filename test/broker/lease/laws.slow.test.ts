/** Laws of leases over random events. */
import fc from 'fast-check';
import { type Grant, grantHash } from '../../../lib/broker/grant/grant';
import { type EventBody, type LeaseEvent, nextEvent } from '../../../lib/broker/lease/event';
import { LeaseFault } from '../../../lib/broker/lease/fault';
import { append, type FoldedLease, fold, stateAt } from '../../../lib/broker/lease/fold';
import { AGENT, aGrant, proposed, REQUESTED } from '../support';

const numRuns = Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 300);

const GRANTS: readonly Grant[] = [aGrant(), aGrant({ seconds: 60 }), aGrant({ requester: 'somebody else' })];
/** Anything that anybody may try, at any time: most of it must be refused. Half of it fits the lease as it stands. */
interface Attempt {
  /** Seconds after the event before. */
  readonly later: number;
  readonly type: EventBody['type'];
  readonly name: string;
  readonly grant: Grant;
  /** Names the grant that stands instead of `grant`. */
  readonly current: boolean;
  readonly number: number;
}

const attempt: fc.Arbitrary<Attempt> = fc.record({
  later: fc.integer({ min: 0, max: 12 }),
  type: fc.constantFrom(
    ...Array<'approved'>(8).fill('approved'),
    ...Array<'issued'>(4).fill('issued'),
    ...(['proposed', 'collected', 'collected', 'failed', 'withheld', 'reviewed'] as const),
    ...(['denied', 'lapsed', 'revoked', 'requested'] as const),
  ),
  name: fc.constantFrom('lead', 'oncall', 'lead', 'oncall', 'third', 'hermes', 'mallory'),
  grant: fc.constantFrom(...GRANTS),
  current: fc.constantFrom(true, true, true, false),
  number: fc.integer({ min: 0, max: 100 }),
});
const attempts = fc.array(attempt, { maxLength: 30 });

function bodyOf({ type, name, grant, current, number }: Attempt, lease: FoldedLease): EventBody {
  const hash = current && lease.proposal ? lease.proposal.hash : grantHash(grant);
  const by = name === 'hermes' ? AGENT.key : name;
  switch (type) {
    case 'requested':
      return REQUESTED;
    case 'reviewed':
      return { type, model: name, review: { decision: 'deny', sentence: 'no' } };
    case 'proposed':
      return {
        type,
        grant,
        humans: number % 4,
        approvers: ['lead', 'oncall', 'third', 'hermes'],
        until: lease.last.at + number * 3,
      };
    case 'approved':
      return { type, by: { name }, hash };
    case 'denied':
      return { type, by: current ? 'broker' : { name }, code: 'approver-denied', because: 'no' };
    case 'lapsed':
      return { type };
    case 'failed':
      return { type, call: 'sts:AssumeRole', code: 'Throttling' };
    case 'withheld':
      return { type, code: 'not-eligible', because: 'no' };
    case 'issued':
      return { type, hash, until: lease.last.at + number };
    case 'collected':
      return { type, by };
    case 'revoked':
      return { type, by, because: 'no' };
  }
}

/** Appends what can be appended; the rest is refused, and changes nothing. */
function live(tries: readonly Attempt[]): { lease: FoldedLease; events: readonly LeaseEvent[] } {
  const first = nextEvent('lh-1', undefined, 0, REQUESTED);
  const second = nextEvent('lh-1', first, 1, proposed(2, GRANTS[0], 200));
  const events = [first, second];
  let lease = fold(events);
  for (const each of tries) {
    const event = nextEvent('lh-1', lease.last, lease.last.at + each.later, bodyOf(each, lease));
    try {
      lease = append(lease, event);
      events.push(event);
    } catch (error) {
      if (!(error instanceof LeaseFault)) throw error;
    }
  }
  return { lease, events };
}

it('is never issued without its approvals: so many others, each once, for the very grant, in time', () => {
  let seen = 0;
  fc.assert(
    fc.property(attempts, (tries) => {
      const { events } = live(tries);
      const at = events.findIndex(({ body: each }) => each.type === 'issued');
      if (at < 0) return;
      seen += 1;
      const issued = events[at] as LeaseEvent & { body: Extract<EventBody, { type: 'issued' }> };
      // Worked out anew from the list alone, by nothing of the fold.
      const from = events.slice(0, at).findLastIndex(({ body: each }) => each.type === 'proposed');
      const proposal = events[from]?.body as Extract<EventBody, { type: 'proposed' }>;
      const names = new Set<string>();
      for (const { body: each } of events.slice(from + 1, at)) {
        if (each.type === 'approved' && each.hash === grantHash(proposal.grant)) names.add(each.by.name);
      }
      expect(names.size).toBeGreaterThanOrEqual(proposal.humans);
      expect(names.has('hermes') || names.has('mallory')).toBe(false);
      expect(issued.body.hash).toBe(grantHash(proposal.grant));
      expect(proposal.grant.requester).toBe(AGENT.key);
      expect(issued.at).toBeLessThan(proposal.until);
      expect(issued.body.until - issued.at).toBeLessThanOrEqual(proposal.grant.seconds);
    }),
    { numRuns },
  );
  expect(seen).toBeGreaterThan(0);
});

it('resumes from any prefix of its events to the same end', () => {
  fc.assert(
    fc.property(attempts, fc.nat(), (tries, cut) => {
      const { lease, events } = live(tries);
      const at = 1 + (cut % events.length);
      const resumed = events.slice(at).reduce(append, fold(JSON.parse(JSON.stringify(events.slice(0, at)))));
      expect(resumed).toEqual(lease);
    }),
    { numRuns },
  );
});

it('takes one of two events that come at once, and never counts an approval twice', () => {
  fc.assert(
    fc.property(attempts, attempt, attempt, (tries, one, other) => {
      const { lease } = live(tries);
      const first = nextEvent('lh-1', lease.last, lease.last.at, bodyOf(one, lease));
      const second = nextEvent('lh-1', lease.last, lease.last.at, bodyOf(other, lease));
      let after: FoldedLease;
      try {
        after = append(lease, first);
      } catch {
        return;
      }
      expect(() => append(after, second)).toThrow(LeaseFault);
      expect(new Set(after.approvals).size).toBe(after.approvals.length);
    }),
    { numRuns },
  );
});

it('never comes back once it has ended', () => {
  fc.assert(
    fc.property(attempts, attempt, (tries, more) => {
      const { lease } = live(tries);
      const now = lease.last.at + 10;
      const state = stateAt(lease, now);
      if (!['denied', 'revoked', 'expired'].includes(state)) return;
      expect(() => append(lease, nextEvent('lh-1', lease.last, now, bodyOf(more, lease)))).toThrow(LeaseFault);
    }),
    { numRuns },
  );
});
