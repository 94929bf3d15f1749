/** Resources of any type that send to, or use, something outside the accounts of the plan. */
import { reviewPlan } from '../../../lib/review/review-plan';
import { ACCOUNT, change, configuration, type Json, planned, type Sides } from '../planned';

const OTHER = '444455556666';
const arn = (service: string, resource: string, account = OTHER) =>
  `arn:aws:${service}:eu-west-1:${account}:${resource}`;
const BUS = arn('events', 'event-bus/theirs');
const QUEUE = arn('sqs', 'theirs');

interface Case {
  readonly type: string;
  readonly name: string;
  readonly values: Json;
  readonly expect: readonly string[];
}

/** Each is created. */
const sends: readonly Case[] = [
  { type: 'cloudwatch_event_target', name: 'a bus', values: { rule: 'r', arn: BUS }, expect: ['high'] },
  {
    type: 'cloudwatch_event_target',
    name: 'a bus of its own account',
    values: { rule: 'r', arn: arn('events', 'event-bus/ours', ACCOUNT) },
    expect: [],
  },
  {
    type: 'cloudwatch_event_target',
    name: 'a queue for what failed',
    values: { rule: 'r', dead_letter_config: [{ arn: QUEUE }] },
    expect: ['high'],
  },
  { type: 'pipes_pipe', name: 'a target', values: { target: QUEUE }, expect: ['high'] },
  { type: 'pipes_pipe', name: 'a source', values: { source: QUEUE }, expect: ['medium'] },
  { type: 'scheduler_schedule', name: 'a target', values: { target: [{ arn: QUEUE }] }, expect: ['high'] },
  { type: 'sns_topic_subscription', name: 'a queue', values: { protocol: 'sqs', endpoint: QUEUE }, expect: ['high'] },
  {
    type: 'sns_topic_subscription',
    name: 'an address',
    values: { protocol: 'https', endpoint: 'https://hook.example.net/x' },
    expect: ['medium'],
  },
  {
    type: 'sns_topic_subscription',
    name: 'a person',
    values: { protocol: 'email', endpoint: 'ops@example.com' },
    expect: ['low'],
  },
  {
    type: 'sns_topic_subscription',
    name: 'a telephone',
    values: { protocol: 'sms', endpoint: '+4915112345678' },
    expect: ['low'],
  },
  {
    type: 'cloudwatch_log_subscription_filter',
    name: 'a destination',
    values: { destination_arn: arn('logs', 'destination:theirs') },
    expect: ['high'],
  },
  {
    type: 'cloudwatch_log_destination',
    name: 'a stream',
    values: { target_arn: arn('kinesis', 'stream/theirs') },
    expect: ['high'],
  },
  {
    type: 'cloudwatch_event_api_destination',
    name: 'an address',
    values: { invocation_endpoint: 'https://hook.example.net/x' },
    expect: ['medium'],
  },
  {
    type: 'kinesis_firehose_delivery_stream',
    name: 'a bucket',
    values: { extended_s3_configuration: [{ bucket_arn: 'arn:aws:s3:::theirs' }] },
    expect: ['medium'],
  },
  {
    type: 'kinesis_firehose_delivery_stream',
    name: 'a bucket of the plan',
    values: { extended_s3_configuration: [{ bucket_arn: 'arn:aws:s3:::ours' }] },
    expect: [],
  },
  {
    type: 'kinesis_firehose_delivery_stream',
    name: 'an address',
    values: { http_endpoint_configuration: [{ url: 'https://hook.example.net/x' }] },
    expect: ['medium'],
  },
  { type: 'cloudtrail', name: 'a bucket', values: { s3_bucket_name: 'theirs' }, expect: ['medium'] },
  { type: 'cloudtrail', name: 'a bucket of the plan', values: { s3_bucket_name: 'ours' }, expect: [] },
  { type: 'flow_log', name: 'a bucket', values: { log_destination: 'arn:aws:s3:::theirs/x' }, expect: ['medium'] },
  {
    type: 'lambda_function_event_invoke_config',
    name: 'what failed',
    values: { destination_config: [{ on_failure: [{ destination: QUEUE }] }] },
    expect: ['high'],
  },
  {
    type: 'sqs_queue_redrive_policy',
    name: 'what failed, in JSON',
    values: { redrive_policy: JSON.stringify({ deadLetterTargetArn: QUEUE, maxReceiveCount: 3 }) },
    expect: ['high'],
  },
  {
    type: 'backup_plan',
    name: 'a vault',
    values: { rule: [{ copy_action: [{ destination_vault_arn: arn('backup', 'backup-vault:theirs') }] }] },
    expect: ['high'],
  },
  {
    type: 'apigatewayv2_integration',
    name: 'a function',
    values: { integration_uri: arn('lambda', 'function:theirs') },
    expect: ['high'],
  },
  {
    type: 'api_gateway_integration',
    name: 'a function in the form of API Gateway',
    values: {
      uri: `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${arn('lambda', 'function:theirs')}/invocations`,
    },
    expect: ['high'],
  },
  {
    type: 'cloudwatch_log_delivery_destination',
    name: 'a stream',
    values: { delivery_destination_configuration: [{ destination_resource_arn: arn('firehose', 'deliverystream/x') }] },
    expect: ['high'],
  },
  {
    type: 'dms_endpoint',
    name: 'a stream',
    values: { kinesis_settings: [{ stream_arn: arn('kinesis', 'stream/x') }] },
    expect: ['high'],
  },
  {
    type: 's3_bucket_replication_configuration',
    name: 'a bucket',
    values: { bucket: 'ours', rule: [{ destination: [{ bucket: 'arn:aws:s3:::theirs' }] }] },
    expect: ['medium'],
  },
  {
    type: 'ram_principal_association',
    name: 'an account, which is a grant',
    values: { principal: `arn:aws:iam::${OTHER}:role/r`, resource_share_arn: 'x' },
    expect: [],
  },
  {
    type: 'customerprofiles_domain',
    name: 'a queue by its address',
    values: { dead_letter_queue_url: `https://sqs.eu-west-1.amazonaws.com/${OTHER}/theirs` },
    expect: ['high'],
  },
  ...[
    'https://sqs.eu-west-1.amazonaws.com.evil.test/123456789012/ours',
    'https://user@sqs.eu-west-1.amazonaws.com/123456789012/ours',
    'https://s3.amazonaws.com/theirs/key',
    'https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod',
    'https://x.lambda-url.eu-west-1.on.aws/',
    'https://d111111abcdef8.cloudfront.net/',
    'HTTPS:hook.example.net/x',
  ].map((endpoint) => ({
    type: 'sns_topic_subscription',
    name: endpoint,
    values: { protocol: 'https', endpoint },
    expect: ['medium'],
  })),
  ...[
    'https://sqs.eu-west-1.amazonaws.com/123456789012/ours',
    'https://sqs.eu-west-1.api.aws/123456789012/ours',
    'https://s3.amazonaws.com/ours/key',
    'https://events.eu-west-1.amazonaws.com/',
  ].map((endpoint) => ({
    type: 'sns_topic_subscription',
    name: endpoint,
    values: { protocol: 'https', endpoint },
    expect: [],
  })),
];

