/** What Secrets Manager and the Data API authorise for each request. */
import {
  BatchExecuteStatementCommand,
  BeginTransactionCommand,
  CommitTransactionCommand,
  ExecuteStatementCommand,
  RDSDataClient,
} from '@aws-sdk/client-rds-data';
import {
  BatchGetSecretValueCommand,
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { RDS_DATA } from '../../../lib/sandbox/services/rds-data';
import { SECRETS_MANAGER } from '../../../lib/sandbox/services/secrets-manager';
import { aRequest, capture, type Handmade, jsonCall, sender } from './support/requests';
import { type Case, runCases } from './support/rows';

const captured = capture();
const secret = sender(SECRETS_MANAGER, captured, new SecretsManagerClient(captured.config));
const call = (operation: string, input: object) => jsonCall(SECRETS_MANAGER, `secretsmanager.${operation}`, input);
const SECRET = 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:hermes/dev/shop-reader';
const PART = 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:hermes/dev/shop';
const WHOLE = `${SECRET}-a1B2c3`;
const WHATS_IN = 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html';
const AUTH = 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html';
const KEY = 'arn:aws:kms:ap-northeast-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const get = (SecretId: string) => secret(new GetSecretValueCommand({ SecretId }));
const of = (id: string) => ({ 'secretsmanager:SecretId': id });

const SECRETS: readonly Case[] = [
  {
    name: 'reads a secret by its whole ARN',
    source: WHATS_IN,
    request: get(WHOLE),
    expect: [['secretsmanager:GetSecretValue', WHOLE, of(WHOLE)]],
  },
  {
    name: 'reads a secret by its name: the random characters stand open',
    source: WHATS_IN,
    request: get('hermes/dev/shop-reader'),
    expect: [['secretsmanager:GetSecretValue', `${SECRET}-??????`, of('hermes/dev/shop-reader')]],
  },
  {
    name: 'reads a secret by part of its ARN',
    source: WHATS_IN,
    request: get(PART),
    expect: [['secretsmanager:GetSecretValue', `${PART}-??????`, of(PART)]],
  },
  {
    name: 'reads a secret by part of its ARN that looks whole: AWS takes it for whole, too',
    source: WHATS_IN,
    request: get(SECRET),
    expect: [['secretsmanager:GetSecretValue', SECRET, of(SECRET)]],
  },
  {
    name: 'reads a secret by a name that ends like an ARN',
    source: WHATS_IN,
    request: get('hermes/dev/shop-reader-a1B2c3'),
    expect: [['secretsmanager:GetSecretValue', `${WHOLE}-??????`, of('hermes/dev/shop-reader-a1B2c3')]],
  },
  {
    name: 'reads a secret by its name where the ARN is known',
    source: WHATS_IN,
    request: async () => ({
      ...(await get('hermes/dev/shop-reader')()),
      known: { secrets: new Map([[SECRET, WHOLE]]) },
    }),
    expect: [['secretsmanager:GetSecretValue', WHOLE, of('hermes/dev/shop-reader')]],
  },
  {
    name: 'reads a stage of a secret',
    source: AUTH,
    request: secret(new GetSecretValueCommand({ SecretId: WHOLE, VersionStage: 'AWSPREVIOUS' })),
    expect: [['secretsmanager:GetSecretValue', WHOLE, { ...of(WHOLE), 'secretsmanager:VersionStage': 'AWSPREVIOUS' }]],
  },
  {
    name: 'reads a batch',
    source: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets.html',
    request: secret(new BatchGetSecretValueCommand({ SecretIdList: [WHOLE, 'b'] })),
    expect: [
      ['secretsmanager:BatchGetSecretValue', '*'],
      ['secretsmanager:GetSecretValue', WHOLE, of(WHOLE)],
      ['secretsmanager:GetSecretValue', `${SECRET.replace('hermes/dev/shop-reader', 'b')}-??????`, of('b')],
    ],
  },
  {
    name: 'lists secrets',
    source: AUTH,
    request: secret(new ListSecretsCommand({})),
    expect: [['secretsmanager:ListSecrets', '*']],
  },
  {
    name: 'deletes a secret for good',
    source: AUTH,
    request: secret(new DeleteSecretCommand({ SecretId: WHOLE, ForceDeleteWithoutRecovery: true })),
    expect: [
      ['secretsmanager:DeleteSecret', WHOLE, { ...of(WHOLE), 'secretsmanager:ForceDeleteWithoutRecovery': 'true' }],
    ],
  },
  {
    name: 'creates a secret under a key of its own',
    source: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html',
    request: secret(
      new CreateSecretCommand({ Name: 'x', KmsKeyId: KEY, SecretString: 's', Tags: [{ Key: 'team', Value: 'a' }] }),
    ),
    expect: [
      [
        'secretsmanager:CreateSecret',
        `${SECRET.replace('hermes/dev/shop-reader', 'x')}-??????`,
        {
          'secretsmanager:Name': 'x',
          'secretsmanager:KmsKeyId': KEY,
          'aws:TagKeys': ['team'],
          'aws:RequestTag/team': 'a',
        },
      ],
      ...['kms:GenerateDataKey', 'kms:Decrypt'].map(
        (action) =>
          [
            action,
            KEY,
            { 'kms:CallerAccount': '123456789012', 'kms:ViaService': 'secretsmanager.ap-northeast-2.amazonaws.com' },
          ] as const,
      ),
    ],
  },
  {
    name: 'refuses a batch by filters',
    request: secret(new BatchGetSecretValueCommand({ Filters: [{ Key: 'name', Values: ['a'] }] })),
    expect: /one by one/,
  },
  { name: 'refuses a name with a wildcard', request: get('hermes/*'), expect: /not a valid name of a/ },
  {
    name: 'refuses a secret in another region',
    request: get(WHOLE.replace('northeast-2', 'northeast-1')),
    expect: /not an ARN/,
  },
  {
    name: 'refuses an ARN of another service',
    request: get(WHOLE.replace('secretsmanager', 'ssm')),
    expect: /not an ARN/,
  },
  { name: 'refuses no secret', request: call('GetSecretValue', {}), expect: /SecretId is missing/ },
  {
    name: 'refuses a rotation, which runs a function',
    request: secret(new RotateSecretCommand({ SecretId: WHOLE })),
    expect: /no row for/,
  },
];

const CLUSTER = 'arn:aws:rds:ap-northeast-2:123456789012:cluster:hermes-dev-shop';
const data = (path: string, input: object | string, overrides: Handmade = {}) =>
  aRequest(RDS_DATA, {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json' },
    body: typeof input === 'string' ? input : JSON.stringify(input),
    ...overrides,
  });
const caught = capture();
const statement = sender(RDS_DATA, caught, new RDSDataClient(caught.config));
const BOTH = { resourceArn: CLUSTER, secretArn: WHOLE };
const ACCESS = 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.access.html';
const both = (action: string) =>
  [
    [`rds-data:${action}`, CLUSTER],
    ['secretsmanager:GetSecretValue', WHOLE, of(WHOLE)],
  ] as const;

const DATA: readonly Case[] = [
  {
    name: 'runs a statement, with a secret that the caller may read',
    source: ACCESS,
    request: statement(new ExecuteStatementCommand({ ...BOTH, sql: 'select 1' })),
    expect: both('ExecuteStatement'),
  },
  {
    name: 'runs a batch',
    source: ACCESS,
    request: statement(new BatchExecuteStatementCommand({ ...BOTH, sql: 'select 1' })),
    expect: both('BatchExecuteStatement'),
  },
  {
    name: 'begins a transaction',
    source: ACCESS,
    request: statement(new BeginTransactionCommand(BOTH)),
    expect: both('BeginTransaction'),
  },
  {
    name: 'commits a transaction',
    source: ACCESS,
    request: statement(new CommitTransactionCommand({ ...BOTH, transactionId: 't' })),
    expect: both('CommitTransaction'),
  },
  {
    name: 'refuses no secret',
    request: data('/Execute', { resourceArn: CLUSTER, sql: 'select 1' }),
    expect: /secretArn is missing/,
  },
  {
    name: 'refuses a cluster that is no ARN',
    request: data('/Execute', { ...BOTH, resourceArn: 'hermes-dev-shop' }),
    expect: /not an ARN/,
  },
  {
    name: 'refuses a cluster with a wildcard',
    request: data('/Execute', { ...BOTH, resourceArn: CLUSTER.replace('shop', '*') }),
    expect: /not an ARN/,
  },
  {
    name: 'refuses a cluster twice',
    request: data('/Execute', `{"resourceArn":"${CLUSTER}","resourceArn":"x","secretArn":"${WHOLE}"}`),
    expect: /repeats a key/,
  },
  {
    name: 'refuses a parameter of the query',
    request: data('/Execute', BOTH, { query: [['Action', 'x']] }),
    expect: /does not accept the query parameter/,
  },
  { name: 'refuses a path in another case', request: data('/execute', BOTH), expect: /no operation/ },
  { name: 'refuses a path that is encoded', request: data('/%45xecute', BOTH), expect: /no operation/ },
  { name: 'refuses another method', request: data('/Execute', BOTH, { method: 'GET' }), expect: /no operation/ },
  {
    name: 'refuses a form',
    request: data('/Execute', BOTH, { headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
    expect: /not application\/json/,
  },
];

describe('Secrets Manager', () => runCases(SECRETS_MANAGER, SECRETS));
describe('The Data API', () => runCases(RDS_DATA, DATA));
