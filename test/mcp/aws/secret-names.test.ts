/** What an answer shows of settings and environment variables: names, and no secret value. */

import { withoutNamedSecrets, withoutSecretsInText, withoutVariables } from '../../../lib/mcp/aws/named-values';
import { SdkPackages } from '../../../lib/mcp/aws/sdk-package';
import { isEnvironmentName, isSecretName } from '../../../lib/mcp/aws/secret-names';
import { writeOutput } from '../../../lib/mcp/aws/write-output';
import { REMOVED } from '../../../lib/mcp/secrets';

it.each([
  ['Password', 'MasterUserPassword', 'DB_PASSWORD', 'db-passwd', 'passphrase', 'PGPASSWORD', 'DB_PWD', 'UnlockCode'],
  ['SecretAccessKey', 'aws_secret_access_key', 'ClientSecret', 'webhook_secret', 'SecretString', 'SecretCode'],
  ['SessionToken', 'authToken', 'GITHUB_TOKEN', 'Token', 'token', 'TokenValue', 'exchangeToken', 'clientAccessToken'],
  ['PrivateKey', 'tls.privateKeyPem', 'STRIPE_API_KEY', 'StreamKey', 'PreSharedKey', 'authKey', 'ActivationCode'],
  ['jwt', 'idJwt', 'CLIENT_JWT', 'ticket', 'KerberosTicket', 'session_tickets'],
  ['Authorization', 'authorization', 'HTTP_AUTHORIZATION', 'Proxy-Authorization', 'Cookie', 'Set-Cookie', 'setCookie'],
  [
    'password1',
    'DB_PASSWORD_2',
    'token2',
    'api_key-10',
    'secret_3',
    'DB_PASS',
    'dbPass',
    'mysql-pass',
    'pass',
    'PASS1',
  ],
  ['pwd', 'Pwd', 'db_pwd', 'pw', 'passphrases', 'api-key', 'X-Api-Key', 'x-amz-security-token', 'signing_key'],
  ['passwordValue', 'SECRET_B64', 'privateKeyBase64', 'PasswordHash', 'connectionString', 'basic_auth', 'sshKey'],
  ['PresignedUrl', 'AuthorizedUrl', 'EmbedUrl', 'Plaintext', 'Base32StringSeed', 'CustomerGatewayConfiguration'],
])('%s, %s, … are secrets', (...names) => {
  expect(names.filter((name) => !isSecretName(name))).toEqual([]);
});

it.each([
  ['NextToken', 'nextPageToken', 'ContinuationToken', 'NextContinuationToken', 'ClientToken', 'ClientRequestToken'],
  ['JwtConfiguration', 'TicketId', 'jwtIssuer'],
  ['SecretArn', 'MasterUserSecretArn', 'PasswordLastUsed', 'PasswordResetRequired', 'TokenType', 'SecretName'],
  [
    'KeyId',
    'KmsKeyArn',
    'PublicKey',
    'PartitionKey',
    'publicKeyMaterial',
    'QueueUrl',
    'Url',
    'compass',
    'monkey',
    'PWD',
    'OLDPWD',
  ],
  ['bypass', 'COMPASS', 'encompass', 'Passes', 'passed', 'NumberOfPasses', 'AuthorizationType', 'CookieBehavior'],
  ['NextToken1', 'Key1', 'sha256', 'AuthorizationScopes', 'SshPublicKey', 'HttpTokens', 'Cookies', 'authorizer'],
])('%s, %s, … are not', (...names) => {
  expect(names.filter(isSecretName)).toEqual([]);
});

it.each([
  ['Environment', 'environment', 'env', 'ENV', 'EnvironmentVariables', 'environmentOverrides', 'containerEnv'],
  ['ENV_VARS', 'env-vars', 'environment_variables', 'Environment-Variables', 'ENVIRONMENT.VARIABLES', 'env_var'],
  ['ENVIRONMENT_VARIABLES_OVERRIDE', 'environment variable overrides'],
])('%s, %s, … contain environment variables', (...names) => {
  expect(names.filter((name) => !isEnvironmentName(name))).toEqual([]);
});

