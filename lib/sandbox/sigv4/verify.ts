/**
 * Authenticates a request: checks its signed headers, freshness, payload hash and signature.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
import type { RawRequest } from '../wire/raw-request';
import { scopeText, sha256, stringToSign } from './canonical';
import { readChunks } from './chunked';
import { queryPairs } from './query-pairs';
import { AuthRefusal } from './refusal';
import { SIGNATURE_PARAMETERS, type Signature } from './signature';
import { type SigningKeys, sameSignature, sign } from './signing-key';

export interface VerifyOptions {
  readonly secret: string;
  readonly keys: SigningKeys;
  /** The current time for the freshness check, in milliseconds since 1970. */
  readonly now: number;
}

/** The content of a verified request. */
export interface Payload {
  readonly body: Buffer;
  /** Trailers, which are headers that the client sent after a streaming upload. */
  readonly trailers: Readonly<Record<string, string>>;
}

/**
 * Verifies a request with its sender's secret.
 * @throws {AuthRefusal} unless the signature covers the request as it was received.
 */
export function verify(request: RawRequest, signature: Signature, options: VerifyOptions): Payload {
  const { hash, key } = verifySignature(request, signature, options, payloadHash);
  if (!hash.startsWith('STREAMING-')) return { body: request.body, trailers: {} };
  return readChunks(request, hash, {
    key,
    timestamp: signature.timestamp,
    scope: scopeText(signature.scope),
    seed: signature.signature,
  });
}

/**
 * Verifies a request to S3 whose body has not been read, and returns the declared hash of the body or the keyword that
 * replaces it. The receiver of the body must compare it with the hash.
 * @throws {AuthRefusal} unless the signature covers the headers as they were received.
 */
export function verifyHead(request: RawRequest, signature: Signature, options: VerifyOptions): string {
  return verifySignature(request, signature, options, declaredHash).hash;
}

function verifySignature(
  request: RawRequest,
  signature: Signature,
  { secret, keys, now }: VerifyOptions,
  hashOf: (request: RawRequest, signature: Signature) => string,
): { readonly hash: string; readonly key: Buffer } {
  checkSignedHeaders(request, signature);
  checkFreshness(signature, now);
  const hash = hashOf(request, signature);
  const key = keys.of(secret, signature.scope);
  if (!sameSignature(sign(key, stringToSign(request, signature, hash)), signature.signature)) {
    throw new AuthRefusal('wrong-signature');
  }
  return { hash, key };
}

/**
 * Checks that the signature covers the host and every header that AWS interprets, and that each of these headers occurs
 * only once.
 */
function checkSignedHeaders({ headers, repeated }: RawRequest, { signedHeaders, scope }: Signature): void {
  const signed = new Set(signedHeaders);
  if (signed.size !== signedHeaders.length || signedHeaders.some((name) => name !== name.toLowerCase())) {
    throw new AuthRefusal('malformed', 'SignedHeaders must name each header once, in lower case.');
  }
  const [twice] = repeated;
  if (twice !== undefined) throw new AuthRefusal('malformed-request', `The header ${twice} occurs twice`);
  const missing = signedHeaders.find((name) => !(name in headers));
  if (missing !== undefined) throw new AuthRefusal('wrong-signature', `The signed header ${missing} is missing.`);
  const bare = Object.keys(headers).filter((name) => name.startsWith('x-amz-') && !signed.has(name));
  if (!signed.has('host')) bare.unshift('host');
  if (bare.length === 0) return;
  const message =
    scope.service === 's3'
      ? 'There were headers present in the request which were not signed'
      : `'${bare.join(', ')}' must be a 'SignedHeader' in the AWS Authorization.`;
  throw new AuthRefusal('unsigned-headers', message);
}

/**
 * Maximum difference in minutes between the time of a signature and the current time: 15 for S3, 5 for every other
 * service.
 */
function skewMinutes(service: string): number {
  return service === 's3' ? 15 : 5;
}

