/** What of this process's environment a program with a lease may have. */
import { devNull } from 'node:os';

/**
 * Variables of AWS that hold no identity and lead to none. Every other one that begins with `AWS_` is removed: a list of
 * what may stay fails closed where AWS adds one.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
 */
const HARMLESS = new Set([
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
]);
/** `AWS_ENDPOINT_URL_S3` and its like. */
const ENDPOINT_OF_A_SERVICE = /^AWS_ENDPOINT_URL_[A-Z0-9_]+$/;
/** What else leads to credentials, or holds what approval channels are configured with. */
const REMOVED = /^(AWS_|AMAZON_|BOTO_|LEASEHOLD_|SLACK_|TELEGRAM_)/i;

/**
 * The environment for a program that is to have a lease and nothing else: without the agent's own key, profile, token
 * files and endpoints of credentials, without what approval channels are configured with. Configuration files and the
 * instance's metadata are shut, since an SDK would fall back to what it finds there.
 *
 * The program runs as the same user: it can still read that user's files by itself.
 * @example
 * spawn('python3', ['agent.py'], { env: { ...cleanEnvironment(process.env), ...client.environment('s3-deploy') } });
 * @public
 */
export function cleanEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && (isHarmless(entry[0]) || !REMOVED.test(entry[0])),
  );
  return {
    ...Object.fromEntries(kept),
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

function isHarmless(name: string): boolean {
  return HARMLESS.has(name) || ENDPOINT_OF_A_SERVICE.test(name);
}
