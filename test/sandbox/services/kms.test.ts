/** What KMS authorises for each request. */
import { KMS } from '../../../lib/sandbox/services/kms';
import { jsonCall } from './support/requests';
import { type Case, runCases } from './support/rows';

const call = (operation: string, input: object) => jsonCall(KMS, `TrentService.${operation}`, input);
const ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const KEY = `arn:aws:kms:ap-northeast-2:123456789012:key/${ID}`;
const OTHER = KEY.replace('1234abcd', '5678abcd');
const ALIAS = 'arn:aws:kms:ap-northeast-2:123456789012:alias/shop';
const CONDITIONS = 'https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html';
const known = (request: ReturnType<typeof call>) => ({ ...request, known: { keyAliases: new Map([[ALIAS, KEY]]) } });
const PLAIN = { 'kms:EncryptionAlgorithm': 'SYMMETRIC_DEFAULT' };

const CASES: readonly Case[] = [
  {
    name: 'decrypts under a key',
    source: CONDITIONS,
    request: call('Decrypt', { KeyId: ID, CiphertextBlob: 'eA==' }),
    expect: [['kms:Decrypt', KEY, PLAIN]],
  },
  {
    name: 'encrypts with a context',
    source: CONDITIONS,
    request: call('Encrypt', { KeyId: KEY, Plaintext: 'eA==', EncryptionContext: { customer: 'c-1' } }),
    expect: [
      [
        'kms:Encrypt',
        KEY,
        { ...PLAIN, 'kms:EncryptionContext:customer': 'c-1', 'kms:EncryptionContextKeys': ['customer'] },
      ],
    ],
  },
  {
    name: 'encrypts under an alias that is known',
    source: CONDITIONS,
    request: known(call('Encrypt', { KeyId: 'alias/shop' })),
    expect: [['kms:Encrypt', KEY, { ...PLAIN, 'kms:RequestAlias': 'alias/shop' }]],
  },
  {
    name: "makes a data key by an alias's ARN",
    source: CONDITIONS,
    request: known(call('GenerateDataKey', { KeyId: ALIAS })),
    expect: [['kms:GenerateDataKey', KEY, { 'kms:RequestAlias': 'alias/shop' }]],
  },
  {
    name: 'encrypts anew: both keys',
    source: CONDITIONS,
    request: call('ReEncrypt', { SourceKeyId: KEY, DestinationKeyId: OTHER, CiphertextBlob: 'eA==' }),
    expect: [
      ['kms:ReEncryptFrom', KEY, { ...PLAIN, 'kms:ReEncryptOnSameKey': 'false' }],
      ['kms:ReEncryptTo', OTHER, { ...PLAIN, 'kms:ReEncryptOnSameKey': 'false' }],
    ],
  },
  {
    name: 'signs',
    source: CONDITIONS,
    request: call('Sign', { KeyId: KEY, SigningAlgorithm: 'ECDSA_SHA_256' }),
    expect: [['kms:Sign', KEY, { 'kms:SigningAlgorithm': 'ECDSA_SHA_256' }]],
  },
  {
    name: 'schedules a deletion',
    source: CONDITIONS,
    request: call('ScheduleKeyDeletion', { KeyId: KEY, PendingWindowInDays: 7 }),
    expect: [['kms:ScheduleKeyDeletion', KEY, { 'kms:ScheduleKeyDeletionPendingWindowInDays': '7' }]],
  },
  {
    name: 'names a key: alias and key',
    source: CONDITIONS,
    request: call('CreateAlias', { AliasName: 'alias/shop', TargetKeyId: ID }),
    expect: [
      ['kms:CreateAlias', ALIAS],
      ['kms:CreateAlias', KEY],
    ],
  },
  {
    name: 'takes a name away where the key is known',
    source: CONDITIONS,
    request: known(call('DeleteAlias', { AliasName: 'alias/shop' })),
    expect: [
      ['kms:DeleteAlias', ALIAS],
      ['kms:DeleteAlias', KEY],
    ],
  },
  {
    name: 'tags a key',
    source: CONDITIONS,
    request: call('TagResource', { KeyId: KEY, Tags: [{ TagKey: 'team', TagValue: 'a' }] }),
    expect: [['kms:TagResource', KEY, { 'aws:TagKeys': ['team'], 'aws:RequestTag/team': 'a' }]],
  },
  { name: 'lists keys', source: CONDITIONS, request: call('ListKeys', {}), expect: [['kms:ListKeys', '*']] },
  {
    name: 'refuses an alias that is not known',
    request: call('Encrypt', { KeyId: 'alias/shop' }),
    expect: /is not known/,
  },
  {
    name: 'refuses a ciphertext without its key',
    request: call('Decrypt', { CiphertextBlob: 'eA==' }),
    expect: /KeyId is missing/,
  },
  {
    name: 'refuses a key with a wildcard',
    request: call('Decrypt', { KeyId: `arn:aws:kms:ap-northeast-2:123456789012:key/*` }),
    expect: /no ARN/,
  },
  {
    name: 'refuses a context in two spellings',
    request: call('Decrypt', { KeyId: ID, EncryptionContext: { a: '1', A: '2' } }),
    expect: /case alone/,
  },
  { name: 'refuses a grant', request: call('CreateGrant', { KeyId: ID }), expect: /no row for/ },
];

describe('KMS', () => runCases(KMS, CASES, ['kms:CallerAccount']));
