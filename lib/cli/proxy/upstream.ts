/** The connection to AWS, or to the endpoint that replaces it. */
import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { dnsSuffix } from '@leasehold/documents';
import { isKnownRegion, partitionOf } from '@leasehold/policy';
import { connectionTo, isLoopback } from '@leasehold/runtime/internal';
import { AwsError } from '@leasehold/sandbox/requests';
import { UsageError } from '../exit';

/** A signed request. */
export interface Outgoing {
  readonly method: string;
  readonly url: URL;
  /** With the query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | Readable;
  readonly signal: AbortSignal;
}

/** Timeout in milliseconds for opening a connection. A call may take as long as AWS and the client permit. */
const CONNECTING = 10_000;

export class Upstream {
  readonly #endpoint: URL | undefined;
  readonly #partition: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #http = new HttpAgent({ keepAlive: true });
  readonly #https = new Map<string, HttpsAgent>();

  /**
   * @param endpoint replaces the endpoints of AWS. It uses HTTPS, or is on this machine.
   * @throws UsageError
   */
  constructor(endpoint: string | undefined, partition: string, env: NodeJS.ProcessEnv) {
    this.#endpoint = endpoint === undefined ? undefined : demandPrivate(endpoint);
    this.#partition = partition;
    this.#env = env;
  }

  /**
   * The service's address in a region.
   * @throws AwsError for a region of another partition
   */
  urlOf(service: string, region: string): URL {
    if (this.#endpoint !== undefined) return this.#endpoint;
    const partition = isKnownRegion(region) ? partitionOf(region) : undefined;
    if (partition !== undefined && partition === this.#partition) {
      return new URL(`https://${service}.${region}.${dnsSuffix({ partition })}`);
    }
    throw new AwsError(403, 'AccessDenied', `leasehold proxy passes on calls to regions of ${this.#partition} only.`);
  }

  /**
   * Sends a request, and resolves when AWS begins to respond. Rejects with `AwsError` if that fails, and with the
   * system's error if the signal was aborted.
   */
  async send({ method, url, target, headers, body, signal }: Outgoing): Promise<IncomingMessage> {
    const isPlain = url.protocol === 'http:';
    const options: RequestOptions = {
      agent: isPlain ? this.#http : this.#agent(url),
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port || (isPlain ? 80 : 443),
      method,
      path: target,
      headers,
      signal,
      setHost: false,
    };
    try {
      return await new Promise<IncomingMessage>((resolve, reject) => {
        const sent = (isPlain ? httpRequest : httpsRequest)(options, resolve);
        sent.on('error', reject);
        sent.once('socket', (socket) => {
          if (!socket.connecting) return;
          const timer = setTimeout(() => sent.destroy(new Error('the connection was not opened in time')), CONNECTING);
          socket.once(isPlain ? 'connect' : 'secureConnect', () => clearTimeout(timer));
          socket.once('close', () => clearTimeout(timer));
        });
        if (Buffer.isBuffer(body)) sent.end(body);
        else passOn(body, sent);
      });
    } catch (cause) {
      if (signal.aborted) throw cause;
      throw new AwsError(503, 'ServiceUnavailable', 'leasehold proxy got no answer from AWS.', { cause });
    }
  }

  /** Closes all connections. */
  close(): void {
    this.#http.destroy();
    for (const agent of this.#https.values()) agent.destroy();
  }

  #agent(url: URL): HttpsAgent {
    const known = this.#https.get(url.host);
    if (known !== undefined) return known;
    const agent = connectionTo(url.href, this.#env).httpsAgent ?? new HttpsAgent({ keepAlive: true });
    this.#https.set(url.host, agent);
    return agent;
  }
}

/**
 * Sends a body while it is read. Unlike a pipeline, this does not end the client's connection if AWS responds early, so
 * that the client gets the response.
 */
function passOn(body: Readable, sent: ClientRequest): void {
  const cut = () => {
    if (!body.readableEnded) sent.destroy(new Error('the client ended its request early'));
  };
  body.once('error', cut).once('close', cut);
  body.pipe(sent);
}

function demandPrivate(endpoint: string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isPrivate = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  // The signed path and query are the client's, and no user is sent. So an address with more than its origin is a mistake.
  if (url !== undefined && isPrivate && `${url.origin}/` === url.href && !/[?#@]/.test(endpoint)) return url;
  throw new UsageError(
    'the endpoint is neither an https address nor an address of this machine, or is more than a host',
    {
      expected: 'for example http://127.0.0.1:4566',
      hint: 'Correct the --endpoint option, or unset the variable AWS_ENDPOINT_URL.',
    },
  );
}
