/** The environment's region and its STS endpoint. */
import { present, Unread } from '../unread';
import type { AccountVerification } from '../verification';

export const regionEnabled: AccountVerification = {
  id: 'region-enabled',
  part: 'account',
  severity: 'high',
  title: "The environment's region is enabled in the account",
  why: 'In a disabled region, STS refuses every call, and credentials from other regions are not valid.',
  verify: async ({ environment, live }) => {
    const { region, account } = environment;
    const answer = await live.aws.call('account', 'GetRegionOptStatus', { RegionName: region });
    const status = present(answer.RegionOptStatus, 'RegionOptStatus', 'account:GetRegionOptStatus');
    if (status === 'ENABLED' || status === 'ENABLED_BY_DEFAULT') return [];
    return [
      {
        kind: 'damage',
        place: `${account} ${region}`,
        message: `The region ${region} has the status ${status}.`,
        hint: 'Enable the region in the account settings.',
      },
    ];
  },
};

export const stsEndpointActive: AccountVerification = {
  id: 'sts-endpoint',
  part: 'account',
  severity: 'high',
  title: 'The STS endpoint of the region is active',
  why: 'Leases are requested from the regional STS endpoint, never from the global STS endpoint.',
  verify: async ({ environment, live }) => {
    try {
      const { Account } = await live.aws.call('sts', 'GetCallerIdentity', {}, environment.region);
      present(Account, 'Account', 'sts:GetCallerIdentity');
      return [];
    } catch (error) {
      if (!isRegionDisabled(error)) throw error;
      return [
        {
          kind: 'damage',
          place: `${environment.account} ${environment.region}`,
          message: `The STS endpoint of ${environment.region} is not active.`,
          hint: "Activate it in IAM's account settings, under Security Token Service.",
        },
      ];
    }
  },
};

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html#API_AssumeRole_Errors */
export function isRegionDisabled(error: unknown): boolean {
  return error instanceof Unread && error.cause instanceof Error && error.cause.name.startsWith('RegionDisabled');
}
