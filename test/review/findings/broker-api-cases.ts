/** Changes of the API of a broker with a console, one at a time, from what Leasehold deploys. */
import { Unread } from '../../../lib/review/model';
import { ACCOUNT } from '../diff/build';
import {
  ADDRESS,
  API,
  added,
  addedAll,
  type ConsoleCase,
  changed,
  DEPLOYED,
  first,
  INTEGRATION,
  ROUTE,
  uri,
  type Values,
} from './deployed-console';

const CONSOLE = 'hermes-dev-console';
const BROKERS: Values = { integration_uri: uri('hermes-dev-broker') };
const OTHER = '210987654321';
/** Attributes with which an integration no longer passes requests and answers unchanged. */
const ALTERED: readonly (readonly [attribute: string, value: unknown])[] = [
  ['connection_id', 'vpc1'],
  ['connection_type', 'VPC_LINK'],
  ['credentials_arn', `arn:aws:iam::${ACCOUNT}:role/x`],
  ['credentials_arn', Unread],
  ['integration_method', 'GET'],
  ['integration_subtype', 'SQS-SendMessage'],
  ['integration_type', 'HTTP_PROXY'],
  ['integration_type', Unread],
  ['payload_format_version', '1.0'],
  ['payload_format_version', null],
  ['request_parameters', { 'overwrite:path': '/people/requester/leases' }],
  ['request_parameters', Unread],
  ['request_templates', { 'application/json': '{}' }],
  ['response_parameters', [{ status_code: '200', mappings: { 'append:header.x': 'y' } }]],
  ['tls_config', [{ server_name_to_verify: 'evil.example' }]],
];

const SIGNED_ROUTE: Values = { ...ROUTE, route_key: 'POST /leases', authorization_type: 'AWS_IAM' };
const NEW_INTEGRATION = 'aws_apigatewayv2_integration.new';
const NEW_ROUTE = 'aws_apigatewayv2_route.new';

/** A new signed route of the deployed API, with a new integration. */
function route(name: string, integration: Values, ...expected: readonly string[]): ConsoleCase {
  return addedAll(
    `a new route: ${name}`,
    {
      watched: {
        [NEW_INTEGRATION]: { ...INTEGRATION, id: Unread, ...integration },
        [NEW_ROUTE]: { ...SIGNED_ROUTE, target: Unread },
      },
      names: { [NEW_ROUTE]: { target: [NEW_INTEGRATION] } },
    },
    ...expected,
  );
}

const ELSEWHERE = 'high route-target-changed';
const OPEN = 'high route-authorization-weakened';
const UNSIGNED = 'critical route-authorization-weakened';

const PEOPLE_ROUTE = 'aws_apigatewayv2_route.people';
const AUTHORIZER = 'aws_apigatewayv2_authorizer.people';
const NEW_AUTHORIZER = 'aws_apigatewayv2_authorizer.new';
const TOKENS: Values = { issuer: 'https://login.example.com', audience: ['leasehold'] };
const AUTHORIZER_VALUES: Values = {
  api_id: 'a1b2c3',
  id: 'au7h',
  authorizer_type: 'JWT',
  identity_sources: ['$request.header.Authorization'],
  jwt_configuration: [TOKENS],
};
const FOR_PEOPLE: Readonly<Record<string, Values>> = {
  ...DEPLOYED,
  'aws_apigatewayv2_integration.broker': { ...INTEGRATION, ...BROKERS, id: 'b70k37' },
  [AUTHORIZER]: AUTHORIZER_VALUES,
  [PEOPLE_ROUTE]: {
    ...ROUTE,
    route_key: 'POST /people/requester/leases',
    authorization_type: 'JWT',
    authorizer_id: 'au7h',
    authorization_scopes: ['leasehold/use'],
    target: 'integrations/b70k37',
  },
};

/** The deployed API with a route for people who sign in. A value `undefined` removes a resource. */
function people(name: string, changes: Readonly<Record<string, Values | undefined>>, ...expected: readonly string[]) {
  const parts = Object.entries({ ...FOR_PEOPLE, ...changes }).flatMap(([address, to]) => {
    return to === undefined ? [] : [[address, { ...(to === changes[address] ? base(address) : {}), ...to }] as const];
  });
  const after = { watched: Object.fromEntries(parts) };
  return { name: `people: ${name}`, before: { watched: FOR_PEOPLE }, after, expect: expected };
}

/** The values that a changed or a new resource has in common with the deployed one. */
function base(address: string): Values {
  return FOR_PEOPLE[address.replace(/\.new$/, '.people')] ?? {};
}

