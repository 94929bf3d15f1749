/**
 * S3's condition keys whose values come from parameters and headers.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
import { defined } from '@leasehold/contract/defined';
import { type Context, UnmappedRequest } from '../../service-mapping';
import { decodeForm } from '../../wire/read';
import type { S3Call, Texts } from './call';

/**
 * The condition keys `s3:prefix`, `s3:delimiter` and `s3:max-keys`. Each key is included if the request contains the
 * corresponding parameter.
 */
export function listKeys({ query }: S3Call): Context {
  return picked(query, LIST_KEYS);
}

const LIST_KEYS = { prefix: 's3:prefix', delimiter: 's3:delimiter', 'max-keys': 's3:max-keys' };

/** The condition key `s3:versionid`, for a request on a version. */
export function versionKey(versionId: string | undefined): Context {
  return defined({ 's3:versionid': versionId });
}

/** Headers that grant permissions on the written object or bucket. */
export const GRANT_HEADERS = [
  'x-amz-acl',
  'x-amz-grant-full-control',
  'x-amz-grant-read',
  'x-amz-grant-read-acp',
  'x-amz-grant-write',
  'x-amz-grant-write-acp',
] as const;

/** Condition keys for the permissions that a request grants. */
export function grantKeys({ fields }: S3Call): Context {
  return picked(fields, GRANT_KEYS);
}

const GRANT_KEYS = keysOfHeaders(GRANT_HEADERS);

const ENCRYPTION_HEADERS = [
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-customer-algorithm',
] as const;

const WRITE_KEYS = keysOfHeaders([
  ...GRANT_HEADERS,
  ...ENCRYPTION_HEADERS,
  'x-amz-copy-source',
  'x-amz-metadata-directive',
  'x-amz-storage-class',
  'x-amz-website-redirect-location',
]);

const PRECONDITION_KEYS = { 'if-match': 's3:if-match', 'if-none-match': 's3:if-none-match' };

/** Condition keys of `s3:PutObject`. */
export function writeKeys(call: S3Call): Context {
  const { fields, request } = call;
  return {
    ...picked(fields, WRITE_KEYS),
    ...picked(request.headers, PRECONDITION_KEYS),
    ...lockKeys(call),
    ...objectTagKeys(headerTags(call) ?? {}),
  };
}

/** Condition keys for an object lock that the headers set. */
export function lockKeys({ fields }: S3Call): Context {
  return picked(fields, LOCK_KEYS);
}

const LOCK_KEYS = {
  'x-amz-object-lock-mode': 's3:object-lock-mode',
  'x-amz-object-lock-retain-until-date': 's3:object-lock-retain-until-date',
  'x-amz-object-lock-legal-hold': 's3:object-lock-legal-hold',
};

/** The tags in the header `x-amz-tagging`, which is a query string. `undefined` if the header is absent. */
export function headerTags({ fields }: S3Call): Texts | undefined {
  const text = fields['x-amz-tagging'];
  if (text === undefined) return undefined;
  return uniqueTags(decodeForm(text));
}

/** Tags by name. A repeated name is refused. */
export function uniqueTags(pairs: readonly (readonly [string, string])[]): Texts {
  const tags = Object.fromEntries(pairs);
  if (new Set(pairs.map(([name]) => name.toLowerCase())).size !== pairs.length) {
    throw new UnmappedRequest('a tag occurs twice');
  }
  return tags;
}

/** `s3:RequestObjectTag/…` and `s3:RequestObjectTagKeys`. */
export function objectTagKeys(tags: Texts): Context {
  const names = Object.keys(tags);
  if (names.length === 0) return {};
  const values = names.map((name) => [`s3:RequestObjectTag/${name}`, tags[name] ?? ''] as const);
  return { ...Object.fromEntries(values), 's3:RequestObjectTagKeys': names };
}

/** Maps the name of a parameter or header to its condition key. */
type KeysByName = Readonly<Record<string, string>>;

function keysOfHeaders(names: readonly string[]): KeysByName {
  return Object.fromEntries(names.map((name) => [name, `s3:${name}`]));
}

function picked(values: Texts, keys: KeysByName): Context {
  const found: Record<string, string> = {};
  for (const name in keys) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    const key = keys[name];
    if (value !== undefined && key !== undefined) found[key] = value;
  }
  return found;
}