const uses: readonly Case[] = [
  { type: 'ebs_volume', name: 'a key', values: { kms_key_id: arn('kms', 'key/1') }, expect: ['medium'] },
  { type: 'lambda_function', name: 'a layer', values: { layers: [arn('lambda', 'layer:x:1')] }, expect: ['medium'] },
  {
    type: 'sfn_state_machine',
    name: 'a step',
    values: { definition: JSON.stringify({ States: { Do: { Resource: arn('lambda', 'function:theirs') } } }) },
    expect: ['medium'],
  },
  { type: 'ebs_volume', name: 'a tag', values: { tags: { from: QUEUE } }, expect: [] },
  {
    type: 'cloudwatch_event_rule',
    name: 'a pattern',
    values: { event_pattern: JSON.stringify({ resources: [QUEUE] }) },
    expect: [],
  },
  ...[`${OTHER}.dkr.ecr.eu-west-1.amazonaws.com/app:1`, `${OTHER}.dkr-ecr.eu-west-1.on.aws/app@sha256:0a`].map(
    (image_uri) => ({
      type: 'lambda_function',
      name: image_uri,
      values: { image_uri },
      expect: ['medium'],
    }),
  ),
  {
    type: 'lambda_function',
    name: 'an image of its own account',
    values: { image_uri: `${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/app:1` },
    expect: [],
  },
  {
    type: 'ecs_task_definition',
    name: 'an image in JSON',
    values: {
      container_definitions: JSON.stringify([{ image: `${OTHER}.dkr.ecr.eu-west-1.amazonaws.com/app:1` }]),
    },
    expect: ['medium'],
  },
  { type: 'lambda_function', name: 'code in a bucket', values: { s3_bucket: 'theirs' }, expect: ['medium'] },
  { type: 'lambda_function', name: 'code in a bucket of the plan', values: { s3_bucket: 'ours' }, expect: [] },
  { type: 'lambda_layer_version', name: 'code in a bucket', values: { s3_bucket: 'theirs' }, expect: ['medium'] },
  {
    type: 'glue_job',
    name: 'code in a bucket',
    values: { command: [{ script_location: 's3://theirs/x.py' }] },
    expect: ['medium'],
  },
  { type: 's3_object', name: 'a bucket', values: { bucket: 'theirs', key: 'x' }, expect: [] },
  { type: 'ecs_task_definition', name: 'an address', values: { family: 'https://example.net' }, expect: [] },
];

