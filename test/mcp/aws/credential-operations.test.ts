/** Which operations are never called for a model: those whose answer is a credential or a secret. */
import { SENSITIVE_READS } from '@leasehold/policy';
import { answersWithCredentials, returnsCredentials } from '../../../lib/mcp/aws/credential-operations';
import answers from '../cases/credential-answers.json';
import { shapeOf } from '../support/models';

const parts = (id: string) => id.split(':') as [prefix: string, operation: string];
const isRefused = (id: string) => returnsCredentials(...parts(id), {});

it.each([
  'sts:AssumeRole',
  'sts:AssumeRoleWithWebIdentity',
  'sts:AssumeRoot',
  'sts:GetSessionToken',
  'sts:GetFederationToken',
  'sts:GetScopedCredentials',
  'sts:AnOperationOfNextYear',
  'iam:CreateAccessKey',
  'iam:CreateServiceSpecificCredential',
  'iam:ResetServiceSpecificCredential',
  'iam:CreateVirtualMFADevice',
  'ecr:GetAuthorizationToken',
  'codeartifact:GetAuthorizationToken',
  'secretsmanager:GetSecretValue',
  'secretsmanager:BatchGetSecretValue',
  'kms:Decrypt',
  'kms:GenerateDataKey',
  'ec2:CreateKeyPair',
  'ec2:GetPasswordData',
  'ec2:DescribeVpnConnections',
  'ec2:ExportClientVpnClientConfiguration',
  's3:CreateSession',
  's3:GetDataAccess',
  'cognito-identity:GetCredentialsForIdentity',
  'cognito-idp:InitiateAuth',
  'cognito-idp:AdminRespondToAuthChallenge',
  'cognito-idp:DescribeUserPoolClient',
  'cognito-idp:DescribeIdentityProvider',
  'cognito-idp:GetIdentityProviderByIdentifier',
  'sso:GetRoleCredentials',
  'sso-oauth:CreateToken',
  'redshift:GetClusterCredentials',
  'lakeformation:GetTemporaryGlueTableCredentials',
  'lakeformation:GetTemporaryDataLocationCredentials',
  'deadline:AssumeFleetRoleForRead',
  'apigateway:GetApiKey',
  'apigateway:GetApiKeys',
  'apigateway:GetUsagePlanKey',
  'apigateway:GetUsagePlanKeys',
  'lightsail:DownloadDefaultKeyPair',
  'eks:RegisterCluster',
  'snowball:GetJobUnlockCode',
  'geo:CreateKey',
  'geo:DescribeKey',
  'directconnect:DescribeRouterConfiguration',
  'ssm:CreateActivation',
  'sagemaker:CreatePresignedDomainUrl',
  'sagemaker:CreateHubContentPresignedUrls',
  'quicksight:GenerateEmbedUrlForAnonymousUser',
  'appstream:CreateStreamingURL',
  'ecr:GetDownloadUrlForLayer',
  'm2:GetSignedBluinsightsUrl',
  'glue:GetConnection',
  'glue:GetConnections',
  'a-new-service:GetWorkloadSessionToken',
  'a-new-service:CreateProjectAccessKey',
  'a-new-service:GenerateDatabasePassword',
  'a-new-service:RotateWidgetApiKey',
  'a-new-service:CreateDoorActivation',
  'a-new-service:CreatePresignedThingUrl',
  'a-new-service:BatchGetWidgetTokensForFleet',
])('%s is refused by its name', (id) => {
  expect(isRefused(id)).toBe(true);
});

it('every action that the guardrails know to return credentials is refused', () => {
  const known = SENSITIVE_READS.filter(({ kind }) => kind === 'credentials').map(({ action }) => action);
  expect(known.length).toBeGreaterThan(60);
  expect(known.filter((action) => !isRefused(action))).toEqual([]);
});

describe('an operation is refused whose answer is', () => {
  it.each(Object.entries(answers))('%s: %s', (id, path) => {
    const [prefix, operation] = parts(id);
    expect(answersWithCredentials(prefix, operation, shapeOf(path.split('.')))).toBe(true);
    // The same member of an operation that nobody knows yet.
    expect(answersWithCredentials('a-new-service', 'BeginThing', shapeOf(path.split('.')))).toBe(true);
  });
});

it.each([
  ['s3:ListObjectsV2', 'NextContinuationToken'],
  ['dynamodb:Query', 'LastEvaluatedKey.key'],
  ['kms:CreateKey', 'KeyMetadata.KeyId'],
  ['rds:DescribeDBInstances', 'DBInstances.PendingModifiedValues.MasterUserPassword'],
  ['lambda:Invoke', 'Payload'],
  ['ses:VerifyDomainIdentity', 'VerificationToken'],
  ['states:GetActivityTask', 'taskToken'],
  ['amplify:GetApp', 'app.basicAuthCredentials'],
  ['grafana:DescribeWorkspace', 'workspace.grafanaToken'],
])('%s is not refused for %s', (id, path) => {
  expect(answersWithCredentials(...parts(id), shapeOf(path.split('.')))).toBe(false);
});

it.each([
  ['ssm:GetParameter', { WithDecryption: true }, true],
  ['ssm:GetParameter', { WithDecryption: 'true' }, true],
  ['ssm:GetParameters', { WithDecryption: false }, false],
  ['ssm:GetParameter', {}, false],
  ['states:TestState', { revealSecrets: true }, true],
  ['states:TestState', { definition: '{}' }, false],
  ['glue:GetConnection', { HidePassword: true }, false],
  ['glue:GetConnection', { HidePassword: false }, true],
  ['glue:GetConnections', { HidePassword: 'true' }, true],
  ['glue:GetConnections', JSON.parse('{"__proto__":{"HidePassword":true}}'), true],
])('%s with %j: %s', (id, input, expected) => {
  expect(returnsCredentials(...parts(id), input)).toBe(expected);
});

it.each([
  's3:GetObject',
  's3:PutObject',
  'sts:GetCallerIdentity',
  'sts:DecodeAuthorizationMessage',
  'iam:ListAccessKeys',
  'iam:GetAccountPasswordPolicy',
  'iam:DeleteAccessKey',
  'dynamodb:GetItem',
  'dynamodb:Query',
  'ec2:DescribeInstances',
  'logs:GetLogEvents',
  'secretsmanager:DescribeSecret',
  'secretsmanager:RotateSecret',
  'kms:GenerateDataKeyWithoutPlaintext',
  'lambda:Invoke',
  'lambda:GetFunctionUrlConfig',
  'sqs:GetQueueUrl',
  'bedrock:CountTokens',
])('%s is called', (id) => {
  expect(isRefused(id)).toBe(false);
});
