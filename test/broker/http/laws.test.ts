/** Whatever fails, and whoever acts: no credentials without a record, no lease without its approvals. */
import fc from 'fast-check';
import { type FoldedLease, fold } from '../../../lib/broker/lease/fold';
import { Refused } from '../../../lib/broker/port-errors';
import type { Ports } from '../../../lib/broker/service/deps';
import { type Call, silence, World } from '../memory';
import { aBank, aBrokerOver, personArn, REASON } from './support';

const DEPLOY = { role: 's3-deploy', parameters: { release: '1.4.2' }, reason: 'Upload release 1.4.2 to the bucket' };

const STEPS = ['request', 'approve', 'approve', 'collect', 'deny', 'revoke', 'status', 'wait'] as const;

/** Who does what, and which call to AWS fails on the way, before or after its effect. */
interface Step {
  readonly what: (typeof STEPS)[number];
  readonly who: string;
  readonly fault:
    | { readonly call: Call['call']; readonly when: 'before' | 'after'; readonly refused: boolean }
    | undefined;
  readonly seconds: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom(...STEPS),
  who: fc.constantFrom('lead', 'oncall', 'third', 'gone'),
  fault: fc.option(
    fc.record({
      call: fc.constantFrom<Call['call']>('append', 'cut', 'revoke', 'spend'),
      when: fc.constantFrom('before' as const, 'after' as const),
      refused: fc.boolean(),
    }),
    { nil: undefined },
  ),
  seconds: fc.nat(400),
});

/** What the record says at the very moment at which a session is cut. */
function recordedAtCut(world: World, cuts: CutOnRecord[]): Partial<Ports> {
  const { issuer } = world.ports();
  return {
    issuer: {
      ...issuer,
      cut: async (cut) => {
        const events = world.events.get(cut.lease) ?? [];
        const lease = fold(events);
        const issues = events.filter(({ body }) => body.type === 'issued').length;
        const credentials = await issuer.cut(cut);
        cuts.push({ lease, issues, ends: world.now + cut.seconds });
        return credentials;
      },
    },
  };
}

interface CutOnRecord {
  readonly lease: FoldedLease;
  /** Times that the lease had been issued by then. */
  readonly issues: number;
  readonly ends: number;
}

it('whatever fails and whoever acts: no credentials without a record, no lease without its approvals, none twice', async () => {
  let sessions = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), fc.boolean(), async (steps, asksHumans) => {
      const world = new World();
      const cuts: CutOnRecord[] = [];
      const { call } = aBrokerOver(aBank(), recordedAtCut(world, cuts), world);
      const body = asksHumans ? DEPLOY : { role: 'log-read', reason: REASON };
      const headers = { 'idempotency-key': 'a-key-of-this-very-test' };
      let hash = '0'.repeat(64);
      for (const { what, who, fault, seconds } of steps) {
        const path = { lease: [...world.events.keys()][0] ?? 'lh-none' };
        const as = personArn('approver', who);
        world.faults.splice(0, Infinity, ...(fault ? [faultOf(fault)] : []));
        if (what === 'wait') world.now += seconds * 5;
        else if (what === 'request') hash = (await call('request', { body, headers })).body.lease?.grant?.hash ?? hash;
        else if (what === 'approve') await call('approve', { as, path, body: { hash } });
        else if (what === 'collect' || what === 'status') await call(what, { path });
        else await call(what, { as, path, body: { because: `Not now, says ${who}` } });
        world.now += seconds % 7;
      }
      for (const { lease, ends } of cuts) {
        expect(lease.state).toBe('issued');
        expect(lease.approvals.length).toBeGreaterThanOrEqual(asksHumans ? 2 : 0);
        expect(ends).toBeLessThanOrEqual(lease.issued?.until ?? 0);
      }
      // Sessions of one lease are of one issue of it: after AWS said no, only the later one was cut.
      expect(new Set(cuts.map(({ issues }) => issues)).size).toBeLessThanOrEqual(1);
      // Whatever is stored is believed.
      for (const events of world.events.values()) fold(events);
      sessions += cuts.length;
    }),
    { numRuns: Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 500) },
  );
  expect(sessions).toBeGreaterThan(0);
});

/** A refusal is certain, so nothing was done; of silence nobody knows. */
function faultOf({ call, when, refused }: NonNullable<Step['fault']>): World['faults'][number] {
  return refused && call === 'cut'
    ? { call, when: 'before', error: new Refused('sts:AssumeRole', 'Throttling') }
    : { call, when, error: silence(call) };
}
