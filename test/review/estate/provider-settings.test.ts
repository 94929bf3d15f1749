/** Which settings of a provider let the author of a configuration decide what the provider reports. */
import { ACCOUNT, aPolicy, change, configuration, type Json, planned } from '../planned';

const OTHER = '444455556666';
const written = (value: unknown): Json => ({ constant_value: value });
const refersTo = (...references: readonly string[]): Json => ({ references });
/** An expression that calls a function, for example `format("https://%s", "hook.example.net")`. */
const CALL: Json = {};
const endpoint = (expression: Json): Json => ({ endpoints: [{ sts: expression }] });

interface Row {
  readonly name: string;
  readonly settings: Json;
  readonly faked: boolean;
}

const rows: readonly Row[] = [
  { name: 'nothing', settings: {}, faked: false },
  { name: 'ordinary settings', settings: { region: written('eu-west-1'), max_retries: written(3) }, faked: false },
  { name: 'a profile', settings: { profile: written('work') }, faked: false },
  { name: 'a role', settings: { assume_role: [{ role_arn: refersTo('var.role') }] }, faked: false },
  { name: 'no check of credentials', settings: { skip_credentials_validation: written(true) }, faked: false },
  { name: 'endpoints, of which none is set', settings: { endpoints: [{}] }, faked: false },
  { name: 'an endpoint that is null', settings: endpoint(written(null)), faked: false },
  { name: 'an endpoint that is empty', settings: endpoint(written('')), faked: false },
  ...['https://sts.eu-west-1.amazonaws.com', 'https://sts.amazonaws.com/', 'https://s3.eu-west-1.amazonaws.com'].map(
    (address) => ({ name: `the endpoint ${address}`, settings: endpoint(written(address)), faked: false }),
  ),
  ...[
    'https://hook.example.net',
    'http://sts.eu-west-1.amazonaws.com',
    'https://sts.eu-west-1.amazonaws.com.example.net',
    'https://user@sts.eu-west-1.amazonaws.com',
    'https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com',
    'https://theirs.s3.eu-west-1.amazonaws.com',
    'https://s3.eu-west-1.amazonaws.com/theirs',
    'https://sts.eu-west-1.amazonaws.com/?x',
    'http://localhost:4566',
  ].map((address) => ({ name: `the endpoint ${address}`, settings: endpoint(written(address)), faked: true })),
  { name: 'an endpoint of a variable', settings: endpoint(refersTo('var.endpoint')), faked: true },
  { name: 'an endpoint that a function returns', settings: endpoint(CALL), faked: true },
  { name: 'endpoints in another form', settings: { endpoints: refersTo('var.endpoints') }, faked: true },
  {
    name: 'an endpoint after another one',
    settings: {
      endpoints: [{ s3: written('https://s3.eu-west-1.amazonaws.com') }, { sts: written('https://x.test') }],
    },
    faked: true,
  },
  ...['custom_ca_bundle', 'ec2_metadata_service_endpoint', 'http_proxy', 'https_proxy'].flatMap((name) => [
    { name: `${name}`, settings: { [name]: written('x') }, faked: true },
    { name: `${name} of a variable`, settings: { [name]: refersTo('var.x') }, faked: true },
    { name: `${name} that is empty`, settings: { [name]: written('') }, faked: false },
    { name: `${name} that is null`, settings: { [name]: written(null) }, faked: false },
  ]),
  ...['shared_config_files', 'shared_credentials_files'].flatMap((name) => [
    { name: `${name}`, settings: { [name]: written(['./aws']) }, faked: true },
    { name: `${name} that a function returns`, settings: { [name]: CALL }, faked: true },
    { name: `${name}, of which there are none`, settings: { [name]: written([]) }, faked: false },
  ]),
  { name: 'insecure', settings: { insecure: written(true) }, faked: true },
  { name: 'insecure as a text', settings: { insecure: written('true') }, faked: true },
  { name: 'insecure that a function returns', settings: { insecure: CALL }, faked: true },
  { name: 'not insecure', settings: { insecure: written(false) }, faked: false },
  { name: 'the metadata service', settings: { skip_metadata_api_check: written(false) }, faked: true },
  { name: 'the metadata service as a text', settings: { skip_metadata_api_check: written('false') }, faked: true },
  { name: 'no metadata service', settings: { skip_metadata_api_check: written(true) }, faked: false },
  { name: 'no metadata service as a text', settings: { skip_metadata_api_check: written('true') }, faked: false },
  ...['access_key', 'secret_key', 'token'].flatMap((name) => [
    { name: `${name}`, settings: { [name]: written('AKIAIOSFODNN7EXAMPLE') }, faked: true },
    { name: `${name} that a function returns`, settings: { [name]: CALL }, faked: true },
    { name: `${name} of a local value`, settings: { [name]: refersTo('local.key') }, faked: true },
    { name: `${name} of a variable with a default`, settings: { [name]: refersTo('var.preset') }, faked: true },
    { name: `${name} of a variable`, settings: { [name]: refersTo('var.key') }, faked: false },
    { name: `${name} of a vault`, settings: { [name]: refersTo('data.vault_generic_secret.aws') }, faked: false },
    {
      name: `${name} of an element of a vault`,
      settings: { [name]: refersTo('data.vault_generic_secret.aws.data["key"]', 'data.vault_generic_secret.aws') },
      faked: false,
    },
    ...[
      'path.module',
      'path.root',
      'terraform.workspace',
      'module.keys.key',
      'each.value',
      'terraform_data.key.output',
      'local_file.key.content',
      'random_password.key.result',
      'data.local_file.key.content',
      'data.local_sensitive_file.key.content',
      'data.external.key[0].result',
      'data.http.key.response_body',
      'data.template_file.key.rendered',
      'data.terraform_remote_state.keys.outputs.key',
    ].map((reference) => ({
      name: `${name} of ${reference}`,
      settings: { [name]: refersTo(reference) },
      faked: true,
    })),
    {
      name: `${name} of a vault and a file`,
      settings: { [name]: refersTo('data.vault_generic_secret.aws', 'data.local_file.path') },
      faked: true,
    },
  ]),
];

