/**
 * Operations whose answers are credentials or secrets. No tool calls them, whatever the lease permits: their answer would
 * reach the model. The list of actions that return credentials is that of the guardrails; below are the names of
 * operations that no list of actions contains, and a rule for names that AWS may add.
 */
import { sensitiveRead } from '@leasehold/policy';

/** Operations of STS that return no credentials. Every other one is refused, also one that AWS adds later. */
const HARMLESS_STS: readonly string[] = ['GetCallerIdentity', 'GetAccessKeyInfo', 'DecodeAuthorizationMessage'];

/**
 * By IAM prefix. Sources: the pages of the operations in the API references of the services, under
 * https://docs.aws.amazon.com/.
 */
const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  apigateway: ['CreateApiKey', 'GetApiKey', 'GetApiKeys', 'UpdateApiKey'],
  'cognito-idp': [
    'AdminInitiateAuth',
    'AdminRespondToAuthChallenge',
    'AssociateSoftwareToken',
    'CreateUserPoolClient',
    'GetTokensFromRefreshToken',
    'InitiateAuth',
    'RespondToAuthChallenge',
    'UpdateUserPoolClient',
  ],
  ec2: ['CreateKeyPair'],
  iam: [
    'CreateAccessKey',
    'CreateServiceSpecificCredential',
    'CreateVirtualMFADevice',
    'ResetServiceSpecificCredential',
  ],
  kms: ['GenerateDataKey', 'GenerateDataKeyPair'],
  lightsail: ['CreateContainerServiceRegistryLogin', 'CreateKeyPair', 'GetBucketAccessKeys'],
  s3: ['CreateSession', 'GetDataAccess'],
  s3express: ['CreateSession'],
  secretsmanager: ['BatchGetSecretValue', 'GetSecretValue'],
  sso: ['GetRoleCredentials'],
  'sso-oauth': ['CreateToken', 'CreateTokenWithIAM', 'RegisterClient', 'StartDeviceAuthorization'],
};

/** Names that mean credentials in every service that uses them. */
const NAMES = [
  /^Assume/,
  /^(?:Get|Create|Generate|Request|Retrieve|Reset|Rotate|Issue|Export|Exchange|Reveal).*(?:Credentials?|AuthorizationToken|AuthToken|AccessToken|SessionToken|FederationToken|IdToken|BearerToken|SecretValue|SecretKey|AccessKey|AccessKeys|PrivateKey|Password)$/,
];

/** Members of an input with which an operation returns a decrypted secret. */
const DECRYPTING: readonly string[] = ['WithDecryption', 'IncludeValue', 'includeValue', 'includeValues'];

/**
 * Whether an operation returns credentials or secrets with this input.
 * @param prefix IAM prefix of the service, for example `secretsmanager`.
 */
export function returnsCredentials(
  prefix: string,
  operation: string,
  input: Readonly<Record<string, unknown>>,
): boolean {
  if (prefix === 'sts') return !HARMLESS_STS.includes(operation);
  if (Object.hasOwn(OPERATIONS, prefix) && OPERATIONS[prefix]?.includes(operation)) return true;
  if (sensitiveRead(`${prefix}:${operation}`)?.kind === 'credentials') return true;
  if (NAMES.some((name) => name.test(operation))) return true;
  return DECRYPTING.some((member) => Object.hasOwn(input, member) && input[member] !== false);
}
