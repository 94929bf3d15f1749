import { COUNT_QUOTAS } from '@leasehold/policy';
import { type EnvironmentGuardrail, pageOf } from '../guardrail';

/**
 * The number of approvers must not exceed the number of MFA devices that the agent's user can have, because STS
 * accepts a code only from a device of the calling user. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const mfaDevices: EnvironmentGuardrail = {
  id: 'mfa-devices',
  title: 'There are at most eight approvers, because a user can have at most eight MFA devices',
  severity: 'error',
  page: pageOf('mfa-devices'),
  unwaivable: 'AWS does not accept a ninth device',
  over: 'environment',
  *check({ environment }) {
    const most = COUNT_QUOTAS.mfaDevicesPerUser.value;
    const { approvers, agents } = environment;
    if (approvers.length <= most || !agents.some(({ identity }) => identity.type === 'iam-user')) return;
    yield {
      message: `There are ${approvers.length} approvers, but a user can have at most ${most} MFA devices.`,
      hint: 'Name fewer approvers, or open the roles by gate `broker`.',
      at: environment.locate(['approvers']),
    };
  },
};
