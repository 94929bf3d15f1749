/**
 * The settings of the local issuer: authorization code with PKCE and device authorization for one public client,
 * rotating refresh tokens, and access tokens with the claims that the definitions expect.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { SandboxError } from '@leasehold/sandbox';
import type { Configuration, Provider } from 'oidc-provider';
import type { DevAccount, TokenClaims } from './accounts';
import { memoryAdapters } from './memory-adapter';
import { codePage, confirmPage, messagePage, signOutPage } from './pages';

/** What the issuer needs to know. */
export interface IssuerSettings {
  readonly clientId: string;
  readonly audience: string;
  /** The scope that access tokens contain. */
  readonly scope: string;
  readonly algorithm: 'RS256' | 'ES256';
  readonly claims: TokenClaims;
  /** How long access tokens are valid, and how long a person stays signed in, in seconds. */
  readonly seconds: { readonly access: number; readonly refresh: number };
  readonly accounts: readonly DevAccount[];
  /** Address of the console, without a slash at the end. */
  readonly console: string;
}

/** Path of the public keys. Cognito uses the same path. */
export const KEYS_PATH = '/.well-known/jwks.json';

/** The redirect address of native applications: any port on this machine. Source: RFC 8252 section 7.3. */
const LOOPBACK_REDIRECT = /^http:\/\/127\.0\.0\.1:\d{1,5}\/callback$/;

/** The only resource of this issuer: the broker. */
const BROKER = 'urn:leasehold:broker';

/**
 * Creates the provider for an issuer address.
 * @throws {SandboxError} if `oidc-provider`, an optional dependency, is not installed
 */
export function providerOf(issuer: string, settings: IssuerSettings): Provider {
  const { Provider: Constructor } = library();
  const provider = new Constructor(issuer, configurationOf(settings));
  const redirect = `${settings.console}/signed-in`;
  // The library compares parsed addresses, and ignores the port of every loopback address of a native client.
  provider.Client.prototype.redirectUriAllowed = (uri: string) => uri === redirect || LOOPBACK_REDIRECT.test(uri);
  return provider;
}

function library(): typeof import('oidc-provider') {
  try {
    return require('oidc-provider') as typeof import('oidc-provider');
  } catch (cause) {
    throw new SandboxError(
      'The package oidc-provider, which signs people in locally, cannot be loaded',
      'Install the optional dependencies of leasehold: npm install --include=optional leasehold',
      { cause },
    );
  }
}

function configurationOf(settings: IssuerSettings): Configuration {
  const { clientId, audience, scope, algorithm, claims, seconds, accounts, console } = settings;
  const accountOf = (sub: string) => accounts.find((account) => account.sub === sub);
  const claimsOf = (account: DevAccount | undefined) =>
    account === undefined ? {} : { [claims.name]: account.name, [claims.groups]: [...account.groups] };
  const origin = new URL(console).origin;
  return {
    adapter: memoryAdapters(),
    jwks: { keys: [signingKey(algorithm)] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    clients: [
      {
        client_id: clientId,
        client_name: 'Leasehold',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token', DEVICE_GRANT],
        response_types: ['code'],
        redirect_uris: [`${console}/signed-in`, 'http://127.0.0.1/callback'],
        post_logout_redirect_uris: [`${console}/`],
        id_token_signed_response_alg: algorithm,
      },
    ],
    responseTypes: ['code'],
    scopes: ['openid'],
    pkce: { methods: ['S256'], required: () => true },
    clientBasedCORS: (_ctx, from) => from === origin,
    routes: { jwks: KEYS_PATH, revocation: '/revoke' },
    findAccount: (_ctx, sub) => {
      const account = accountOf(sub);
      return account && { accountId: sub, claims: async () => ({ sub, ...claimsOf(account) }) };
    },
    // Like most issuers, this one writes name and groups into ID tokens, too. The broker must refuse ID tokens anyway.
    claims: { openid: ['sub', claims.name, claims.groups] },
    conformIdTokenClaims: false,
    extraTokenClaims: (_ctx, token) => {
      if (token.kind !== 'AccessToken') return undefined;
      return { ...claimsOf(accountOf(token.accountId)), ...claims.fixed };
    },
    // Nobody is asked for consent: the only client is this project's own.
    loadExistingGrant: async ({ oidc }) => {
      const { client, session, provider } = oidc;
      const grant = new provider.Grant({ clientId: client?.clientId, accountId: session?.accountId });
      grant.addOIDCScope('openid');
      grant.addResourceScope(BROKER, scope);
      await grant.save();
      return grant;
    },
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    expiresWithSession: async () => false,
    ttl: {
      AccessToken: seconds.access,
      AuthorizationCode: 60,
      DeviceCode: 600,
      Grant: seconds.refresh,
      IdToken: seconds.access,
      Interaction: 600,
      // Rotation does not prolong a sign-in.
      RefreshToken: ({ oidc }) => oidc.entities.RotatedRefreshToken?.remainingTTL ?? seconds.refresh,
      Session: seconds.refresh,
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      revocation: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.body = signOutPage(form);
        },
        postLogoutSuccessSource: (ctx) => {
          ctx.body = messagePage('Signed out', 'You can close this page.');
        },
      },
      deviceFlow: {
        enabled: true,
        userCodeInputSource: (ctx, form, _out, error) => {
          ctx.body = codePage(form, error !== undefined);
        },
        userCodeConfirmSource: (ctx, form, _client, _device, userCode) => {
          ctx.body = confirmPage(form, userCode);
        },
        successSource: (ctx) => {
          ctx.body = messagePage('Signed in', 'You can close this page, and return to the command.');
        },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: async () => BROKER,
        useGrantedResource: async () => true,
        getResourceServerInfo: async () => ({
          audience,
          scope,
          accessTokenFormat: 'jwt',
          accessTokenTTL: seconds.access,
          jwt: { sign: { alg: algorithm } },
        }),
      },
    },
    renderError: (ctx, out) => {
      ctx.type = 'html';
      ctx.body = messagePage('The sign-in failed', `${out.error}: ${out.error_description ?? 'no details'}`);
    },
  };
}

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

function signingKey(algorithm: IssuerSettings['algorithm']) {
  const { privateKey } =
    algorithm === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = randomBytes(8).toString('hex');
  return { ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: algorithm };
}
