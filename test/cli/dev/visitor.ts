/** A browser without scripts: it keeps cookies, follows redirects within the issuer, and fills in the forms of the issuer. */
import { createHash, randomBytes } from 'node:crypto';
import type { Dev, DevSignIn } from 'leasehold/dev';

/** What an answer of the issuer's token endpoint contains. */
export interface Tokens {
  readonly access_token: string;
  readonly id_token: string;
  readonly refresh_token: string;
  readonly scope: string;
  readonly error?: string;
}

export function signInOf({ signIn }: Dev): DevSignIn {
  if (signIn === undefined) throw new Error('nobody signs in here');
  return signIn;
}

/** The address of the account of a person. */
export function subOf(signIn: DevSignIn, person: string): string {
  const sub = signIn.accounts.find((account) => account.person === person)?.sub;
  if (sub === undefined) throw new Error(`${person} has no account`);
  return sub;
}

export class Visitor {
  readonly #cookies = new Map<string, string>();

  async get(url: string): Promise<Response> {
    return this.#send(url);
  }

  async post(url: string, form: Record<string, string>): Promise<Response> {
    return this.#send(url, { method: 'POST', body: new URLSearchParams(form) });
  }

  /** Opens an address of the issuer and signs in. Returns the answer that leads away from the issuer, or ends there. */
  async signIn(signIn: DevSignIn, url: string, person: string, password = signIn.password): Promise<Response> {
    const page = await this.follow(await this.get(url), signIn);
    const [, action] = /<form method="post" action="(\/interaction\/[^"]+)"/.exec(await page.clone().text()) ?? [];
    if (action === undefined) return page;
    const sent = await this.post(`${signIn.settings.issuer}${action}`, { person: subOf(signIn, person), password });
    return this.follow(sent, signIn);
  }

  /** Follows redirects as long as they stay at the issuer. */
  async follow(answer: Response, { settings }: DevSignIn): Promise<Response> {
    const to = answer.headers.get('location');
    if (to === null) return answer;
    const url = new URL(to, settings.issuer);
    return url.origin === settings.issuer ? this.follow(await this.get(url.href), { settings } as DevSignIn) : answer;
  }

  async #send(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } });
    for (const each of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
      this.#cookies.set(name, value);
    }
    return answer;
  }
}

/** One authorization request, and the exchange of its code. */
export class CodeFlow {
  readonly verifier = randomBytes(32).toString('base64url');
  readonly #signIn: DevSignIn;
  readonly redirect: string;

  constructor(signIn: DevSignIn, redirect = `${signIn.console}/signed-in`) {
    this.#signIn = signIn;
    this.redirect = redirect;
  }

  url(overrides: Record<string, string | undefined> = {}): string {
    const { issuer, clientId, scope } = this.#signIn.settings;
    const query = {
      client_id: clientId,
      response_type: 'code',
      scope,
      redirect_uri: this.redirect,
      code_challenge: createHash('sha256').update(this.verifier).digest('base64url'),
      code_challenge_method: 'S256',
      state: 'a-state',
      nonce: 'a-nonce',
      ...overrides,
    };
    const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
    return `${issuer}/auth?${new URLSearchParams(given)}`;
  }

  /** The code in the address to which the issuer sends the browser. */
  code(answer: Response): string {
    const code = new URL(answer.headers.get('location') ?? 'none:').searchParams.get('code');
    if (code === null) throw new Error(`no code: ${answer.status} ${answer.headers.get('location')}`);
    return code;
  }

  exchange(code: string, overrides: Record<string, string> = {}): Promise<Tokens> {
    const grant = { grant_type: 'authorization_code', code, redirect_uri: this.redirect, code_verifier: this.verifier };
    return tokenCall(this.#signIn, { ...grant, ...overrides });
  }
}

/** Calls the token endpoint as the public client. */
export async function tokenCall({ settings }: DevSignIn, form: Record<string, string>): Promise<Tokens> {
  const body = new URLSearchParams({ client_id: settings.clientId, ...form });
  return (await fetch(`${settings.issuer}/token`, { method: 'POST', body })).json() as Promise<Tokens>;
}

/** Signs a person in, and returns the tokens. */
export async function tokensOf(signIn: DevSignIn, person: string): Promise<Tokens> {
  const flow = new CodeFlow(signIn);
  return flow.exchange(flow.code(await new Visitor().signIn(signIn, flow.url(), person)));
}

/** Calls a route for people. */
export function asPerson(
  { address }: DevSignIn,
  token: string,
  path: string,
  { method = 'GET', body }: { readonly method?: string; readonly body?: object } = {},
): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) };
  return fetch(`${address}/people${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
}