test.each([...sends, ...uses])('$type names $name', async ({ type, values, expect: expected }) => {
  expect(await found(`aws_${type}.new`, { after: values })).toEqual(expected);
});

test.each([
  { name: 'the same value', before: { target: QUEUE, role_arn: 'x' }, expect: [] },
  {
    name: 'another version of an image',
    before: { target: QUEUE, image: `${OTHER}.dkr.ecr.eu-west-1.amazonaws.com/app:1` },
    after: { image: `${OTHER}.dkr.ecr.eu-west-1.amazonaws.com/app:2` },
    expect: [],
  },
  { name: 'the value in an attribute that does not send', before: { enrichment: QUEUE }, expect: ['high'] },
  { name: 'the value in another attribute that sends', before: { dead_letter_arn: QUEUE }, expect: [] },
  { name: 'another value of the same account', before: { target: arn('sqs', 'another') }, expect: ['high'] },
  { name: 'a value of its own account', before: { target: arn('sqs', 'ours', ACCOUNT) }, expect: ['high'] },
])('an existing pipe that had $name', async ({ before, after, expect: expected }) => {
  expect(await found('aws_pipes_pipe.p', { before, after: { target: QUEUE, ...after } })).toEqual(expected);
});

/** Values that contain one name of the plan's own, and others. */
const OWN_QUEUE = arn('sqs', 'ours', ACCOUNT);
test.each<{ readonly text: string; readonly expect: readonly string[] }>([
  { text: OWN_QUEUE, expect: [] },
  { text: `${OWN_QUEUE},${QUEUE}`, expect: ['high'] },
  { text: `${OWN_QUEUE};${QUEUE}`, expect: ['high'] },
  { text: `${OWN_QUEUE}${QUEUE}`, expect: ['high'] },
  { text: `${OWN_QUEUE} https://hook.example.net/x`, expect: ['medium'] },
  { text: `${OWN_QUEUE},https://hook.example.net/x`, expect: ['medium'] },
  { text: `${OWN_QUEUE}|https://hook.example.net/x`, expect: ['medium'] },
  { text: `${OWN_QUEUE},arn:aws:s3:::theirs`, expect: ['medium'] },
  { text: `${OWN_QUEUE},arn:aws:s3:::ours`, expect: [] },
  { text: `${OWN_QUEUE},s3://theirs/x`, expect: ['medium'] },
  { text: `${OWN_QUEUE},ops@example.com`, expect: ['low'] },
  { text: `${OWN_QUEUE},https://sqs.eu-west-1.amazonaws.com/${OTHER}/theirs`, expect: ['high'] },
  { text: `https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/ours,https://hook.example.net/x`, expect: ['medium'] },
  { text: `https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/ours https://hook.example.net/x`, expect: ['medium'] },
  {
    text: `https://sns.eu-west-1.amazonaws.com/?Action=Publish&TopicArn=${encodeURIComponent(QUEUE)}`,
    expect: ['high'],
  },
  { text: `https://hook.example.net/${OWN_QUEUE}`, expect: ['medium'] },
  { text: `arn:aws:apigateway:eu-west-1:sqs:path/${OTHER}/theirs`, expect: ['high'] },
  { text: `arn:aws:apigateway:eu-west-1:sqs:path/${ACCOUNT}/ours`, expect: [] },
  { text: 'arn:aws:apigateway:eu-west-1:s3:path/theirs/key', expect: ['medium'] },
  { text: 'wss://hook.example.net/x', expect: ['medium'] },
])('a target of $text', async ({ text, expect: expected }) => {
  expect(await found('aws_pipes_pipe.new', { after: { target: text } })).toEqual(expected);
});

