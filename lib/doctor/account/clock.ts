/** Compares AWS's time with the clock of the machine on which the doctor runs. */
import { clockFault } from '../here/settings';
import { Unread } from '../unread';
import type { AccountVerification } from '../verification';

export const doctorClock: AccountVerification = {
  id: 'doctor-clock',
  part: 'account',
  severity: 'medium',
  title: 'The clock of the doctor agrees with AWS',
  why: 'The doctor uses the clock of this machine to compute the age of access keys, secrets and events. If the clock is wrong, an old key can look new.',
  afterOthers: true,
  verify: async ({ live }) => {
    const skew = live.aws.skew();
    if (skew === undefined) {
      throw new Unread({
        code: 'unreadable',
        message: 'no answer of AWS contained a date',
        hint: 'Compare the clock by hand.',
      });
    }
    return clockFault(skew.milliseconds);
  },
};
