/** Verifies the KMS key that authenticates lease records. */
import { shellOption } from '@leasehold/contract/text';
import { recordKeyAlias, recordKeyPolicy } from '@leasehold/documents';
import { damageBy, judge } from '../roles/judge';
import { observeEach, present } from '../unread';
import type { AccountContext, AccountVerification, Damage } from '../verification';

export const brokerRecordKey: AccountVerification = {
  id: 'broker-record-key',
  part: 'broker',
  severity: 'critical',
  title: 'The function can use the key of the records, and nobody else can',
  why: 'Whoever can generate MACs with the key can write records that the broker accepts. Without the key, no record can be verified.',
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
    const [{ KeyMetadata: key }, { Policy }, grants] = await Promise.all([
      live.aws.call('kms', 'DescribeKey', { KeyId }),
      live.aws.call('kms', 'GetKeyPolicy', { KeyId, PolicyName: 'default' }),
      live.aws.list('Grants', 'kms', 'ListGrants', { KeyId }),
    ]);
    const of = <T>(value: T | undefined, field: string) => present(value, field, 'kms:DescribeKey');
    const [state, usage, spec, origin, manager] = [
      of(key?.KeyState, 'KeyState'),
      of(key?.KeyUsage, 'KeyUsage'),
      of(key?.KeySpec, 'KeySpec'),
      of(key?.Origin, 'Origin'),
      of(key?.KeyManager, 'KeyManager'),
    ];
    return [
      ...(state === 'Enabled'
        ? []
        : [
            damage(
              `The key is in the state ${state}.`,
              'Cancel the deletion or enable the key today, because without the key no record can be verified.',
            ),
          ]),
      ...(usage === 'GENERATE_VERIFY_MAC' && spec === 'HMAC_256'
        ? []
        : [damage(`The alias points to a key for ${usage} (${spec}).`)]),
      ...(manager === 'CUSTOMER'
        ? []
        : [
            damage(
              `The alias points to a key that is managed by ${manager}, so the policy of the key differs from the key policy in the stack.`,
            ),
          ]),
      ...(origin === 'AWS_KMS' ? [] : [damage(`The key material ${MATERIAL[origin] ?? `has the origin ${origin}`}.`)]),
      ...(key?.CustomKeyStoreId === undefined
        ? []
        : [damage('The key is in a custom key store. The owner of the store can use or delete the key without KMS.')]),
      ...(await observeEach(
        [key?.MultiRegion],
        () => alias,
        async (several) =>
          of(several, 'MultiRegion')
            ? [damage('The key has, or can have, replicas in other regions. Each replica has a separate key policy.')]
            : [],
      )),
      ...damageBy(judge('resource', [recordKeyPolicy(environment)], [present(Policy, 'Policy', 'kms:GetKeyPolicy')]), {
        place: alias,
        what: 'The policy of the key',
        hint: 'Find out who changed the key, then apply the stack again.',
        wider: 'critical',
      }),
      ...grants.map(({ GranteePrincipal = 'somebody', GrantId = '' }) =>
        damage(
          `A grant on the key permits ${GranteePrincipal} to use the key.`,
          `Revoke it: aws kms revoke-grant ${shellOption('--key-id', KeyId)} ${shellOption('--grant-id', GrantId)}`,
        ),
      ),
    ];
  },
};

/** The explanation of each origin of key material except KMS. */
const MATERIAL: Readonly<Record<string, string>> = {
  EXTERNAL: 'was imported: whoever imported it can make MACs without KMS',
  AWS_CLOUDHSM: 'is in a CloudHSM cluster, whose users can make MACs without KMS',
  EXTERNAL_KEY_STORE: 'is outside AWS: whoever manages it there can make MACs without KMS',
};

/** Id of the key to which the alias refers; `undefined` if the alias does not exist. @throws Unread */
export async function recordKeyId({ environment, live }: AccountContext): Promise<string | undefined> {
  const aliases = await live.aws.list('Aliases', 'kms', 'ListAliases', {});
  const found = aliases.find(({ AliasName }) => AliasName === recordKeyAlias(environment));
  return found && present(found.TargetKeyId, 'TargetKeyId', 'kms:ListAliases');
}