const queueUrl = (account: string) => `https://sqs.eu-west-1.amazonaws.com/${account}/q`;
const escaped = JSON.stringify({ States: { Do: { Resource: arn('lambda', 'function:theirs') } } }).replace(
  'arn:aws',
  '\\u0061rn:aws',
);

/** The definition of a state machine. */
test.each<{ readonly name: string; readonly definition: string | Json; readonly expect: readonly string[] }>([
  { name: 'a function', definition: { States: { Do: { Resource: arn('lambda', 'function:x') } } }, expect: ['medium'] },
  {
    name: 'an own function',
    definition: { States: { Do: { Resource: arn('lambda', 'function:x', ACCOUNT) } } },
    expect: [],
  },
  { name: 'a function, with an escaped letter', definition: escaped, expect: ['medium'] },
  { name: 'a queue by its address', definition: { States: { Do: { QueueUrl: queueUrl(OTHER) } } }, expect: ['high'] },
  { name: 'an own queue by its address', definition: { States: { Do: { QueueUrl: queueUrl(ACCOUNT) } } }, expect: [] },
  {
    name: 'an address',
    definition: { States: { Do: { Parameters: { ApiEndpoint: 'https://hook.example.net/x' } } } },
    expect: ['medium'],
  },
  {
    name: 'an address, in a step whose name is that of something that is not sent',
    definition: { States: { secret: { source: { ApiEndpoint: 'https://hook.example.net/x' } } } },
    expect: ['medium'],
  },
  {
    name: 'a bucket',
    definition: { States: { Do: { Parameters: { Bucket: 'theirs', Key: 'x' } } } },
    expect: ['medium'],
  },
  { name: 'an own bucket', definition: { States: { Do: { Parameters: { Bucket: 'ours', Key: 'x' } } } }, expect: [] },
  {
    name: 'JSON inside JSON',
    definition: { Input: JSON.stringify({ States: { Do: { QueueUrl: queueUrl(OTHER) } } }) },
    expect: ['high'],
  },
  {
    name: 'a function, beside a word of policies',
    definition: { Comment: '"Statement"', States: { Do: { Resource: arn('lambda', 'function:x') } } },
    expect: ['medium'],
  },
  {
    name: 'a step that is called as the statements of a policy are',
    definition: { Statement: { Effect: 'Allow', Type: 'Task', Resource: arn('lambda', 'function:x') } },
    expect: ['medium'],
  },
  {
    name: 'a function, beside the statement of a policy',
    definition: {
      Statement: [{ Effect: 'Allow', Action: 'x:Y', Resource: '*' }],
      States: { Do: { Resource: arn('lambda', 'function:x') } },
    },
    expect: ['medium'],
  },
  {
    name: 'the statement of a policy',
    definition: { Policy: { Statement: { Effect: 'Allow', Action: 'x:Y', Resource: arn('lambda', 'function:x') } } },
    expect: [],
  },
  {
    name: 'an own function and then another one under the same key',
    definition: `{"Url":"${queueUrl(OTHER)}","Url":"${queueUrl(ACCOUNT)}"}`,
    expect: ['high'],
  },
  {
    name: 'a queue too deep to read',
    definition: `${'['.repeat(300)}"${QUEUE}"${']'.repeat(300)}`,
    expect: ['high'],
  },
  { name: 'a function as a key', definition: { [arn('lambda', 'function:x')]: 'x' }, expect: ['medium'] },
  {
    name: 'the key of a bucket alone',
    definition: { Output: { bucket: 7, bucket_name: { bucket: 'ours' } } },
    expect: [],
  },
  { name: 'a function in a comment', definition: { Comment: arn('lambda', 'function:x') }, expect: [] },
])('a state machine with $name', async ({ definition, expect: expected }) => {
  const text = typeof definition === 'string' ? definition : JSON.stringify(definition);
  expect(await found('aws_sfn_state_machine.new', { after: { name: 'new', definition: text } })).toEqual(expected);
});

const arnOfParts = (account: string) =>
  `{% 'arn:aws:sqs:eu-west-1:${account.slice(0, 6)}' & '${account.slice(6)}:q' %}`;
