/** The key that authenticates lease records. */
import { recordKeyAlias, recordKeyPolicy } from '@leasehold/documents';
import { damageBy, judge } from '../roles/judge';
import type { AccountContext, AccountVerification, Damage } from '../verification';

export const brokerRecordKey: AccountVerification = {
  id: 'broker-record-key',
  part: 'broker',
  severity: 'critical',
  title: 'The key of the records is usable, and only by the function',
  why: 'Whoever can make MACs with the key can write records that the broker accepts. Without the key no record can be verified.',
  applies: ({ broker }) => broker !== undefined,
  verify: async (context) => {
    const { environment, live } = context;
    const alias = recordKeyAlias(environment);
    const damage = (message: string, hint = 'Find out who changed the key, then apply the stack again.'): Damage => ({
      kind: 'damage',
      place: alias,
      message,
      hint,
    });
    const KeyId = await recordKeyId(context);
    if (KeyId === undefined) return [damage('The alias does not exist.')];
    const [{ KeyMetadata: key }, { Policy = '' }, grants] = await Promise.all([
      live.aws.call('kms', 'DescribeKey', { KeyId }),
      live.aws.call('kms', 'GetKeyPolicy', { KeyId, PolicyName: 'default' }),
      live.aws.all('kms', 'ListGrants', { KeyId }),
    ]);
    const given = grants.flatMap(({ Grants = [] }) => Grants);
    return [
      ...(key?.KeyState === 'Enabled'
        ? []
        : [
            damage(
              `The key is in the state ${key?.KeyState}.`,
              'Cancel the deletion or enable the key today: without it no record can be verified.',
            ),
          ]),
      ...(key?.KeyUsage === 'GENERATE_VERIFY_MAC' && key.KeySpec === 'HMAC_256'
        ? []
        : [damage(`The alias leads to a key for ${key?.KeyUsage} (${key?.KeySpec}).`)]),
      ...damageBy(judge('resource', [recordKeyPolicy(environment)], [Policy]), {
        place: alias,
        what: 'The policy of the key',
        hint: 'Find out who changed the key, then apply the stack again.',
        wider: 'critical',
      }),
      ...given.map(({ GranteePrincipal = 'somebody', GrantId = '' }) =>
        damage(
          `A grant of the key permits ${GranteePrincipal} to use it.`,
          `Revoke it: aws kms revoke-grant --key-id ${KeyId} --grant-id ${GrantId}`,
        ),
      ),
    ];
  },
};

/** Id of the key behind the alias; `undefined` if the alias does not exist. @throws Unread */
export async function recordKeyId({ environment, live }: AccountContext): Promise<string | undefined> {
  const pages = await live.aws.all('kms', 'ListAliases', {});
  return pages.flatMap(({ Aliases = [] }) => Aliases).find(({ AliasName }) => AliasName === recordKeyAlias(environment))
    ?.TargetKeyId;
}
