/**
 * The places where AWS SDKs and tools look for credentials, before or beside a container's endpoint. One list serves
 * both purposes: what must be disabled so that a lease is used, and what is reported as foreign credentials.
 * Sources: https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
 * https://boto3.amazonaws.com/v1/documentation/api/latest/guide/credentials.html
 * https://github.com/minio/minio-go/tree/master/pkg/credentials (restic, mc), https://s3tools.org/kb/item14.htm (s3cmd)
 */
import { devNull } from 'node:os';

/**
 * AWS variables that neither contain credentials nor refer to credentials. All other variables that begin with `AWS_`
 * are removed. A variable that AWS adds later is removed too, because it is not in this list.
 */
const HARMLESS: readonly string[] = [
  'AWS_CA_BUNDLE',
  'AWS_DEFAULT_OUTPUT',
  'AWS_DEFAULT_REGION',
  'AWS_DEFAULTS_MODE',
  'AWS_DISABLE_REQUEST_COMPRESSION',
  'AWS_ENDPOINT_URL',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
  'AWS_MAX_ATTEMPTS',
  'AWS_PAGER',
  'AWS_REGION',
  'AWS_REQUEST_CHECKSUM_CALCULATION',
  'AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES',
  'AWS_RESPONSE_CHECKSUM_VALIDATION',
  'AWS_RETRY_MODE',
  'AWS_SDK_UA_APP_ID',
  'AWS_STS_REGIONAL_ENDPOINTS',
  'AWS_USE_DUALSTACK_ENDPOINT',
  'AWS_USE_FIPS_ENDPOINT',
];

/**
 * A regular expression that matches the variables in `HARMLESS`, and also variables such as `AWS_ENDPOINT_URL_S3`. This
 * is an extended regular expression, which awk also accepts.
 */
export const HARMLESS_VARIABLES = `^(${HARMLESS.join('|')}|AWS_ENDPOINT_URL_[A-Z0-9_]+)$`;

/**
 * An extended regular expression that matches variables that lead to credentials: variables of old and new AWS SDKs,
 * boto, restic, mc, s3cmd and rclone.
 */
export const CREDENTIAL_VARIABLES =
  '^(AWS_|AMAZON_|BOTO_|EC2_(ACCESS|SECRET|PRIVATE)_KEY|MINIO_|MC_|S3CMD_|S3_ACCESS|S3_SECRET|RCLONE_(CONFIG_[A-Z0-9_]+|S3)_(ACCESS_KEY|SECRET_ACCESS|SESSION_TOKEN|PROFILE|SHARED_CRED))';

/** Variables with Java options, which can contain keys or name a profile. */
const JAVA_OPTIONS: readonly string[] = ['JAVA_TOOL_OPTIONS', 'JDK_JAVA_OPTIONS', '_JAVA_OPTIONS'];
const JAVA_KEY = /-Daws\.(access|secret|session|profile|shared|config|web)/i;

/**
 * Java options that contain keys or lead to keys. Options that only name a profile are excluded, because the profile's
 * file is checked separately.
 */
const JAVA_LEAD = /-Daws\.(access|secret|session|shared|config|web)/i;

/**
 * Settings that disable two other sources of credentials: the files that an SDK reads before it uses an endpoint, and
 * the instance metadata that it queries afterwards.
 */
export const SHUT: Readonly<Record<string, string>> = {
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  AWS_EC2_METADATA_DISABLED: 'true',
  BOTO_CONFIG: devNull,
  MINIO_SHARED_CREDENTIALS_FILE: devNull,
};

const HARMLESS_PATTERN = new RegExp(HARMLESS_VARIABLES);
const CREDENTIAL_PATTERN = new RegExp(CREDENTIAL_VARIABLES, 'i');

/** Variables that contain keys and belong to tools from other vendors. */
const KEYS_OF_TOOLS =
  /^(AMAZON_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)|EC2_(ACCESS|SECRET|PRIVATE)_KEY|MINIO_(ROOT_USER|ROOT_PASSWORD|ACCESS_KEY|SECRET_KEY)|MC_HOST_.+|S3_(ACCESS|SECRET)_?KEY(_ID)?|RCLONE_(CONFIG_\w+|S3)_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN))$/i;

/** Whether a variable contains another tool's key, or Java options that lead to a key. */
export function holdsKeyOfTool(name: string, value: string): boolean {
  return KEYS_OF_TOOLS.test(name) || (JAVA_OPTIONS.includes(name) && JAVA_LEAD.test(value));
}

/** Whether a variable contains AWS credentials, or may lead to AWS credentials. */
export function leadsToCredentials(name: string, value: string): boolean {
  if (JAVA_OPTIONS.includes(name)) return JAVA_KEY.test(value);
  return CREDENTIAL_PATTERN.test(name) && !HARMLESS_PATTERN.test(name);
}
