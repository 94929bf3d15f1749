/** Connection settings for AWS: the same certificate and proxy variables as the AWS CLI and boto3, and timeouts. */
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { Agent, type AgentOptions, request as httpsRequest, type RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { defined } from '@leasehold/contract/defined';
import { harmlessCause, invalidRequest } from './errors';
import { LeaseError } from './lease-error';
import { isLoopback } from './loopback';

/** Timeout in milliseconds for opening a connection, and for a connection on which no data arrives. */
const CONNECTING = 10_000;
const SILENCE = 35_000;

/** Settings of the SDK's request handler. */
export interface Connection {
  readonly connectionTimeout: number;
  readonly socketTimeout: number;
  readonly httpsAgent?: Agent;
}

/**
 * The connection settings for a host. The certificates in `AWS_CA_BUNDLE` are used instead of those of Node.js,
 * `HTTPS_PROXY` sets the proxy, and `NO_PROXY` lists hosts that bypass it.
 * @throws LeaseError `invalid-request` for an unreadable bundle or an invalid proxy
 */
export function connectionTo(url: string, env: NodeJS.ProcessEnv): Connection {
  const { protocol, hostname, port } = new URL(url);
  const timeouts = { connectionTimeout: CONNECTING, socketTimeout: SILENCE };
  if (protocol !== 'https:') return timeouts;
  const bundle = env.AWS_CA_BUNDLE || undefined;
  const proxy = proxyOf(hostname, port || '443', env);
  if (bundle === undefined && proxy === undefined) return timeouts;
  const options = { keepAlive: true, ...(bundle === undefined ? {} : { ca: certificates(bundle) }) };
  return { ...timeouts, httpsAgent: proxy === undefined ? new Agent(options) : new ProxyAgent(proxy, options) };
}

function certificates(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new LeaseError(
      'invalid-request',
      `AWS_CA_BUNDLE names ${path}, which cannot be read`,
      'Specify a file of PEM certificates, or unset the variable.',
      false,
      { cause: harmlessCause(error) },
    );
  }
}

/** The proxy for a host; undefined if the host has no proxy. Lower-case variable names have priority, as in curl. */
function proxyOf(hostname: string, port: string, env: NodeJS.ProcessEnv): URL | undefined {
  const named = env.https_proxy || env.HTTPS_PROXY || env.all_proxy || env.ALL_PROXY || undefined;
  if (named === undefined || isLoopback(hostname)) return undefined;
  const direct = (env.no_proxy || env.NO_PROXY || '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  const isDirect = direct.some((entry) => {
    const [, name = '', only] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
    if (only !== undefined && only !== port) return false;
    const suffix = name.replace(/^\*?\.?/, '');
    return name === '*' || hostname === suffix || (suffix !== '' && hostname.endsWith(`.${suffix}`));
  });
  if (isDirect) return undefined;
  const text = named.includes('://') ? named : `http://${named}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw invalidRequest(
    'HTTPS_PROXY names no proxy of HTTP',
    'Write the address as http://HOST:PORT, or unset the variable.',
  );
}

/**
 * Connects to hosts through a proxy tunnel (CONNECT). TLS is end-to-end with the host, so the proxy sees only the
 * host's name.
 */
class ProxyAgent extends Agent {
  readonly #proxy: URL;

  constructor(proxy: URL, options: AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  override createConnection(options: RequestOptions, made?: (error: Error | null, socket: Duplex) => void): undefined {
    const { protocol, hostname, port, username, password } = this.#proxy;
    const host = `${options.host}:${options.port}`;
    const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
    const tunnel = (protocol === 'https:' ? httpsRequest : httpRequest)({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port || (protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: host,
      headers: {
        host,
        ...(username === '' ? {} : { 'proxy-authorization': `Basic ${credentials.toString('base64')}` }),
      },
      timeout: CONNECTING,
    });
    const done = made as ((error: Error | null, socket?: Duplex) => void) | undefined;
    const failed = (why: string) => done?.(new Error(`the proxy ${this.#proxy.host} ${why}`));
    tunnel.once('connect', ({ statusCode }, socket) => {
      if (statusCode === 200) {
        const { servername = String(options.host), ca } = options;
        done?.(null, connectTls({ socket, servername, ...defined({ ca }), ALPNProtocols: ['http/1.1'] }));
        return;
      }
      socket.destroy();
      failed(`answered ${statusCode}`);
    });
    tunnel.once('response', ({ statusCode }) => {
      tunnel.destroy();
      failed(`answered ${statusCode}`);
    });
    tunnel.once('timeout', () => tunnel.destroy(new Error('it does not respond')));
    tunnel.once('error', ({ message }) => failed(`cannot be reached: ${message}`));
    tunnel.end();
    return undefined;
  }
}
