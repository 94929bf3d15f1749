/** Changes of how people sign in, one attribute at a time, from the pool and the client that Leasehold deploys. */
import { type PlannedAccess, Unread } from '../../../lib/review/model';
import { ACCOUNT, type EstateSpec } from '../diff/build';

type Values = Readonly<Record<string, unknown>>;

/** In the form of the cases beside it. */
interface SignInCase {
  readonly name: string;
  readonly before: EstateSpec;
  readonly after: EstateSpec;
  readonly more?: Partial<PlannedAccess>;
  readonly expect: readonly string[];
}

const POOL: Values = {
  deletion_protection: 'ACTIVE',
  mfa_configuration: 'ON',
  software_token_mfa_configuration: [{ enabled: true }],
  admin_create_user_config: [{ allow_admin_create_user_only: true }],
  account_recovery_setting: [{ recovery_mechanism: [{ name: 'admin_only', priority: 1 }] }],
  password_policy: [{ minimum_length: 14 }],
  lambda_config: [],
};
const CLIENT: Values = {
  callback_urls: ['https://leases.example.com/console/signed-in'],
  default_redirect_uri: 'https://leases.example.com/console/signed-in',
  logout_urls: ['https://leases.example.com/console/'],
  allowed_oauth_flows: ['code'],
  allowed_oauth_scopes: ['openid'],
  supported_identity_providers: ['COGNITO'],
  explicit_auth_flows: ['ALLOW_USER_SRP_AUTH'],
  enable_token_revocation: true,
  prevent_user_existence_errors: 'ENABLED',
  refresh_token_rotation: [{ feature: 'ENABLED', retry_grace_period_seconds: 10 }],
  access_token_validity: 900,
  id_token_validity: 900,
  refresh_token_validity: 28_800,
  token_validity_units: [{ access_token: 'seconds', id_token: 'seconds', refresh_token: 'seconds' }],
};
const AUTHORIZER: Values = {
  authorizer_type: 'JWT',
  identity_sources: ['$request.header.Authorization'],
  jwt_configuration: [{ issuer: 'https://login.example.com', audience: ['leasehold'] }],
};
const PROVIDER: Values = { provider_name: 'Okta', provider_details: { oidc_issuer: 'https://example.okta.com' } };

/** A client whose pool the plan creates. */
const OF_NEW_POOL: Values = { user_pool_id: Unread };
const NAMES = { 'aws_cognito_user_pool_client.console': { user_pool_id: ['aws_cognito_user_pool.people'] } };

const LEASEHOLD = { manifests: { after: { version: 1, account: ACCOUNT, roles: {} } } };
/** A plan of Leasehold has identities. */
const SOMEBODY: EstateSpec = { identities: { deploy: {} } };
const estate = (address: string, values: Values): EstateSpec => ({ watched: { [address]: values } });

function changing(address: string, from: Values) {
  return (name: string, to: Values, ...expected: readonly string[]): SignInCase => ({
    name: `${address}: ${name}`,
    before: estate(address, from),
    after: estate(address, { ...from, ...to }),
    expect: expected,
  });
}

const pool = changing('aws_cognito_user_pool.people', POOL);
const client = changing('aws_cognito_user_pool_client.console', CLIENT);
const authorizer = changing('aws_apigatewayv2_authorizer.people', AUTHORIZER);

const DOMAIN = 'aws_apigatewayv2_domain_name.console';
const DOMAIN_NAME: Values = { domain_name: 'leases.example.com' };
const CONSOLE = 'https://leases.example.com/console';
const MOVED = 'high console-domain-changed';
const withSomebody = (address: string, values: Values): EstateSpec => ({ ...SOMEBODY, ...estate(address, values) });
const domain = (name: string, to: Values, ...expected: readonly string[]): SignInCase => ({
  name: `${DOMAIN}: ${name}`,
  before: withSomebody(DOMAIN, DOMAIN_NAME),
  after: withSomebody(DOMAIN, { ...DOMAIN_NAME, ...to }),
  more: LEASEHOLD,
  expect: expected,
});
/** The manifests of a broker whose console is at these addresses. */
function consoles(before: string, after: string | undefined) {
  const at = (address: string | undefined) => ({
    version: 1,
    account: ACCOUNT,
    roles: {},
    broker: address === undefined ? {} : { console: address },
  });
  return { manifests: { before: at(before), after: at(after) } };
}

const WEAKER = 'high sign-in-weakened';
const LONGER = 'medium sign-in-weakened';
const REDIRECT = 'high redirect-changed';

