/** Every call of the doctor, refused: what depends on it is "not checked", never "ok" and never "damaged". */
import { isHealthy } from '@leasehold/doctor';
import { CALLS } from '../../lib/doctor/aws/calls';
import { examined, fullEnvironment, refuse } from './support/account';

const environment = fullEnvironment();
/** Without the caller's identity there is no run; policies of AWS are not attached in an undamaged account. */
const REFUSED = Object.entries(CALLS)
  .flatMap(([service, calls]) => calls.map(({ command }) => `${service}:${command}`))
  .filter((call) => call !== 'sts:GetCallerIdentity' && !call.startsWith('iam:GetPolicy'));

it.each(REFUSED)('%s', async (call) => {
  const diagnosis = await examined(environment, { [call]: refuse('AccessDeniedException', 403) });
  const changed = diagnosis.verified.filter(({ result }) => result !== 'ok');
  expect(changed.length).toBeGreaterThan(0);
  for (const { id, result, damages, unchecked } of changed) {
    expect({ id, result, damages }).toEqual({ id, result: 'not checked', damages: [] });
    expect(unchecked[0]).toMatchObject({
      why: expect.stringMatching(/ was denied$/),
      hint: expect.stringContaining('--policy'),
    });
  }
  expect(isHealthy(diagnosis)).toBe(false);
});
