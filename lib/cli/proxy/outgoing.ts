/**
 * The request that is sent to AWS in place of a client's request. It contains exactly the verified data, with the
 * signature of the lease.
 */
import { canonicalPath } from '@leasehold/sandbox/requests';
import type { LeaseSigner } from './lease-signer';
import type { Call } from './read-call';
import type { Outgoing } from './upstream';

/** Builds and signs the request. */
export async function outgoing(call: Call, url: URL, signer: LeaseSigner, signal: AbortSignal): Promise<Outgoing> {
  const { request, mapped, stream, payload } = call;
  const { service, region, method, query } = request;
  const sent = mapped.forward?.path ?? request.path;
  const path = service === 's3' ? canonicalPath(sent, service) : sent;
  const headers = { ...passedHeaders(call), ...bodyHeaders(call) };
  const signed = await signer.sign({ method, url, path, query, headers, body: payload.body }, service, region);
  const text = query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  const body = stream?.body ?? payload.body;
  return { method, url, target: text === '' ? path : `${path}?${text}`, headers: signed, body, signal };
}

/** The headers that the client's signature covers, and the unsigned headers that services interpret. */
function passedHeaders({ raw, request }: Call): Readonly<Record<string, string>> {
  const unsigned = UNSIGNED.flatMap((name) => {
    const value = raw.headers[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries([...unsigned, ...Object.entries(request.headers)].filter(([name]) => !DROPPED.has(name)));
}

function bodyHeaders({ raw, stream, payload, request }: Call): Readonly<Record<string, string>> {
  const encodings = (raw.headers['content-encoding'] ?? '').split(',').map((part) => part.trim());
  if (stream !== undefined) {
    const { 'content-length': length, 'content-encoding': encoding } = raw.headers;
    return {
      'x-amz-content-sha256': stream.hash,
      ...(length === undefined ? { 'transfer-encoding': 'chunked' } : { 'content-length': length }),
      ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
      ...kept(raw.headers, ['x-amz-decoded-content-length', 'x-amz-trailer']),
    };
  }
  const encoding = encodings.filter((part) => part !== '' && part !== 'aws-chunked').join(',');
  const hasLength = payload.body.length > 0 || request.method === 'PUT' || request.method === 'POST';
  return {
    ...payload.trailers,
    ...(encoding === '' ? {} : { 'content-encoding': encoding }),
    ...(hasLength ? { 'content-length': String(payload.body.length) } : {}),
  };
}

function kept(headers: Readonly<Record<string, string>>, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));
}

const UNSIGNED: readonly string[] = [
  'accept',
  'cache-control',
  'content-disposition',
  'content-language',
  'content-md5',
  'expires',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-unmodified-since',
  'range',
  'user-agent',
];

/** Headers that belong to the client's connection, to its signature or to the framing of its body. */
const DROPPED: ReadonlySet<string> = new Set([
  // An error must be readable here, so AWS is not offered any compression.
  'accept-encoding',
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'date',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-decoded-content-length',
  'x-amz-security-token',
  'x-amz-trailer',
]);

/** Percent-encodes as in RFC 3986, as signatures require. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