const data = (type: string, values: Json): Json => ({
  address: `data.${type}.d`,
  mode: 'data',
  type,
  name: 'd',
  provider_name: 'registry.terraform.io/hashicorp/aws',
  values,
});

/** A plan in which every resource and data source uses one provider with the given settings. */
function planWith(settings: Json, changes: readonly Json[], prior: readonly Json[], key = 'aws') {
  const used = [...changes, ...prior].map(({ address }) => [String(address), { provider: key }] as const);
  const whole = configuration(Object.fromEntries(used), { aws: {}, [key]: settings }) as {
    provider_config: Json;
    root_module: Json;
  };
  const variables = { key: {}, preset: { default: 'AKIAIOSFODNN7EXAMPLE' } };
  return planned(changes, {
    configuration: { ...whole, root_module: { ...whole.root_module, variables } },
    prior_state: { format_version: '1.0', values: { root_module: { resources: prior } } },
  });
}

const queue = change('aws_sqs_queue.q', { same: { name: 'q', arn: `arn:aws:sqs:eu-west-1:${OTHER}:q` } });
const machine = change('aws_sfn_state_machine.m', {
  same: { name: 'm', arn: `arn:aws:states:eu-west-1:${OTHER}:stateMachine:m` },
});
const identity = data('aws_caller_identity', { account_id: OTHER });
const lookedUp = data('aws_sns_topic', { arn: `arn:aws:sns:eu-west-1:${OTHER}:t` });
const organization = data('aws_organizations_organization', { id: 'o-a1b2c3', accounts: [{ id: OTHER }] });
const untouched = { ...data('aws_sqs_queue', { arn: `arn:aws:sqs:eu-west-1:${OTHER}:p` }), mode: 'managed' };