it.each([['EnvironmentName', 'environment_id', 'ENV_FILES', 'envelope', 'EnvironmentArn', 'variables']])(
  '%s, %s, … do not',
  (...names) => {
    expect(names.filter(isEnvironmentName)).toEqual([]);
  },
);

/** A pipe that starts a container and a job with these environment variables. */
function pipe(container: object[], job: object[]) {
  return {
    TargetParameters: {
      EcsTaskParameters: {
        TaskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/t',
        Overrides: { ContainerOverrides: [{ Name: 'web', Environment: container }] },
      },
      BatchJobParameters: { JobDefinition: 'd', JobName: 'j', ContainerOverrides: { Environment: job } },
    },
  };
}

const packages = new SdkPackages([]);
async function write(service: string, operation: string, value: Record<string, unknown>) {
  const { output } = packages.operation({ prefix: service, packages: [service] }, operation);
  const options = { files: undefined, saveAs: undefined, fallbackName: () => '', scrub: (text: string) => text };
  return (await writeOutput(output, value, { ...options, longestText: 1000 })).output;
}

it.each<[string, string, Record<string, unknown>, Record<string, unknown>]>([
  [
    'ssm',
    'GetParametersByPath',
    {
      Parameters: [
        { Name: '/shop/db-password', Value: 'hunter2' },
        { Name: '/shop/size', Value: '3' },
      ],
    },
    {
      Parameters: [
        { Name: '/shop/db-password', Value: REMOVED },
        { Name: '/shop/size', Value: '3' },
      ],
    },
  ],
  [
    's3',
    'HeadObject',
    { Metadata: { 'api-key': 'k', colour: 'red' } },
    { Metadata: { 'api-key': REMOVED, colour: 'red' } },
  ],
  [
    'rds',
    'DescribeDBInstances',
    { DBInstances: [{ DBInstanceIdentifier: 'd', PendingModifiedValues: { MasterUserPassword: 'p', Port: 5 } }] },
    { DBInstances: [{ DBInstanceIdentifier: 'd', PendingModifiedValues: { MasterUserPassword: REMOVED, Port: 5 } }] },
  ],
  [
    'ec2',
    'DescribeTags',
    { Tags: [{ Key: 'Token', Value: 't', ResourceId: 'i-1' }] },
    { Tags: [{ Key: 'Token', Value: REMOVED, ResourceId: 'i-1' }] },
  ],
  [
    'lambda',
    'GetFunctionConfiguration',
    { ImageConfigResponse: { ImageConfig: { Command: ['run', '--api-key', 'hunter2', '--port', '1'] } } },
    { ImageConfigResponse: { ImageConfig: { Command: ['run', '--api-key', REMOVED, '--port', '1'] } } },
  ],
  [
    'pipes',
    'DescribePipe',
    pipe([{ name: 'LOG', value: 'hunter2' }], [{ Name: 'LOG', Value: 'hunter2' }]),
    pipe([{ name: 'LOG', value: REMOVED }], [{ Name: 'LOG', Value: REMOVED }]),
  ],
  [
    'ec2',
    'DescribeTags',
    { Tags: [{ Key: 'Environment', Value: 'prod' }] },
    { Tags: [{ Key: 'Environment', Value: 'prod' }] },
  ],
  [
    'ssm',
    'GetParametersByPath',
    { Parameters: [{ Name: '/shop/db', Value: '{ "user": "u", "password": "hunter2" }' }] },
    { Parameters: [{ Name: '/shop/db', Value: `{"user":"u","password":"${REMOVED}"}` }] },
  ],
  [
    's3',
    'HeadObject',
    { Metadata: { environment: '{"LOG":"hunter2"}', env: 'prod' } },
    { Metadata: { environment: `{"LOG":"${REMOVED}"}`, env: 'prod' } },
  ],
  [
    's3',
    'GetObject',
    { Body: Buffer.from('{"outputs":{"db_password":{"value":"hunter2"}}}') },
    { Body: `{"outputs":{"db_password":{"value":"${REMOVED}"}}}` },
  ],
])('%s %s', async (service, operation, value, expected) => {
  expect(await write(service, operation, value)).toEqual(expected);
});

