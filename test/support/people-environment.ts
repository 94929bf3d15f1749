/** A broker where people sign in, for tests of what is deployed. */
import type { Broker, CognitoSignIn, Environment, OidcSignIn, People } from '../../lib/definitions/model';
import { aBroker, aBrokerEnvironment } from './broker-environment';

/** A user pool with the defaults. */
export const POOL: CognitoSignIn = {
  type: 'cognito',
  domain: 'hermes-dev-123456789012',
  passwordLength: 14,
  accessSeconds: 900,
  refreshSeconds: 28_800,
  redirects: ['http://localhost:8976/signed-in'],
};

/** An issuer that requires MFA. */
export const ISSUER: OidcSignIn = {
  type: 'oidc',
  issuer: 'https://login.example.com',
  clientId: 'console',
  audience: 'api://leasehold',
  scope: 'leases',
  nameClaim: 'login',
  groupsClaim: 'groups',
  algorithm: 'RS256',
  jwksUri: 'https://login.example.com/keys',
  accessSeconds: 3600,
  mfa: { by: 'issuer', because: 'Conditional access policy 12' },
};

export function somePeople(signIn: People['signIn'] = POOL, overrides: Partial<People> = {}): People {
  return {
    signIn,
    groups: { requester: '*', approver: ['platform-leads'], administrator: ['security'] },
    approveWith: 'passkey',
    ...overrides,
  };
}

/** An environment where people sign in. */
export function aPeopleEnvironment(people: People = somePeople(), overrides: Partial<Broker> = {}): Environment {
  return aBrokerEnvironment({ broker: aBroker({ people, ...overrides }) });
}
