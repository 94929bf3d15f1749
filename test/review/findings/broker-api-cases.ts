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

export const brokerApiCases: readonly ConsoleCase[] = [
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
