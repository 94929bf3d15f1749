/** The calls to the issuer: discovery, exchange of a code, device authorization, refresh and revocation. */
import type { ConsoleSettings } from '@leasehold/contract';
import { clipped } from '@leasehold/contract/text';
import { aborted, isLoopback } from '@leasehold/runtime/internal';
import type * as openid from 'openid-client';
import { refused, type SignInError, unreachable } from './error';

/** Tokens of a person who signed in. Never printed and never written to disk. */
export interface HeldTokens {
  readonly accessToken: string;
  /** Undefined if the issuer issued no refresh token. The sign-in then ends when the access token expires. */
  readonly refreshToken: string | undefined;
  /** Times at which the access token was issued and expires, in milliseconds since 1970. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** The person, as the ID token names them. */
export interface SignedInAccount {
  readonly sub: string;
  /** A name for display. The broker identifies the person by the access token, not by this name. */
  readonly name: string;
}

/** What a sign-in results in. */
export interface SignedIn {
  readonly tokens: HeldTokens;
  readonly account: SignedInAccount;
}

/** The issuer and the public client. It contains no secret, and can be serialized. */
export interface IssuerMetadata {
  readonly clientId: string;
  readonly server: openid.ServerMetadata;
}

/** Timeout in seconds for a call to the issuer. */
const PATIENCE = 20;

/** The library, an ES module, is loaded on the first sign-in. */
function library(): typeof openid {
  return require('openid-client') as typeof openid;
}

/** Reads the issuer's discovery document. @throws {SignInError} */
export async function discover({ issuer, clientId }: ConsoleSettings): Promise<IssuerMetadata> {
  const { discovery, None, allowInsecureRequests } = library();
  const url = new URL(issuer);
  if (url.protocol !== 'https:' && !isLoopback(url.hostname)) {
    throw refused(`the issuer ${issuer} is not called without TLS`, 'Let an administrator correct `people.signIn`.');
  }
  const execute = url.protocol === 'https:' ? [] : [allowInsecureRequests];
  const found = await discovery(url, clientId, undefined, None(), { execute, timeout: PATIENCE }).catch(translated);
  return { clientId, server: { ...found.serverMetadata() } };
}

/** The client for an issuer. */
export function configurationOf({ clientId, server }: IssuerMetadata): openid.Configuration {
  const { Configuration, None, allowInsecureRequests } = library();
  const configuration = new Configuration(server, clientId, undefined, None());
  configuration.timeout = PATIENCE;
  const { protocol, hostname } = new URL(server.issuer);
  if (protocol === 'http:' && isLoopback(hostname)) allowInsecureRequests(configuration);
  return configuration;
}

/** One authorization request, with all values that the response must match. */
export interface AuthorizationRequest {
  readonly url: URL;
  readonly state: string;
  /** Exchanges the code in the address to which the issuer sent the browser. @throws {SignInError} */
  readonly exchange: (answer: URL) => Promise<SignedIn>;
}

/** Prepares an authorization request with PKCE, state and nonce. */
export async function authorizationRequest(
  metadata: IssuerMetadata,
  scope: string,
  redirect: string,
): Promise<AuthorizationRequest> {
  const client = library();
  const configuration = configurationOf(metadata);
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const nonce = client.randomNonce();
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: redirect,
    scope,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  });
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
  const exchange = async (answer: URL) =>
    signedIn(await client.authorizationCodeGrant(configuration, answer, checks).catch(translated));
  return { url, state, exchange };
}

/** A code that the person enters on another device. */
export interface DeviceCode {
  readonly userCode: string;
  readonly page: string;
  /** Waits until the person has signed in. @throws {SignInError} */
  readonly wait: (signal: AbortSignal) => Promise<SignedIn>;
}

