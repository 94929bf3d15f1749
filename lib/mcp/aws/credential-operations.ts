/**
 * Operations whose responses contain credentials, secrets or signed links. No tool calls such an operation, even if the
 * lease permits it, because the response would reach the model. Three rules find these operations: the lists (of the
 * guardrails, and below), the name of the operation, and the members of its response. The rules also apply to
 * operations that AWS adds later.
 */
import { sensitiveRead } from '@leasehold/policy';
import { isSecretName } from './secret-names';
import { membersOf, type Shape } from './shape';

/**
 * STS operations that do not return credentials. Every other STS operation is refused, including operations that AWS
 * adds later.
 */
const HARMLESS_STS: readonly string[] = ['GetCallerIdentity', 'GetAccessKeyInfo', 'DecodeAuthorizationMessage'];

/**
 * Operations, by IAM prefix, that are not covered by the guardrails' list or by the two other rules. Sources: the
 * pages of the operations in the API references of the services, under https://docs.aws.amazon.com/.
 */
const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  amplify: ['CreateDeployment', 'GetJob'],
  apigateway: ['CreateUsagePlanKey', 'GetUsagePlanKey', 'GetUsagePlanKeys', 'ImportApiKeys', 'UpdateApiKey'],
  'cognito-idp': ['AddUserPoolClientSecret', 'AssociateSoftwareToken', 'GetIdentityProviderByIdentifier'],
  directconnect: ['DescribeRouterConfiguration'],
  ec2: ['ExportClientVpnClientConfiguration'],
  eks: ['RegisterCluster'],
  geo: ['CreateKey', 'DescribeKey'],
  iam: ['CreateVirtualMFADevice'],
  kms: ['GenerateDataKey'],
  s3: ['CreateSession', 'GetDataAccess'],
  s3express: ['CreateSession'],
  signin: ['Authenticate', 'AuthorizeOAuth2Access'],
  snowball: ['GetJobUnlockCode'],
  'sso-oauth': ['StartDeviceAuthorization'],
};

/** Operation names that, in every service, indicate that the response contains credentials or signed links. */
const NAMES = [
  /^Assume/,
  new RegExp(
    '^(?:Admin|Batch)?' +
      '(?:Get|Create|Generate|Request|Retrieve|Reset|Refresh|Regenerate|Renew|Rotate|Issue|Export|Exchange|Reveal|Download)' +
      `\\w*(?:${[
        'Credentials?|Tokens?|SecretValue|SecretKey|AccessKeys?|A(?:pi|PI)Keys?|StreamKeys?|PrivateKeys?|KeyPairs?',
        'Passwords?|WebhookSecret|ClientSecret|Activation|AuthCode|QrCode|RegistryLogin|LoginSession|U(?:rl|RL)s?',
      ].join('|')})(?:(?:For|With)\\w+)?$`,
  ),
  /^List\w*(?:A(?:pi|PI)Keys|StreamUrls)$/,
  /(?:Auth|AuthChallenge|SsoLogin|RefreshCredentials)$/,
];

/** Operations that are permitted although their names match, because their responses do not give access. */
const HARMLESS: ReadonlySet<string> = new Set([
  'codecatalyst:GetSourceRepositoryCloneUrls',
  'ds:ResetUserPassword',
  'ivs:GetPlaybackKeyPair',
  'lightsail:GetKeyPair',
  'lightsail:GetKeyPairs',
  'pricing:GetPriceListFileUrl',
  'sqs:GetQueueUrl',
  'waf:GetChangeToken',
  'waf-regional:GetChangeToken',
  'workmail:ResetPassword',
]);

/** Input members that make an operation return a decrypted secret. */
const DECRYPTING: readonly string[] = [
  'WithDecryption',
  'IncludeValue',
  'includeValue',
  'includeValues',
  'revealSecrets',
];

/** Operations that return a secret unless a member of the input excludes the secret. */
const HIDING: Readonly<Record<string, string>> = {
  'glue:GetConnection': 'HidePassword',
  'glue:GetConnections': 'HidePassword',
};

/**
 * Services with operations that describe a resource whose settings contain a secret. Such operations can be called, and
 * the secret is removed from the response.
 */
const DESCRIBED: Readonly<Record<string, RegExp>> = {
  amplify: /(?:App|Branch)(?:s|es)?$/,
  cloudhsm: /Clusters?$/,
  entityresolution: /Policy(?:Statement)?$/,
  grafana: /(?:Workspaces?|License)$/,
  iam: /^ListVirtualMFADevices$/,
  mediapackage: /(?:OriginEndpoint|Channel|ConfigureLogs)$/,
  'mediapackage-vod': /(?:PackagingGroup|ConfigureLogs)$/,
  mobiletargeting: /Channel$/,
};

/**
 * Whether an operation's name and the names in its input indicate that the operation returns credentials or secrets.
 * @param prefix IAM prefix of the service, for example `secretsmanager`.
 */
export function returnsCredentials(
  prefix: string,
  operation: string,
  input: Readonly<Record<string, unknown>>,
): boolean {
  if (prefix === 'sts') return !HARMLESS_STS.includes(operation);
  const id = `${prefix}:${operation}`;
  if (HARMLESS.has(id)) return false;
  if (Object.hasOwn(OPERATIONS, prefix) && OPERATIONS[prefix]?.includes(operation)) return true;
  if (sensitiveRead(id)?.kind === 'credentials') return true;
  if (NAMES.some((name) => name.test(operation))) return true;
  const hiding = Object.hasOwn(HIDING, id) ? HIDING[id] : undefined;
  if (hiding !== undefined && input[hiding] !== true) return true;
  return DECRYPTING.some((member) => Object.hasOwn(input, member) && input[member] !== false);
}

/**
 * Whether the response of an operation is a credential: whether a top-level member, or a member of a top-level
 * structure, has the name of a secret. A secret in a deeper member is part of the description of a resource, and is
 * removed from the response.
 */
export function answersWithCredentials(prefix: string, operation: string, output: Shape): boolean {
  if (Object.hasOwn(DESCRIBED, prefix) && DESCRIBED[prefix]?.test(operation)) return false;
  return hasSecret(output, 2);
}

function hasSecret(shape: Shape, levels: number): boolean {
  if (levels === 0 || !shape.isStructSchema()) return false;
  for (const [name, member] of membersOf(shape)) {
    const value = innermost(member);
    if (value.isStructSchema() ? hasSecret(value, levels - 1) : isSecretName(name) && isReadable(value)) return true;
  }
  return false;
}

/** Whether a value could be a secret. Numbers and booleans cannot be secrets. */
export function isReadable(shape: Shape): boolean {
  return shape.isStringSchema() || shape.isBlobSchema() || shape.isDocumentSchema();
}

/** The shape of the elements or values inside all nested lists and maps. */
function innermost(shape: Shape): Shape {
  let found = shape;
  while (found.isListSchema() || found.isMapSchema()) found = found.getValueSchema();
  return found;
}
