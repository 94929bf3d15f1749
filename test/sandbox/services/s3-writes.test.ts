/** What S3 authorises for writing and deleting. */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { S3 } from '../../../lib/sandbox/services/s3';
import { type Case, runCases } from './support/rows';
import { ACTIONS, API, B, BUCKET, byHand, IN, OBJECT, sent, sentToHost, USUAL } from './support/s3';

const KEY = 'arn:aws:kms:ap-northeast-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';

const WRITES: readonly Case[] = [
  {
    name: 'writes an object',
    source: `${API}API_PutObject.html`,
    request: sent(new PutObjectCommand({ ...IN, Body: 'x' })),
    expect: [['s3:PutObject', OBJECT]],
  },
  {
    name: 'writes an object in virtual-host style',
    request: sentToHost(new PutObjectCommand({ ...IN, Body: 'x' })),
    expect: [['s3:PutObject', OBJECT]],
  },
  {
    name: 'writes an object with an ACL',
    source: `${API}API_PutObject.html`,
    request: sent(new PutObjectCommand({ ...IN, Body: 'x', ACL: 'public-read' })),
    expect: [
      ['s3:PutObject', OBJECT, { 's3:x-amz-acl': 'public-read' }],
      ['s3:PutObjectAcl', OBJECT, { 's3:x-amz-acl': 'public-read' }],
    ],
  },
  {
    name: 'writes an object that grants reading',
    source: `${API}API_PutObject.html`,
    request: sent(new PutObjectCommand({ ...IN, Body: 'x', GrantRead: 'id="79a5"' })),
    expect: [
      ['s3:PutObject', OBJECT, { 's3:x-amz-grant-read': 'id="79a5"' }],
      ['s3:PutObjectAcl', OBJECT, { 's3:x-amz-grant-read': 'id="79a5"' }],
    ],
  },
  {
    name: 'writes an object with tags',
    source: `${API}API_PutObject.html`,
    request: sent(new PutObjectCommand({ ...IN, Body: 'x', Tagging: 'team=a&stage=b%20c' })),
    expect: [
      [
        's3:PutObject',
        OBJECT,
        {
          's3:RequestObjectTag/team': 'a',
          's3:RequestObjectTag/stage': 'b c',
          's3:RequestObjectTagKeys': ['team', 'stage'],
        },
      ],
      [
        's3:PutObjectTagging',
        OBJECT,
        {
          's3:RequestObjectTag/team': 'a',
          's3:RequestObjectTag/stage': 'b c',
          's3:RequestObjectTagKeys': ['team', 'stage'],
        },
      ],
    ],
  },
  {
    name: 'writes an object under a legal hold',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html',
    request: sent(new PutObjectCommand({ ...IN, Body: 'x', ObjectLockLegalHoldStatus: 'ON' })),
    expect: [
      ['s3:PutObject', OBJECT, { 's3:object-lock-legal-hold': 'ON' }],
      ['s3:PutObjectLegalHold', OBJECT, { 's3:object-lock-legal-hold': 'ON' }],
    ],
  },
  {
    name: 'writes an object under a key of its own',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html',
    request: sent(new PutObjectCommand({ ...IN, Body: 'x', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KEY })),
    expect: [
      [
        's3:PutObject',
        OBJECT,
        { 's3:x-amz-server-side-encryption': 'aws:kms', 's3:x-amz-server-side-encryption-aws-kms-key-id': KEY },
      ],
      [
        'kms:GenerateDataKey',
        KEY,
        {
          'kms:CallerAccount': '123456789012',
          'kms:ViaService': 's3.ap-northeast-2.amazonaws.com',
          'kms:EncryptionContext:aws:s3:arn': OBJECT,
          'kms:EncryptionContextKeys': ['aws:s3:arn'],
        },
      ],
    ],
  },
  {
    name: 'writes only where nothing is',
    source: `${API}API_PutObject.html`,
    request: sent(new PutObjectCommand({ ...IN, Body: 'x', IfNoneMatch: '*' })),
    expect: [['s3:PutObject', OBJECT, { 's3:if-none-match': '*' }]],
  },
  {
    name: 'copies an object: two authorisations',
    source: `${API}API_CopyObject.html`,
    request: sent(new CopyObjectCommand({ ...IN, CopySource: 'other-bucket/a%20b.txt' })),
    expect: [
      ['s3:GetObject', 'arn:aws:s3:::other-bucket/a b.txt'],
      ['s3:PutObject', OBJECT, { 's3:x-amz-copy-source': 'other-bucket/a%20b.txt' }],
    ],
  },
  {
    name: 'copies a version',
    source: `${API}API_CopyObject.html`,
    request: sent(
      new CopyObjectCommand({ ...IN, CopySource: '/other-bucket/a?versionId=v1', MetadataDirective: 'REPLACE' }),
    ),
    expect: [
      ['s3:GetObjectVersion', 'arn:aws:s3:::other-bucket/a', { 's3:versionid': 'v1' }],
      [
        's3:PutObject',
        OBJECT,
        { 's3:x-amz-copy-source': '/other-bucket/a?versionId=v1', 's3:x-amz-metadata-directive': 'REPLACE' },
      ],
    ],
  },
  {
    name: 'begins a multipart upload',
    source: ACTIONS,
    request: sent(new CreateMultipartUploadCommand({ ...IN, StorageClass: 'GLACIER' })),
    expect: [['s3:PutObject', OBJECT, { 's3:x-amz-storage-class': 'GLACIER' }]],
  },
  {
    name: 'uploads a part',
    source: ACTIONS,
    request: sent(new UploadPartCommand({ ...IN, UploadId: 'u', PartNumber: 1, Body: 'x' })),
    expect: [['s3:PutObject', OBJECT]],
  },
  {
    name: 'uploads a part from another object',
    source: ACTIONS,
    request: sent(new UploadPartCopyCommand({ ...IN, UploadId: 'u', PartNumber: 1, CopySource: 'other-bucket/a' })),
    expect: [
      ['s3:GetObject', 'arn:aws:s3:::other-bucket/a'],
      ['s3:PutObject', OBJECT, { 's3:x-amz-copy-source': 'other-bucket/a' }],
    ],
  },
  {
    name: 'completes a multipart upload',
    source: ACTIONS,
    request: sent(
      new CompleteMultipartUploadCommand({
        ...IN,
        UploadId: 'u',
        MultipartUpload: { Parts: [{ ETag: 'e', PartNumber: 1 }] },
      }),
    ),
    expect: [['s3:PutObject', OBJECT]],
  },
  {
    name: 'aborts a multipart upload',
    source: ACTIONS,
    request: sent(new AbortMultipartUploadCommand({ ...IN, UploadId: 'u' })),
    expect: [['s3:AbortMultipartUpload', OBJECT]],
  },
  {
    name: 'deletes an object',
    source: `${API}API_DeleteObject.html`,
    request: sent(new DeleteObjectCommand(IN)),
    expect: [['s3:DeleteObject', OBJECT]],
  },
  {
    name: 'deletes a version past its retention',
    source: `${API}API_DeleteObject.html`,
    request: sent(new DeleteObjectCommand({ ...IN, VersionId: 'v1', BypassGovernanceRetention: true })),
    expect: [
      ['s3:DeleteObjectVersion', OBJECT, { 's3:versionid': 'v1' }],
      ['s3:BypassGovernanceRetention', OBJECT],
    ],
  },
  {
    name: 'deletes several objects: one authorisation each',
    source: `${API}API_DeleteObjects.html`,
    request: sent(
      new DeleteObjectsCommand({
        Bucket: B,
        Delete: { Objects: [{ Key: 'a&b' }, { Key: 'c', VersionId: 'v1' }], Quiet: true },
      }),
    ),
    expect: [
      ['s3:DeleteObject', `${BUCKET}/a&b`],
      ['s3:DeleteObjectVersion', `${BUCKET}/c`, { 's3:versionid': 'v1' }],
    ],
  },
  {
    name: 'sets an ACL',
    source: ACTIONS,
    request: sent(new PutObjectAclCommand({ ...IN, ACL: 'private' })),
    expect: [['s3:PutObjectAcl', OBJECT, { 's3:x-amz-acl': 'private' }]],
  },
  {
    name: 'sets tags',
    source: ACTIONS,
    request: sent(new PutObjectTaggingCommand({ ...IN, Tagging: { TagSet: [{ Key: 'team', Value: 'a' }] } })),
    expect: [['s3:PutObjectTagging', OBJECT, { 's3:RequestObjectTag/team': 'a', 's3:RequestObjectTagKeys': ['team'] }]],
  },
  {
    name: 'deletes tags',
    source: ACTIONS,
    request: sent(new DeleteObjectTaggingCommand(IN)),
    expect: [['s3:DeleteObjectTagging', OBJECT]],
  },
  {
    name: 'creates a bucket',
    source: `${API}API_CreateBucket.html`,
    request: sent(
      new CreateBucketCommand({
        Bucket: B,
        ACL: 'private',
        CreateBucketConfiguration: { LocationConstraint: 'ap-northeast-2' },
      }),
    ),
    expect: [
      ['s3:CreateBucket', BUCKET, { 's3:x-amz-acl': 'private', 's3:locationconstraint': 'ap-northeast-2' }],
      ['s3:PutBucketAcl', BUCKET, { 's3:x-amz-acl': 'private' }],
    ],
  },
  {
    name: 'sets a bucket policy',
    source: ACTIONS,
    request: sent(new PutBucketPolicyCommand({ Bucket: B, Policy: '{}' })),
    expect: [['s3:PutBucketPolicy', BUCKET]],
  },
  {
    name: 'sets the tags of a bucket',
    source: ACTIONS,
    request: sent(new PutBucketTaggingCommand({ Bucket: B, Tagging: { TagSet: [] } })),
    expect: [['s3:PutBucketTagging', BUCKET]],
  },
  {
    name: 'streams an upload, whose framing is off by now',
    request: byHand({
      method: 'PUT',
      path: `/${B}/a`,
      headers: {
        'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        'x-amz-decoded-content-length': '3',
        'x-amz-trailer': 'x-amz-checksum-crc32',
      },
      body: 'abc',
    }),
    expect: [['s3:PutObject', `${BUCKET}/a`]],
  },
  {
    name: 'is presigned with an ACL in its query',
    source: `${API}sigv4-query-string-auth.html`,
    request: byHand({
      method: 'PUT',
      path: `/${B}/a`,
      query: [
        ['x-amz-acl', 'public-read'],
        ['x-id', 'PutObject'],
      ],
    }),
    expect: [
      ['s3:PutObject', `${BUCKET}/a`, { 's3:x-amz-acl': 'public-read' }],
      ['s3:PutObjectAcl', `${BUCKET}/a`, { 's3:x-amz-acl': 'public-read' }],
    ],
  },
];

describe('S3 writes', () => runCases(S3, WRITES, USUAL));
