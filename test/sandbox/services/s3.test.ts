/** Requests to S3 that can be read in two ways, and the whole of its table. */
import { S3 } from '../../../lib/sandbox/services/s3';
import { S3_OPERATIONS } from '../../../lib/sandbox/services/s3/operations';
import type { Handmade } from './support/requests';
import { type Case, expectKnown, runCases } from './support/rows';
import { B, byHand } from './support/s3';

const object = (encoded: string) => byHand({ path: `/${B}/${encoded}` });
const put = (overrides: Handmade) => byHand({ method: 'PUT', path: `/${B}/a`, ...overrides });
const batch = (body: string | Buffer) => byHand({ method: 'POST', path: `/${B}`, query: [['delete', '']], body });

const REFUSED: readonly Case[] = [
  { name: 'a key with an empty segment', request: object('a//b'), expect: /ambiguous/ },
  { name: 'a key that begins with a slash', request: object('/a'), expect: /ambiguous/ },
  { name: 'a key with dot segments', request: object('a/%2e%2e/b'), expect: /ambiguous/ },
  { name: 'a key that is encoded twice', request: object('a%252Fb'), expect: /ambiguous/ },
  { name: 'a key with a line break', request: object('a%0Ab'), expect: /ambiguous/ },
  { name: 'a key with a zero byte', request: object('a%00b'), expect: /ambiguous/ },
  { name: 'a key that is no UTF-8', request: object('%ff'), expect: /invalid encoding/ },
  { name: 'a key with a backslash', request: object('a%5Cb'), expect: /ambiguous/ },
  { name: 'a plus sign', request: object('a+b'), expect: /plus sign/ },
  {
    name: 'a slash encoded between bucket and key',
    request: byHand({ path: `/${B}%2Fa` }),
    expect: /not a valid name of a bucket/,
  },
  { name: 'an empty bucket', request: byHand({ path: '//a' }), expect: /no bucket/ },
  {
    name: 'an access point',
    request: byHand({ path: '/arn%3Aaws%3As3%3Aap-northeast-2%3A123456789012%3Aaccesspoint%2Fx/a' }),
    expect: /not a valid name of a bucket/,
  },
  {
    name: 'the alias of an access point',
    request: byHand({ path: '/my-ap-abcdef-s3alias/a' }),
    expect: /refers to another/,
  },
  { name: 'a bucket in capitals', request: byHand({ path: '/Bucket/a' }), expect: /not a valid name of a bucket/ },
  {
    name: "another service's host",
    request: byHand({ host: 'dynamodb.ap-northeast-2.amazonaws.com', path: `/${B}/a` }),
    expect: /not an endpoint of s3/,
  },
  {
    name: "another region's host",
    request: byHand({ host: `${B}.s3.us-east-1.amazonaws.com`, path: '/a' }),
    expect: /not an endpoint of s3/,
  },
  {
    name: 'a host of somebody else',
    request: byHand({ host: 'evil.example', path: `/${B}/a` }),
    expect: /not an endpoint of s3/,
  },
  {
    name: 'a host that only looks like AWS',
    request: byHand({ host: `${B}.s3.amazonaws.com.evil.example`, path: '/a' }),
    expect: /not an endpoint of s3/,
  },
  {
    name: 'a region of another partition',
    request: byHand({ region: 'cn-north-1', path: `/${B}/a` }),
    expect: /partition/,
  },
  {
    name: 'another service in the signature',
    request: byHand({ service: 's3express', path: `/${B}/a` }),
    expect: /not for s3/,
  },
  {
    name: 'two subresources',
    request: byHand({
      path: `/${B}/a`,
      query: [
        ['acl', ''],
        ['tagging', ''],
      ],
    }),
    expect: /do not match exactly one operation/,
  },
  {
    name: 'a subresource twice',
    request: byHand({
      path: `/${B}/a`,
      query: [
        ['acl', ''],
        ['acl', ''],
      ],
    }),
    expect: /occurs twice/,
  },
  {
    name: 'a subresource that is not known',
    request: byHand({ path: `/${B}/a`, query: [['Action', 'DeleteObject']] }),
    expect: /do not match exactly one operation/,
  },
  {
    name: 'a subresource in another case',
    request: byHand({ path: `/${B}/a`, query: [['ACL', '']] }),
    expect: /do not match exactly one operation/,
  },
  {
    name: 'another operation in x-id',
    request: byHand({ path: `/${B}/a`, query: [['x-id', 'DeleteObject']] }),
    expect: /do not match exactly one operation/,
  },
  {
    name: 'an empty version',
    request: byHand({ path: `/${B}/a`, query: [['versionId', '']] }),
    expect: /do not match exactly one operation/,
  },
  {
    name: 'a method that is not known',
    request: byHand({ method: 'PATCH', path: `/${B}/a` }),
    expect: /do not match exactly one operation/,
  },
  {
    name: 'a browser upload',
    request: byHand({ method: 'POST', path: `/${B}` }),
    expect: /do not match exactly one operation/,
  },
  {
    name: 'replication, which passes a role',
    request: put({ path: `/${B}`, query: [['replication', '']] }),
    expect: /do not match exactly one operation/,
  },
  {
    name: 'a header that is not known',
    request: put({ headers: { 'x-amz-fresh': '1' } }),
    expect: /x-amz-fresh is not supported/,
  },
  {
    name: 'an ACL where none is taken',
    request: byHand({ path: `/${B}/a`, headers: { 'x-amz-acl': 'private' } }),
    expect: /not supported for GetObject/,
  },
  {
    name: 'a copy where none is taken',
    request: byHand({ method: 'DELETE', path: `/${B}/a`, headers: { 'x-amz-copy-source': 'b/c' } }),
    expect: /do not match exactly one operation/,
  },
  {
    name: 'an override of the method',
    request: put({ headers: { 'x-http-method-override': 'DELETE' } }),
    expect: /another request/,
  },
  {
    name: 'a target of another protocol',
    request: put({ headers: { 'x-amz-target': 'DynamoDB_20120810.Scan' } }),
    expect: /X-Amz-Target/,
  },
  {
    name: 'an ACL in query and header',
    request: put({ query: [['x-amz-acl', 'private']], headers: { 'x-amz-acl': 'public-read' } }),
    expect: /x-amz-acl occurs twice/,
  },
  {
    name: 'a copy source with a fragment',
    request: put({ headers: { 'x-amz-copy-source': 'bucket/a#b' } }),
    expect: /ambiguous/,
  },
  {
    name: 'a copy source with dots',
    request: put({ headers: { 'x-amz-copy-source': 'bucket/a/../b' } }),
    expect: /ambiguous/,
  },
  {
    name: 'a copy source that is encoded twice',
    request: put({ headers: { 'x-amz-copy-source': 'bucket/a%252e' } }),
    expect: /ambiguous/,
  },
  {
    name: 'a copy source without a key',
    request: put({ headers: { 'x-amz-copy-source': 'bucket' } }),
    expect: /ambiguous/,
  },
  {
    name: 'a copy source in an access point',
    request: put({ headers: { 'x-amz-copy-source': 'arn:aws:s3:ap-northeast-2:123456789012:accesspoint/x/object/a' } }),
    expect: /not a valid name of a bucket/,
  },
  {
    name: 'a copy source with two versions',
    request: put({ headers: { 'x-amz-copy-source': 'bucket/a?versionId=1&versionId=2' } }),
    expect: /ambiguous/,
  },
  {
    name: 'a KMS key behind an alias',
    request: put({ headers: { 'x-amz-server-side-encryption-aws-kms-key-id': 'alias/x' } }),
    expect: /is not known/,
  },
  {
    name: 'two tags that differ in case',
    request: put({ headers: { 'x-amz-tagging': 'a=1&A=2' } }),
    expect: /occurs twice/,
  },
  { name: 'a batch without objects', request: batch('<Delete></Delete>'), expect: /contains no object/ },
  {
    name: 'a batch that is no XML',
    request: batch('<Delete><Object><Key>a</Key></Delete>'),
    expect: /not unambiguous XML/,
  },
  {
    name: 'a batch with two keys in one object',
    request: batch('<Delete><Object><Key>a</Key><Key>b</Key></Object></Delete>'),
    expect: /Key twice/,
  },
  {
    name: 'a batch with a comment',
    request: batch('<Delete><Object><Key>a<!-- -->b</Key></Object></Delete>'),
    expect: /not unambiguous XML/,
  },
  {
    name: 'a batch with CDATA',
    request: batch('<Delete><Object><Key><![CDATA[a]]></Key></Object></Delete>'),
    expect: /not unambiguous XML/,
  },
  {
    name: 'a batch with an entity of its own',
    request: batch('<!DOCTYPE x [<!ENTITY a "b">]><Delete><Object><Key>&a;</Key></Object></Delete>'),
    expect: /not unambiguous XML/,
  },
  {
    name: 'a batch with a prefix of a namespace',
    request: batch('<x:Delete xmlns:x="y"><Object><Key>a</Key></Object></x:Delete>'),
    expect: /not unambiguous XML/,
  },
  {
    name: 'a batch in another encoding',
    request: batch('<?xml version="1.0" encoding="UTF-16"?><Delete><Object><Key>a</Key></Object></Delete>'),
    expect: /not unambiguous XML/,
  },
  { name: 'a batch that is no UTF-8', request: batch(Buffer.from([0xff, 0xfe])), expect: /UTF-8/ },
  {
    name: 'a batch key with white space around it',
    request: batch('<Delete><Object><Key> a</Key></Object></Delete>'),
    expect: /not unambiguous XML/,
  },
  {
    name: 'a batch key with dots',
    request: batch('<Delete><Object><Key>a/../b</Key></Object></Delete>'),
    expect: /ambiguous/,
  },
  {
    name: 'a batch after which something follows',
    request: batch('<Delete><Object><Key>a</Key></Object></Delete><Delete></Delete>'),
    expect: /not unambiguous XML/,
  },
  {
    name: 'a bucket with settings that are not known',
    request: put({ path: `/${B}`, body: '<CreateBucketConfiguration><Tags></Tags></CreateBucketConfiguration>' }),
    expect: /unknown element Tags/,
  },
];

