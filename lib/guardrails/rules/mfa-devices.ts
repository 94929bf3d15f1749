import { COUNT_QUOTAS } from '@leasehold/policy';
import { type EnvironmentGuardrail, pageOf } from '../guardrail';

/**
 * The agent's user must have room for every approver's device: STS accepts a code only from a device of the calling
 * user. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const mfaDevices: EnvironmentGuardrail = {
  id: 'mfa-devices',
  title: 'At most eight approvers: a user has no more MFA devices',
  severity: 'error',
  page: pageOf('mfa-devices'),
  unwaivable: 'AWS enrols no ninth device',
  over: 'environment',
  *check({ environment }) {
    const most = COUNT_QUOTAS.mfaDevicesPerUser.value;
    const { approvers, agents } = environment;
    if (approvers.length <= most || !agents.some(({ identity }) => identity.type === 'iam-user')) return;
    yield {
      message: `There are ${approvers.length} approvers, and a user has at most ${most} MFA devices.`,
      hint: 'Name fewer approvers, or open the roles by gate `broker`.',
      at: environment.locate(['approvers']),
    };
  },
};
