/**
 * Decides which condition values identify a caller. A value identifies a caller if it is fixed and the caller cannot
 * choose it. "Fixed" follows S3's definition of public: no wildcard, or a wildcard only after the part that identifies
 * the owner. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
import { defined } from '@leasehold/contract/defined';
import { isAccountId } from '../account-ids';
import { isPattern, type Written } from './conditions';

/** How the values of a key are interpreted. */
export type Reading = 'account' | 'name' | 'path' | 'arn' | 'network' | 'user id' | 'endpoint' | 'true';

/**
 * Keys that identify the caller, the caller's network, or the party on whose behalf the caller acts. A caller in
 * another account cannot choose the values of these keys. In lower case.
 */
export const CALLER_KEYS: ReadonlyMap<string, Reading> = new Map<string, Reading>([
  ['aws:principalaccount', 'account'],
  ['aws:principalarn', 'arn'],
  ['aws:principalorgid', 'name'],
  ['aws:principalorgpaths', 'path'],
  ['aws:principalservicename', 'name'],
  ['aws:principalservicenameslist', 'name'],
  ['aws:userid', 'user id'],
  ['aws:federatedprovider', 'arn'],
  ['aws:sourceip', 'network'],
  ['aws:sourcevpc', 'name'],
  ['aws:sourcevpcarn', 'arn'],
  ['aws:sourcevpce', 'name'],
  ['aws:vpceaccount', 'account'],
  ['aws:vpceorgid', 'name'],
  ['aws:vpceorgpaths', 'path'],
  ['aws:ec2instancesourcevpc', 'name'],
  ['ec2:sourceinstancearn', 'arn'],
  ['lambda:sourcefunctionarn', 'arn'],
  ['elasticfilesystem:accesspointarn', 'arn'],
  ['elasticfilesystem:accessedviamounttarget', 'true'],
  ['kms:calleraccount', 'account'],
  ['s3:dataaccesspointaccount', 'account'],
  ['s3:dataaccesspointarn', 'arn'],
  ['sns:endpoint', 'endpoint'],
]);

/** Keys, in lower case, that identify the party on whose behalf a service makes a call. */
export const SOURCE_KEYS: ReadonlyMap<string, Reading> = new Map<string, Reading>([
  ['aws:sourceaccount', 'account'],
  ['aws:sourcearn', 'arn'],
  ['aws:sourceorgid', 'name'],
  ['aws:sourceorgpaths', 'path'],
  ['aws:sourceowner', 'account'],
]);

/**
 * {@link SOURCE_KEYS} for a service principal. These keys include the KMS encryption context: a service sets it itself,
 * but any other caller could choose it. Sources:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html,
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
 */
export const SERVICE_SOURCE_KEYS: ReadonlyMap<string, Reading> = new Map<string, Reading>([
  ...SOURCE_KEYS,
  ['kms:encryptioncontext:aws:cloudtrail:arn', 'arn'],
  ['kms:encryptioncontext:aws:logs:arn', 'arn'],
]);

/** All keys in {@link CALLER_KEYS} and {@link SOURCE_KEYS}. */
export const ANY_CALLER_KEYS: ReadonlyMap<string, Reading> = new Map([...CALLER_KEYS, ...SOURCE_KEYS]);

/** A condition value that identifies a caller. */
export interface Naming {
  /** In lower case. */
  readonly key: string;
  readonly reading: Reading;
  readonly value: string;
  /** Whether `*` and `?` in the value are wildcards. */
  readonly pattern: boolean;
  /** Whether the condition key may have several values. */
  readonly several: boolean;
  /** The account that the value identifies, if the value contains an account. */
  readonly account?: string;
}

/**
 * Interprets a condition value. Returns `undefined` if the value does not identify a caller. A network alone does not
 * identify a caller: see {@link boundedNetworks}.
 */
export function namingOf(written: Written, keys: ReadonlyMap<string, Reading>): Naming | undefined {
  const own = OWN.get(written.key);
  const { key, value, set } = written;
  const pattern = isPattern(written);
  if (own?.includes(value.toLowerCase()) === true) return { key, reading: 'name', value, pattern: false, several: set };
  const reading = keys.get(key);
  if (reading === undefined || written.family === 'Null' || !FIXED[reading](written, pattern)) return undefined;
  const account = accountInPattern(value, reading);
  const several = set || reading === 'path';
  return { key, reading, value, pattern, several, ...defined({ account }) };
}

/**
 * Pairs of keys: one key for the account or organization of the resource, and one key for the account or organization
 * of the caller. Equal values mean that the resource and the caller have the same owner.
 */
const OWN: ReadonlyMap<string, readonly string[]> = new Map([
  ['aws:principalaccount', ['${aws:resourceaccount}']],
  ['aws:sourceaccount', ['${aws:resourceaccount}']],
  ['aws:principalorgid', ['${aws:resourceorgid}']],
  ['aws:sourceorgid', ['${aws:resourceorgid}']],
  ['aws:resourceaccount', ['${aws:principalaccount}', '${aws:sourceaccount}']],
  ['aws:resourceorgid', ['${aws:principalorgid}', '${aws:sourceorgid}']],
]);

const FIXED: Readonly<Record<Reading, (written: Written, pattern: boolean) => boolean>> = {
  account: ({ value }, pattern) => !pattern && !value.includes('${') && value.toLowerCase() !== 'anonymous',
  name: ({ value }, pattern) => value !== '' && !pattern && !value.includes('${'),
  path: ({ value }, pattern) => (pattern ? /^[^/*?$]+\//.test(value) : /^[^/$]+(\/|$)/.test(value)),
  arn: isFixedArn,
  network: () => true,
  'user id': ({ value }, pattern) => (pattern ? /^[A-Z0-9]{12,}:/.test(value) : /^[A-Z0-9]{12,}(:|$)/.test(value)),
  endpoint: ({ value }, pattern) =>
    !value.includes('${') &&
    (!pattern || /@[^@*?]+$|^https?:\/\/[^/*?]+\/|^arn:[^:*?]+:[^:*?]+:[^:]*:\d{12}:/.test(value)),
  true: ({ value }) => value.toLowerCase() === 'true',
};

/**
 * With a `String…` operator, `*` also matches colons, so only the fifth part of an ARN identifies the account, and only
 * if the parts before it have no wildcard. The ARN of a bucket has no account; the bucket's name identifies the owner.
 */
function isFixedArn({ value: written, family }: Written, pattern: boolean): boolean {
  const value = written.replace(/\$\{aws:ResourceAccount\}/gi, '000000000000');
  if (value.includes('${')) return false;
  if (!pattern) return true;
  const parts = value.split(':');
  const [start, , service = '', , account = '', ...rest] = parts;
  if (start !== 'arn' || parts.length < 6) return false;
  if (isAccountId(account)) return true;
  const crosses = family.startsWith('String') && /[*?]/.test(parts.slice(0, 5).join(''));
  return account === '' && service === 's3' && !crosses && /^[^/*?]+(\/|$)/.test(rest.join(':'));
}

/** The account in the value of a key. The value may be a pattern, which is not an ARN. */
function accountInPattern(value: string, reading: Reading): string | undefined {
  const account =
    reading === 'arn' || reading === 'endpoint' ? value.split(':')[4] : reading === 'account' ? value : '';
  return isAccountId(account) ? account : undefined;
}
