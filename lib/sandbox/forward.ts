/** Forwards an allowed request to the backing server. Only the authorized parts of the request are forwarded. */
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import type { ProxyCall } from './proxy-call';
import type { MappedCall, SignedRequest } from './service-mapping';
import type { Answer } from './wire/answer';
import { AwsError } from './wire/aws-error';

/** A backing server, for example moto. */
export class Backing {
  /** Address of a plain HTTP server, without a path. */
  readonly url: URL;
  readonly #agent = new Agent({ keepAlive: true });
  /** The sandbox's own host and port, so that addresses in a response refer to the sandbox. */
  host = '';

  constructor(url: URL) {
    this.url = url;
  }

  /** Forwards the request and reads the entire response. */
  async forward(call: ProxyCall, mapped: MappedCall): Promise<Answer> {
    const { request, payload } = call;
    const answer = await this.send(
      request.method,
      targetOf(call, mapped),
      { ...headersOf(call), host: this.host },
      payload.body,
    );
    return { ...answer, headers: { ...answer.headers, 'x-leasehold-verdict': 'allowed' } };
  }

  /**
   * Calls a JSON service on behalf of the sandbox itself. Returns an empty object if the server refuses the call or the
   * response is not a JSON object. Throws `AwsError` if the server cannot be reached.
   */
  async ask(
    { region, account }: Pick<SignedRequest, 'region' | 'account'>,
    service: string,
    target: string,
    input: object,
  ): Promise<Readonly<Record<string, unknown>>> {
    const body = Buffer.from(JSON.stringify(input));
    const headers = {
      'x-amz-date': new Date().toISOString().replace(/[-:]|\.\d+/g, ''),
      host: `${service}.${region}.amazonaws.com`,
      'content-type': `application/x-amz-json-${service === 'dynamodb' ? '1.0' : '1.1'}`,
      'content-length': String(body.length),
      'x-amz-target': target,
      'x-moto-account-id': account,
      authorization: unsignedFor('AKIAIOSFODNN7EXAMPLE', region, service),
    };
    const answer = await this.send('POST', '/', headers, body);
    try {
      const value: unknown = answer.status === 200 ? JSON.parse(answer.body.toString('utf8')) : undefined;
      return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
    } catch {
      return {};
    }
  }

  /** Sends any request. Throws `AwsError` if the server cannot be reached. */
  async send(method: string, path: string, headers: Readonly<Record<string, string>>, body: Buffer): Promise<Answer> {
    try {
      const message = await new Promise<IncomingMessage>((resolve, reject) => {
        const { hostname, port } = this.url;
        const sent = httpRequest(
          { agent: this.#agent, hostname, port, method, path, headers, setHost: false },
          resolve,
        );
        sent.on('error', reject);
        sent.end(body);
      });
      const chunks: Buffer[] = [];
      for await (const chunk of message) chunks.push(chunk);
      return {
        status: message.statusCode ?? 502,
        headers: answerHeaders(message, this.url),
        body: Buffer.concat(chunks),
      };
    } catch (cause) {
      throw new AwsError(503, 'ServiceUnavailable', 'The backing server cannot be reached.', { cause });
    }
  }

  /** Closes the connections. */
  close(): void {
    this.#agent.destroy();
  }
}

/** The authorized path with the query. The signature of a presigned URL is omitted. */
function targetOf({ request }: ProxyCall, { forward }: MappedCall): string {
  const query = request.query
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
  return `${forward?.path ?? request.path}${query === '' ? '' : `?${query}`}`;
}

/**
 * The headers that the signature covers, and a few headers that do not affect authorization. The signature itself is
 * not forwarded: the backing server receives the key id and the account, but no data that could be replayed.
 */
function headersOf({ request, payload, caller, exchange }: ProxyCall): Readonly<Record<string, string>> {
  const { service, region, account } = request;
  const kept = Object.entries({ ...pick(exchange.raw.headers), ...request.headers }).filter(
    ([name]) => !DROPPED.has(name) && !name.startsWith('x-moto-') && !name.startsWith('x-forwarded-'),
  );
  const encoding = (exchange.raw.headers['content-encoding'] ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== 'aws-chunked')
    .join(',');
  return {
    ...Object.fromEntries(kept),
    ...payload.trailers,
    ...(encoding === '' ? {} : { 'content-encoding': encoding }),
    'content-length': String(payload.body.length),
    'x-moto-account-id': account,
    authorization: unsignedFor(caller.accessKeyId, region, service),
  };
}

/** An Authorization header that names the key but contains no valid signature. */
function unsignedFor(accessKeyId: string, region: string, service: string): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
  return `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${day}/${region}/${service}/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
}

/** Headers that clients do not sign, but that servers may need. */
const HARMLESS = ['accept', 'user-agent', 'content-md5', 'range'];

function pick(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(HARMLESS.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));
}

/**
 * Headers that are not forwarded, because they describe the client's connection, its signature, or a transfer encoding
 * that was already removed.
 */
const DROPPED: ReadonlySet<string> = new Set([
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-amz-content-sha256',
  'x-amz-decoded-content-length',
  'x-amz-security-token',
  'x-amz-trailer',
]);

/** The headers of the response. Headers that would send a client to the backing server are omitted. */
function answerHeaders({ headers }: IncomingMessage, url: URL): Readonly<Record<string, string>> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || NOT_ANSWERED.has(name)) continue;
    const text = typeof value === 'string' ? value : value.join(', ');
    if (name === 'location' && text.includes(url.host)) continue;
    kept[name] = text;
  }
  return kept;
}

const NOT_ANSWERED: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'transfer-encoding',
]);
