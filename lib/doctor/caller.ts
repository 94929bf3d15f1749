/** Checks the credentials that the doctor uses. */
import { LeaseholdError } from '@leasehold/contract/error';
import type { Environment } from '@leasehold/definitions';
import { iamRegion } from '@leasehold/documents';
import { isRegionDisabled } from './account/region';
import type { Aws } from './aws/aws';

/**
 * Checks that the credentials belong to the environment's account. With credentials for another account, every
 * resource would be reported as missing.
 * @throws LeaseholdError `other-account`; Unread if STS does not respond
 */
export async function demandAccount(aws: Aws, { name, account, region, partition }: Environment): Promise<void> {
  const asked = (where: string) => aws.call('sts', 'GetCallerIdentity', {}, where);
  const { Account, Arn = 'the caller' } = await asked(region).catch((error: unknown) => {
    // Another verification reports an STS endpoint that is not active.
    if (isRegionDisabled(error)) return asked(iamRegion(partition));
    throw error;
  });
  if (Account === account) return;
  throw new LeaseholdError({
    code: 'other-account',
    message: `${Arn} is of account ${Account ?? 'unknown'}, and ${name} is account ${account}`,
    hint: 'Use credentials of that account.',
  });
}