/** Every kind of evidence. */
const evidence: readonly {
  readonly name: string;
  readonly changes?: readonly Json[];
  readonly prior?: readonly Json[];
}[] = [
  { name: 'a queue that exists', changes: [queue] },
  { name: 'a state machine that exists', changes: [machine] },
  { name: 'a queue that is not in the changes', prior: [{ ...untouched, address: 'aws_sqs_queue.d' }] },
  { name: 'the caller identity', prior: [identity] },
  { name: 'a topic that is looked up', prior: [lookedUp] },
  { name: 'an organization that is looked up', prior: [organization] },
  {
    name: 'an organization that exists',
    changes: [change('aws_organizations_organization.o', { same: { id: 'o-a1b2c3', accounts: [{ id: OTHER }] } })],
  },
];

const FAKED = endpoint(written('https://hook.example.net'));

test.each(evidence)('$name', ({ changes = [], prior = [] }) => {
  expect(planWith({}, changes, prior).accounts).toEqual([OTHER]);
  expect(planWith(FAKED, changes, prior).accounts).toEqual([]);
});

test.each(rows)('a provider with $name may be faked: $faked', ({ settings, faked }) => {
  expect(planWith(settings, [queue], []).accounts).toEqual(faked ? [] : [OTHER]);
  expect(planWith(settings, [], [identity]).accounts).toEqual(faked ? [] : [OTHER]);
});

describe('other evidence of a provider', () => {
  test.each([
    { name: 'the accounts that it permits', settings: { allowed_account_ids: written([OTHER]) } },
    {
      name: 'the role that it assumes',
      settings: { assume_role: [{ role_arn: written(`arn:aws:iam::${OTHER}:role/r`) }] },
    },
  ])('$name', ({ settings }) => {
    const created = [change('aws_sqs_queue.q', { after: { name: 'q' } })];
    expect(planWith(settings, created, []).accounts).toEqual([OTHER]);
    expect(planWith({ ...settings, ...FAKED }, created, []).accounts).toEqual([]);
  });

  test('a bucket that exists', () => {
    const bucket = [change('aws_s3_bucket.b', { same: { bucket: 'logs' } })];
    expect(planWith({}, bucket, []).buckets).toContain('arn:aws:s3:::logs');
    expect(planWith(FAKED, bucket, []).buckets).toEqual([]);
  });

  test('a bucket that is created before the resource that names it', () => {
    const changes = [
      change('aws_s3_bucket.b', { after: { bucket: 'logs' } }),
      change('aws_cloudtrail.t', { after: { name: 't', s3_bucket_name: 'logs' } }),
    ];
    const buckets = (settings: Json) =>
      planned(changes, {
        configuration: configuration(
          {
            'aws_s3_bucket.b': { provider: 'aws.second' },
            'aws_cloudtrail.t': { s3_bucket_name: refersTo('aws_s3_bucket.b.bucket', 'aws_s3_bucket.b') },
          },
          { 'aws.second': { allowed_account_ids: written([ACCOUNT]), ...settings } },
        ),
      }).bucketsBefore?.('aws_cloudtrail.t', 'logs');
    expect(buckets({})).toEqual([{ name: 'logs', account: ACCOUNT }]);
    expect(buckets(FAKED)).toEqual([]);
  });

  test('the text of a managed policy that is looked up', () => {
    const looked = aPolicy('reads', { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' });
    const attachment = change('aws_iam_user_policy_attachment.a', { after: { user: 'u', policy_arn: looked.arn } });
    const documents = (settings: Json) => {
      const access = planWith(settings, [attachment], [data('aws_iam_policy', looked)]);
      return [...access.after.identities.values()].flatMap(({ policies }) =>
        policies.map((each) => each.document.kind),
      );
    };
    expect(documents({})).toEqual(['known']);
    expect(documents(FAKED)).toEqual(['unknown']);
  });

  test('a resource that is no longer configured may be one of any provider', () => {
    const leftover = change('aws_sqs_queue.gone', { before: { name: 'q', arn: `arn:aws:sqs:eu-west-1:${OTHER}:q` } });
    const accounts = (settings: Json) =>
      planned([leftover], { configuration: configuration({}, { aws: {}, 'aws.second': settings }) }).accounts;
    expect(accounts({})).toEqual([OTHER]);
    expect(accounts(FAKED)).toEqual([]);
  });
});
