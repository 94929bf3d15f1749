/**
 * The canonical form of a request, which both the client and the server hash.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { createHash } from 'node:crypto';
import type { RawRequest } from '../wire/raw-request';
import { queryPairs } from './query-pairs';
import { AuthRefusal } from './refusal';
import { ALGORITHM, type Scope, type Signature } from './signature';

/** SHA-256 of the empty text. */
export const EMPTY_SHA256 = sha256('');

/** The string that is signed for a request. `payloadHash` is the payload's hash, or a keyword in place of the hash. */
export function stringToSign(request: RawRequest, signature: Signature, payloadHash: string): string {
  return [
    ALGORITHM,
    signature.timestamp,
    scopeText(signature.scope),
    sha256(canonicalRequest(request, signature, payloadHash)),
  ].join('\n');
}

/** The scope as text: `date/region/service/aws4_request`. */
export function scopeText({ date, region, service }: Scope): string {
  return `${date}/${region}/${service}/aws4_request`;
}

/** SHA-256 in lower-case hexadecimal digits. */
export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function canonicalRequest(request: RawRequest, signature: Signature, payloadHash: string): string {
  return [
    request.method,
    canonicalPath(request.path, signature.scope.service),
    canonicalQuery(request.query),
    ...signature.signedHeaders.map((name) => `${name}:${canonicalValue(request.headers[name])}`),
    '',
    signature.signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

/**
 * For S3, the path is encoded once, and its segments are unchanged. For every other service, empty and dot segments are
 * removed, and the path as sent is encoded a second time.
 */
export function canonicalPath(path: string, service: string): string {
  if (service === 's3')
    return path
      .split('/')
      .map((segment) => encode(decode(segment)))
      .join('/');
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  const slash = kept.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${kept.map(encode).join('/')}${slash}`;
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  return queryPairs(query)
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? order(x, y) : order(a, b)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function canonicalValue(value: string | undefined): string {
  return (value ?? '').trim().replace(/ +/g, ' ');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AuthRefusal('malformed-request', 'The path is wrongly encoded');
  }
}

/** Percent-encodes all characters except letters, digits, `-`, `.`, `_` and `~`, as in RFC 3986. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Compares texts by code unit, which is sufficient because encoded text is ASCII. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
