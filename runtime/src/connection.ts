/** How AWS is reached: the certificates and the proxy that the AWS CLI and boto3 obey, too, and an end to waiting. */
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { Agent, type AgentOptions, request as httpsRequest, type RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { defined } from '@leasehold/contract/defined';
import { harmlessCause, invalidRequest } from './errors';
import { LeaseError } from './lease-error';

/** Milliseconds for a connection to be made, and for a connection on which nothing comes. */
const CONNECTING = 10_000;
const SILENCE = 35_000;

/** What the SDK's request handler is made of. */
export interface Connection {
  readonly connectionTimeout: number;
  readonly socketTimeout: number;
  readonly httpsAgent?: Agent;
}

/**
 * The settings of a connection to a host: `AWS_CA_BUNDLE` names the certificates that are believed instead of Node's,
 * `HTTPS_PROXY` the proxy, `NO_PROXY` the hosts that are reached without it.
 * @throws LeaseError `invalid-request` for a bundle that cannot be read, or a proxy that is none
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
      'Name a file of certificates in PEM, or unset it.',
      false,
      { cause: harmlessCause(error) },
    );
  }
}

/** The proxy for a host; undefined for none. Names in small letters come first, as with curl. */
function proxyOf(hostname: string, port: string, env: NodeJS.ProcessEnv): URL | undefined {
  const named = env.https_proxy || env.HTTPS_PROXY || env.all_proxy || env.ALL_PROXY || undefined;
  if (named === undefined || LOOPBACK.test(hostname)) return undefined;
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
  throw invalidRequest('HTTPS_PROXY names no proxy of HTTP', 'Write it as http://HOST:PORT, or unset it.');
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Reaches hosts through a tunnel of a proxy (CONNECT): TLS is with the host, the proxy sees its name alone. */
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
    tunnel.once('timeout', () => tunnel.destroy(new Error('it does not answer')));
    tunnel.once('error', ({ message }) => failed(`cannot be reached: ${message}`));
    tunnel.end();
    return undefined;
  }
}