const urlOfParts = (account: string) =>
  `{% "https://sqs.eu-west-1.amazonaws.com/" & ${account.slice(0, 6)} & '${account.slice(6)}' & '/q' %}`;

/** Digits as JSONata and JSON may write them, for example `\\u0036`. */
const escapedDigits = (digits: string) => digits.replace(/\d/g, (digit) => `\\u003${digit}`);

/** The arguments of a step, which are computed when the state machine runs. */
test.each<{ readonly name: string; readonly step: Json; readonly expect: readonly string[] }>([
  { name: 'a queue of literal texts', step: { QueueUrl: urlOfParts(OTHER) }, expect: ['high'] },
  { name: 'an own queue of literal texts', step: { QueueUrl: urlOfParts(ACCOUNT) }, expect: [] },
  { name: 'an ARN of literal texts', step: { TargetArn: arnOfParts(OTHER) }, expect: ['high'] },
  { name: 'a bucket as a literal text', step: { Bucket: "{% 'theirs' %}" }, expect: ['medium'] },
  { name: 'an own bucket as a literal text', step: { Bucket: "{% 'ours' %}" }, expect: [] },
  {
    name: 'a queue of a format',
    step: { 'QueueUrl.$': `States.Format('https://sqs.eu-west-1.amazonaws.com/{}/q', '${OTHER}')` },
    expect: ['high'],
  },
  {
    name: 'an own queue of a format',
    step: { 'QueueUrl.$': `States.Format('https://sqs.eu-west-1.amazonaws.com/{}/q', '${ACCOUNT}')` },
    expect: [],
  },
  { name: 'an ARN with escaped digits', step: { TargetArn: arnOfParts(escapedDigits(OTHER)) }, expect: ['medium'] },
  {
    name: 'a queue with escaped digits',
    step: { QueueUrl: `{% "${queueUrl(escapedDigits(OTHER))}" %}` },
    expect: ['medium'],
  },
  {
    name: 'a queue with an escaped host',
    step: { QueueUrl: `{% "https://sqs.eu-west-1.amazonaws\\u002ecom/${OTHER}/q" %}` },
    expect: ['medium', 'medium'],
  },
  {
    name: 'an own queue with escaped slashes',
    step: { QueueUrl: `{% "${queueUrl(ACCOUNT).replaceAll('/', '\\/')}" %}` },
    expect: [],
  },
  {
    name: 'a queue of a format with escaped braces',
    step: { 'QueueUrl.$': `States.Format('https://sqs.eu-west-1.amazonaws.com/{}/\\{\\}', '${ACCOUNT}')` },
    expect: ['medium'],
  },
  { name: 'a queue of the input', step: { 'QueueUrl.$': '$.queue' }, expect: ['low'] },
  { name: 'a queue of the context', step: { 'QueueUrl.$': "$$.Execution.Input['queue']" }, expect: ['low'] },
  { name: 'a queue of the input, in JSONata', step: { QueueUrl: '{% $states.input.queue %}' }, expect: ['low'] },
  { name: 'a bucket of a variable', step: { Bucket: '{% $bucket %}' }, expect: ['low'] },
  {
    name: 'a queue that a function returns',
    step: { QueueUrl: "{% $replace('x', 'x', $states.input.q) %}" },
    expect: ['medium'],
  },
  {
    name: 'a queue of a format with the input',
    step: { 'QueueUrl.$': "States.Format('https://sqs.eu-west-1.amazonaws.com/{}/q', $.account)" },
    expect: ['medium'],
  },
  {
    name: 'a queue of a text and the input',
    step: { QueueUrl: "{% 'https://' & $states.input.host %}" },
    expect: ['medium', 'medium'],
  },
  { name: 'a text of the input', step: { 'MessageBody.$': '$.body', Key: '{% $states.input.key %}' }, expect: [] },
  { name: 'a role of the input', step: { 'RoleArn.$': '$.role' }, expect: [] },
  { name: 'a text under a path key', step: { 'Message.$': "States.Format('{} is ready', $.name)" }, expect: [] },
  {
    name: 'an own queue beside the input',
    step: { QueueUrl: queueUrl(ACCOUNT), 'MessageBody.$': '$.body' },
    expect: [],
  },
])('a state machine whose step has $name', async ({ step, expect: expected }) => {
  const definition = JSON.stringify({ States: { Notification: { Parameters: step } } });
  expect(await found('aws_sfn_state_machine.new', { after: { name: 'new', definition } })).toEqual(expected);
});

