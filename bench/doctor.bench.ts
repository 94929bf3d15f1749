/** The doctor over an account with 5,000 roles, with answers that take as long as those of AWS. */
import { examined } from '../test/doctor/support/account';
import { crowdedAccount } from '../test/doctor/support/crowded';
import { anEnvironment, manyRoles } from '../test/support/environment';
import { type Benchmark, type Measurement, sized } from './benchmark';

/** Milliseconds that a read of IAM takes from the same continent. */
const ANSWER = 150;

export const benchmark: Benchmark = {
  title: `Doctor: an account with many roles, 200 of them of the project; every answer takes ${ANSWER} ms`,
  run: async () => {
    const measurements: Measurement[] = [];
    for (const roles of sized([1000, 5000], [300])) {
      const environment = anEnvironment({ roles: manyRoles(Math.min(200, roles)) });
      const start = process.hrtime.bigint();
      const { calls } = await examined(environment, crowdedAccount(environment, roles), { pause: ANSWER });
      const seconds = Number(process.hrtime.bigint() - start) / 1e9;
      measurements.push(
        { name: `${roles} roles`, value: seconds, unit: 's' },
        { name: `${roles} roles, calls`, value: calls, unit: 'calls', atMost: 200 },
      );
    }
    return measurements;
  },
};
