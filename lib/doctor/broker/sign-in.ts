/** Verifies the stack's user pool, which people use to sign in. */
import { isDeepStrictEqual } from 'node:util';
import type { CognitoSignIn, Environment } from '@leasehold/definitions';
import {
  brokerStage,
  dnsSuffix,
  redirectAddresses,
  signedOutAddress,
  signInName,
  USER_POOL_SCOPE,
} from '@leasehold/documents';
import type { CallOutput } from '../aws/aws';
import { observeEach, present } from '../unread';
import type { AccountContext, AccountVerification, Damage } from '../verification';
import { brokerApis } from './apis';

/** An issuer and audience of tokens that the broker accepts. */
export interface AcceptedTokens {
  readonly issuer: string;
  readonly audience: string;
}

export const brokerSignIn: AccountVerification = {
  id: 'broker-sign-in',
  part: 'broker',
  severity: 'critical',
  title: 'There is one user pool of the stack, with the deployed settings and one client',
  why: 'Whoever signs in to the user pool as a person can request leases as that person. If people can register themselves, if a trigger adds groups, or if a client skips MFA, a stranger can sign in as anybody.',
  applies: (environment) => cognitoOf(environment) !== undefined,
  verify: async (context) => {
    const { environment, live } = context;
    const pools = await poolsOf(context);
    const place = `user pool ${signInName(environment)}`;
    const signIn = cognitoOf(environment);
    if (signIn === undefined) return [];
    if (pools.length !== 1) {
      return [
        damage(
          place,
          pools.length === 0
            ? 'The user pool does not exist.'
            : 'Several user pools have the name that this stack gives to its user pool.',
        ),
      ];
    }
    return observeEach(
      pools,
      (UserPoolId) => `user pool ${UserPoolId}`,
      async (UserPoolId) => {
        const [{ UserPool }, mfa, clients] = await Promise.all([
          live.aws.call('cognito', 'DescribeUserPool', { UserPoolId }),
          live.aws.call('cognito', 'GetUserPoolMfaConfig', { UserPoolId }),
          clientsOf(context, UserPoolId),
        ]);
        const pool = present(UserPool, 'UserPool', 'cognito-idp:DescribeUserPool');
        const [own, ...others] = clients.filter(({ name }) => name === signInName(environment));
        return [
          ...poolFaults(pool, signIn).map((message) => damage(place, message)),
          ...mfaFaults(mfa).map((message) => damage(place, message)),
          ...(own === undefined ? [damage(place, 'The client of the console does not exist.')] : []),
          ...clients
            .filter(({ id }) => id !== own?.id || others.length > 0)
            .map(({ id }) => damage(place, `The user pool has the client ${id}, which Leasehold did not deploy.`)),
          ...(own === undefined ? [] : await clientFaults(context, { UserPoolId, ClientId: own.id }, signIn)).map(
            (message) => damage(place, message),
          ),
        ];
      },
    );
  },
};

/**
 * The issuer and audience of tokens that the broker accepts. If the definitions name a provider, they come from the
 * definitions. If the stack has a user pool, the result has an entry for each pool and client with the deployed name;
 * `broker-sign-in` reports if there are several.
 * @throws Unread
 */
export async function deployedTokens(context: AccountContext): Promise<readonly AcceptedTokens[]> {
  const { environment } = context;
  const signIn = environment.broker?.people?.signIn;
  if (signIn === undefined) return [];
  if (signIn.type === 'oidc') return [{ issuer: signIn.issuer, audience: signIn.audience }];
  const pools = await poolsOf(context);
  const tokens = await Promise.all(
    pools.map(async (id) => {
      const clients = await clientsOf(context, id);
      return clients
        .filter(({ name }) => name === signInName(environment))
        .map((client) => ({ issuer: issuerOf(id, environment), audience: client.id }));
    }),
  );
  return tokens.flat();
}

function issuerOf(poolId: string, environment: Environment): string {
  return `https://cognito-idp.${environment.region}.${dnsSuffix(environment)}/${poolId}`;
}

function cognitoOf({ broker }: Environment): CognitoSignIn | undefined {
  const signIn = broker?.people?.signIn;
  return signIn?.type === 'cognito' ? signIn : undefined;
}

/** Ids of the user pools with the deployed name. */
async function poolsOf({ environment, live }: AccountContext): Promise<readonly string[]> {
  const pools = await live.aws.list('UserPools', 'cognito', 'ListUserPools', { MaxResults: 60 });
  return pools
    .filter(({ Name }) => present(Name, 'Name', 'cognito-idp:ListUserPools') === signInName(environment))
    .map(({ Id }) => present(Id, 'Id', 'cognito-idp:ListUserPools'));
}

async function clientsOf({ live }: AccountContext, UserPoolId: string) {
  const clients = await live.aws.list('UserPoolClients', 'cognito', 'ListUserPoolClients', {
    UserPoolId,
    MaxResults: 60,
  });
  return clients.map(({ ClientId, ClientName }) => ({
    id: present(ClientId, 'ClientId', 'cognito-idp:ListUserPoolClients'),
    name: ClientName,
  }));
}

