/**
 * The permissions for S3 operations that require more than the action of the same name. Source:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
import { defined } from '@leasehold/contract/defined';
import { type Context, type Need, UnmappedRequest } from '../../service-mapping';
import type { XmlElement } from '../../wire/read-xml';
import { keyThroughService } from '../common/kms-key';
import { nothingBut, only, onlyText, readXmlBody } from '../common/xml';
import { checkBucket, checkKey, decodeOnce } from './address';
import { needOn, type S3Call, s3Arn } from './call';
import {
  GRANT_HEADERS,
  grantKeys,
  headerTags,
  lockKeys,
  objectTagKeys,
  uniqueTags,
  versionKey,
  writeKeys,
} from './keys';

export type Needs = (call: S3Call) => readonly Need[];

/** Writing an object requires the permission to write the object, and a permission for each setting in the headers. */
export const writeObject: Needs = (call) => {
  const { fields } = call;
  const tags = headerTags(call);
  const retention = fields['x-amz-object-lock-mode'] ?? fields['x-amz-object-lock-retain-until-date'];
  const { 's3:object-lock-legal-hold': hold, ...retentionKeys } = lockKeys(call);
  return [
    needOn(call, 'PutObject', writeKeys(call)),
    ...(grants(call) ? [needOn(call, 'PutObjectAcl', grantKeys(call))] : []),
    ...(tags === undefined ? [] : [needOn(call, 'PutObjectTagging', objectTagKeys(tags))]),
    ...(retention === undefined ? [] : [needOn(call, 'PutObjectRetention', retentionKeys)]),
    ...(hold === undefined ? [] : [needOn(call, 'PutObjectLegalHold', { 's3:object-lock-legal-hold': hold })]),
    ...encryption(call),
  ];
};

/** Copying requires reading the source and writing the target. */
export const copyObject: Needs = (call) => [readSource(call), ...writeObject(call)];

/**
 * The permissions to copy data into a part of a multipart upload. The other permissions were checked when the upload
 * started.
 */
export const copyPart: Needs = (call) => [
  readSource(call),
  needOn(call, 'PutObject', { 's3:x-amz-copy-source': call.fields['x-amz-copy-source'] ?? '' }),
];

/** The permissions to delete each object or object version in the body. */
export const deleteObjects: Needs = (call) => {
  const { bucket, request, base } = call;
  if (bucket === undefined) throw new UnmappedRequest('the request contains no bucket');
  const root = readXmlBody(request, 'Delete');
  nothingBut(root, ['Object', 'Quiet']);
  const needs = root.children
    .filter(({ name }) => name === 'Object')
    .flatMap((object): Need[] => {
      nothingBut(object, ['Key', 'VersionId', 'ETag', 'LastModifiedTime', 'Size']);
      const key = onlyText(object, 'Key');
      const version = onlyText(object, 'VersionId');
      if (!key || version === '') throw new UnmappedRequest('an object of the body has no key');
      const resource = s3Arn(request, bucket, checkKey(key));
      const context = { ...base, ...versionKey(version) };
      const action = version === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
      return [{ action, resource, context }, ...bypass(call).map((need) => ({ ...need, resource }))];
    });
  if (needs.length === 0) throw new UnmappedRequest('the body contains no object');
  return needs;
};

/** The permissions to delete an object, or a version of the object. */
export const deleteObject: Needs = (call) => {
  const { versionId } = call.query;
  const match = versionId === undefined ? call.request.headers['if-match'] : undefined;
  return [
    needOn(call, versionId === undefined ? 'DeleteObject' : 'DeleteObjectVersion', {
      ...versionKey(versionId),
      ...defined({ 's3:if-match': match }),
    }),
    ...bypass(call),
  ];
};

/**
 * The permissions to create a bucket with the settings in the request's headers. Other settings in the body are
 * refused.
 */
export const createBucket: Needs = (call) => {
  const { fields } = call;
  const ownership = fields['x-amz-object-ownership'];
  return [
    needOn(call, 'CreateBucket', {
      ...grantKeys(call),
      ...defined({ 's3:x-amz-object-ownership': ownership }),
      ...locationKey(call),
    }),
    ...(grants(call) ? [needOn(call, 'PutBucketAcl', grantKeys(call))] : []),
    ...(ownership === undefined ? [] : [needOn(call, 'PutBucketOwnershipControls')]),
    ...(fields['x-amz-bucket-object-lock-enabled'] === undefined
      ? []
      : [needOn(call, 'PutBucketObjectLockConfiguration'), needOn(call, 'PutBucketVersioning')]),
  ];
};

/** The permissions to set the tags on an object, or on a version of the object. */
export const putObjectTagging: Needs = (call) => {
  const { versionId } = call.query;
  const root = readXmlBody(call.request, 'Tagging');
  nothingBut(root, ['TagSet']);
  const tags = (only(root, 'TagSet')?.children ?? []).map(tagOf);
  const action = versionId === undefined ? 'PutObjectTagging' : 'PutObjectVersionTagging';
  return [needOn(call, action, { ...objectTagKeys(uniqueTags(tags)), ...versionKey(versionId) })];
};

function tagOf(tag: XmlElement): readonly [string, string] {
  const key = onlyText(tag, 'Key');
  if (tag.name !== 'Tag' || !key) throw new UnmappedRequest('a tag of the body has no key');
  return [key, onlyText(tag, 'Value') ?? ''];
}

function grants({ fields }: S3Call): boolean {
  return GRANT_HEADERS.some((name) => fields[name] !== undefined);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html */
export function bypass(call: S3Call): readonly Need[] {
  const asked = call.fields['x-amz-bypass-governance-retention'];
  return asked === undefined ? [] : [needOn(call, 'BypassGovernanceRetention')];
}

/**
 * Reads `x-amz-copy-source`: `bucket/key`, percent-encoded, with an optional leading slash and an optional
 * `?versionId=`. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
function readSource(call: S3Call): Need {
  const text = call.fields['x-amz-copy-source'] ?? '';
  const [, bucket, key, version] = /^\/?([^/?#;+]+)\/([^?#;+]+)(?:\?versionId=([\w.-]+))?$/.exec(text) ?? [];
  if (bucket === undefined || key === undefined) throw new UnmappedRequest('x-amz-copy-source is ambiguous');
  return {
    action: version === undefined ? 's3:GetObject' : 's3:GetObjectVersion',
    resource: s3Arn(call.request, checkBucket(bucket), checkKey(decodeOnce(key))),
    context: { ...call.base, ...versionKey(version) },
  };
}

/**
 * The KMS permissions for an object that is encrypted with a key that the caller specifies. S3 calls KMS on the
 * caller's behalf.
 */
function encryption(call: S3Call): readonly Need[] {
  const { fields, request, bucket = '', key } = call;
  const id = fields['x-amz-server-side-encryption-aws-kms-key-id'];
  if (id === undefined) return [];
  const context = fields['x-amz-server-side-encryption-bucket-key-enabled'] === 'true' ? undefined : key;
  return keyThroughService(request, id, 's3', ['GenerateDataKey'], { 'aws:s3:arn': s3Arn(request, bucket, context) });
}

/** `s3:locationconstraint`, from the body. */
function locationKey({ request }: S3Call): Context {
  if (request.body.length === 0) return {};
  const root = readXmlBody(request, 'CreateBucketConfiguration');
  nothingBut(root, ['LocationConstraint']);
  const location = onlyText(root, 'LocationConstraint');
  return location ? { 's3:locationconstraint': location } : {};
}
