/** What S3 authorises for reading, and by which host a bucket is named. */
import {
  GetBucketAclCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetObjectAclCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
} from '@aws-sdk/client-s3';
import { S3 } from '../../../lib/sandbox/services/s3';
import { type Case, runCases } from './support/rows';
import { ACTIONS, API, B, BUCKET, byHand, IN, OBJECT, sent, sentToHost, USUAL } from './support/s3';

const READS: readonly Case[] = [
  {
    name: 'reads an object',
    source: `${API}API_GetObject.html`,
    request: sent(new GetObjectCommand(IN)),
    expect: [['s3:GetObject', OBJECT]],
  },
  {
    name: 'reads an object in virtual-host style',
    source: `${API}API_GetObject.html`,
    request: sentToHost(new GetObjectCommand(IN)),
    expect: [['s3:GetObject', OBJECT]],
  },
  {
    name: 'reads a version',
    source: `${API}API_GetObject.html`,
    request: sent(new GetObjectCommand({ ...IN, VersionId: 'v1' })),
    expect: [['s3:GetObjectVersion', OBJECT, { 's3:versionid': 'v1' }]],
  },
  {
    name: 'asks for an object without its content',
    source: `${API}API_HeadObject.html`,
    request: sent(new HeadObjectCommand(IN)),
    expect: [['s3:GetObject', OBJECT]],
  },
  {
    name: 'reads a key with blanks and letters of the world',
    request: sent(new GetObjectCommand({ Bucket: B, Key: 'a b/ü(1)*.txt' })),
    expect: [['s3:GetObject', `${BUCKET}/a b/ü(1)*.txt`]],
  },
  {
    name: 'reads a folder marker',
    request: sent(new GetObjectCommand({ Bucket: B, Key: 'a/' })),
    expect: [['s3:GetObject', `${BUCKET}/a/`]],
  },
  {
    name: 'reads the attributes',
    source: `${API}API_GetObjectAttributes.html`,
    request: sent(new GetObjectAttributesCommand({ ...IN, ObjectAttributes: ['ETag'] })),
    expect: [
      ['s3:GetObject', OBJECT],
      ['s3:GetObjectAttributes', OBJECT],
    ],
  },
  {
    name: 'reads an ACL',
    source: ACTIONS,
    request: sent(new GetObjectAclCommand(IN)),
    expect: [['s3:GetObjectAcl', OBJECT]],
  },
  {
    name: 'reads the tags of a version',
    source: ACTIONS,
    request: sent(new GetObjectTaggingCommand({ ...IN, VersionId: 'v1' })),
    expect: [['s3:GetObjectVersionTagging', OBJECT, { 's3:versionid': 'v1' }]],
  },
  {
    name: 'lists buckets',
    source: ACTIONS,
    request: sent(new ListBucketsCommand({})),
    expect: [['s3:ListAllMyBuckets', '*']],
  },
  {
    name: 'lists objects',
    source: `${API}API_ListObjectsV2.html`,
    request: sent(new ListObjectsV2Command({ Bucket: B, Prefix: '1.4.2/', Delimiter: '/', MaxKeys: 10 })),
    expect: [['s3:ListBucket', BUCKET, { 's3:prefix': '1.4.2/', 's3:delimiter': '/', 's3:max-keys': '10' }]],
  },
  {
    name: 'lists objects without a prefix: the key is not there',
    source: `${API}API_ListObjectsV2.html`,
    request: sent(new ListObjectsV2Command({ Bucket: B })),
    expect: [['s3:ListBucket', BUCKET]],
  },
  {
    name: 'lists objects in virtual-host style',
    request: sentToHost(new ListObjectsV2Command({ Bucket: B, Prefix: 'a' })),
    expect: [['s3:ListBucket', BUCKET, { 's3:prefix': 'a' }]],
  },
  {
    name: 'lists objects the old way',
    source: `${API}API_ListObjects.html`,
    request: sent(new ListObjectsCommand({ Bucket: B, Prefix: 'a' })),
    expect: [['s3:ListBucket', BUCKET, { 's3:prefix': 'a' }]],
  },
  {
    name: 'lists versions',
    source: ACTIONS,
    request: sent(new ListObjectVersionsCommand({ Bucket: B, Prefix: 'a' })),
    expect: [['s3:ListBucketVersions', BUCKET, { 's3:prefix': 'a' }]],
  },
  {
    name: 'lists multipart uploads',
    source: ACTIONS,
    request: sent(new ListMultipartUploadsCommand({ Bucket: B, Prefix: 'a' })),
    expect: [['s3:ListBucketMultipartUploads', BUCKET]],
  },
  {
    name: 'lists parts',
    source: ACTIONS,
    request: sent(new ListPartsCommand({ ...IN, UploadId: 'u' })),
    expect: [['s3:ListMultipartUploadParts', OBJECT]],
  },
  {
    name: 'asks for a bucket',
    source: ACTIONS,
    request: sent(new HeadBucketCommand({ Bucket: B })),
    expect: [['s3:ListBucket', BUCKET]],
  },
  {
    name: 'reads where a bucket is',
    source: ACTIONS,
    request: sent(new GetBucketLocationCommand({ Bucket: B })),
    expect: [['s3:GetBucketLocation', BUCKET]],
  },
  {
    name: 'reads the ACL of a bucket',
    source: ACTIONS,
    request: sent(new GetBucketAclCommand({ Bucket: B })),
    expect: [['s3:GetBucketAcl', BUCKET]],
  },
  {
    name: 'reads the policy of a bucket',
    source: ACTIONS,
    request: sent(new GetBucketPolicyCommand({ Bucket: B })),
    expect: [['s3:GetBucketPolicy', BUCKET]],
  },
  {
    name: 'reads whether versions are kept',
    source: ACTIONS,
    request: sent(new GetBucketVersioningCommand({ Bucket: B })),
    expect: [['s3:GetBucketVersioning', BUCKET]],
  },
  {
    name: 'carries how it was signed: a presigned URL and its age',
    source: `${API}bucket-policy-s3-sigv4-conditions.html`,
    request: byHand({ path: `/${B}/a`, signing: { place: 'query', age: 61_000 } }),
    expect: [['s3:GetObject', `${BUCKET}/a`, { 's3:signatureAge': '61000' }]],
  },
];