describe('S3', () => {
  describe('refuses', () => runCases(S3, REFUSED));

  it('asks for actions that AWS knows, on resources that they take, in every row', async () => {
    const bodies: Readonly<Record<string, string>> = {
      DeleteObjects: '<Delete><Object><Key>a</Key></Object></Delete>',
      PutObjectTagging: '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>',
    };
    for (const { operation, method, level, has, copies } of S3_OPERATIONS) {
      const { needs, operation: mapped } = S3.map(
        byHand({
          method,
          path: { service: '/', bucket: `/${B}`, object: `/${B}/a` }[level],
          query: has.map((name): [string, string] => [name.split('=')[0] ?? '', name.split('=')[1] ?? '1']),
          headers: copies ? { 'x-amz-copy-source': 'other-bucket/a' } : {},
          body: bodies[operation] ?? '',
        }),
      );
      expect(mapped).toBe(operation);
      await expectKnown(needs);
    }
  });

  it('sends on the path that was authorised', () => {
    const path = (overrides: Handmade) => S3.map(byHand(overrides)).forward?.path;
    expect(path({ host: `${B}.localhost`, path: '/a/b%20c' })).toBe(`/${B}/a/b%20c`);
    expect(path({ path: `/${B}/a%2Fb` })).toBe(`/${B}/a/b`);
    expect(path({ host: `${B}.localhost`, query: [['list-type', '2']] })).toBe(`/${B}`);
    expect(path({})).toBe('/');
  });
});
