/** Requests to map: as real clients write them, and by hand. */
import type { ServiceMapping, SignedRequest } from '../../../../lib/sandbox/service-mapping';
import { protocolOf } from '../../../../lib/sandbox/wire/protocol';

export const REGION = 'ap-northeast-2';
export const ACCOUNT = '123456789012';

/** A request by hand: to the service's first protocol, on this machine, unless it says otherwise. */
export function aRequest(
  mapping: ServiceMapping,
  { query = [], headers = {}, body = '', ...overrides }: Handmade = {},
): SignedRequest {
  return {
    service: mapping.signingNames[0],
    region: REGION,
    account: ACCOUNT,
    partition: 'aws',
    protocol: protocolOf(headers, mapping.protocols),
    method: 'GET',
    host: 'localhost',
    path: '/',
    query,
    headers,
    body: Buffer.from(body),
    ...overrides,
  };
}

export type Handmade = Partial<Omit<SignedRequest, 'body'>> & { readonly body?: string | Buffer };

/** A call of AWS JSON. */
export function jsonCall(
  mapping: ServiceMapping,
  target: string,
  input: object | string,
  overrides: Handmade = {},
): SignedRequest {
  const protocol = mapping.protocols.find((name) => name.startsWith('json')) ?? 'json-1.1';
  const { headers, ...others } = overrides;
  return aRequest(mapping, {
    method: 'POST',
    protocol,
    headers: { 'content-type': `application/x-amz-${protocol}`, 'x-amz-target': target, ...headers },
    body: typeof input === 'string' ? input : JSON.stringify(input),
    ...others,
  });
}

/** A call of a query protocol. */
export function queryCall(
  mapping: ServiceMapping,
  parameters: Readonly<Record<string, string>> | string,
  overrides: Handmade = {},
): SignedRequest {
  const { headers, ...others } = overrides;
  return aRequest(mapping, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', ...headers },
    body: typeof parameters === 'string' ? parameters : new URLSearchParams(parameters).toString(),
    ...others,
  });
}

/** What a client of an AWS SDK needs for its requests to be caught. */
export interface Captured {
  readonly config: {
    readonly region: string;
    readonly endpoint: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
    readonly requestHandler: { readonly handle: (request: never) => Promise<never> };
  };
  readonly last: () => HttpRequest;
}

interface HttpRequest {
  readonly method: string;
  readonly hostname: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A client's configuration whose requests go nowhere, and the last of them, once. */
export function capture(endpoint = 'http://localhost:4566'): Captured {
  let last: HttpRequest | undefined;
  return {
    config: {
      region: REGION,
      endpoint,
      credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'not-a-secret' },
      maxAttempts: 1,
      requestHandler: {
        handle: (request: HttpRequest) => {
          last = request;
          return Promise.reject(new Error('captured'));
        },
      },
    },
    last: () => {
      const found = last;
      last = undefined;
      if (!found) throw new Error('nothing was sent');
      return found;
    },
  };
}

/** The request that a client sends for a command, as a mapping sees it once the signature is verified. */
export async function wireRequest(
  mapping: ServiceMapping,
  { last }: Captured,
  send: Promise<unknown>,
): Promise<SignedRequest> {
  await send.catch(() => undefined);
  const { method, hostname, path, query = {}, headers, body } = last();
  const [, region = '', service = '', signed = ''] =
    /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+)/.exec(headers.authorization ?? '') ??
    [];
  const covered = ['content-type', ...signed.split(';')].map((name) => [name, headers[name]] as const);
  return {
    service,
    region,
    account: ACCOUNT,
    partition: 'aws',
    protocol: protocolOf(headers, mapping.protocols),
    method,
    host: hostname,
    path,
    query: Object.entries(query).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value ?? '']).map((text): [string, string] => [name, String(text)]),
    ),
    headers: Object.fromEntries(covered.filter((pair): pair is [string, string] => pair[1] !== undefined)),
    body: bytes(body),
    signing: { place: 'header', age: 0 },
  };
}

/** Sends commands through a client whose requests are caught. */
export function sender(
  mapping: ServiceMapping,
  captured: Captured,
  client: { readonly send: (command: never) => Promise<unknown> },
): (command: object) => () => Promise<SignedRequest> {
  return (command) => () => wireRequest(mapping, captured, client.send(command as never));
}

function bytes(body: unknown): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  throw new Error('the body is a stream');
}