it.each<[string, unknown, unknown]>([
  ['a map', { STAGE: 'prod', N: 1 }, { STAGE: REMOVED, N: 1 }],
  [
    'pairs, as ECS and CodeBuild have them',
    [{ name: 'A', value: 'b', type: 'PLAINTEXT' }],
    [{ name: 'A', value: REMOVED, type: 'PLAINTEXT' }],
  ],
  ['a list of texts', ['A=b'], [REMOVED]],
  ['a list of maps', [{ A: 'b' }], [{ A: REMOVED }]],
  [
    'a map whose variables are called values',
    [{ DEFAULT_VALUE: 'a', A: 'b', DB_NAME: 'c', value: 'd' }],
    [{ DEFAULT_VALUE: REMOVED, A: REMOVED, DB_NAME: REMOVED, value: REMOVED }],
  ],
  [
    'pairs with further members',
    [{ Name: 'A', StringValue: 'b', note: 'c', n: 1 }],
    [{ Name: 'A', StringValue: REMOVED, note: REMOVED, n: 1 }],
  ],
  ['references', [{ name: 'A', valueFrom: 'arn:a' }], [{ name: 'A', valueFrom: 'arn:a' }]],
])('environment variables in %s have no values', (_, given, expected) => {
  expect(withoutVariables(given)).toEqual(expected);
});

it.each<[unknown, unknown]>([
  [
    { user: 'u', password: ['a', { b: 'c' }] },
    { user: 'u', password: [REMOVED, { b: REMOVED }] },
  ],
  [
    [
      { ParameterKey: 'DBPassword', ParameterValue: 'p' },
      { ParameterKey: 'Size', ParameterValue: '3' },
    ],
    [
      { ParameterKey: 'DBPassword', ParameterValue: REMOVED },
      { ParameterKey: 'Size', ParameterValue: '3' },
    ],
  ],
  ...(
    [
      ['field', 'value'],
      ['id', 'stringValue'],
      ['name', 'value'],
      ['key', 'value'],
      ['Key', 'StringValue'],
      ['fieldName', 'val'],
      ['OptionName', 'content'],
      ['header', 'values'],
      ['variable', 'default'],
    ] as const
  ).map(([name, value]): [unknown, unknown] => [
    [
      { [value]: 'hunter2', [name]: 'db-password' },
      { [name]: 'size', [value]: '3' },
    ],
    [
      { [value]: REMOVED, [name]: 'db-password' },
      { [name]: 'size', [value]: '3' },
    ],
  ]),
  [
    { Namespace: 'aws:elasticbeanstalk:application:environment', OptionName: 'DB', Value: 'p' },
    { Namespace: 'aws:elasticbeanstalk:application:environment', OptionName: 'DB', Value: REMOVED },
  ],
  [
    { Environment: { Variables: { LOG: 'hunter2' } }, tags: { Environment: 'prod' } },
    { Environment: { Variables: { LOG: REMOVED } }, tags: { Environment: 'prod' } },
  ],
  [
    { environmentVariables: [{ Name: 'LOG', Value: 'hunter2' }], env: '{"LOG":"hunter2"}' },
    { environmentVariables: [{ Name: 'LOG', Value: REMOVED }], env: `{"LOG":"${REMOVED}"}` },
  ],
  [
    [
      { ParameterKey: 'Env', ParameterValue: '{"LOG":"hunter2"}' },
      { ParameterKey: 'Env', ParameterValue: 'prod' },
    ],
    [
      { ParameterKey: 'Env', ParameterValue: `{"LOG":"${REMOVED}"}` },
      { ParameterKey: 'Env', ParameterValue: 'prod' },
    ],
  ],
  [
    { command: ['run', '--db-password', 'hunter2', '--token', '-v', '--port', '1', 'token', 'a'] },
    { command: ['run', '--db-password', REMOVED, '--token', '-v', '--port', '1', 'token', 'a'] },
  ],
  [JSON.parse('{"__proto__":"x","token":"t"}'), JSON.parse(`{"__proto__":"x","token":"${REMOVED}"}`)],
])('%j', (given, expected) => {
  expect(withoutNamedSecrets(given)).toEqual(expected);
});