export const brokerApiCases: readonly ConsoleCase[] = [
  people('nothing', {}),
  people('a route without authorization', { [PEOPLE_ROUTE]: { authorization_type: 'NONE' } }, UNSIGNED),
  people('a route for signatures', { [PEOPLE_ROUTE]: { authorization_type: 'AWS_IAM' } }, OPEN),
  people('a route with another authorizer', { [PEOPLE_ROUTE]: { authorizer_id: 'e711' } }, OPEN),
  people('a route for any scope', { [PEOPLE_ROUTE]: { authorization_scopes: [] } }, OPEN),
  people('a route at another address', { [PEOPLE_ROUTE]: undefined, [NEW_ROUTE]: {} }),
  people(
    'a route at another address without authorization',
    { [PEOPLE_ROUTE]: undefined, [NEW_ROUTE]: { authorization_type: 'NONE' } },
    UNSIGNED,
  ),
  people(
    'a route at another address with another authorizer',
    { [PEOPLE_ROUTE]: undefined, [NEW_ROUTE]: { authorizer_id: 'e711' } },
    OPEN,
  ),
  people('a new route', { [NEW_ROUTE]: { route_key: 'GET /people/requester/leases' } }),
  people(
    'a new route for any scope',
    { [NEW_ROUTE]: { route_key: 'GET /people/requester/leases', authorization_scopes: null } },
    OPEN,
  ),
  people(
    'an authorizer for one more audience',
    { [AUTHORIZER]: { jwt_configuration: [{ ...TOKENS, audience: ['leasehold', 'shop'] }] } },
    OPEN,
  ),
  people('an authorizer of an unknown issuer', { [AUTHORIZER]: { jwt_configuration: Unread } }, OPEN),
  people(
    'an authorizer that reads another header',
    { [AUTHORIZER]: { identity_sources: ['$request.header.X'] } },
    OPEN,
  ),
  people('the same authorizer at another address', { [AUTHORIZER]: undefined, [NEW_AUTHORIZER]: { id: Unread } }),
  people(
    'one more authorizer of another issuer',
    { [NEW_AUTHORIZER]: { jwt_configuration: [{ ...TOKENS, issuer: 'https://evil.example' }] } },
    OPEN,
  ),
  people(
    'one more authorizer of another issuer, of an unknown API',
    { [NEW_AUTHORIZER]: { api_id: Unread, jwt_configuration: [{ ...TOKENS, issuer: 'https://evil.example' }] } },
    OPEN,
  ),
  people('an authorizer of another API', { [NEW_AUTHORIZER]: { api_id: 'e711', jwt_configuration: Unread } }),
  addedAll('the first authorizer of the API', { watched: { [AUTHORIZER]: AUTHORIZER_VALUES } }),

  changed(
    'api',
    'pages of other sites may call it',
    { cors_configuration: [{ allow_origins: ['*'] }] },
    'high cors-opened',
  ),
  changed('api', 'who may call it is unknown', { cors_configuration: Unread }, 'high cors-opened'),
  changed('api', 'routes of a document', { body: '{"openapi":"3.0.1"}' }, ELSEWHERE),
  changed('api', 'a default route', { target: uri('evil') }, ELSEWHERE),
  changed('api', 'another description', { description: 'x' }),
  {
    name: 'another API that pages of other sites may call',
    before: { watched: { 'aws_apigatewayv2_api.shop': { name: 'shop', cors_configuration: [] } } },
    after: {
      watched: { 'aws_apigatewayv2_api.shop': { name: 'shop', cors_configuration: [{ allow_origins: ['*'] }] } },
    },
    expect: [],
  },

  changed('integration', 'another function', { integration_uri: uri('evil') }, ELSEWHERE),
  changed('integration', 'a function known only after apply', { integration_uri: Unread }, ELSEWHERE),
  changed(
    'integration',
    'a page of another server',
    { integration_type: 'HTTP_PROXY', integration_uri: 'https://evil.example' },
    ELSEWHERE,
    ELSEWHERE,
  ),
  changed('integration', 'other headers', { response_parameters: [{ status_code: '200' }] }, ELSEWHERE),
  changed('integration', 'credentials', { credentials_arn: `arn:aws:iam::${ACCOUNT}:role/x` }, ELSEWHERE),
  changed('integration', 'a longer timeout', { timeout_milliseconds: 30_000 }),

  changed('route', 'another integration', { target: 'integrations/e711' }, ELSEWHERE),
  changed('route', 'an integration known only after apply', { target: Unread }, ELSEWHERE),
  {
    ...changed('route', 'the same function by a new integration', { target: Unread }),
    after: {
      watched: {
        ...DEPLOYED,
        [ADDRESS.route]: { ...ROUTE, target: Unread },
        [ADDRESS.integration]: { ...INTEGRATION, id: Unread },
      },
      names: { [ADDRESS.route]: { target: [ADDRESS.integration] } },
    },
  },

  first('as Leasehold deploys it', {}),
  first('a route of another path', { route: { route_key: 'GET /roles' } }, OPEN),
  first('every method', { route: { route_key: 'ANY /console/{proxy+}' } }, OPEN),
  first('another function', { integration: { integration_uri: uri('evil') } }, OPEN, ELSEWHERE),
  first('the function of the broker', { integration: { integration_uri: uri('hermes-dev-broker') } }, OPEN),
  first('a function of another account', { integration: { integration_uri: uri(CONSOLE, OTHER) } }, OPEN, ELSEWHERE),
  first('an alias of the function', { integration: { integration_uri: uri(`${CONSOLE}:live`) } }, OPEN, ELSEWHERE),
  first('a function with another role', { function: { role: `arn:aws:iam::${ACCOUNT}:role/admin` } }, OPEN, ELSEWHERE),
  ...ALTERED.map(([attribute, value]) =>
    first(`an integration with another ${attribute}`, { integration: { [attribute]: value } }, OPEN, ELSEWHERE),
  ),

  route('the function of the broker', BROKERS),
  route('the function of the console', {}),
  route('attributes that AWS sets', { ...BROKERS, connection_type: 'INTERNET', integration_method: 'POST' }),
  route('another function', { integration_uri: uri('evil') }, ELSEWHERE),
  route('the function of another broker', { integration_uri: uri('hermes-prod-broker') }, ELSEWHERE),
  route('a function of another account', { integration_uri: uri('hermes-dev-broker', OTHER) }, ELSEWHERE),
  route('a function known only after apply', { integration_uri: Unread }, ELSEWHERE),
  ...ALTERED.map(([attribute, value]) =>
    route(`an integration with another ${attribute}`, { ...BROKERS, [attribute]: value }, ELSEWHERE),
  ),
  added(
    'a route to an integration outside the plan',
    NEW_ROUTE,
    { ...SIGNED_ROUTE, target: 'integrations/x' },
    ELSEWHERE,
  ),
  added('a route to an unknown integration', NEW_ROUTE, { ...SIGNED_ROUTE, target: Unread }, ELSEWHERE),
  added('a route without a target', NEW_ROUTE, { ...SIGNED_ROUTE, target: null }, ELSEWHERE),
  added(
    'a route of an unknown API',
    NEW_ROUTE,
    { ...SIGNED_ROUTE, api_id: Unread, target: 'integrations/x' },
    ELSEWHERE,
  ),
  added('a route of another API', NEW_ROUTE, { ...SIGNED_ROUTE, api_id: 'e711', target: 'integrations/x' }),
  addedAll('a route of another new API', {
    watched: {
      'aws_apigatewayv2_api.shop': { ...API, id: Unread, name: 'shop' },
      [NEW_ROUTE]: { ...SIGNED_ROUTE, api_id: Unread, target: 'integrations/x' },
    },
    names: { [NEW_ROUTE]: { api_id: ['aws_apigatewayv2_api.shop'] } },
  }),
  {
    name: 'a route of an API whose integration alone shows that it is that of a broker',
    before: { watched: { [ADDRESS.integration]: { ...INTEGRATION, ...BROKERS } } },
    after: {
      watched: {
        [ADDRESS.integration]: { ...INTEGRATION, ...BROKERS },
        [NEW_ROUTE]: { ...SIGNED_ROUTE, target: 'integrations/x' },
      },
    },
    expect: [ELSEWHERE],
  },
  {
    name: 'a route of another API that becomes one of the API of the broker',
    before: { watched: { ...DEPLOYED, [NEW_ROUTE]: { ...SIGNED_ROUTE, api_id: 'e711', target: 'integrations/x' } } },
    after: { watched: { ...DEPLOYED, [NEW_ROUTE]: { ...SIGNED_ROUTE, target: 'integrations/x' } } },
    expect: [ELSEWHERE],
  },
  {
    name: 'an integration with credentials that loses them',
    before: { watched: { ...DEPLOYED, [ADDRESS.integration]: { ...INTEGRATION, credentials_arn: 'arn:x' } } },
    after: { watched: DEPLOYED },
    expect: [],
  },
];
