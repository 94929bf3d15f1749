/** Which operations are never called for a model: those whose answer is a credential or a secret. */
import { SENSITIVE_READS } from '@leasehold/policy';
import { returnsCredentials } from '../../../lib/mcp/aws/credential-operations';

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
  's3:CreateSession',
  's3:GetDataAccess',
  'cognito-identity:GetCredentialsForIdentity',
  'cognito-idp:InitiateAuth',
  'sso:GetRoleCredentials',
  'sso-oauth:CreateToken',
  'redshift:GetClusterCredentials',
  'lakeformation:GetTemporaryGlueTableCredentials',
  'lakeformation:GetTemporaryDataLocationCredentials',
  'deadline:AssumeFleetRoleForRead',
  'apigateway:GetApiKeys',
  'lightsail:DownloadDefaultKeyPair',
  'a-new-service:GetWorkloadSessionToken',
  'a-new-service:CreateProjectAccessKey',
  'a-new-service:GenerateDatabasePassword',
])('%s is refused', (id) => {
  const [prefix = '', operation = ''] = id.split(':');
  expect(returnsCredentials(prefix, operation, {})).toBe(true);
});

it('every action that the guardrails know to return credentials is refused', () => {
  const missed = SENSITIVE_READS.filter(({ kind }) => kind === 'credentials')
    .map(({ action }) => action)
    .filter((action) => {
      const [prefix = '', operation = ''] = action.split(':');
      return !returnsCredentials(prefix, operation, {});
    });
  expect(missed).toEqual([]);
});

it.each([
  ['ssm', 'GetParameter', { WithDecryption: true }, true],
  ['ssm', 'GetParameter', { WithDecryption: 'true' }, true],
  ['ssm', 'GetParameters', { WithDecryption: false }, false],
  ['ssm', 'GetParameter', {}, false],
  ['apigateway', 'GetUsagePlanKeys', { includeValues: true }, true],
])('%s %s with %j: %s', (prefix, operation, input, expected) => {
  expect(returnsCredentials(prefix, operation, input)).toBe(expected);
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
  'kms:GenerateDataKeyWithoutPlaintext',
  'lambda:Invoke',
])('%s is called', (id) => {
  const [prefix = '', operation = ''] = id.split(':');
  expect(returnsCredentials(prefix, operation, {})).toBe(false);
});
