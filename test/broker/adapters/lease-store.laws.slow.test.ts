/** Laws of the log over writers who interleave at random, on a network that fails at random. */
import fc from 'fast-check';
import { grantHash } from '../../../lib/broker/grant/grant';
import { type EventBody, nextEvent } from '../../../lib/broker/lease/event';
import { append, type FoldedLease, fold } from '../../../lib/broker/lease/fold';
import { Unavailable } from '../../../lib/broker/port-errors';
import { AGENT, aGrant, proposed, REQUESTED } from '../support';
import { aDynamoDb, type Fate, Network, portsAt, type Running, THROTTLED } from './support';

/** Each run makes dozens of calls over the wire. */
const numRuns = Math.min(Math.ceil(Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 100) / 4), 500);

let dynamodb: Running;
let network: Network;
beforeAll(async () => {
  dynamodb = await aDynamoDb();
  network = await Network.before(dynamodb.url);
});
afterAll(async () => {
  await network.stop();
  await dynamodb.stop();
});

/** What writer number `who` does next: looks at the lease, or appends to what they saw last. */
interface Step {
  readonly who: number;
  readonly look: boolean;
  readonly network: 'well' | 'loses' | 'breaks' | 'throttles';
}

const step: fc.Arbitrary<Step> = fc.record({
  who: fc.nat({ max: 3 }),
  look: fc.boolean(),
  network: fc.constantFrom('well', 'well', 'well', 'loses', 'breaks', 'throttles'),
});

const FATES: Readonly<Record<Step['network'], Fate>> = {
  well: 'pass',
  loses: 'lose',
  breaks: 'break',
  throttles: THROTTLED,
};
const NAMES = ['lead', 'oncall', 'third', 'fourth'];

/** What a writer would do with the lease as they see it. */
function nextBody(lease: FoldedLease, who: number): EventBody | undefined {
  const hash = grantHash(aGrant());
  const name = NAMES[who] ?? '';
  if (lease.state === 'requested') return { ...proposed(2), approvers: NAMES } as EventBody;
  if (lease.state === 'pending' && !lease.approvals.includes(name)) return { type: 'approved', by: { name }, hash };
  if (lease.state === 'approved') return { type: 'issued', hash, until: 500 };
  return lease.state === 'issued' ? { type: 'collected', by: AGENT.key } : undefined;
}

let run = 0;

it('holds a chain that the fold believes, and just what was told to be appended, however writers interleave', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      run += 1;
      const id = `lh-run-${run}`;
      // A writer each, with a view of their own; one try a call, so that the network's moods are seen.
      const { leases } = portsAt({ dynamodb: network.url });
      const views = new Map<number, FoldedLease>();
      let known = 0;
      const unknown: number[] = [];
      const write = async (who: number, bodies: readonly EventBody[], before?: FoldedLease) => {
        const [body] = bodies;
        if (body === undefined) return;
        const event = nextEvent(id, before?.last, 1, body);
        const lease = before === undefined ? fold([event]) : append(before, event);
        try {
          const answer = await leases.append([event], lease);
          if (answer === 'appended') known += 1;
          views.delete(who);
        } catch (error) {
          if (!(error instanceof Unavailable)) throw error;
          unknown.push(event.sequence);
          views.delete(who);
        }
      };
      await write(0, [REQUESTED]);
      for (const { who, look, network: mood } of steps) {
        const view = views.get(who);
        if (look || view === undefined) {
          views.set(who, fold(await leases.read(id)));
          continue;
        }
        network.first(FATES[mood], ...(mood === 'breaks' ? (['break', 'break'] as const) : []));
        const body = nextBody(view, who);
        await write(who, body === undefined ? [] : [body], view);
        network.first();
      }
      const events = await leases.read(id);
      expect(() => fold(events)).not.toThrow();
      // Nothing that was told to be there is missing; nothing is there that nobody wrote.
      expect(events.length).toBeGreaterThanOrEqual(known);
      expect(events.length).toBeLessThanOrEqual(known + unknown.length);
      const { approvals } = fold(events);
      expect(new Set(approvals).size).toBe(approvals.length);
    }),
    { numRuns },
  );
});