test('an existing state machine whose target is computed in the same way is not reported again', async () => {
  const definition = (more: Json) =>
    JSON.stringify({ States: { Do: { Parameters: { 'QueueUrl.$': '$.queue', ...more } } } });
  const sides = (before: Json, after: Json) => ({
    before: { definition: definition(before) },
    after: { definition: definition(after) },
  });
  expect(await found('aws_sfn_state_machine.m', sides({}, { DelaySeconds: 3 }))).toEqual([]);
  expect(await found('aws_sfn_state_machine.m', sides({}, { 'TargetArn.$': '$.target' }))).toEqual(['low']);
});

const SQS = 'https://sqs.eu-west-1.amazonaws.com';
const sending = (account: string) => encodeURIComponent(`${SQS}/${account}/q`);

/** Addresses of AWS with an account in the query. */
test.each<{ readonly url: string; readonly expect: readonly string[] }>([
  { url: `${SQS}/?Action=SendMessage&QueueUrl=${sending(OTHER)}`, expect: ['high'] },
  { url: `${SQS}/?Action=SendMessage&QueueUrl=${sending(ACCOUNT)}`, expect: [] },
  { url: `${SQS}/${ACCOUNT}/q?QueueUrl=${sending(OTHER)}`, expect: ['high'] },
  { url: `${SQS}/?QueueUrl=${encodeURIComponent(sending(OTHER))}`, expect: ['high'] },
  { url: `${SQS}/?QueueUrl=/${OTHER}/q`, expect: ['high'] },
  { url: `${SQS}/?QueueName=q&QueueOwnerAWSAccountId=${OTHER}`, expect: ['high'] },
  { url: `https://queue.amazonaws.com/?QueueUrl=/${OTHER}/q`, expect: ['high'] },
  { url: `${SQS}/?Action=ListQueues&Timestamp=1764500000000`, expect: [] },
  { url: `${SQS}/${ACCOUNT}/q`, expect: [] },
])('an API destination at $url', async ({ url, expect: expected }) => {
  expect(await found('aws_cloudwatch_event_api_destination.d', { after: { invocation_endpoint: url } })).toEqual(
    expected,
  );
});

/** Hosts without a scheme. */
test.each<{ readonly type: string; readonly values: Json; readonly expect: readonly string[] }>([
  { type: 'dms_endpoint', values: { server_name: 'db.example.net' }, expect: ['medium'] },
  { type: 'dms_endpoint', values: { server_name: 'db.example.net.' }, expect: ['medium'] },
  { type: 'dms_endpoint', values: { server_name: '192.0.2.7' }, expect: ['medium'] },
  { type: 'dms_endpoint', values: { server_name: 'x.a1b2c3.eu-west-1.rds.amazonaws.com' }, expect: ['medium'] },
  { type: 'dms_endpoint', values: { server_name: '10.1.2.3' }, expect: [] },
  { type: 'dms_endpoint', values: { server_name: '172.20.0.4' }, expect: [] },
  { type: 'dms_endpoint', values: { server_name: 'db.prod.internal' }, expect: [] },
  { type: 'dms_endpoint', values: { server_name: 'db' }, expect: [] },
  { type: 'dms_endpoint', values: { database_name: 'orders.v2' }, expect: [] },
  {
    type: 'dms_endpoint',
    values: { kafka_settings: [{ broker: 'b-1.internal:9092,b.example.net:9092' }] },
    expect: ['medium'],
  },
  { type: 'dms_endpoint', values: { kafka_settings: [{ topic: 'orders.created' }] }, expect: [] },
  { type: 'datasync_location_smb', values: { server_hostname: 'files.example.net' }, expect: ['medium'] },
  {
    type: 'cloudwatch_event_api_destination',
    values: { invocation_endpoint: 'hook.example.net/x' },
    expect: ['medium'],
  },
  {
    type: 'cloudwatch_event_api_destination',
    values: { invocation_endpoint: 'hook.example.net:8443' },
    expect: ['medium'],
  },
  { type: 'sns_topic_subscription', values: { protocol: 'https', endpoint: 'hook.example.net' }, expect: ['medium'] },
  {
    type: 'customerprofiles_domain',
    values: { dead_letter_queue_url: `sqs.eu-west-1.amazonaws.com/${OTHER}/q` },
    expect: ['high'],
  },
  {
    type: 'customerprofiles_domain',
    values: { dead_letter_queue_url: `sqs.eu-west-1.amazonaws.com/${ACCOUNT}/q` },
    expect: [],
  },
])('an aws_$type with the host in $values', async ({ type, values, expect: expected }) => {
  expect(await found(`aws_${type}.new`, { after: values })).toEqual(expected);
});

