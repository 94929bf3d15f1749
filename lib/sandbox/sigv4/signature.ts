/**
 * Reads the signature in a request, from the `Authorization` header or from a presigned URL's query.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
 */
import { defined } from '@leasehold/contract/defined';
import type { RawRequest } from '../wire/raw-request';
import { queryPairs } from './query-pairs';
import { AuthRefusal } from './refusal';

/** The only accepted algorithm. SigV4A (`AWS4-ECDSA-P256-SHA256`) is not accepted. */
export const ALGORITHM = 'AWS4-HMAC-SHA256';

/** The data, in addition to the secret, from which the signing key is derived. */
export interface Scope {
  /** `YYYYMMDD`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/**
 * A request's signature, and the parts of the request that it claims to cover. The signature has not been verified yet.
 */
export interface Signature {
  readonly place: 'header' | 'query';
  readonly accessKeyId: string;
  readonly scope: Scope;
  /** Header names in lower case, in the order of the list in the request. */
  readonly signedHeaders: readonly string[];
  /** 64 hexadecimal digits. */
  readonly signature: string;
  /** `YYYYMMDD'T'HHMMSS'Z'`. */
  readonly timestamp: string;
  /**
   * Number of seconds for which a presigned URL is valid. Absent if the signature is in a header or the query does not
   * contain this parameter.
   */
  readonly expiresIn?: number;
  readonly sessionToken?: string;
}

/** Query parameters of a presigned URL's signature. */
export const SIGNATURE_PARAMETERS: ReadonlySet<string> = new Set([
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-SignedHeaders',
  'X-Amz-Signature',
  'X-Amz-Security-Token',
  'X-Amz-Content-Sha256',
]);

/** Maximum validity of a presigned URL in seconds: one week. */
const LONGEST_URL = 604_800;

/**
 * Reads the signature in a request.
 * @throws {AuthRefusal} if the request has no signature or two signatures, or if the signature cannot be parsed.
 */
export function readSignature(request: RawRequest): Signature {
  const query = signatureQuery(request.query);
  const header = request.headers.authorization;
  if (query && header !== undefined) throw new AuthRefusal('two-signatures');
  if (query) return fromQuery(query);
  if (header === undefined || header.trim() === '') throw new AuthRefusal('unsigned');
  return fromHeader(header, request);
}

/** The parameters of a presigned URL's signature; `undefined` if the query contains no such parameters. */
function signatureQuery(query: string): ReadonlyMap<string, string> | undefined {
  if (!query.includes('X-Amz-')) return undefined;
  const found = new Map<string, string>();
  for (const [name, value] of queryPairs(query)) {
    if (!SIGNATURE_PARAMETERS.has(name)) continue;
    if (found.has(name)) throw new AuthRefusal('malformed-query', `${name} occurs twice`);
    found.set(name, value);
  }
  return found.has('X-Amz-Algorithm') || found.has('X-Amz-Signature') ? found : undefined;
}

function fromQuery(query: ReadonlyMap<string, string>): Signature {
  const value = (name: string) => {
    const found = query.get(name);
    if (found === undefined || found === '') {
      throw new AuthRefusal(
        'malformed-query',
        'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
      );
    }
    return found;
  };
  if (value('X-Amz-Algorithm') !== ALGORITHM) {
    throw new AuthRefusal('malformed-query', `X-Amz-Algorithm only supports "${ALGORITHM}"`);
  }
  const timestamp = value('X-Amz-Date');
  if (!TIMESTAMP.test(timestamp)) {
    throw new AuthRefusal('malformed-query', "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  }
  const token = query.get('X-Amz-Security-Token');
  const expiresIn = expiry(query.get('X-Amz-Expires'));
  const claimed = credential(value('X-Amz-Credential'), timestamp, 'malformed-query');
  // S3 requires an expiry time. Other services give a URL the same validity as a header.
  if (expiresIn === undefined && claimed.scope.service === 's3') value('X-Amz-Expires');
  return {
    place: 'query',
    ...claimed,
    signedHeaders: value('X-Amz-SignedHeaders').split(';'),
    signature: hexadecimal(value('X-Amz-Signature'), 'malformed-query'),
    timestamp,
    ...defined({ expiresIn, sessionToken: token }),
  };
}

function expiry(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new AuthRefusal('malformed-query', 'X-Amz-Expires should be a number');
  const seconds = Number(text);
  if (seconds > LONGEST_URL) {
    throw new AuthRefusal(
      'malformed-query',
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    );
  }
  return seconds;
}

function fromHeader(header: string, { headers }: RawRequest): Signature {
  const space = header.indexOf(' ');
  if (space < 0 || header.slice(0, space) !== ALGORITHM) {
    throw new AuthRefusal('malformed', `Unsupported Authorization Type; only ${ALGORITHM} is accepted.`);
  }
  const parts = new Map<string, string>();
  for (const part of header.slice(space + 1).split(',')) {
    const at = part.indexOf('=');
    const name = part.slice(0, Math.max(at, 0)).trim();
    if (at < 0 || parts.has(name)) throw new AuthRefusal('malformed', 'The Authorization header is malformed.');
    parts.set(name, part.slice(at + 1).trim());
  }
  const value = (name: string) => {
    const found = parts.get(name);
    if (found) return found;
    throw new AuthRefusal('malformed', `Authorization header requires '${name}' parameter.`);
  };
  const timestamp = headers['x-amz-date'] ?? httpDate(headers.date);
  if (timestamp === undefined || !TIMESTAMP.test(timestamp)) {
    throw new AuthRefusal(
      'malformed',
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    );
  }
  const sessionToken = headers['x-amz-security-token'];
  return {
    place: 'header',
    ...credential(value('Credential'), timestamp, 'malformed'),
    signedHeaders: value('SignedHeaders').split(';'),
    signature: hexadecimal(value('Signature'), 'malformed'),
    timestamp,
    ...defined({ sessionToken }),
  };
}

const TIMESTAMP = /^\d{8}T\d{6}Z$/;

/** Converts a `Date` header into a timestamp. */
function httpDate(text: string | undefined): string | undefined {
  const time = Date.parse(text ?? '');
  if (Number.isNaN(time)) return text;
  return new Date(time).toISOString().replace(/[-:]|\.\d+/g, '');
}

function credential(text: string, timestamp: string, fault: 'malformed' | 'malformed-query') {
  const [accessKeyId, date, region, service, terminator, ...rest] = text.split('/');
  if (!accessKeyId || !date || !region || !service || terminator !== 'aws4_request' || rest.length > 0) {
    throw new AuthRefusal(
      fault,
      'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term',
    );
  }
  if (!ACCESS_KEY_ID.test(accessKeyId)) throw new AuthRefusal('unknown-key');
  if (!timestamp.startsWith(date)) {
    throw new AuthRefusal(
      'wrong-scope',
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP',
    );
  }
  if (!REGION.test(region)) throw new AuthRefusal('wrong-scope', 'Credential should be scoped to a valid region.');
  if (!SERVICE.test(service)) throw new AuthRefusal('wrong-scope', 'Credential should be scoped to a valid service.');
  return { accessKeyId, scope: { date, region, service } };
}

/** STS's pattern for an access key id: https://docs.aws.amazon.com/STS/latest/APIReference/API_Credentials.html */
const ACCESS_KEY_ID = /^\w{16,128}$/;
const REGION = /^[a-z]{2}(-[a-z]{2,16}){1,3}-\d{1,2}$/;
const SERVICE = /^[a-z0-9][a-z0-9-]{0,62}$/;

function hexadecimal(text: string, fault: 'malformed' | 'malformed-query'): string {
  if (!/^[0-9a-f]{64}$/.test(text))
    throw new AuthRefusal(fault, 'The signature does not consist of 64 hexadecimal digits.');
  return text;
}
