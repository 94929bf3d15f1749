/** Signatures, held to the examples that AWS publishes with their keys and results. */

import { EMPTY_SHA256, scopeText, stringToSign } from '../../lib/sandbox/sigv4/canonical';
import { readChunks } from '../../lib/sandbox/sigv4/chunked';
import { AuthRefusal } from '../../lib/sandbox/sigv4/refusal';
import { readSignature, type Signature } from '../../lib/sandbox/sigv4/signature';
import { SigningKeys, sign } from '../../lib/sandbox/sigv4/signing-key';
import { verify } from '../../lib/sandbox/sigv4/verify';
import type { RawRequest } from '../../lib/sandbox/wire/raw-request';

const keys = new SigningKeys();

function aRequest(overrides: Partial<RawRequest>): RawRequest {
  return {
    method: 'GET',
    path: '/',
    query: '',
    headers: {},
    repeated: new Set(),
    sourceIp: '127.0.0.1',
    body: Buffer.alloc(0),
    ...overrides,
  };
}

describe('the example of the IAM user guide', () => {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
  const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
  const request = aRequest({
    query: 'Action=ListUsers&Version=2010-05-08',
    headers: {
      host: 'iam.amazonaws.com',
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'x-amz-date': '20150830T123600Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLEAKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    },
  });
  const now = Date.parse('2015-08-30T12:36:00Z');

  it('verifies', () => {
    expect(verify(request, readSignature(request), { secret, keys, now }).body).toHaveLength(0);
  });

  it.each([
    ['another method', { method: 'POST' }],
    ['another path', { path: '/x' }],
    ['another query', { query: 'Action=ListRoles&Version=2010-05-08' }],
    ['a body', { body: Buffer.from('x') }],
    ['another host', { headers: { ...request.headers, host: 'sts.amazonaws.com' } }],
  ])('does not verify with %s', (_, change) => {
    const changed = { ...request, ...change };
    expect(() => verify(changed, readSignature(changed), { secret, keys, now })).toThrow(AuthRefusal);
  });

  it('does not verify with another secret', () => {
    expect(() => verify(request, readSignature(request), { secret: `${secret}x`, keys, now })).toThrow(AuthRefusal);
  });
});

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html and its neighbours */
const S3_SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const S3_NOW = Date.parse('2013-05-24T00:00:00Z');
const S3_CREDENTIAL = 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request';

describe('the examples of S3', () => {
  it('verify a GET with a range', () => {
    const request = aRequest({
      path: '/test.txt',
      headers: {
        host: 'examplebucket.s3.amazonaws.com',
        range: 'bytes=0-9',
        'x-amz-content-sha256': EMPTY_SHA256,
        'x-amz-date': '20130524T000000Z',
        authorization: `AWS4-HMAC-SHA256 Credential=${S3_CREDENTIAL},SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41`,
      },
    });
    expect(verify(request, readSignature(request), { secret: S3_SECRET, keys, now: S3_NOW }).body).toHaveLength(0);
  });

  it('verify a PUT whose key holds a dollar sign', () => {
    const body = Buffer.from('Welcome to Amazon S3.');
    const request = aRequest({
      method: 'PUT',
      path: '/test$file.text',
      body,
      headers: {
        host: 'examplebucket.s3.amazonaws.com',
        date: 'Fri, 24 May 2013 00:00:00 GMT',
        'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
        'x-amz-date': '20130524T000000Z',
        'x-amz-storage-class': 'REDUCED_REDUNDANCY',
        authorization: `AWS4-HMAC-SHA256 Credential=${S3_CREDENTIAL},SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd`,
      },
    });
    expect(verify(request, readSignature(request), { secret: S3_SECRET, keys, now: S3_NOW }).body).toEqual(body);
  });

  it('verify a presigned URL, for as long as it says', () => {
    const request = aRequest({
      path: '/test.txt',
      headers: { host: 'examplebucket.s3.amazonaws.com' },
      query: `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${S3_CREDENTIAL.replaceAll('/', '%2F')}&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404`,
    });
    const signature = readSignature(request);
    expect(verify(request, signature, { secret: S3_SECRET, keys, now: S3_NOW + 86_400_000 }).body).toHaveLength(0);
    expect(() => verify(request, signature, { secret: S3_SECRET, keys, now: S3_NOW + 86_401_000 })).toThrow(
      'has expired',
    );
  });

  const chunks = [
    { length: 65536, signature: 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648' },
    { length: 1024, signature: '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497' },
    { length: 0, signature: 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9' },
  ];
  const framed = (fill = 'a') =>
    Buffer.from(
      chunks
        .map(
          ({ length, signature }) =>
            `${length.toString(16)};chunk-signature=${signature}\r\n${fill.repeat(length)}\r\n`,
        )
        .join(''),
    );
  const streaming = (body: Buffer) =>
    aRequest({
      method: 'PUT',
      path: '/examplebucket/chunkObject.txt',
      body,
      headers: {
        host: 's3.amazonaws.com',
        'content-encoding': 'aws-chunked',
        'content-length': '66824',
        'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
        'x-amz-date': '20130524T000000Z',
        'x-amz-decoded-content-length': '66560',
        'x-amz-storage-class': 'REDUCED_REDUNDANCY',
        authorization: `AWS4-HMAC-SHA256 Credential=${S3_CREDENTIAL},SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class,Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9`,
      },
    });
  const verified = (request: RawRequest) =>
    verify(request, readSignature(request), { secret: S3_SECRET, keys, now: S3_NOW });

  it('verify an upload in signed chunks', () => {
    expect(verified(streaming(framed())).body.equals(Buffer.alloc(66_560, 'a'))).toBe(true);
  });

  it.each([
    ['another byte in a chunk', framed('b')],
    [
      'a chunk left out',
      Buffer.from(
        framed()
          .toString()
          .slice(65_536 + 87 + 2),
      ),
    ],
    ['the last chunk left out', framed().subarray(0, -87)],
    ['something after the last chunk', Buffer.concat([framed(), Buffer.from('x')])],
    ['a broken frame', framed().subarray(0, 70_000 - 5000)],
    ['no frame', Buffer.from('hello')],
    ['a size that is no number', Buffer.from('zz;chunk-signature=00\r\n')],
    ['a chunk without signature', Buffer.from('0\r\n\r\n')],
    ['a line without end', Buffer.alloc(20_000, '1')],
  ])('do not verify with %s', (_, body) => {
    expect(() => verified(streaming(body))).toThrow(AuthRefusal);
  });
});

describe('trailers of a streaming upload', () => {
  const scope = { date: '20130524', region: 'us-east-1', service: 's3' };
  const key = keys.of(S3_SECRET, scope);
  const chain = { key, timestamp: '20130524T000000Z', scope: scopeText(scope), seed: '0'.repeat(64) };
  const read = (body: string, announced = 'x-amz-checksum-crc32') =>
    readChunks(
      aRequest({
        body: Buffer.from(body),
        headers: { 'x-amz-decoded-content-length': '5', 'x-amz-trailer': announced },
      }),
      'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      chain,
    );

  it('are handed on when they were announced', () => {
    const { body, trailers } = read('5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n');
    expect([body.toString(), { ...trailers }]).toEqual(['hello', { 'x-amz-checksum-crc32': 'NhCmhg==' }]);
  });

  it.each([
    ['they were not announced', '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n', ''],
    ['one is missing', '5\r\nhello\r\n0\r\n\r\n', 'x-amz-checksum-crc32'],
    ['one is more than a checksum', '5\r\nhello\r\n0\r\nx-amz-acl:public-read\r\n\r\n', 'x-amz-acl'],
    ['the body is shorter than announced', '4\r\nhell\r\n0\r\nx-amz-checksum-crc32:a\r\n\r\n', 'x-amz-checksum-crc32'],
  ])('are refused when %s', (_, body, announced) => {
    expect(() => read(body, announced)).toThrow(AuthRefusal);
  });
});

it('signs the same string that it verifies', () => {
  const scope = { date: '20260101', region: 'us-east-1', service: 'sts' };
  const signature: Signature = {
    place: 'header',
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    scope,
    signedHeaders: ['host', 'x-amz-date'],
    signature: '',
    timestamp: '20260101T000000Z',
  };
  const request = aRequest({ headers: { host: 'localhost', 'x-amz-date': '20260101T000000Z' } });
  const signed = sign(keys.of(S3_SECRET, scope), stringToSign(request, signature, EMPTY_SHA256));
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(verify(request, { ...signature, signature: signed }, { secret: S3_SECRET, keys, now }).trailers).toEqual({});
});
