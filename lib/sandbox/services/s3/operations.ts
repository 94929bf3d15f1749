/**
 * S3's operations: method, level and query parameters of each, and its needs.
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
import { defined } from '@leasehold/contract/defined';
import { needOn } from './call';
import { grantKeys, listKeys, versionKey } from './keys';
import {
  bypass,
  copyObject,
  copyPart,
  createBucket,
  deleteObject,
  deleteObjects,
  type Needs,
  putObjectTagging,
  writeObject,
} from './needs';

/** The kinds of headers that a request may contain, in addition to headers that do not affect authorization. */
export type HeaderSet = 'read' | 'write' | 'copy' | 'grants' | 'create-bucket' | 'part' | 'delete' | 'retention';

export interface S3Operation {
  readonly operation: string;
  readonly method: string;
  readonly level: 'service' | 'bucket' | 'object';
  /** Required query parameters: names, or `name=value`. */
  readonly has: readonly string[];
  /** Optional query parameters. */
  readonly may: readonly string[];
  readonly headers?: HeaderSet;
  /** Whether the operation requires `x-amz-copy-source`. */
  readonly copies?: true;
  readonly needs: Needs;
}

/**
 * One line of the tables below: operation, method, required query parameters, optional query parameters, required
 * permissions.
 */
type Line = readonly [operation: string, method: string, has: string, may: string, needs: Needs, headers?: HeaderSet];

/** An action on the bucket or the object. */
const plain =
  (action: string): Needs =>
  (call) => [needOn(call, action)];

/** An action on an object, and the corresponding action on a version of the object. */
const versioned =
  (action: string, onVersion: string): Needs =>
  (call) => {
    const { versionId } = call.query;
    return [needOn(call, versionId === undefined ? action : onVersion, versionKey(versionId))];
  };

const both =
  (...needs: readonly Needs[]): Needs =>
  (call) =>
    needs.flatMap((need) => need(call));

const getObject = versioned('GetObject', 'GetObjectVersion');
const LISTING = 'prefix delimiter max-keys encoding-type';
const RESPONSE =
  'response-cache-control response-content-disposition response-content-encoding response-content-language response-content-type response-expires';

const SERVICE: readonly Line[] = [
  ['ListBuckets', 'GET', '', 'max-buckets continuation-token prefix bucket-region', plain('ListAllMyBuckets')],
];

const BUCKET: readonly Line[] = [
  ['ListObjects', 'GET', '', `${LISTING} marker`, (call) => [needOn(call, 'ListBucket', listKeys(call))]],
  [
    'ListObjectsV2',
    'GET',
    'list-type=2',
    `${LISTING} continuation-token fetch-owner start-after`,
    (call) => [needOn(call, 'ListBucket', listKeys(call))],
  ],
  [
    'ListObjectVersions',
    'GET',
    'versions',
    `${LISTING} key-marker version-id-marker`,
    (call) => [needOn(call, 'ListBucketVersions', listKeys(call))],
  ],
  [
    'ListMultipartUploads',
    'GET',
    'uploads',
    'prefix delimiter encoding-type key-marker max-uploads upload-id-marker',
    plain('ListBucketMultipartUploads'),
  ],
  ['HeadBucket', 'HEAD', '', '', plain('ListBucket')],
  ['CreateBucket', 'PUT', '', '', createBucket, 'create-bucket'],
  ['DeleteBucket', 'DELETE', '', '', plain('DeleteBucket')],
  ['DeleteObjects', 'POST', 'delete', '', deleteObjects, 'delete'],
  ['GetBucketLocation', 'GET', 'location', '', plain('GetBucketLocation')],
  ['GetBucketPolicyStatus', 'GET', 'policyStatus', '', plain('GetBucketPolicyStatus')],
  ['GetBucketAcl', 'GET', 'acl', '', plain('GetBucketAcl')],
  ['PutBucketAcl', 'PUT', 'acl', '', (call) => [needOn(call, 'PutBucketAcl', grantKeys(call))], 'grants'],
  ['DeleteBucketPolicy', 'DELETE', 'policy', '', plain('DeleteBucketPolicy')],
  ['DeleteBucketWebsite', 'DELETE', 'website', '', plain('DeleteBucketWebsite')],
];

/**
 * The operations on a bucket's settings: operation, query parameter, actions for GET and PUT, and whether DELETE
 * needs the action for PUT.
 */
