/**
 * The `x-amz-*` headers that a request may contain. An unknown header could have effects that the row does not
 * authorize.
 */
import { UnmappedRequest } from '../../service-mapping';
import type { S3Call } from './call';
import type { S3Operation } from './operations';

/** Refuses headers that the operation does not support. */
export function checkS3Headers({ fields }: S3Call, { operation, headers }: S3Operation): void {
  const known = headers === undefined ? NONE : SETS[headers];
  for (const name of Object.keys(fields)) {
    if (HARMLESS.test(name) || known.test(name)) continue;
    throw new UnmappedRequest(`the header ${name} is not supported for ${operation}`, operation);
  }
  const lists = ['x-amz-acl', 'x-amz-copy-source', 'x-amz-storage-class'];
  const listed = lists.find((name) => fields[name] === '');
  if (listed !== undefined) throw new UnmappedRequest(`the header ${listed} is empty`, operation);
}

/** Headers for signing, checksums and conditions, which do not affect authorization. */
const HARMLESS =
  /^x-amz-(content-sha256|date|security-token|decoded-content-length|trailer|user-agent|checksum-[a-z0-9-]+|sdk-checksum-algorithm|expected-bucket-owner|source-expected-bucket-owner|request-payer|optional-object-attributes)$/;

const NONE = /^$/;
const CUSTOMER_KEY = 'server-side-encryption-customer-(algorithm|key|key-md5)';
const GRANTS = 'acl|grant-(full-control|read|read-acp|write|write-acp)';
const WRITE = `meta-[^\\s]+|storage-class|tagging|website-redirect-location|object-lock-(mode|retain-until-date|legal-hold)|server-side-encryption(-aws-kms-key-id|-bucket-key-enabled)?|${CUSTOMER_KEY}|${GRANTS}`;
const COPY = `copy-source(-if-(match|none-match|modified-since|unmodified-since)|-range|-${CUSTOMER_KEY})?|metadata-directive|tagging-directive`;

const set = (names: string): RegExp => new RegExp(`^x-amz-(${names})$`);

const SETS: Readonly<Record<NonNullable<S3Operation['headers']>, RegExp>> = {
  read: set(`${CUSTOMER_KEY}|object-attributes|max-parts|part-number-marker`),
  write: set(WRITE),
  copy: set(`${WRITE}|${COPY}`),
  grants: set(GRANTS),
  'create-bucket': set(`${GRANTS}|object-ownership|bucket-object-lock-enabled`),
  part: set(`${CUSTOMER_KEY}|mp-object-size`),
  delete: set('mfa|bypass-governance-retention|if-match-(last-modified-time|size)'),
  retention: set('bypass-governance-retention'),
};
