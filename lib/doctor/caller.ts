/** Whose credentials the doctor uses. */
import { LeaseholdError } from '@leasehold/contract/error';
import type { Environment } from '@leasehold/definitions';
import type { Aws } from './aws/aws';

/**
 * Checks that the credentials belong to the environment's account: in another account everything would be missing.
 * @throws LeaseholdError `other-account`; Unread if STS does not answer
 */
export async function demandAccount(aws: Aws, { name, account }: Environment): Promise<void> {
  const { Account, Arn = 'the caller' } = await aws.call('sts', 'GetCallerIdentity', {});
  if (Account === account) return;
  throw new LeaseholdError({
    code: 'other-account',
    message: `${Arn} is of account ${Account ?? 'unknown'}, and ${name} is account ${account}`,
    hint: 'Use credentials of that account.',
  });
}