const SETTINGS: readonly (readonly [name: string, query: string, get: string, put: string, deletes?: 'deletes'])[] = [
  ['BucketAccelerateConfiguration', 'accelerate', 'GetAccelerateConfiguration', 'PutAccelerateConfiguration'],
  ['BucketCors', 'cors', 'GetBucketCORS', 'PutBucketCORS', 'deletes'],
  ['BucketEncryption', 'encryption', 'GetEncryptionConfiguration', 'PutEncryptionConfiguration', 'deletes'],
  ['BucketLifecycleConfiguration', 'lifecycle', 'GetLifecycleConfiguration', 'PutLifecycleConfiguration', 'deletes'],
  ['BucketLogging', 'logging', 'GetBucketLogging', 'PutBucketLogging'],
  ['BucketNotificationConfiguration', 'notification', 'GetBucketNotification', 'PutBucketNotification'],
  [
    'BucketOwnershipControls',
    'ownershipControls',
    'GetBucketOwnershipControls',
    'PutBucketOwnershipControls',
    'deletes',
  ],
  ['BucketPolicy', 'policy', 'GetBucketPolicy', 'PutBucketPolicy'],
  ['BucketRequestPayment', 'requestPayment', 'GetBucketRequestPayment', 'PutBucketRequestPayment'],
  ['BucketTagging', 'tagging', 'GetBucketTagging', 'PutBucketTagging', 'deletes'],
  ['BucketVersioning', 'versioning', 'GetBucketVersioning', 'PutBucketVersioning'],
  ['BucketWebsite', 'website', 'GetBucketWebsite', 'PutBucketWebsite'],
  ['ObjectLockConfiguration', 'object-lock', 'GetBucketObjectLockConfiguration', 'PutBucketObjectLockConfiguration'],
  ['PublicAccessBlock', 'publicAccessBlock', 'GetBucketPublicAccessBlock', 'PutBucketPublicAccessBlock', 'deletes'],
];

const OBJECT: readonly Line[] = [
  ['GetObject', 'GET', '', `versionId partNumber ${RESPONSE}`, getObject, 'read'],
  ['HeadObject', 'HEAD', '', `versionId partNumber ${RESPONSE}`, getObject, 'read'],
  ['PutObject', 'PUT', '', '', writeObject, 'write'],
  ['DeleteObject', 'DELETE', '', 'versionId', deleteObject, 'delete'],
  ['GetObjectAcl', 'GET', 'acl', 'versionId', versioned('GetObjectAcl', 'GetObjectVersionAcl')],
  [
    'PutObjectAcl',
    'PUT',
    'acl',
    'versionId',
    (call) => {
      const { versionId } = call.query;
      const action = versionId === undefined ? 'PutObjectAcl' : 'PutObjectVersionAcl';
      return [needOn(call, action, { ...grantKeys(call), ...versionKey(versionId) })];
    },
    'grants',
  ],
  ['GetObjectTagging', 'GET', 'tagging', 'versionId', versioned('GetObjectTagging', 'GetObjectVersionTagging')],
  ['PutObjectTagging', 'PUT', 'tagging', 'versionId', putObjectTagging],
  [
    'DeleteObjectTagging',
    'DELETE',
    'tagging',
    'versionId',
    versioned('DeleteObjectTagging', 'DeleteObjectVersionTagging'),
  ],
  [
    'GetObjectAttributes',
    'GET',
    'attributes',
    'versionId',
    both(getObject, versioned('GetObjectAttributes', 'GetObjectVersionAttributes')),
    'read',
  ],
  ['GetObjectRetention', 'GET', 'retention', 'versionId', plain('GetObjectRetention')],
  [
    'PutObjectRetention',
    'PUT',
    'retention',
    'versionId',
    (call) => [needOn(call, 'PutObjectRetention'), ...bypass(call)],
    'retention',
  ],
  ['GetObjectLegalHold', 'GET', 'legal-hold', 'versionId', plain('GetObjectLegalHold')],
  ['PutObjectLegalHold', 'PUT', 'legal-hold', 'versionId', plain('PutObjectLegalHold')],
  ['RestoreObject', 'POST', 'restore', 'versionId', plain('RestoreObject')],
  ['SelectObjectContent', 'POST', 'select select-type=2', '', plain('GetObject'), 'read'],
  ['CreateMultipartUpload', 'POST', 'uploads', '', writeObject, 'write'],
  ['UploadPart', 'PUT', 'partNumber uploadId', '', plain('PutObject'), 'part'],
  ['CompleteMultipartUpload', 'POST', 'uploadId', '', plain('PutObject'), 'part'],
  ['AbortMultipartUpload', 'DELETE', 'uploadId', '', plain('AbortMultipartUpload')],
  ['ListParts', 'GET', 'uploadId', 'max-parts part-number-marker encoding-type', plain('ListMultipartUploadParts')],
];

const COPIES: readonly Line[] = [
  ['CopyObject', 'PUT', '', '', copyObject, 'copy'],
  ['UploadPartCopy', 'PUT', 'partNumber uploadId', '', copyPart, 'copy'],
];

const words = (text: string): readonly string[] => (text === '' ? [] : text.split(' '));

const rows = (level: S3Operation['level'], lines: readonly Line[]): readonly S3Operation[] =>
  lines.map(([operation, method, has, may, needs, headers]) => ({
    operation,
    method,
    level,
    has: words(has),
    may: words(may),
    needs,
    ...defined({ headers }),
  }));

const settings: readonly Line[] = SETTINGS.flatMap(([name, query, get, put, deletes]): Line[] => [
  [`Get${name}`, 'GET', query, '', plain(get)],
  [`Put${name}`, 'PUT', query, '', plain(put)],
  ...(deletes ? [[`Delete${name}`, 'DELETE', query, '', plain(put)] as const] : []),
]);

export const S3_OPERATIONS: readonly S3Operation[] = [
  ...rows('service', SERVICE),
  ...rows('bucket', [...BUCKET, ...settings]),
  ...rows('object', OBJECT),
  ...rows('object', COPIES).map((row): S3Operation => ({ ...row, copies: true })),
];
