/** Changes of the console and of the API at which it is, one at a time, from what Leasehold deploys. */
import { type PlannedAccess, Unread } from '../../../lib/review/model';
import { ACCOUNT, allow, type EstateSpec } from '../diff/build';

type Values = Readonly<Record<string, unknown>>;

/** In the form of the cases beside it. */
interface ConsoleCase {
  readonly name: string;
  readonly before: EstateSpec;
  readonly after: EstateSpec;
  readonly more?: Partial<PlannedAccess>;
  readonly expect: readonly string[];
}

const uri = (name: string, invoked = 'invocations') =>
  `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:${ACCOUNT}:function:${name}/${invoked}`;

const FUNCTION: Values = {
  function_name: 'hermes-dev-console',
  role: `arn:aws:iam::${ACCOUNT}:role/leasehold-console/hermes-dev-console`,
  filename: 'console.zip',
  source_code_hash: 'GDfx9ZGx',
  handler: 'index.handler',
  runtime: 'nodejs22.x',
  environment: [{ variables: { LEASEHOLD_CONSOLE_HOST: 'leases.example.com' } }],
};
const API: Values = { id: 'a1b2c3', name: 'hermes-dev-broker', cors_configuration: [], body: null, target: null };
const INTEGRATION: Values = {
  id: 'c0n501e',
  api_id: 'a1b2c3',
  integration_type: 'AWS_PROXY',
  integration_uri: uri('hermes-dev-console'),
  payload_format_version: '2.0',
  request_parameters: null,
  credentials_arn: '',
};
const ROUTE: Values = {
  api_id: 'a1b2c3',
  route_key: 'GET /console/{proxy+}',
  authorization_type: 'NONE',
  target: 'integrations/c0n501e',
};
const DOMAIN: Values = { domain_name: 'leases.example.com' };
const MAPPING: Values = {
  api_id: 'a1b2c3',
  api_mapping_key: '',
  domain_name: 'leases.example.com',
  stage: 'leasehold-hermes-dev',
};

const ADDRESS = {
  function: 'aws_lambda_function.console',
  api: 'aws_apigatewayv2_api.broker',
  integration: 'aws_apigatewayv2_integration.console',
  route: 'aws_apigatewayv2_route.files',
  domain: 'aws_apigatewayv2_domain_name.console',
  mapping: 'aws_apigatewayv2_api_mapping.console',
} as const;
type Part = keyof typeof ADDRESS;

const DEPLOYED: Readonly<Record<string, Values>> = {
  [ADDRESS.function]: FUNCTION,
  [ADDRESS.api]: API,
  [ADDRESS.integration]: INTEGRATION,
  [ADDRESS.route]: ROUTE,
  [ADDRESS.domain]: DOMAIN,
  [ADDRESS.mapping]: MAPPING,
};

/** The deployed console, of which attributes of one part change; `undefined` removes the part. */
function changed(part: Part, name: string, to: Values | undefined, ...expected: readonly string[]): ConsoleCase {
  const { [ADDRESS[part]]: was, ...others } = DEPLOYED;
  return {
    name: `the console's ${part}: ${name}`,
    before: { watched: DEPLOYED },
    after: { watched: to === undefined ? others : { ...others, [ADDRESS[part]]: { ...was, ...to } } },
    expect: expected,
  };
}

/** The deployed console, with one more resource. */
function added(name: string, address: string, values: Values, ...expected: readonly string[]): ConsoleCase {
  const watched = { ...DEPLOYED, [address]: values };
  return { name: `beside the console: ${name}`, before: { watched: DEPLOYED }, after: { watched }, expect: expected };
}

/** The first plan of a console, in which the ids are not known yet. */
function first(name: string, to: Partial<Record<Part, Values>>, ...expected: readonly string[]): ConsoleCase {
  const somebody: EstateSpec = { identities: { deploy: {} } };
  const fresh: Readonly<Record<string, Values>> = {
    ...DEPLOYED,
    [ADDRESS.api]: { ...API, id: Unread },
    [ADDRESS.integration]: { ...INTEGRATION, id: Unread, api_id: Unread },
    [ADDRESS.route]: { ...ROUTE, api_id: Unread, target: Unread },
    [ADDRESS.mapping]: { ...MAPPING, api_id: Unread },
  };
  const parts = Object.entries(to).map(([part, values]) => {
    const address = ADDRESS[part as Part];
    return [address, { ...fresh[address], ...values }];
  });
  return {
    name: `a new console: ${name}`,
    before: somebody,
    after: {
      ...somebody,
      watched: { ...fresh, ...Object.fromEntries(parts) },
      names: { [ADDRESS.route]: { target: [ADDRESS.integration] } },
    },
    more: { manifests: { after: { version: 1, account: ACCOUNT, roles: {} } } },
    expect: expected,
  };
}