/** What the expression of a target refers to that is known only after apply. */
test.each<{ readonly references: readonly string[]; readonly expect: readonly string[] }>([
  { references: ['aws_sqs_queue.ours.arn', 'aws_sqs_queue.ours'], expect: [] },
  { references: ['aws_sqs_queue.ours.id', 'aws_sqs_queue.ours'], expect: [] },
  { references: ['aws_sqs_queue.ours.url', 'aws_sqs_queue.ours'], expect: [] },
  { references: ['aws_sqs_queue.ours'], expect: [] },
  { references: ['aws_sqs_queue.ours.visibility_timeout_seconds', 'aws_sqs_queue.ours'], expect: ['low'] },
  { references: ['aws_iam_user.u.unique_id', 'aws_iam_user.u'], expect: ['low'] },
  {
    references: ['aws_iam_user.u.unique_id', 'aws_iam_user.u', 'aws_sqs_queue.ours.arn', 'aws_sqs_queue.ours'],
    expect: [],
  },
])('a target that is known only after apply, and refers to $references', async ({ references, expect: expected }) => {
  const sides = { after: {}, unknown: { target: true } };
  expect(await found('aws_pipes_pipe.p', sides, { target: { references } })).toEqual(expected);
});

test('an existing pipe that sent to a value, and now uses it', async () => {
  expect(await found('aws_pipes_pipe.p', { before: { target: QUEUE }, after: { enrichment: QUEUE } })).toEqual([
    'medium',
  ]);
});

test('a resource that does not change', async () => {
  expect(await found('aws_pipes_pipe.p', { same: { target: QUEUE } })).toEqual([]);
});

test.each([
  {
    name: 'a resource of the plan',
    written: { references: ['aws_sqs_queue.ours.arn', 'aws_sqs_queue.ours'] },
    expect: [],
  },
  {
    name: 'something that the plan does not show',
    written: { references: ['data.http.target.response_body', 'data.http.target'] },
    expect: ['low'],
  },
  { name: 'nothing, so that AWS computes it', written: undefined, expect: [] },
])('a target that is known only after apply and refers to $name', async ({ written, expect: expected }) => {
  const target: Json = written === undefined ? {} : { target: written };
  expect(await found('aws_pipes_pipe.p', { after: {}, unknown: { target: true } }, target)).toEqual(expected);
});

test('the message names what belongs to one owner together', async () => {
  const { findings } = await reviewOf('aws_pipes_pipe.p', { after: { target: QUEUE, dead_letter_arn: BUS } });
  expect(findings.map(({ message }) => message)).toEqual([
    `aws_pipes_pipe.p now sends to ${QUEUE}, ${BUS}, of account ${OTHER}, which is none of this plan's.`,
  ]);
});

test('an account that the user declares is no other account', async () => {
  const { findings } = await reviewOf('aws_pipes_pipe.p', { after: { target: QUEUE } }, {}, [OTHER]);
  expect(findings).toEqual([]);
});

async function found(address: string, sides: Sides, written: Json = {}): Promise<readonly string[]> {
  const { findings } = await reviewOf(address, sides, written);
  return findings.flatMap(({ id, severity }) => (id === 'outside-resource' ? [severity] : []));
}

function reviewOf(address: string, sides: Sides, written: Json = {}, accounts: readonly string[] = []) {
  const access = planned(
    [
      change(address, sides),
      change('aws_s3_bucket.ours', { same: { bucket: 'ours' } }),
      change('aws_sqs_queue.ours', { after: { name: 'ours' } }),
      change('aws_iam_user.u', { same: { name: 'u', arn: `arn:aws:iam::${ACCOUNT}:user/u` } }),
    ],
    { configuration: configuration({ [address]: written }) },
  );
  return reviewPlan(access, { today: '2026-11-22', accounts });
}
