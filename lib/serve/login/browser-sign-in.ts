/**
 * Signs a person in with a browser on this machine. The issuer sends the browser to a server on the loopback interface,
 * which accepts one answer. Source: RFC 8252
 */
import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { aborted } from '@leasehold/runtime/internal';
import { SignInError } from './error';
import { type AuthorizationRequest, authorizationRequest, type IssuerMetadata, type SignedIn } from './oidc';

export interface BrowserSignIn {
  readonly metadata: IssuerMetadata;
  /** The scopes to request, separated by spaces. */
  readonly scope: string;
  /**
   * The address to which the issuer sends the browser, if only an address with a fixed port is registered with the
   * issuer.
   * @default `http://127.0.0.1:<free port>/callback`
   */
  readonly redirect?: string;
  /** Shows the address of the sign-in page to the person. */
  readonly show: (url: string) => void;
  readonly signal: AbortSignal;
  /** Time in milliseconds within which the person must sign in. @default 600000 */
  readonly patience?: number;
}

/** Where the server listens. */
const ADDRESS = '127.0.0.1';
/** The redirect address with a free port, which native applications use. */
const ANY_PORT = `http://${ADDRESS}:0/callback`;
const PATIENCE = 600_000;

/**
 * Whether the issuer can redirect the browser to an address: the address refers to 127.0.0.1, where the server listens,
 * and contains a port, but no query, fragment or user information.
 */
export function isLoopbackRedirect(text: string): boolean {
  if (!URL.canParse(text) || /[?#@]/.test(text)) return false;
  const { protocol, hostname, port } = new URL(text);
  return protocol === 'http:' && (hostname === 'localhost' || hostname === ADDRESS) && port !== '';
}

/** @throws {SignInError} if the issuer or the person refuses, or nobody signs in */
export async function signInWithBrowser(options: BrowserSignIn): Promise<SignedIn> {
  const { metadata, scope, redirect = ANY_PORT, show, signal, patience = PATIENCE } = options;
  const server = createServer();
  const wanted = new URL(redirect);
  await listening(server, Number(wanted.port));
  const { port } = server.address() as AddressInfo;
  const address = redirect === ANY_PORT ? redirect.replace(':0/', `:${port}/`) : redirect;
  try {
    const request = await authorizationRequest(metadata, scope, address);
    const answered = answerTo(server, request, new URL(address));
    show(request.url.href);
    return await within(answered, patience, signal);
  } finally {
    server.close();
    server.closeIdleConnections();
  }
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const hint = 'End the program that uses the port, or specify another address with --redirect.';
      reject(
        new SignInError('unavailable', `port ${port} of this machine is not available`, hint, false, { cause: error }),
      );
    });
    server.listen(port, ADDRESS, resolve);
  });
}

/**
 * The result of the first request that contains the response to the authorization request. All other requests are
 * refused.
 */
function answerTo(server: Server, { state, exchange }: AuthorizationRequest, redirect: URL): Promise<SignedIn> {
  return new Promise((resolve, reject) => {
    let taken = false;
    server.on('request', (message, response) => {
      const url = answerIn(message, redirect, state);
      if (url === undefined || taken)
        return page(response, 400, 'This response does not belong to any pending sign-in.');
      taken = true;
      exchange(url).then(
        (result) => {
          page(response, 200, 'You are signed in. You can close this page, and return to the command.');
          resolve(result);
        },
        (error) => {
          page(response, 400, 'The sign-in failed. The command says why.');
          reject(error);
        },
      );
    });
  });
}

/** The address of a request, if the request is the issuer's redirect for this sign-in. */
function answerIn({ method, url = '', headers }: IncomingMessage, redirect: URL, state: string): URL | undefined {
  if (method !== 'GET' || headers.host !== redirect.host || !url.startsWith('/')) return undefined;
  const found = new URL(`${redirect.origin}${url}`);
  const states = found.searchParams.getAll('state');
  return found.pathname === redirect.pathname && states.length === 1 && isSame(states[0] ?? '', state)
    ? found
    : undefined;
}

function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function page(response: ServerResponse, status: number, text: string): void {
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    connection: 'close',
  };
  response
    .writeHead(status, headers)
    .end(`<!doctype html><html lang="en"><title>leasehold login</title><p>${text}</p></html>\n`);
}

function within<T>(result: Promise<T>, milliseconds: number, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new SignInError('lapsed', 'nobody signed in', 'Start again: leasehold login.', true));
    const stop = () => reject(aborted());
    const timer = setTimeout(late, milliseconds);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    result.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    });
  });
}