const json = JSON.stringify;
const nested = (levels: number, value: unknown): unknown => (levels === 0 ? value : nested(levels - 1, json(value)));
const deep = (levels: number) => `${'['.repeat(levels)}{"a":"hunter2"}${']'.repeat(levels)}`;

it.each<[string, string, string]>([
  ['an object', '{"ClientSecret":"hunter2","a":1}', `{"ClientSecret":"${REMOVED}","a":1}`],
  ['an array', ' [{"token":"hunter2"}]\n', `[{"token":"${REMOVED}"}]`],
  ['a text of JSON', json('{"token":"hunter2"}'), json(`{"token":"${REMOVED}"}`)],
  ['JSON in JSON', json({ a: ['{"psk":"hunter2"}'] }), json({ a: [`{"psk":"${REMOVED}"}`] })],
  ['a pair', '[{"Key":"token","Value":"hunter2"}]', `[{"Key":"token","Value":"${REMOVED}"}]`],
  [
    'environment variables',
    '{"Environment":{"Variables":{"A":"b"}}}',
    `{"Environment":{"Variables":{"A":"${REMOVED}"}}}`,
  ],
  [
    'pairs of variables',
    '{"Environment":[{"Name":"A","Value":"b"}]}',
    `{"Environment":[{"Name":"A","Value":"${REMOVED}"}]}`,
  ],
  ['JSON of variables', json({ env: '{"A":"b"}' }), json({ env: `{"A":"${REMOVED}"}` })],
  ['an object with duplicates', '{"token":"hunter2","token":1}', '{"token":1}'],
  ['an object with duplicate variables', '{ "env":{"A":"hunter2"}, "env":"prod" }', '{"env":"prod"}'],
  ['an object with duplicates inside', '[{"a":[{"b":{"psk":["hunter2"],"psk":[]}}]}]', '[{"a":[{"b":{"psk":[]}}]}]'],
  ['an object with an escaped duplicate', '{"env":{"A":"hunter2"},"en\\u0076":"prod"}', '{"env":"prod"}'],
  ['lines of JSON', 'a\n{"token":{"a":"hunter2"}}\n{"a":1}', `a\n{"token":{"a":"${REMOVED}"}}\n{"a":1}`],
  ['lines with lists', '{"passwords":["hunter2", "b"]}\nx', `{"passwords":["${REMOVED}","${REMOVED}"]}\nx`],
  ['a key with a secret', '{"postgres://u:hunter2@h":1}', `{"postgres://u:${REMOVED}@h":1}`],
  ['a link with escaped slashes', '{"a":"postgres:\\/\\/u:hunter2@h"}', `{"a":"postgres://u:${REMOVED}@h"}`],
  ['JSON that is too deep', deep(200), `${'['.repeat(100)}"${REMOVED}"${']'.repeat(100)}`],
  ['JSON that is very deep', `{"token":${deep(100_000)}}`, `{"token":${'['.repeat(99)}"${REMOVED}"${']'.repeat(99)}}`],
  ['JSON that is too long', `["hunter2","${'x'.repeat(3_000_000)}"]`, REMOVED],
])('secrets are removed from a text that is %s', (_, text, expected) => {
  expect(withoutSecretsInText(text)).toBe(expected);
});

it.each(Array.from({ length: 12 }, (_, levels) => [levels]))('no secret remains in JSON in %d texts', (levels) => {
  const text = nested(levels, { token: 'hunter2', env: { A: 'hunter2' } });
  expect(json(withoutNamedSecrets(text))).not.toContain('hunter2');
});

it.each([
  '{ "a" : 1.0, "n": 12345678901234567890, "NextToken": "t" }',
  '{"Environment":"prod","KmsKeyId":"k"}',
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*"}]}',
  '{{ a template }}',
  '[not JSON]',
  '{"a":": \\": {","b":[{"a":1},{"a":2}],"c":{}}',
  '"quoted"',
  '',
])('%s is left as it is', (text) => {
  expect(withoutSecretsInText(text)).toBe(text);
});
