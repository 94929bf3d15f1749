/** An OIDC issuer on this machine: authorization code with PKCE, for people who choose who they are. */
import { createHash, randomBytes } from 'node:crypto';

/** An HTTP answer. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const CLIENT = 'console';

/** The codes and tokens that it issued. Tokens are random texts; `personOf` says whose they are. */
export class TestIssuer {
  readonly #codes = new Map<
    string,
    { readonly person: string; readonly challenge: string; readonly redirect: string }
  >();
  readonly #tokens = new Map<string, string>();
  readonly revoked: string[] = [];

  constructor(
    readonly url: string,
    private readonly people: readonly string[],
  ) {}

  get settings() {
    return { issuer: this.url, clientId: CLIENT, scope: 'openid leases' };
  }

  personOf(token: string): string | undefined {
    return this.#tokens.get(token);
  }

  /** Every token ends at once. */
  endSessions(): void {
    this.#tokens.clear();
  }

  answer(path: string, query: URLSearchParams, body: URLSearchParams): Reply | undefined {
    switch (path) {
      case '/.well-known/openid-configuration':
        return json(200, {
          issuer: this.url,
          authorization_endpoint: `${this.url}/authorize`,
          token_endpoint: `${this.url}/token`,
          revocation_endpoint: `${this.url}/revoke`,
          end_session_endpoint: `${this.url}/end`,
          response_types_supported: ['code'],
          code_challenge_methods_supported: ['S256'],
        });
      case '/authorize':
        return this.#authorize(query);
      case '/token':
        return this.#token(body);
      case '/revoke':
        this.revoked.push(body.get('token') ?? '');
        this.#tokens.delete(body.get('token') ?? '');
        return json(200, {});
      default:
        return undefined;
    }
  }

  #authorize(query: URLSearchParams): Reply {
    const asked = ['response_type', 'client_id', 'code_challenge_method', 'scope'].map((name) => query.get(name));
    if (asked.join(' ') !== `code ${CLIENT} S256 openid leases`) return json(400, { error: 'invalid_request' });
    const person = query.get('as');
    if (person === null) {
      const links = this.people.map((name) => {
        query.set('as', name);
        return `<p><a href="?${String(query).replaceAll('&', '&amp;')}">${name}</a></p>`;
      });
      const headers = { 'content-type': 'text/html' };
      return {
        status: 200,
        headers,
        body: `<!doctype html><title>Issuer</title><h1>Who are you?</h1>${links.join('')}`,
      };
    }
    const code = randomBytes(16).toString('hex');
    const redirect = query.get('redirect_uri') ?? '';
    this.#codes.set(code, { person, challenge: query.get('code_challenge') ?? '', redirect });
    const location = new URL(redirect);
    location.searchParams.set('code', code);
    location.searchParams.set('state', query.get('state') ?? '');
    return { status: 302, headers: { location: location.href }, body: '' };
  }

  #token(body: URLSearchParams): Reply {
    const code = body.get('code') ?? '';
    const issued = this.#codes.get(code);
    this.#codes.delete(code);
    const challenge = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url');
    if (issued?.challenge !== challenge || issued.redirect !== body.get('redirect_uri')) {
      return json(400, { error: 'invalid_grant' });
    }
    const token = `token-${randomBytes(16).toString('hex')}`;
    this.#tokens.set(token, issued.person);
    const idToken = this.#idToken(issued.person);
    return json(200, { access_token: token, id_token: idToken, token_type: 'Bearer', expires_in: 900 });
  }

  /** The page gets the ID token from the issuer itself, so it does not verify the signature. */
  #idToken(person: string): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: this.url, aud: CLIENT, sub: `sub-${person}`, iat: now, exp: now + 60 };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    return `${part({ alg: 'RS256' })}.${part(claims)}.${randomBytes(32).toString('base64url')}`;
  }
}

function json(status: number, value: object): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(value),
  };
}
