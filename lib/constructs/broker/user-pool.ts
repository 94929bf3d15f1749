import { CognitoUserGroup } from '@cdktf/provider-aws/lib/cognito-user-group';
import { CognitoUserPool } from '@cdktf/provider-aws/lib/cognito-user-pool';
import { CognitoUserPoolClient } from '@cdktf/provider-aws/lib/cognito-user-pool-client';
import { CognitoUserPoolDomain } from '@cdktf/provider-aws/lib/cognito-user-pool-domain';
import type { CognitoSignIn, Environment, People } from '@leasehold/definitions';
import { redirectAddresses, signedOutAddress, signInName, USER_POOL_SCOPE, userPoolGroups } from '@leasehold/documents';
import { Construct } from 'constructs';
import { literal } from '../literal';

export interface UserPoolProps {
  readonly environment: Environment;
  readonly people: People;
  readonly signIn: CognitoSignIn;
  /** Address of the API with its stage, or of the console's domain, without a slash at the end. */
  readonly address: string;
}

/**
 * The user pool for people who sign in. Administrators create the users, and every user needs an authenticator app. The
 * app client is public: authorization code with PKCE, no secret, rotating refresh tokens.
 *
 * People cannot sign in with passkeys: together with required MFA, Cognito supports passkeys only with the setting
 * `FactorConfiguration`, which provider 5.100 does not have. Passkeys that sign approvals do not depend on
 * `FactorConfiguration`. Source:
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_WebAuthnConfigurationType.html
 */
export class UserPool extends Construct {
  /** Terraform expression for the `iss` of the pool's tokens. */
  readonly issuer: string;
  /** Terraform expression for the id of the client. */
  readonly clientId: string;

  constructor(scope: Construct, id: string, { environment, people, signIn, address }: UserPoolProps) {
    super(scope, id);
    const name = signInName(environment);
    const pool = new CognitoUserPool(this, 'pool', {
      name,
      deletionProtection: 'ACTIVE',
      adminCreateUserConfig: { allowAdminCreateUserOnly: true },
      mfaConfiguration: 'ON',
      softwareTokenMfaConfiguration: { enabled: true },
      // An e-mail address or a telephone must not replace password and authenticator.
      accountRecoverySetting: { recoveryMechanism: [{ name: 'admin_only', priority: 1 }] },
      usernameConfiguration: { caseSensitive: false },
      passwordPolicy: {
        minimumLength: signIn.passwordLength,
        requireLowercase: true,
        requireNumbers: true,
        requireSymbols: true,
        requireUppercase: true,
        temporaryPasswordValidityDays: 1,
      },
    });
    new CognitoUserPoolDomain(this, 'domain', { domain: signIn.domain, userPoolId: pool.id });
    for (const group of userPoolGroups(people)) {
      new CognitoUserGroup(this, `group-${group}`, {
        name: literal(group),
        userPoolId: pool.id,
        description: `Leasehold: ${meaningOf(group, people)}`,
      });
    }
    const [redirect = '', ...redirects] = redirectAddresses(signIn, address);
    const client = new CognitoUserPoolClient(this, 'client', {
      name,
      userPoolId: pool.id,
      generateSecret: false,
      allowedOauthFlowsUserPoolClient: true,
      allowedOauthFlows: ['code'],
      allowedOauthScopes: [USER_POOL_SCOPE],
      supportedIdentityProviders: ['COGNITO'],
      // Required, because without a value AWS also permits the refresh flow, which does not rotate refresh tokens. A
      // token of this flow lacks the scope that the broker requires.
      explicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
      callbackUrls: [redirect, ...redirects],
      defaultRedirectUri: redirect,
      logoutUrls: [signedOutAddress(address)],
      preventUserExistenceErrors: 'ENABLED',
      enableTokenRevocation: true,
      refreshTokenRotation: [{ feature: 'ENABLED', retryGracePeriodSeconds: ROTATION_GRACE }],
      accessTokenValidity: signIn.accessSeconds,
      idTokenValidity: signIn.accessSeconds,
      refreshTokenValidity: signIn.refreshSeconds,
      tokenValidityUnits: [{ accessToken: 'seconds', idToken: 'seconds', refreshToken: 'seconds' }],
    });
    this.issuer = `https://${pool.endpoint}`;
    this.clientId = client.id;
  }
}

/** Seconds for which a used refresh token is still accepted, in case the response with the new token was lost. */
const ROTATION_GRACE = 10;

/** The description of a group's permissions, for the user pool's administrators. */
function meaningOf(group: string, { groups }: People): string {
  const kinds = (['requester', 'approver', 'administrator'] as const).filter((kind) => groups[kind].includes(group));
  return kinds.map((kind) => `${kind}s`).join(', ');
}
