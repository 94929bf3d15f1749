/** What an answer shows of settings and environment variables: names, and no secret value. */

import { withoutNamedSecrets, withoutVariables } from '../../../lib/mcp/aws/named-values';
import { SdkPackages } from '../../../lib/mcp/aws/sdk-package';
import { isSecretName } from '../../../lib/mcp/aws/secret-names';
import { writeOutput } from '../../../lib/mcp/aws/write-output';
import { REMOVED } from '../../../lib/mcp/secrets';

it.each([
  ['Password', 'MasterUserPassword', 'DB_PASSWORD', 'db-passwd', 'passphrase', 'PGPASSWORD', 'DB_PWD'],
  ['SecretAccessKey', 'aws_secret_access_key', 'ClientSecret', 'webhook_secret', 'SecretString', 'SecretCode'],
  ['SessionToken', 'authToken', 'GITHUB_TOKEN', 'Token', 'token', 'TokenValue', 'exchangeToken', 'clientAccessToken'],
  ['PrivateKey', 'tls.privateKeyPem', 'STRIPE_API_KEY', 'StreamKey', 'PreSharedKey', 'authKey', 'ActivationCode'],
  ['PresignedUrl', 'AuthorizedUrl', 'EmbedUrl', 'Plaintext', 'Base32StringSeed', 'CustomerGatewayConfiguration'],
])('%s, %s, … are secrets', (...names) => {
  expect(names.filter((name) => !isSecretName(name))).toEqual([]);
});

it.each([
  ['NextToken', 'nextPageToken', 'ContinuationToken', 'NextContinuationToken', 'ClientToken', 'ClientRequestToken'],
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
])('%s, %s, … are not', (...names) => {
  expect(names.filter(isSecretName)).toEqual([]);
});

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
    'pipes',
    'DescribePipe',
    pipe([{ name: 'LOG', value: 'hunter2' }], [{ Name: 'LOG', Value: 'hunter2' }]),
    pipe([{ name: 'LOG', value: REMOVED }], [{ Name: 'LOG', Value: REMOVED }]),
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
  [
    { Namespace: 'aws:elasticbeanstalk:application:environment', OptionName: 'DB', Value: 'p' },
    { Namespace: 'aws:elasticbeanstalk:application:environment', OptionName: 'DB', Value: REMOVED },
  ],
  [JSON.parse('{"__proto__":"x","token":"t"}'), JSON.parse(`{"__proto__":"x","token":"${REMOVED}"}`)],
])('%j', (given, expected) => {
  expect(withoutNamedSecrets(given)).toEqual(expected);
});
