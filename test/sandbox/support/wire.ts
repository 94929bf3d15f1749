/** Requests made by hand, so that each part of them can be wrong by itself. */
import { request as httpRequest } from 'node:http';
import { defined } from '@leasehold/contract/defined';
import type { Sandbox } from '@leasehold/sandbox';
import { scopeText, sha256, stringToSign } from '../../../lib/sandbox/sigv4/canonical';
import { ALGORITHM, type Signature } from '../../../lib/sandbox/sigv4/signature';
import { SigningKeys, sign } from '../../../lib/sandbox/sigv4/signing-key';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What is sent. What stands under `tamper` replaces its like after signing; `null` takes a header away. */
export interface WireRequest {
  readonly service: string;
  readonly region?: string;
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** `null`: unsigned. */
  readonly keys: Keys | null;
  /** Seconds by which the sender's clock is wrong. */
  readonly clock?: number;
  /** A header that is sent and stays out of the signature. */
  readonly leftOut?: string;
  readonly unsignedHeaders?: Readonly<Record<string, string>>;
  readonly tamper?: {
    readonly method?: string;
    readonly path?: string;
    readonly query?: string;
    readonly headers?: Readonly<Record<string, string | null>>;
    readonly body?: string | Buffer;
  };
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** The error's code, in whichever way the protocol writes it. */
  readonly code: string | undefined;
  readonly message: string | undefined;
}

/** Signs and sends. */
export async function send(sandbox: Sandbox, wire: WireRequest): Promise<WireAnswer> {
  const { tamper = {}, body = '' } = wire;
  const headers: Record<string, string | null> = {
    ...signedHeadersOf(sandbox, wire),
    ...wire.unsignedHeaders,
    ...tamper.headers,
  };
  const query = tamper.query ?? wire.query ?? '';
  return exchange(sandbox, {
    method: tamper.method ?? wire.method ?? 'POST',
    path: `${tamper.path ?? wire.path ?? '/'}${query === '' ? '' : `?${query}`}`,
    headers: Object.fromEntries(
      Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== null),
    ),
    body: Buffer.from(tamper.body ?? body),
  });
}

/** Sends as it stands. */
export function exchange(
  sandbox: Sandbox,
  { method, path, headers, body }: { method: string; path: string; headers: Record<string, string>; body: Buffer },
): Promise<WireAnswer> {
  const { port } = new URL(sandbox.url);
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        setHost: false,
        headers: { ...headers, 'content-length': String(body.length) },
      },
      (message) => {
        const chunks: Buffer[] = [];
        message.on('data', (chunk: Buffer) => chunks.push(chunk));
        message.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({
            status: message.statusCode ?? 0,
            headers: message.headers,
            text,
            ...errorOf(message.headers, text),
          });
        });
        message.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** The headers of a request, signed. */
export function signedHeadersOf(sandbox: Sandbox, wire: WireRequest): Record<string, string> {
  const { service, keys, clock = 0, body = '' } = wire;
  const host = new URL(sandbox.url).host;
  const timestamp = new Date(Date.now() + clock * 1000).toISOString().replace(/[-:]|\.\d+/g, '');
  const headers: Record<string, string> = {
    host,
    'x-amz-date': timestamp,
    ...(service === 's3' ? { 'x-amz-content-sha256': sha256(Buffer.from(body)) } : {}),
    ...wire.headers,
    ...defined({ 'x-amz-security-token': keys?.sessionToken }),
  };
  if (keys === null) return headers;
  const scope = { date: timestamp.slice(0, 8), region: wire.region ?? 'ap-northeast-2', service };
  const signature: Signature = {
    place: 'header',
    accessKeyId: keys.accessKeyId,
    scope,
    signedHeaders: Object.keys(headers)
      .filter((name) => name !== wire.leftOut)
      .sort(),
    signature: '',
    timestamp,
  };
  const raw = {
    method: wire.method ?? 'POST',
    path: wire.path ?? '/',
    query: wire.query ?? '',
    headers,
    repeated: new Set<string>(),
    sourceIp: '',
    body: Buffer.from(body),
  };
  const hash = headers['x-amz-content-sha256'] ?? sha256(Buffer.from(body));
  const made = sign(new SigningKeys().of(keys.secretAccessKey, scope), stringToSign(raw, signature, hash));
  return {
    ...headers,
    authorization: `${ALGORITHM} Credential=${keys.accessKeyId}/${scopeText(scope)}, SignedHeaders=${signature.signedHeaders.join(';')}, Signature=${made}`,
  };
}

function errorOf(headers: Readonly<Record<string, unknown>>, text: string) {
  const type = headers['x-amzn-errortype'];
  if (typeof type === 'string') return { code: type, message: /"message":"((?:[^"\\]|\\.)*)"/i.exec(text)?.[1] };
  return { code: /<Code>([^<]*)</.exec(text)?.[1], message: unescaped(/<Message>([^<]*)</.exec(text)?.[1]) };
}

function unescaped(text: string | undefined): string | undefined {
  return text
    ?.replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** The body of a call in the query protocol. */
export function form(parameters: Readonly<Record<string, string>>): Pick<WireRequest, 'headers' | 'body' | 'method'> {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams(parameters).toString(),
  };
}