type Pool = NonNullable<CallOutput<'cognito', 'DescribeUserPool'>['UserPool']>;

function poolFaults(pool: Pool, signIn: CognitoSignIn): readonly string[] {
  const { AdminCreateUserConfig, AccountRecoverySetting, LambdaConfig = {}, Policies, DeletionProtection } = pool;
  const password = Policies?.PasswordPolicy;
  const recovery = (AccountRecoverySetting?.RecoveryMechanisms ?? []).map(({ Name }) => Name);
  return [
    ...(AdminCreateUserConfig?.AllowAdminCreateUserOnly === true ? [] : ['Anybody can register in the user pool.']),
    ...(isDeepStrictEqual(recovery, ['admin_only'])
      ? []
      : ['Access to an e-mail address or a telephone is enough to reset a password.']),
    ...(Object.values(LambdaConfig).some((trigger) => trigger !== undefined)
      ? ['A trigger function can change who can sign in, or what the tokens contain.']
      : []),
    ...(DeletionProtection === 'ACTIVE' ? [] : ['The user pool can be deleted.']),
    ...(password?.MinimumLength === signIn.passwordLength &&
    password.RequireLowercase === true &&
    password.RequireUppercase === true &&
    password.RequireNumbers === true &&
    password.RequireSymbols === true
      ? []
      : ['The password policy of the user pool differs from the policy that Leasehold deployed.']),
  ];
}

function mfaFaults(mfa: CallOutput<'cognito', 'GetUserPoolMfaConfig'>): readonly string[] {
  const required = present(mfa.MfaConfiguration, 'MfaConfiguration', 'cognito-idp:GetUserPoolMfaConfig');
  return [
    ...(required === 'ON' ? [] : ['The user pool does not require MFA.']),
    ...(mfa.SoftwareTokenMfaConfiguration?.Enabled === true
      ? []
      : ['The user pool does not accept authenticator apps.']),
    ...(mfa.SmsMfaConfiguration === undefined && mfa.EmailMfaConfiguration === undefined
      ? []
      : ['The user pool sends codes by SMS or e-mail.']),
  ];
}

async function clientFaults(
  context: AccountContext,
  ids: { readonly UserPoolId: string; readonly ClientId: string },
  signIn: CognitoSignIn,
): Promise<readonly string[]> {
  const { aws } = context.live;
  const { UserPoolClient } = await aws.call('cognito', 'DescribeUserPoolClient', ids);
  const client = present(UserPoolClient, 'UserPoolClient', 'cognito-idp:DescribeUserPoolClient');
  const address = await addressOf(context);
  const lists = [
    [client.AllowedOAuthFlows, ['code'], 'OAuth flows'],
    [client.AllowedOAuthScopes, [USER_POOL_SCOPE], 'scopes'],
    [client.SupportedIdentityProviders, ['COGNITO'], 'identity providers'],
    [client.ExplicitAuthFlows, ['ALLOW_USER_SRP_AUTH'], 'sign-in flows'],
    [client.CallbackURLs, redirectAddresses(signIn, address), 'addresses after signing in'],
    [client.LogoutURLs, [signedOutAddress(address)], 'addresses after signing out'],
  ] as const;
  const units = client.TokenValidityUnits;
  return [
    ...lists
      .filter(([found = [], deployed]) => !isDeepStrictEqual([...found].sort(), [...deployed].sort()))
      .map(([, , what]) => `The ${what} of the client differ from the values that Leasehold deployed.`),
    ...(client.ClientSecret === undefined ? [] : ['The client has a secret, which Leasehold did not deploy.']),
    ...(client.AccessTokenValidity === signIn.accessSeconds &&
    client.RefreshTokenValidity === signIn.refreshSeconds &&
    units?.AccessToken === 'seconds' &&
    units.RefreshToken === 'seconds'
      ? []
      : ['The token lifetimes of the client differ from the lifetimes that Leasehold deployed.']),
    ...(client.EnableTokenRevocation === true && client.PreventUserExistenceErrors === 'ENABLED'
      ? []
      : ['Tokens cannot be revoked, or the sign-in reveals which users exist.']),
  ];
}

/** The URL with the console's domain or, without such a domain, the URL of the API including its stage. */
async function addressOf(context: AccountContext): Promise<string> {
  const { environment } = context;
  const domain = environment.broker?.console?.domain;
  if (domain !== undefined) return `https://${domain}`;
  const [api] = await brokerApis(context);
  return `${present(api?.endpoint, 'ApiEndpoint', 'apigateway:GetApis')}/${brokerStage(environment)}`;
}

function damage(place: string, message: string): Damage {
  return { kind: 'damage', place, message, hint: 'Find out who changed the user pool, then apply the stack again.' };
}