/** Begins a device authorization. @throws {SignInError} */
export async function deviceCode(metadata: IssuerMetadata, scope: string): Promise<DeviceCode> {
  const client = library();
  if (metadata.server.device_authorization_endpoint === undefined) {
    throw refused(
      `the issuer ${metadata.server.issuer} does not offer device authorization`,
      'Sign in with a browser on this machine: leasehold login, without --device.',
    );
  }
  const configuration = configurationOf(metadata);
  const begun = await client.initiateDeviceAuthorization(configuration, { scope }).catch(translated);
  return {
    userCode: begun.user_code,
    page: begun.verification_uri,
    wait: async (signal) => {
      const wait = client.pollDeviceAuthorizationGrant(configuration, begun, undefined, { signal });
      return signedIn(
        await wait.catch((error) => {
          if (signal.aborted) throw aborted();
          return translated(error);
        }),
      );
    },
  };
}

/**
 * Exchanges a refresh token.
 * @returns `over` if the issuer no longer accepts it.
 * @throws {SignInError} `unavailable` if the issuer did not respond
 */
export async function refreshed(metadata: IssuerMetadata, refreshToken: string): Promise<HeldTokens | 'over'> {
  const client = library();
  const answer = await client.refreshTokenGrant(configurationOf(metadata), refreshToken).catch((error: unknown) => {
    if (error instanceof client.ResponseBodyError && error.status < 500 && error.status !== 429) return 'over' as const;
    throw unreachable(`the issuer ${metadata.server.issuer} cannot be reached`);
  });
  return answer === 'over' ? answer : tokensOf(answer, refreshToken);
}

/** Whether the issuer confirmed a revocation. `unsupported` if the issuer does not support revocation. */
export type Revocation = 'revoked' | 'not-revoked' | 'unsupported';

/** Revokes the refresh token, if there is one. Never rejects. */
export async function revoked(metadata: IssuerMetadata, { refreshToken }: HeldTokens): Promise<Revocation> {
  if (refreshToken === undefined) return 'revoked';
  if (metadata.server.revocation_endpoint === undefined) return 'unsupported';
  try {
    await library().tokenRevocation(configurationOf(metadata), refreshToken, { token_type_hint: 'refresh_token' });
    return 'revoked';
  } catch {
    return 'not-revoked';
  }
}

type TokenAnswer = openid.TokenEndpointResponse & openid.TokenEndpointResponseHelpers;

function signedIn(answer: TokenAnswer): SignedIn {
  const claims = answer.claims();
  if (claims === undefined) throw unreachable('the issuer returned no ID token', 'Request the scope `openid`.');
  const names = NAME_CLAIMS.map((claim) => claims[claim]).filter((name) => typeof name === 'string' && name !== '');
  const [name = claims.sub] = names as string[];
  return { tokens: tokensOf(answer, undefined), account: { sub: claims.sub, name: clipped(name, 100) } };
}

/** Claims of an ID token that may contain a name for display, most useful first. */
const NAME_CLAIMS = ['preferred_username', 'cognito:username', 'username', 'login', 'email', 'name'];

/**
 * Lifetime of an access token, in seconds, if the issuer does not specify the lifetime. The broker refuses an expired
 * token.
 */
const ASSUMED = 300;

function tokensOf(answer: TokenAnswer, earlier: string | undefined): HeldTokens {
  const issuedAt = Date.now();
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? earlier,
    issuedAt,
    expiresAt: issuedAt + (answer.expiresIn() ?? ASSUMED) * 1000,
  };
}

/** Translates an error from the library. Such an error may contain a response with tokens. */
function translated(error: unknown): never {
  throw explained(error);
}

function explained(error: unknown): SignInError {
  const { AuthorizationResponseError, ResponseBodyError, ClientError } = library();
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) {
    const said = clipped([error.error, error.error_description].filter(Boolean).join(': '), 300);
    return refused(`the issuer refused the sign-in: ${said}`, 'Sign in again: leasehold login.');
  }
  if (error instanceof ClientError && error.code !== undefined && !NETWORK.test(error.code)) {
    return refused(
      `the answer of the issuer is not accepted (${clipped(error.code, 60)})`,
      'Sign in again. If the error occurs again, report it to an administrator: the response does not match the request.',
    );
  }
  return unreachable('the issuer cannot be reached, or broke off');
}

const NETWORK = /TIMEOUT|ABORT/;
