/** A trail with more leases than there can be. */
import { usageOf } from '@leasehold/usage';
import { MOST } from '../../lib/usage/tally/tally';
import { anEnvironment, aRole } from '../support/environment';
import { aCall, evidence, gatheredFrom } from './support/records';

const role = aRole();
const environment = anEnvironment({ roles: [role] });

it('ends a flood of made-up leases, and then claims nothing', async () => {
  const records = Array.from({ length: MOST.leases + 1 }, (_, number) =>
    aCall(role, 's3.PutObject', { eventID: `flood-${number}` }, `lh-${number}`),
  );
  const found = await gatheredFrom([...evidence(), ...records], [environment]);
  expect(found.roles.get('dev/s3-deploy')?.leases.size).toBe(MOST.leases);
  expect(usageOf(found)[0]?.nothing).toBe('there was more of the role than is kept');
}, 60_000);