export const signInCases: readonly SignInCase[] = [
  pool('nothing', {}),
  pool('MFA is optional', { mfa_configuration: 'OPTIONAL' }, WEAKER),
  pool('MFA is off', { mfa_configuration: 'OFF' }, WEAKER),
  pool('MFA is left out', { mfa_configuration: null }, WEAKER),
  pool('MFA is known only after apply', { mfa_configuration: Unread }, WEAKER),
  pool('no authenticator apps', { software_token_mfa_configuration: [] }, WEAKER),
  pool(
    'anybody signs up',
    { admin_create_user_config: [{ allow_admin_create_user_only: false }] },
    'critical sign-up-opened',
  ),
  pool('who signs up is left out', { admin_create_user_config: [] }, 'critical sign-up-opened'),
  pool('who signs up is unknown', { admin_create_user_config: Unread }, 'critical sign-up-opened'),
  pool(
    'recovery by e-mail',
    { account_recovery_setting: [{ recovery_mechanism: [{ name: 'verified_email', priority: 1 }] }] },
    WEAKER,
  ),
  pool(
    'recovery by e-mail too',
    {
      account_recovery_setting: [
        {
          recovery_mechanism: [
            { name: 'admin_only', priority: 1 },
            { name: 'verified_email', priority: 2 },
          ],
        },
      ],
    },
    WEAKER,
  ),
  pool('shorter passwords', { password_policy: [{ minimum_length: 8 }] }, WEAKER),
  pool('passwords of unknown length', { password_policy: Unread }, WEAKER),
  pool('longer passwords', { password_policy: [{ minimum_length: 20 }] }),
  pool('a sign-in begins with a mail', { sign_in_policy: [{ allowed_first_auth_factors: ['EMAIL_OTP'] }] }, WEAKER),
  pool('a function writes the tokens', { lambda_config: [{ pre_token_generation: 'arn:x' }] }, WEAKER),
  pool('the pool may be deleted', { deletion_protection: 'INACTIVE' }, 'high deletion-protection-removed'),

  client('nothing', {}),
  client('another address', { callback_urls: ['https://leases.example.net/console/signed-in'] }, REDIRECT),
  client(
    'one more address',
    { callback_urls: ['https://leases.example.com/console/signed-in', 'http://localhost:1/'] },
    REDIRECT,
  ),
  client('one address less', { callback_urls: [] }),
  client('an address known only after apply', { callback_urls: Unread }, REDIRECT),
  client('another default', { default_redirect_uri: 'https://evil.example/' }, REDIRECT),
  client('another address after signing out', { logout_urls: ['https://evil.example/'] }, REDIRECT),
  client('the implicit flow', { allowed_oauth_flows: ['code', 'implicit'] }, WEAKER),
  client('flows known only after apply', { allowed_oauth_flows: Unread }, WEAKER),
  client(
    'a scope of the users’ own settings',
    { allowed_oauth_scopes: ['openid', 'aws.cognito.signin.user.admin'] },
    WEAKER,
  ),
  client('people of another provider', { supported_identity_providers: ['COGNITO', 'Facebook'] }, WEAKER),
  client(
    'sign-in by password alone',
    { explicit_auth_flows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH'] },
    WEAKER,
  ),
  client('no revocation', { enable_token_revocation: false }, WEAKER),
  client('no rotation', { refresh_token_rotation: [] }, WEAKER),
  client('tells which users exist', { prevent_user_existence_errors: 'LEGACY' }, WEAKER),
  client('access tokens for an hour', { access_token_validity: 3600 }, LONGER),
  client(
    'the same number in another unit',
    { token_validity_units: [{ access_token: 'days', id_token: 'seconds', refresh_token: 'seconds' }] },
    LONGER,
  ),
  client('a sign-in of zero days, which AWS replaces by thirty', { refresh_token_validity: 0 }, LONGER),
  client('a sign-in without a length, which is thirty days', { refresh_token_validity: null }, LONGER),
  client(
    'tokens without a length, which is an hour',
    { access_token_validity: null, id_token_validity: 0 },
    ...[LONGER, LONGER],
  ),
  changing('aws_cognito_user_pool_client.app', { ...CLIENT, refresh_token_validity: 0 })('thirty days in seconds', {
    refresh_token_validity: 2_592_000,
  }),
  changing('aws_cognito_user_pool_client.app', { ...CLIENT, refresh_token_validity: null })(
    'more than the thirty days of a sign-in without a length',
    { refresh_token_validity: 2_592_001 },
    LONGER,
  ),
  client('a lifetime known only after apply', { refresh_token_validity: Unread }, LONGER),
  client('shorter tokens', { access_token_validity: 300 }),
  client('the same time in another unit', {
    access_token_validity: 15,
    token_validity_units: [{ access_token: 'minutes', id_token: 'seconds', refresh_token: 'seconds' }],
  }),

  authorizer(
    'another issuer',
    { jwt_configuration: [{ issuer: 'https://evil.example', audience: ['leasehold'] }] },
    'high route-authorization-weakened',
  ),
  authorizer(
    'one more audience',
    { jwt_configuration: [{ issuer: 'https://login.example.com', audience: ['leasehold', 'app'] }] },
    'high route-authorization-weakened',
  ),
  authorizer('an issuer known only after apply', { jwt_configuration: Unread }, 'high route-authorization-weakened'),
  authorizer('a function in place of tokens', { authorizer_type: 'REQUEST' }, 'high route-authorization-weakened'),

  {
    name: 'a pool trusts another provider',
    before: {},
    after: estate('aws_cognito_identity_provider.okta', PROVIDER),
    expect: [WEAKER],
  },
  {
    name: 'a provider changes',
    before: estate('aws_cognito_identity_provider.okta', PROVIDER),
    after: estate('aws_cognito_identity_provider.okta', {
      ...PROVIDER,
      provider_details: { oidc_issuer: 'https://x' },
    }),
    expect: [WEAKER],
  },
  {
    name: 'a new pool and client of Leasehold, as it deploys them',
    before: SOMEBODY,
    after: {
      ...SOMEBODY,
      watched: {
        'aws_cognito_user_pool.people': POOL,
        'aws_cognito_user_pool_client.console': { ...CLIENT, ...OF_NEW_POOL },
      },
      names: NAMES,
    },
    more: LEASEHOLD,
    expect: [],
  },
  {
    name: 'a new pool of Leasehold that is open, with a client that is loose',
    before: SOMEBODY,
    after: {
      ...SOMEBODY,
      watched: {
        'aws_cognito_user_pool.people': { ...POOL, mfa_configuration: 'OPTIONAL', admin_create_user_config: [] },
        'aws_cognito_user_pool_client.console': { ...CLIENT, ...OF_NEW_POOL, allowed_oauth_flows: ['implicit'] },
      },
      names: NAMES,
    },
    more: LEASEHOLD,
    expect: ['critical sign-up-opened', WEAKER, WEAKER],
  },
  domain('nothing', {}),
  domain('another name', { domain_name: 'leases.example.net' }, MOVED),
  domain('a name in capitals', { domain_name: 'LEASES.example.com' }),
  domain('a name that is known only after apply', { domain_name: Unread }, MOVED),
  {
    name: 'the domain of the console was never known',
    before: withSomebody(DOMAIN, { domain_name: Unread }),
    after: withSomebody(DOMAIN, { domain_name: Unread }),
    more: LEASEHOLD,
    expect: [],
  },
  domain('another certificate', {
    domain_name_configuration: [{ certificate_arn: 'arn:aws:acm:eu-west-1:1:certificate/2' }],
  }),
  {
    name: 'the console has no domain any more',
    before: withSomebody(DOMAIN, DOMAIN_NAME),
    after: SOMEBODY,
    more: LEASEHOLD,
    expect: [MOVED],
  },
  {
    name: 'the console gets a domain',
    before: SOMEBODY,
    after: withSomebody(DOMAIN, DOMAIN_NAME),
    more: consoles('https://a1b2c3.execute-api.eu-west-1.amazonaws.com/leasehold-hermes-dev/console', CONSOLE),
    expect: [],
  },
  {
    name: 'the domain of another API moves, beside a console that stays',
    before: withSomebody('aws_apigatewayv2_domain_name.shop', { domain_name: 'shop.example.com' }),
    after: withSomebody('aws_apigatewayv2_domain_name.shop', { domain_name: 'shop.example.net' }),
    more: consoles(CONSOLE, CONSOLE),
    expect: [],
  },
  {
    name: 'the domain of the console moves, and the output is as before',
    before: withSomebody(DOMAIN, DOMAIN_NAME),
    after: withSomebody(DOMAIN, { domain_name: 'leases.example.net' }),
    more: consoles(CONSOLE, CONSOLE),
    expect: [MOVED],
  },
  {
    name: 'the output alone shows that the console moves',
    before: SOMEBODY,
    after: SOMEBODY,
    more: consoles(CONSOLE, 'https://leases.example.net/console'),
    expect: [MOVED],
  },
  {
    name: 'the output shows no console any more',
    before: SOMEBODY,
    after: SOMEBODY,
    more: consoles(CONSOLE, undefined),
    expect: [MOVED],
  },
  {
    name: 'the domain of an API without a broker moves',
    before: estate(DOMAIN, DOMAIN_NAME),
    after: estate(DOMAIN, { domain_name: 'shop.example.net' }),
    expect: [],
  },
  {
    name: 'a new pool of others, where anybody signs up',
    before: {},
    after: estate('aws_cognito_user_pool.customers', { mfa_configuration: 'OFF' }),
    expect: [],
  },
];
