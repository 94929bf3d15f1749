/** A deployed console and its API, in which cases change one thing at a time. */
import { defined } from '@leasehold/contract/defined';
import { type PlannedAccess, Unread } from '../../../lib/review/model';
import { ACCOUNT, type EstateSpec } from '../diff/build';

export type Values = Readonly<Record<string, unknown>>;

/** In the form of the cases beside it. */
export interface ConsoleCase {
  readonly name: string;
  readonly before: EstateSpec;
  readonly after: EstateSpec;
  readonly more?: Partial<PlannedAccess>;
  readonly expect: readonly string[];
}

export const uri = (name: string, account = ACCOUNT) =>
  `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:${account}:function:${name}/invocations`;

export const FUNCTION: Values = {
  function_name: 'hermes-dev-console',
  role: `arn:aws:iam::${ACCOUNT}:role/leasehold-console/hermes-dev-console`,
  filename: 'console.zip',
  source_code_hash: 'GDfx9ZGx',
  handler: 'index.handler',
  runtime: 'nodejs22.x',
  environment: [{ variables: { LEASEHOLD_CONSOLE_HOST: 'leases.example.com' } }],
};
export const API: Values = {
  id: 'a1b2c3',
  name: 'hermes-dev-broker',
  cors_configuration: [],
  body: null,
  target: null,
};
export const INTEGRATION: Values = {
  id: 'c0n501e',
  api_id: 'a1b2c3',
  integration_type: 'AWS_PROXY',
  integration_uri: uri('hermes-dev-console'),
  payload_format_version: '2.0',
  request_parameters: null,
  credentials_arn: '',
};
export const ROUTE: Values = {
  api_id: 'a1b2c3',
  route_key: 'GET /console/{proxy+}',
  authorization_type: 'NONE',
  target: 'integrations/c0n501e',
};
const DOMAIN: Values = { domain_name: 'leases.example.com' };
export const MAPPING: Values = {
  api_id: 'a1b2c3',
  api_mapping_key: '',
  domain_name: 'leases.example.com',
  stage: 'leasehold-hermes-dev',
};

export const ADDRESS = {
  function: 'aws_lambda_function.console',
  api: 'aws_apigatewayv2_api.broker',
  integration: 'aws_apigatewayv2_integration.console',
  route: 'aws_apigatewayv2_route.files',
  domain: 'aws_apigatewayv2_domain_name.console',
  mapping: 'aws_apigatewayv2_api_mapping.console',
} as const;
type Part = keyof typeof ADDRESS;

export const DEPLOYED: Readonly<Record<string, Values>> = {
  [ADDRESS.function]: FUNCTION,
  [ADDRESS.api]: API,
  [ADDRESS.integration]: INTEGRATION,
  [ADDRESS.route]: ROUTE,
  [ADDRESS.domain]: DOMAIN,
  [ADDRESS.mapping]: MAPPING,
};

/** The deployed console, of which attributes of one part change; `undefined` removes the part. */
export function changed(part: Part, name: string, to: Values | undefined, ...expected: readonly string[]): ConsoleCase {
  const { [ADDRESS[part]]: was, ...others } = DEPLOYED;
  return {
    name: `the console's ${part}: ${name}`,
    before: { watched: DEPLOYED },
    after: { watched: to === undefined ? others : { ...others, [ADDRESS[part]]: { ...was, ...to } } },
    expect: expected,
  };
}

/** The deployed console, with one more resource. */
export function added(name: string, address: string, values: Values, ...expected: readonly string[]): ConsoleCase {
  return addedAll(name, { watched: { [address]: values } }, ...expected);
}

/** The deployed console, with more resources. */
export function addedAll(name: string, { watched, names }: EstateSpec, ...expected: readonly string[]): ConsoleCase {
  return {
    name: `beside the console: ${name}`,
    before: { watched: DEPLOYED },
    after: { watched: { ...DEPLOYED, ...watched }, ...defined({ names }) },
    expect: expected,
  };
}

const OF_API = { api_id: [ADDRESS.api] };

/** The first plan of a console, in which the ids are not known yet. */
export function first(name: string, to: Partial<Record<Part, Values>>, ...expected: readonly string[]): ConsoleCase {
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
      names: {
        [ADDRESS.integration]: OF_API,
        [ADDRESS.route]: { ...OF_API, target: [ADDRESS.integration] },
        [ADDRESS.mapping]: OF_API,
      },
    },
    more: { manifests: { after: { version: 1, account: ACCOUNT, roles: {} } } },
    expect: expected,
  };
}
