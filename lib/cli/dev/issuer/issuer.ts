/**
 * A local OIDC issuer with which the people in the definitions sign in. It has its own port on the loopback interface.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Provider } from 'oidc-provider';
import { signInPage } from './pages';
import { type IssuerSettings, KEYS_PATH, providerOf } from './provider';

/** A running issuer. */
export interface LocalIssuer {
  readonly url: string;
  readonly keysUrl: string;
  /** The password that all accounts share. It is valid only for this run. */
  readonly password: string;
  readonly stop: () => Promise<void>;
}

/** Starts an issuer. @throws {import('@leasehold/sandbox').SandboxError} if `oidc-provider` is not installed */
export async function startIssuer(settings: IssuerSettings): Promise<LocalIssuer> {
  const password = randomBytes(12).toString('base64url');
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  try {
    const provider = providerOf(url, settings);
    const answer = answerer(provider, url, password, settings);
    server.on('request', (request, response) => {
      answer(request, response).catch(() => response.destroy());
    });
    return { url, keysUrl: `${url}${KEYS_PATH}`, password, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

function answerer(provider: Provider, url: string, password: string, settings: IssuerSettings): Answer {
  const { host } = new URL(url);
  const handle = provider.callback();
  return async (request, response) => {
    // Another name would be a page of somebody else that has its name resolved to this machine.
    if (request.headers.host !== host) return plain(response, 421, 'There is another issuer here.');
    for (const [name, value] of Object.entries(pageHeaders(settings))) response.setHeader(name, value);
    const [path = ''] = (request.url ?? '').split('?');
    if (!path.startsWith(INTERACTION)) return handle(request, response);
    return signIn(provider, path, password, settings, request, response);
  };
}

/** Path of the page on which a person signs in. */
const INTERACTION = '/interaction/';

/** Maximum size of the form in bytes. */
const LONGEST_FORM = 4096;

/** Shows the form, or checks what was entered. */
async function signIn(
  provider: Provider,
  path: string,
  password: string,
  { accounts }: IssuerSettings,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // The cookie of the browser that began the sign-in decides which sign-in this is, not the path.
  const known = await provider.interactionDetails(request, response).catch(() => undefined);
  if (known === undefined || path !== `${INTERACTION}${known.uid}`) {
    return plain(response, 400, 'This sign-in is over. Begin again.');
  }
  if (request.method !== 'POST') return html(response, 200, signInPage(accounts, path));
  const form = await formOf(request);
  const account = accounts.find(({ sub }) => sub === form?.get('person'));
  if (account === undefined || !isSame(form?.get('password') ?? '', password)) {
    return html(response, 401, signInPage(accounts, path, 'The password is wrong.'));
  }
  await provider.interactionFinished(request, response, { login: { accountId: account.sub } });
}

/** The form of a request. Undefined for a request that is too large. */
async function formOf(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  if (!(Number(request.headers['content-length']) <= LONGEST_FORM)) return undefined;
  return new URLSearchParams((await buffer(request)).toString('utf8'));
}

function isSame(given: string, password: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(password)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Headers of all pages. A form may lead to the addresses to which a sign-in returns. */
function pageHeaders({ console }: IssuerSettings): Readonly<Record<string, string>> {
  const { origin } = new URL(console);
  return {
    'content-security-policy': `default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' ${origin} http://127.0.0.1:*`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  };
}

function html(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(body);
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}
