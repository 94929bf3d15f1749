/** The sign-in with the issuer: authorization code with PKCE. Source: https://www.rfc-editor.org/rfc/rfc9700 */
import type { ConsoleSettings } from '@leasehold/contract/console-settings';
import * as oauth from 'oauth4webapi';
import { SignInFailed } from '../api/errors.ts';

/** A sign-in that has begun. It contains no token. */
export interface Begun {
  readonly state: string;
  readonly verifier: string;
  /** The route of the console to show afterwards. */
  readonly route: string;
}

/** The tokens of a person. They are held only in the page's memory. */
export interface Tokens {
  readonly access: string;
  readonly refresh: string | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** `sub` of the account, if the issuer sent an ID token. */
  readonly subject: string | undefined;
}

/** An issuer, with the addresses from its discovery document. */
export class Issuer {
  private constructor(
    private readonly settings: ConsoleSettings,
    private readonly server: oauth.AuthorizationServer,
    private readonly redirect: string,
  ) {}

  /** @param redirect The address to which the issuer redirects. */
  static async discover(settings: ConsoleSettings, redirect: string): Promise<Issuer> {
    const url = new URL(settings.issuer);
    try {
      const response = await oauth.discoveryRequest(url, insecure(url));
      return new Issuer(settings, await oauth.processDiscoveryResponse(url, response), redirect);
    } catch (error) {
      throw new SignInFailed(`The issuer ${url.host} cannot be reached.`, { cause: error });
    }
  }

  get host(): string {
    return new URL(this.settings.issuer).host;
  }

  /** The page on which people can end the issuer's own session, if the issuer has such a page. */
  get signOutPage(): string | undefined {
    const { end_session_endpoint: page } = this.server;
    const url = page === undefined ? undefined : pageOf(page);
    if (url === undefined) return undefined;
    url.searchParams.set('client_id', this.settings.clientId);
    return url.href;
  }

  /** Begins a sign-in, and returns the address of the issuer's page for it. */
  async begin(route: string): Promise<{ readonly begun: Begun; readonly address: string }> {
    const { authorization_endpoint: endpoint } = this.server;
    const url = endpoint === undefined ? undefined : pageOf(endpoint);
    if (url === undefined) throw new SignInFailed('The issuer has no page for signing in.');
    const begun = { state: oauth.generateRandomState(), verifier: oauth.generateRandomCodeVerifier(), route };
    const parameters = {
      client_id: this.settings.clientId,
      response_type: 'code',
      redirect_uri: this.redirect,
      scope: this.settings.scope,
      state: begun.state,
      code_challenge: await oauth.calculatePKCECodeChallenge(begun.verifier),
      code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return { begun, address: url.href };
  }

  /** Exchanges the code in the issuer's redirect for tokens. @throws {SignInFailed} */
  async finish(returned: URLSearchParams, { state, verifier }: Begun): Promise<Tokens> {
    return this.tokens('The issuer did not sign you in.', async () => {
      const callback = oauth.validateAuthResponse(this.server, this.client, returned, state);
      const response = await oauth.authorizationCodeGrantRequest(
        this.server,
        this.client,
        oauth.None(),
        callback,
        this.redirect,
        verifier,
        this.options,
      );
      return oauth.processAuthorizationCodeResponse(this.server, this.client, response);
    });
  }

  /** Gets new tokens without asking the person. @throws {SignInFailed} */
  async renew(refresh: string): Promise<Tokens> {
    return this.tokens('The session at the issuer has ended.', async () => {
      const response = await oauth.refreshTokenGrantRequest(
        this.server,
        this.client,
        oauth.None(),
        refresh,
        this.options,
      );
      return oauth.processRefreshTokenResponse(this.server, this.client, response);
    });
  }

  /**
   * Revokes the tokens, if the issuer supports this. Errors are ignored, because the page discards the tokens in any
   * case.
   */
  async revoke({ access, refresh }: Tokens): Promise<void> {
    if (this.server.revocation_endpoint === undefined) return;
    const token = refresh ?? access;
    await oauth.revocationRequest(this.server, this.client, oauth.None(), token, this.options).catch(() => undefined);
  }

  private get client(): oauth.Client {
    return { client_id: this.settings.clientId };
  }

  private get options() {
    return insecure(new URL(this.settings.issuer));
  }

  private async tokens(failed: string, request: () => Promise<oauth.TokenEndpointResponse>): Promise<Tokens> {
    try {
      const answer = await request();
      const seconds = answer.expires_in ?? DEFAULT_SECONDS;
      return {
        access: answer.access_token,
        refresh: answer.refresh_token,
        expiresAt: Date.now() + seconds * 1000,
        subject: oauth.getValidatedIdTokenClaims(answer)?.sub,
      };
    } catch (error) {
      throw new SignInFailed(error instanceof oauth.AuthorizationResponseError ? wordsOf(error) : failed, {
        cause: error,
      });
    }
  }
}

/** The lifetime in seconds that is assumed if the issuer does not state the lifetime of a token. */
const DEFAULT_SECONDS = 300;

function wordsOf({ error, error_description: words }: oauth.AuthorizationResponseError): string {
  return error === 'access_denied' ? 'The issuer denied the sign-in.' : (words ?? `The issuer answered ${error}.`);
}

/**
 * A page of the issuer. Undefined unless the address uses HTTPS or is on this machine, so `javascript:` addresses are
 * refused.
 */
function pageOf(address: string): URL | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url?.protocol === 'https:' || (url !== undefined && isOnThisMachine(url)) ? url : undefined;
}

/** An issuer without TLS is accepted only on this machine. */
function insecure(url: URL): { [oauth.allowInsecureRequests]?: boolean } {
  return isOnThisMachine(url) ? { [oauth.allowInsecureRequests]: true } : {};
}

function isOnThisMachine({ protocol, hostname }: URL): boolean {
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname) || hostname.endsWith('.localhost');
  return protocol === 'http:' && isLocal;
}