const CODE = 'medium console-changed';
const SETTINGS = 'high console-changed';
const MOVED = 'high console-domain-changed';
const ELSEWHERE = 'high route-target-changed';
const OPEN = 'high route-authorization-weakened';
const WRITE_CODE = (name: string) =>
  allow('lambda:UpdateFunctionCode', `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:${name}`);

export const consoleCases: readonly ConsoleCase[] = [
  changed('function', 'nothing', {}),
  changed('function', 'other code', { source_code_hash: 'b3RoZXI=' }, CODE),
  changed('function', 'code known only after apply', { source_code_hash: Unread }, CODE),
  changed('function', 'code of another place', { filename: null, s3_bucket: 'b', s3_key: 'k' }, CODE),
  changed('function', 'another issuer', { environment: [{ variables: {} }] }, SETTINGS),
  changed('function', 'variables known only after apply', { environment: Unread }, SETTINGS),
  changed('function', 'another role', { role: `arn:aws:iam::${ACCOUNT}:role/admin` }, SETTINGS),
  changed('function', 'a layer', { layers: ['arn:x'] }, SETTINGS),
  changed('function', 'another handler and other code', { handler: 'x.y', source_code_hash: 'x' }, SETTINGS, CODE),
  changed('function', 'removed', undefined, SETTINGS),

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

  changed('domain', 'another name', { domain_name: 'leases.example.net' }, MOVED),
  changed('domain', 'removed', undefined, MOVED),
  changed('domain', 'another certificate', { domain_name_configuration: [{ certificate_arn: 'arn:x' }] }),
  changed('mapping', 'another API', { api_id: 'e711' }, MOVED),
  changed('mapping', 'an API known only after apply', { api_id: Unread }, MOVED),
  changed('mapping', 'another stage', { stage: 'test' }, MOVED),
  changed('mapping', 'below a path', { api_mapping_key: 'x' }, MOVED),
  added(
    'another API below a path of its domain',
    'aws_apigatewayv2_api_mapping.evil',
    { ...MAPPING, api_id: 'e711', api_mapping_key: 'x' },
    MOVED,
  ),
  added(
    'a REST API at its domain',
    'aws_api_gateway_base_path_mapping.evil',
    { api_id: 'e711', domain_name: 'leases.example.com' },
    MOVED,
  ),
  added('a mapping of another domain', 'aws_apigatewayv2_api_mapping.shop', {
    api_id: 'e711',
    domain_name: 'shop.example.com',
    stage: 'shop',
  }),

  first('as Leasehold deploys it', {}),
  first('a route of another path', { route: { route_key: 'GET /roles' } }, OPEN),
  first('every method', { route: { route_key: 'ANY /console/{proxy+}' } }, OPEN),
  first('another function', { integration: { integration_uri: uri('evil') } }, OPEN),
  first('the function of the broker', { integration: { integration_uri: uri('hermes-dev-broker') } }, OPEN),
  first('an integration with another type', { integration: { integration_type: 'HTTP_PROXY' } }, OPEN),
  first('an alias of the function', { integration: { integration_uri: uri('hermes-dev-console:live') } }, OPEN),
  first('a function with another role', { function: { role: `arn:aws:iam::${ACCOUNT}:role/admin` } }, OPEN),

  {
    name: 'a deployer who may change the code of the console',
    before: { watched: DEPLOYED, identities: { deploy: { policies: [] } } },
    after: { watched: DEPLOYED, identities: { deploy: { policies: [[WRITE_CODE('hermes-dev-console')]] } } },
    more: {
      manifests: {
        after: {
          version: 1,
          project: 'hermes',
          environment: 'dev',
          account: ACCOUNT,
          region: 'eu-west-1',
          partition: 'aws',
          roles: {},
          broker: {},
        },
      },
    },
    expect: ['high broker-power-gained', 'medium access-widened', 'medium privilege-escalation'],
  },
];