const HOSTS: readonly Case[] = [
  {
    name: 'AWS, path style',
    request: byHand({ host: 's3.ap-northeast-2.amazonaws.com', path: `/${B}/a` }),
    expect: [['s3:GetObject', `${BUCKET}/a`]],
  },
  {
    name: 'AWS, virtual-host style',
    request: byHand({ host: `${B}.s3.ap-northeast-2.amazonaws.com`, path: '/a' }),
    expect: [['s3:GetObject', `${BUCKET}/a`]],
  },
  {
    name: 'AWS, dual stack',
    request: byHand({ host: `${B}.s3.dualstack.ap-northeast-2.amazonaws.com`, path: '/a' }),
    expect: [['s3:GetObject', `${BUCKET}/a`]],
  },
  {
    name: 'AWS, a bucket with dots',
    request: byHand({ host: 'a.b.c.s3.amazonaws.com', path: '/a' }),
    expect: [['s3:GetObject', 'arn:aws:s3:::a.b.c/a']],
  },
  {
    name: 'this machine, virtual-host style',
    request: byHand({ host: `${B}.localhost`, path: '/other/a' }),
    expect: [['s3:GetObject', `${BUCKET}/other/a`]],
  },
  {
    name: 'China, with ARNs of its partition',
    request: byHand({
      region: 'cn-north-1',
      partition: 'aws-cn',
      host: `${B}.s3.cn-north-1.amazonaws.com.cn`,
      path: '/a',
    }),
    expect: [['s3:GetObject', `arn:aws-cn:s3:::${B}/a`]],
  },
];

describe('S3', () => {
  describe('reads', () => runCases(S3, READS, USUAL));
  describe('by host', () => runCases(S3, HOSTS, USUAL));
});
