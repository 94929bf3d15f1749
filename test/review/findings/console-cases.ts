/** Changes of the console's function and domain, one at a time, from what Leasehold deploys. */
import { Unread } from '../../../lib/review/model';
import { ACCOUNT, allow } from '../diff/build';
import {
  ADDRESS,
  added,
  addedAll,
  type ConsoleCase,
  changed,
  DEPLOYED,
  FUNCTION,
  first,
  MAPPING,
  type Values,
} from './deployed-console';

const { [ADDRESS.mapping]: _, ...WITHOUT_MAPPING } = DEPLOYED;
const NEW_MAPPING = 'aws_apigatewayv2_api_mapping.new';
const SHOP_MAPPING: Values = { ...MAPPING, api_id: 'e711', domain_name: 'shop.example.com', stage: 'shop' };
const MANIFEST = {
  version: 1,
  account: ACCOUNT,
  roles: {},
  broker: { url: 'https://a1b2c3.execute-api.eu-west-1.amazonaws.com', console: 'https://leases.example.com/console' },
};
/** The deployed console without its mapping, which gets a mapping. */
function mapping(name: string, values: Values, ...expected: readonly string[]): ConsoleCase {
  return {
    name: `a new mapping: ${name}`,
    before: { watched: WITHOUT_MAPPING },
    after: { watched: { ...WITHOUT_MAPPING, [NEW_MAPPING]: { ...MAPPING, ...values } } },
    expect: expected,
  };
}

const CODE = 'medium console-changed';
const SETTINGS = 'high console-changed';
const MOVED = 'high console-domain-changed';
const WRITE_CODE = (name: string) =>
  allow('lambda:UpdateFunctionCode', `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:${name}`);

export const consoleCases: readonly ConsoleCase[] = [
  changed('function', 'nothing', {}),
  changed('function', 'other code', { source_code_hash: 'b3RoZXI=' }, CODE),
  changed('function', 'code known only after apply', { source_code_hash: Unread }, CODE),
  changed('function', 'code of another place', { filename: null, s3_bucket: 'b', s3_key: 'k' }, CODE),
  changed('function', 'another issuer', { environment: [{ variables: {} }] }, SETTINGS),
  changed(
    'function',
    'another assistant',
    {
      environment: [
        {
          variables: {
            LEASEHOLD_CONSOLE_HOST: 'leases.example.com',
            LEASEHOLD_CONSOLE_ASSISTANT: 'wss://evil.example',
          },
        },
      ],
    },
    SETTINGS,
  ),
  changed('function', 'variables known only after apply', { environment: Unread }, SETTINGS),
  changed('function', 'another role', { role: `arn:aws:iam::${ACCOUNT}:role/admin` }, SETTINGS),
  changed('function', 'a layer', { layers: ['arn:x'] }, SETTINGS),
  changed('function', 'another handler and other code', { handler: 'x.y', source_code_hash: 'x' }, SETTINGS, CODE),
  changed('function', 'removed', undefined, SETTINGS),

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

  changed('domain', 'the same name in other letters', { domain_name: 'Leases.Example.com' }),
  changed('mapping', 'removed', undefined, MOVED),
  {
    name: 'the mapping of the console gets another address in the plan',
    before: { watched: DEPLOYED },
    after: { watched: { ...WITHOUT_MAPPING, [NEW_MAPPING]: { ...MAPPING, domain_name: 'Leases.example.com' } } },
    expect: [],
  },
  {
    name: 'another mapping than that of the console is removed',
    before: { watched: { ...DEPLOYED, [NEW_MAPPING]: { ...MAPPING, api_id: 'e711', api_mapping_key: 'x' } } },
    after: { watched: DEPLOYED },
    expect: [],
  },
  {
    name: 'the mapping of another domain is removed',
    before: { watched: { ...DEPLOYED, [NEW_MAPPING]: SHOP_MAPPING } },
    after: { watched: DEPLOYED },
    expect: [],
  },
  mapping('as Leasehold deploys it', {}),
  mapping('another API with the stage of the broker', { api_id: 'e711' }, MOVED),
  mapping('an unknown API with the stage of the broker', { api_id: Unread }, MOVED),
  mapping('an API outside the plan', { api_id: 'a9z8y7' }, MOVED),
  mapping('the stage of another broker', { stage: 'leasehold-hermes-prod' }, MOVED),
  mapping('an unknown stage', { stage: Unread }, MOVED),
  mapping('an unknown path', { api_mapping_key: Unread }, MOVED),
  mapping('another API, and other letters', { ...SHOP_MAPPING, domain_name: 'LEASES.example.com' }, MOVED),
  mapping('another API, and an unknown domain', { ...SHOP_MAPPING, domain_name: Unread }, MOVED),
  addedAll(
    'another API at the domain to which an expression refers',
    {
      watched: { [NEW_MAPPING]: { ...SHOP_MAPPING, domain_name: Unread } },
      names: { [NEW_MAPPING]: { domain_name: [ADDRESS.domain] } },
    },
    MOVED,
  ),
  addedAll('another API at another domain to which an expression refers', {
    watched: {
      'aws_apigatewayv2_domain_name.shop': { domain_name: 'shop.example.com' },
      [NEW_MAPPING]: { ...SHOP_MAPPING, domain_name: Unread },
    },
    names: { [NEW_MAPPING]: { domain_name: ['aws_apigatewayv2_domain_name.shop'] } },
  }),
  {
    name: 'a mapping of another domain, where the domain of the console is unknown',
    before: { watched: { [ADDRESS.function]: { ...FUNCTION, environment: Unread } } },
    after: { watched: { [ADDRESS.function]: { ...FUNCTION, environment: Unread }, [NEW_MAPPING]: SHOP_MAPPING } },
    expect: [MOVED],
  },
  {
    name: 'a mapping of an unknown domain, without a console',
    before: { watched: {} },
    after: { watched: { [NEW_MAPPING]: { ...SHOP_MAPPING, domain_name: Unread } } },
    expect: [],
  },
  {
    name: 'another API at the domain that only the manifest shows',
    before: { identities: { deploy: {} } },
    after: {
      identities: { deploy: {} },
      watched: { [NEW_MAPPING]: { ...SHOP_MAPPING, domain_name: 'leases.example.com' } },
    },
    more: { manifests: { before: MANIFEST, after: MANIFEST } },
    expect: [MOVED],
  },
  first('a mapping to a stage that is not of the API', { mapping: { stage: 'leasehold-hermes-prod' } }, MOVED),

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
