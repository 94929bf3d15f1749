/** What KMS authorises for each request. */
import {
  CreateAliasCommand,
  CreateGrantCommand,
  DecryptCommand,
  DeleteAliasCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
  ListKeysCommand,
  ReEncryptCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  TagResourceCommand,
} from '@aws-sdk/client-kms';
import { KMS } from '../../../lib/sandbox/services/kms';
import { capture, sender } from './support/requests';
import { type Case, runCases } from './support/rows';

const captured = capture();
const sent = sender(KMS, captured, new KMSClient(captured.config));
const ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const KEY = `arn:aws:kms:ap-northeast-2:123456789012:key/${ID}`;
const OTHER = KEY.replace('1234abcd', '5678abcd');
const ALIAS = 'arn:aws:kms:ap-northeast-2:123456789012:alias/shop';
const CONDITIONS = 'https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html';
const known = (request: ReturnType<typeof sent>) => async () => ({
  ...(await request()),
  known: { keyAliases: new Map([[ALIAS, KEY]]) },
});
const X = Buffer.from('x');
const PLAIN = { 'kms:EncryptionAlgorithm': 'SYMMETRIC_DEFAULT' };

const CASES: readonly Case[] = [
  {
    name: 'decrypts under a key',
    source: CONDITIONS,
    request: sent(new DecryptCommand({ KeyId: ID, CiphertextBlob: X })),
    expect: [['kms:Decrypt', KEY, PLAIN]],
  },
  {
    name: 'encrypts with a context',
    source: CONDITIONS,
    request: sent(new EncryptCommand({ KeyId: KEY, Plaintext: X, EncryptionContext: { customer: 'c-1' } })),
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
    request: known(sent(new EncryptCommand({ KeyId: 'alias/shop', Plaintext: X }))),
    expect: [['kms:Encrypt', KEY, { ...PLAIN, 'kms:RequestAlias': 'alias/shop' }]],
  },
  {
    name: "makes a data key by an alias's ARN",
    source: CONDITIONS,
    request: known(sent(new GenerateDataKeyCommand({ KeyId: ALIAS }))),
    expect: [['kms:GenerateDataKey', KEY, { 'kms:RequestAlias': 'alias/shop' }]],
  },
  {
    name: 'encrypts anew: both keys',
    source: CONDITIONS,
    request: sent(new ReEncryptCommand({ SourceKeyId: KEY, DestinationKeyId: OTHER, CiphertextBlob: X })),
    expect: [
      ['kms:ReEncryptFrom', KEY, { ...PLAIN, 'kms:ReEncryptOnSameKey': 'false' }],
      ['kms:ReEncryptTo', OTHER, { ...PLAIN, 'kms:ReEncryptOnSameKey': 'false' }],
    ],
  },
  {
    name: 'signs',
    source: CONDITIONS,
    request: sent(new SignCommand({ KeyId: KEY, Message: X, SigningAlgorithm: 'ECDSA_SHA_256' })),
    expect: [['kms:Sign', KEY, { 'kms:SigningAlgorithm': 'ECDSA_SHA_256' }]],
  },
  {
    name: 'schedules a deletion',
    source: CONDITIONS,
    request: sent(new ScheduleKeyDeletionCommand({ KeyId: KEY, PendingWindowInDays: 7 })),
    expect: [['kms:ScheduleKeyDeletion', KEY, { 'kms:ScheduleKeyDeletionPendingWindowInDays': '7' }]],
  },
  {
    name: 'names a key: alias and key',
    source: CONDITIONS,
    request: sent(new CreateAliasCommand({ AliasName: 'alias/shop', TargetKeyId: ID })),
    expect: [
      ['kms:CreateAlias', ALIAS],
      ['kms:CreateAlias', KEY],
    ],
  },
  {
    name: 'takes a name away where the key is known',
    source: CONDITIONS,
    request: known(sent(new DeleteAliasCommand({ AliasName: 'alias/shop' }))),
    expect: [
      ['kms:DeleteAlias', ALIAS],
      ['kms:DeleteAlias', KEY],
    ],
  },
  {
    name: 'tags a key',
    source: CONDITIONS,
    request: sent(new TagResourceCommand({ KeyId: KEY, Tags: [{ TagKey: 'team', TagValue: 'a' }] })),
    expect: [['kms:TagResource', KEY, { 'aws:TagKeys': ['team'], 'aws:RequestTag/team': 'a' }]],
  },
  { name: 'lists keys', source: CONDITIONS, request: sent(new ListKeysCommand({})), expect: [['kms:ListKeys', '*']] },
  {
    name: 'refuses an alias that is not known',
    request: sent(new EncryptCommand({ KeyId: 'alias/shop', Plaintext: X })),
    expect: /is not known/,
  },
  {
    name: 'refuses a ciphertext without its key',
    request: sent(new DecryptCommand({ CiphertextBlob: X })),
    expect: /KeyId is missing/,
  },
  {
    name: 'refuses a key with a wildcard',
    request: sent(new DecryptCommand({ KeyId: `arn:aws:kms:ap-northeast-2:123456789012:key/*` })),
    expect: /not an ARN/,
  },
  {
    name: 'refuses a context in two spellings',
    request: sent(new DecryptCommand({ KeyId: ID, EncryptionContext: { a: '1', A: '2' } })),
    expect: /differ only in case/,
  },
  {
    name: 'refuses a grant',
    request: sent(
      new CreateGrantCommand({
        KeyId: ID,
        GranteePrincipal: 'arn:aws:iam::123456789012:role/other',
        Operations: ['Decrypt'],
      }),
    ),
    expect: /no row for/,
  },
];

describe('KMS', () => runCases(KMS, CASES, ['kms:CallerAccount']));
