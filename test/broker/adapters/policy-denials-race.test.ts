/** Pruning runs that find other denials in the policy than on record: no denial that may be needed is removed. */
import { type Denials, NO_DENIALS, readRevocationPolicy, revocationPolicy } from '@leasehold/documents';
import type { PolicyDocument } from '@leasehold/policy';
import fc from 'fast-check';
import type { Denial, DenialRecords } from '../../../lib/broker/adapters/denial-records';
import { PolicyDenials } from '../../../lib/broker/adapters/policy-denials';
import type { PolicyVersions } from '../../../lib/broker/adapters/policy-versions';
import { MARGIN } from '../../../lib/broker/adapters/revocation-times';
import { LONGEST_LEASE } from '../../../lib/broker/durations';
import { aBank } from '../http/support';

const environment = aBank();
const NOW = 1_800_000_000;
const ROLES = ['log-read', 'quick'];

/** Records and a policy in memory. `meanwhile` runs once, while the policy is read. */
function aPolicy() {
  const stored = new Map<string, Denial>();
  const keyOf = ({ lease, role }: Denial) => lease ?? `role ${role}`;
  const it = {
    stored,
    now: NOW,
    inForce: revocationPolicy(NO_DENIALS, environment),
    meanwhile: undefined as (() => Promise<unknown>) | undefined,
  };
  const records = {
    all: async () => [...stored.values()],
    add: async (denial: Denial) => {
      if ((stored.get(keyOf(denial))?.until ?? 0) < denial.until) stored.set(keyOf(denial), denial);
    },
    remove: async (denial: Denial) => void stored.delete(keyOf(denial)),
  } as unknown as DenialRecords;
  const versions = {
    current: async () => {
      const work = it.meanwhile;
      it.meanwhile = undefined;
      await work?.();
      return it.inForce;
    },
    write: async (document: PolicyDocument) => {
      it.inForce = document;
    },
  } as unknown as PolicyVersions;
  const denials = new PolicyDenials({ records, versions, environment, roles: new Set(ROLES), clock: () => it.now });
  return Object.assign(it, { records, denials });
}

const read = (document: PolicyDocument) => readRevocationPolicy(document, environment) ?? NO_DENIALS;

it('does not count a denial that another call records meanwhile as one without a record', async () => {
  const policy = aPolicy();
  await policy.denials.deny([{ role: 'quick', until: NOW + 60 }]);
  policy.meanwhile = () => policy.denials.deny([{ role: 'log-read', until: NOW + 930 }]);
  await policy.denials.prune(NOW);
  expect(policy.stored.get('role log-read')).toEqual({ role: 'log-read', until: NOW + 930 });
});

it('denies a role whose leases did not fit for at most as long as a lease can last, if a write failed', async () => {
  const policy = aPolicy();
  const many = Array.from({ length: 200 }, (_, index) => ({
    lease: `lh-revoked-with-a-long-identifier-${index}`,
    role: 'log-read',
    until: NOW + 60,
  }));
  await policy.denials.deny(many);
  expect([...read(policy.inForce).roles]).toEqual(['log-read']);
  // The call that wrote this record failed before it wrote the policy.
  await policy.records.add({ lease: 'lh-1', role: 'quick', until: NOW + 60 });
  await policy.denials.prune(NOW + 1);
  expect(policy.stored.get('role log-read')).toEqual({ role: 'log-read', until: NOW + 1 + LONGEST_LEASE });
  const ended = NOW + 1 + LONGEST_LEASE + MARGIN;
  await policy.denials.prune(ended - 1);
  expect([...read(policy.inForce).roles]).toEqual(['log-read']);
  await policy.denials.prune(ended);
  expect(read(policy.inForce)).toEqual(NO_DENIALS);
});

it('removes no denial of the policy that has no record', async () => {
  const lease = fc.integer({ min: 1, max: 6 }).map((number) => `lh-${number}`);
  const role = fc.constantFrom(...ROLES);
  const denials = fc.record({
    leases: fc
      .uniqueArray(lease)
      .map((all) => new Map<string, string | undefined>(all.map((each) => [each, undefined]))),
    roles: fc.uniqueArray(role).map((all) => new Set(all)),
    everything: fc.boolean(),
  });
  const until = fc.integer({ min: -2 * MARGIN, max: LONGEST_LEASE }).map((seconds) => NOW + seconds);
  const record = fc.oneof(fc.record({ lease, role, until }), fc.record({ role, until }));
  await fc.assert(
    fc.asyncProperty(denials, fc.array(record, { minLength: 1, maxLength: 5 }), async (written, recorded) => {
      const policy = aPolicy();
      policy.inForce = revocationPolicy(written, environment);
      for (const each of recorded) await policy.records.add(each);
      const before: Denials = read(policy.inForce);
      const known = new Set(policy.stored.keys());
      await policy.denials.prune(NOW);
      const after = read(policy.inForce);
      const missing = [
        ...[...before.leases.keys()].filter((id) => !known.has(id) && !after.leases.has(id)),
        ...ROLES.filter(
          (name) =>
            (before.everything || before.roles.has(name)) && !known.has(`role ${name}`) && !after.roles.has(name),
        ),
      ];
      expect(after.everything ? [] : missing).toEqual([]);
    }),
  );
});