function checkFreshness({ timestamp, scope, expiresIn }: Signature, now: number): void {
  const signed = time(timestamp);
  const minutes = skewMinutes(scope.service);
  const skew = minutes * 60_000;
  if (expiresIn !== undefined) {
    if (now > signed + expiresIn * 1000) throw new AuthRefusal('expired-url', 'Request has expired');
    if (signed > now + 15 * 60_000) throw new AuthRefusal('expired-url', 'Request is not yet valid');
    return;
  }
  if (signed < now - skew) {
    const limit = `${stamp(now - skew)} (${stamp(now)} - ${minutes} min.)`;
    throw new AuthRefusal('skewed', `Signature expired: ${timestamp} is now earlier than ${limit}`);
  }
  if (signed > now + skew) {
    const limit = `${stamp(now + skew)} (${stamp(now)} + ${minutes} min.)`;
    throw new AuthRefusal('skewed', `Signature not yet current: ${timestamp} is still later than ${limit}`);
  }
}

/** The time at which a request was signed, in milliseconds since 1970. */
export function signedAt({ timestamp }: Signature): number {
  return time(timestamp);
}

/** Converts a timestamp into milliseconds since 1970. A date that does not exist is an error. */
function time(timestamp: string): number {
  // Clients send many requests per second, and each timestamp is converted twice.
  if (timestamp === last?.timestamp) return last.value;
  const iso = timestamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6.000Z');
  const value = Date.parse(iso);
  if (Number.isNaN(value) || new Date(value).toISOString() !== iso) {
    throw new AuthRefusal('malformed', 'The date of the request is invalid.');
  }
  last = { timestamp, value };
  return value;
}

/** The latest timestamp that was converted. */
let last: { readonly timestamp: string; readonly value: number } | undefined;

function stamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/[-:]|\.\d+/g, '');
}

/** The payload hash in the canonical request. The payload is compared with this hash. */
function payloadHash(request: RawRequest, signature: Signature): string {
  const isDeclared = signature.scope.service === 's3' || declaredBy(request, signature) !== undefined;
  if (!isDeclared) return sha256(request.body);
  const declared = declaredHash(request, signature);
  if (/^[0-9a-f]{64}$/.test(declared) && sha256(request.body) !== declared) {
    throw new AuthRefusal(
      'wrong-payload-hash',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  return declared;
}

/**
 * The payload hash that a request declares. Only S3 accepts streaming uploads and payloads that the signature does not
 * cover: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html
 */
function declaredHash(request: RawRequest, signature: Signature): string {
  const { place, scope } = signature;
  const s3 = scope.service === 's3';
  const declared = declaredBy(request, signature);
  if (declared === undefined) {
    if (place === 'query') return UNSIGNED;
    throw new AuthRefusal('no-payload-hash', 'Missing required header for this request: x-amz-content-sha256');
  }
  if (s3 && (declared === UNSIGNED || (place === 'header' && STREAMING.has(declared)))) return declared;
  if (/^[0-9a-f]{64}$/.test(declared)) return declared;
  throw new AuthRefusal(
    'wrong-payload-hash',
    'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.',
  );
}

function declaredBy(request: RawRequest, { place }: Signature): string | undefined {
  return request.headers['x-amz-content-sha256'] ?? (place === 'query' ? hashInQuery(request) : undefined);
}

const UNSIGNED = 'UNSIGNED-PAYLOAD';
const STREAMING: ReadonlySet<string> = new Set([
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
]);

function hashInQuery({ query }: RawRequest): string | undefined {
  return queryPairs(query).find(([name]) => name === 'X-Amz-Content-Sha256')?.[1];
}

/** The query of a request, without the parameters of a presigned URL's signature. */
export function ownQuery({ query }: RawRequest, place: Signature['place']): readonly (readonly [string, string])[] {
  const pairs = query === '' ? [] : queryPairs(query);
  return place === 'header' ? pairs : pairs.filter(([name]) => !SIGNATURE_PARAMETERS.has(name));
}
