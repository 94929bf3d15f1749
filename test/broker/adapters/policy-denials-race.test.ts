/** A revocation during a pruning run keeps its own end. */
import { NO_DENIALS, revocationPolicy } from '@leasehold/documents';
import type { PolicyDocument } from '@leasehold/policy';
import type { Denial, DenialRecords } from '../../../lib/broker/adapters/denial-records';
import { PolicyDenials } from '../../../lib/broker/adapters/policy-denials';
import type { PolicyVersions } from '../../../lib/broker/adapters/policy-versions';
import { aBank } from '../http/support';

it('does not count a denial that another call records meanwhile as one without a record', async () => {
  const environment = aBank();
  const now = 1_800_000_000;
  const stored = new Map<string, Denial>();
  const keyOf = ({ lease, role }: Denial) => lease ?? `role ${role}`;
  let inForce: PolicyDocument = revocationPolicy(NO_DENIALS, environment);
  let meanwhile: (() => Promise<unknown>) | undefined;
  const records = {
    all: async () => [...stored.values()],
    add: async (denial: Denial) => {
      if ((stored.get(keyOf(denial))?.until ?? 0) < denial.until) stored.set(keyOf(denial), denial);
    },
    remove: async (denial: Denial) => void stored.delete(keyOf(denial)),
  } as unknown as DenialRecords;
  const versions = {
    current: async () => {
      const work = meanwhile;
      meanwhile = undefined;
      await work?.();
      return inForce;
    },
    write: async (document: PolicyDocument) => {
      inForce = document;
    },
  } as unknown as PolicyVersions;
  const roles = new Set(['log-read', 'quick']);
  const denials = new PolicyDenials({ records, versions, environment, roles, clock: () => now });
  await denials.deny([{ role: 'quick', until: now + 60 }]);
  meanwhile = () => denials.deny([{ role: 'log-read', until: now + 930 }]);
  await denials.prune(now);
  expect(stored.get('role log-read')).toEqual({ role: 'log-read', until: now + 930 });
});
