/**
 * Operations whose answers are credentials, secrets or signed links. No tool calls them, whatever the lease permits: their
 * answer would reach the model. Three rules decide, and each also finds operations that AWS adds later:
 * the lists (of the guardrails, and below), the name of the operation, and the members of its answer.
 */
import { sensitiveRead } from '@leasehold/policy';
import { isSecretName } from './secret-names';
import { membersOf, type Shape } from './shape';

/** Operations of STS that return no credentials. Every other one is refused, also one that AWS adds later. */
const HARMLESS_STS: readonly string[] = ['GetCallerIdentity', 'GetAccessKeyInfo', 'DecodeAuthorizationMessage'];

/**
 * By IAM prefix: what neither the guardrails' list nor the two other rules find. Sources: the pages of the operations in
 * the API references of the services, under https://docs.aws.amazon.com/.
 */
const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  amplify: ['CreateDeployment', 'GetJob'],
  apigateway: ['CreateUsagePlanKey', 'GetUsagePlanKey', 'GetUsagePlanKeys', 'ImportApiKeys', 'UpdateApiKey'],
  'cognito-idp': ['AddUserPoolClientSecret', 'AssociateSoftwareToken', 'GetIdentityProviderByIdentifier'],
  ec2: ['ExportClientVpnClientConfiguration'],
  eks: ['RegisterCluster'],
  iam: ['CreateVirtualMFADevice'],
  kms: ['GenerateDataKey'],
  s3: ['CreateSession', 'GetDataAccess'],
  s3express: ['CreateSession'],
  signin: ['Authenticate', 'AuthorizeOAuth2Access'],
  'sso-oauth': ['StartDeviceAuthorization'],
};

/** Names of operations that return credentials or signed links, in every service that uses them. */
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

/** Operations with such a name whose answers open nothing. */
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

/** Members of an input with which an operation returns a decrypted secret. */
const DECRYPTING: readonly string[] = [
  'WithDecryption',
  'IncludeValue',
  'includeValue',
  'includeValues',
  'revealSecrets',
];

/** Operations that return a secret unless a member of the input leaves it out. */
const HIDING: Readonly<Record<string, string>> = {
  'glue:GetConnection': 'HidePassword',
  'glue:GetConnections': 'HidePassword',
};

/**
 * Services that describe a resource whose settings contain a secret. The operation is called, and the secret is removed
 * from its answer.
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
 * Whether an operation returns credentials or secrets with this input, as far as names tell.
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
 * Whether the answer of an operation is a credential: a member at its top, or of a structure there, has the name of a
 * secret. Secrets in deeper members belong to the description of something else, and are removed from it.
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

/** Whether a value could be a secret: a number or a choice of yes and no is none. */
export function isReadable(shape: Shape): boolean {
  return shape.isStringSchema() || shape.isBlobSchema() || shape.isDocumentSchema();
}

/** The elements of lists, and the values of maps. */
function innermost(shape: Shape): Shape {
  let found = shape;
  while (found.isListSchema() || found.isMapSchema()) found = found.getValueSchema();
  return found;
}
