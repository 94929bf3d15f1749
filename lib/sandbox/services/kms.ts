/**
 * KMS. The key behind an alias must be known. A ciphertext does not show which key encrypted it.
 * Sources: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
 */
import { defined } from '@leasehold/contract/defined';
import type { ServiceMapping } from '../service-mapping';
import { bothKeys, taggedBy, untaggedBy } from './common/keys';
import { encryptionContextKeys, KMS_ALIAS, kmsKeyArn } from './common/kms-key';
import { nameOrArn } from './common/resources';
import { ANYTHING, all, each, type Keys, on, type Resources, type ServiceTable, serviceOf } from './common/table';
import { json } from './common/wire';

const keyIn =
  (parameter: string): Resources =>
  ({ request, input }) =>
    kmsKeyArn(request, input.need(parameter));

const key = keyIn('KeyId');

const alias: Resources = ({ request, input }) =>
  nameOrArn(request, KMS_ALIAS, input.need('AliasName').replace(/^alias\//, ''));

const caller: Keys = ({ request }) => ({ 'kms:CallerAccount': request.account });

/** The condition key `kms:RequestAlias`, if the request specifies the key by an alias. */
const byAlias =
  (parameter: string): Keys =>
  ({ input }) => {
    const name = /(?:^|:)(alias\/.+)$/.exec(input.text(parameter) ?? '')?.[1];
    return defined({ 'kms:RequestAlias': name });
  };

const context =
  (parameter: string): Keys =>
  ({ input }) =>
    encryptionContextKeys(input.record(parameter));

/** The algorithm. Default: symmetric. */
const algorithm =
  (parameter: string): Keys =>
  ({ input }) => ({ 'kms:EncryptionAlgorithm': input.text(parameter) ?? 'SYMMETRIC_DEFAULT' });

const given =
  (name: string, parameter: string): Keys =>
  ({ input }) => {
    const value = input.text(parameter);
    return value === undefined ? {} : { [name]: value };
  };

const cryptography = bothKeys(caller, byAlias('KeyId'), context('EncryptionContext'));
const signing = bothKeys(
  caller,
  byAlias('KeyId'),
  given('kms:SigningAlgorithm', 'SigningAlgorithm'),
  given('kms:MessageType', 'MessageType'),
);
const macs = bothKeys(caller, byAlias('KeyId'), given('kms:MacAlgorithm', 'MacAlgorithm'));

const sameKey: Keys = ({ request, input }) => ({
  'kms:ReEncryptOnSameKey': String(
    kmsKeyArn(request, input.need('SourceKeyId')) === kmsKeyArn(request, input.need('DestinationKeyId')),
  ),
});

const pending: Keys = ({ input }) => {
  const days = input.whole('PendingWindowInDays');
  return defined({ 'kms:ScheduleKeyDeletionPendingWindowInDays': days });
};

export const KMS_TABLE: ServiceTable = {
  prefix: 'kms',
  eventSource: 'kms.amazonaws.com',
  wires: [json('1.1', 'TrentService')],
  shown: ['KeyId', 'AliasName', 'TargetKeyId', 'SourceKeyId', 'DestinationKeyId', 'EncryptionContext', 'KeySpec'],
  rows: {
    ...each('ListAliases ListKeys', on(ANYTHING)),
    ...each(
      `CancelKeyDeletion DisableKey DisableKeyRotation EnableKey EnableKeyRotation GetKeyPolicy GetKeyRotationStatus
       ListGrants ListKeyPolicies ListResourceTags UpdateKeyDescription`,
      on(key, caller),
    ),
    ...each('DescribeKey GetPublicKey', on(key, bothKeys(caller, byAlias('KeyId')))),
    ...each('Encrypt Decrypt', on(key, bothKeys(cryptography, algorithm('EncryptionAlgorithm')))),
    ...each('GenerateDataKey GenerateDataKeyWithoutPlaintext', on(key, cryptography)),
    ...each('Sign Verify', on(key, signing)),
    ...each('GenerateMac VerifyMac', on(key, macs)),
    ReEncrypt: all(
      on(
        keyIn('SourceKeyId'),
        bothKeys(
          caller,
          sameKey,
          byAlias('SourceKeyId'),
          context('SourceEncryptionContext'),
          algorithm('SourceEncryptionAlgorithm'),
        ),
        'ReEncryptFrom',
      ),
      on(
        keyIn('DestinationKeyId'),
        bothKeys(
          caller,
          sameKey,
          byAlias('DestinationKeyId'),
          context('DestinationEncryptionContext'),
          algorithm('DestinationEncryptionAlgorithm'),
        ),
        'ReEncryptTo',
      ),
    ),
    ScheduleKeyDeletion: on(key, bothKeys(caller, pending)),
    CreateAlias: all(on(alias), on(keyIn('TargetKeyId'), caller)),
    DeleteAlias: all(on(alias), on(keyIn('AliasName'), caller)),
    TagResource: on(key, bothKeys(caller, taggedBy('Tags', undefined, 'TagKey', 'TagValue'))),
    UntagResource: on(key, bothKeys(caller, untaggedBy('TagKeys'))),
    GenerateRandom: on(ANYTHING),
  },
};

export const KMS: ServiceMapping = serviceOf(KMS_TABLE);
