/** What CloudWatch and CloudWatch Logs authorise for each request. */
import { gzipSync } from 'node:zlib';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  GetMetricDataCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  GetQueryResultsCommand,
  PutDestinationCommand,
  PutLogEventsCommand,
  PutSubscriptionFilterCommand,
  StartQueryCommand,
  TagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CLOUDWATCH } from '../../../lib/sandbox/services/cloudwatch';
import { LOGS } from '../../../lib/sandbox/services/logs';
import { aRequest, capture, type Handmade, jsonCall, queryCall, sender } from './support/requests';
import { type Case, runCases } from './support/rows';

const captured = capture();
const sent = sender(LOGS, captured, new CloudWatchLogsClient(captured.config));
const GROUP = 'arn:aws:logs:ap-northeast-2:123456789012:log-group:/hermes/dev/app';
const OF = { logGroupName: '/hermes/dev/app' };
const IN = { logGroupIdentifier: GROUP };
const LOGS_IAM = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html';
const ROLE = 'arn:aws:iam::123456789012:role/to-stream';

const LOGS_CASES: readonly Case[] = [
  {
    name: 'filters events of a group',
    source: LOGS_IAM,
    request: sent(new FilterLogEventsCommand({ ...OF, filterPattern: 'ERROR' })),
    expect: [['logs:FilterLogEvents', `${GROUP}:log-stream:`]],
  },
  {
    name: 'filters events of a group that is named by its ARN',
    source: LOGS_IAM,
    request: sent(new FilterLogEventsCommand(IN)),
    expect: [['logs:FilterLogEvents', `${GROUP}:log-stream:`]],
  },
  {
    name: 'filters events, masked data among them',
    source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/mask-sensitive-log-data-viewunmasked.html',
    request: sent(new FilterLogEventsCommand({ ...OF, unmask: true })),
    expect: [
      ['logs:FilterLogEvents', `${GROUP}:log-stream:`],
      ['logs:Unmask', `${GROUP}:log-stream:`],
    ],
  },
  {
    name: 'reads a stream',
    source: LOGS_IAM,
    request: sent(new GetLogEventsCommand({ ...OF, logStreamName: 'web/1' })),
    expect: [['logs:GetLogEvents', `${GROUP}:log-stream:web/1`]],
  },
  {
    name: 'writes a stream',
    source: LOGS_IAM,
    request: sent(new PutLogEventsCommand({ ...OF, logStreamName: 'web/1', logEvents: [] })),
    expect: [['logs:PutLogEvents', `${GROUP}:log-stream:web/1`]],
  },
  {
    name: 'lists streams',
    source: LOGS_IAM,
    request: sent(new DescribeLogStreamsCommand(OF)),
    expect: [['logs:DescribeLogStreams', `${GROUP}:log-stream:`]],
  },
  {
    name: 'lists groups, which cannot be scoped',
    source: LOGS_IAM,
    request: sent(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/hermes' })),
    expect: [['logs:DescribeLogGroups', '*']],
  },
  {
    name: 'queries two groups',
    source: LOGS_IAM,
    request: sent(
      new StartQueryCommand({ logGroupNames: ['/a', '/b'], queryString: 'fields @message', startTime: 0, endTime: 1 }),
    ),
    expect: ['/a', '/b'].map((name) => ['logs:StartQuery', `${GROUP.replace('/hermes/dev/app', name)}:log-stream:`]),
  },
  {
    name: 'reads the result of a query, on whichever group it was',
    source: LOGS_IAM,
    request: sent(new GetQueryResultsCommand({ queryId: 'a' })),
    expect: [['logs:GetQueryResults', GROUP.replace('/hermes/dev/app', '*')]],
  },
  {
    name: 'creates a group with tags',
    source: LOGS_IAM,
    request: sent(new CreateLogGroupCommand({ ...OF, tags: { team: 'a' } })),
    expect: [['logs:CreateLogGroup', `${GROUP}:log-stream:`, { 'aws:TagKeys': ['team'], 'aws:RequestTag/team': 'a' }]],
  },
  {
    name: 'tags a group, whose ARN has no end then',
    source: LOGS_IAM,
    request: sent(new TagResourceCommand({ resourceArn: GROUP, tags: { team: 'a' } })),
    expect: [['logs:TagResource', GROUP, { 'aws:TagKeys': ['team'], 'aws:RequestTag/team': 'a' }]],
  },
  {
    name: 'subscribes with a role, which is passed',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html',
    request: sent(
      new PutSubscriptionFilterCommand({
        ...OF,
        filterName: 'f',
        filterPattern: '',
        destinationArn: 'arn:aws:kinesis:ap-northeast-2:123456789012:stream/s',
        roleArn: ROLE,
      }),
    ),
    expect: [
      ['logs:PutSubscriptionFilter', `${GROUP}:log-stream:`],
      ['iam:PassRole', ROLE, { 'iam:PassedToService': 'logs.amazonaws.com' }],
    ],
  },
  { name: 'refuses no group', request: sent(new FilterLogEventsCommand({})), expect: /no log group/ },
  {
    name: 'refuses two groups where one is meant',
    request: sent(new FilterLogEventsCommand({ ...OF, ...IN })),
    expect: /occurs twice/,
  },
  {
    name: 'refuses a group with a wildcard',
    request: sent(new FilterLogEventsCommand({ logGroupName: '/hermes/*' })),
    expect: /not a valid name of a/,
  },
  {
    name: "refuses a group that holds a stream's ARN",
    request: sent(new FilterLogEventsCommand({ logGroupName: '/a:log-stream:b' })),
    expect: /not a valid name of a/,
  },
  {
    name: 'refuses a group in another region',
    request: sent(new FilterLogEventsCommand({ logGroupIdentifier: GROUP.replace('northeast-2', 'northeast-1') })),
    expect: /not an ARN/,
  },
  {
    name: 'refuses a stream with a colon',
    request: sent(new GetLogEventsCommand({ ...OF, logStreamName: 'a:b' })),
    expect: /not a valid name of a log stream/,
  },
  {
    name: 'refuses what could not be authorised',
    request: sent(
      new PutDestinationCommand({
        destinationName: 'd',
        targetArn: 'arn:aws:kinesis:ap-northeast-2:123456789012:stream/s',
        roleArn: ROLE,
      }),
    ),
    expect: /no row for/,
  },
];

const caught = capture();
const metrics = sender(CLOUDWATCH, caught, new CloudWatchClient(caught.config));
const form = (parameters: string, overrides: Handmade = {}) =>
  queryCall(CLOUDWATCH, `Version=2010-08-01&${parameters}`, overrides);
const json = (operation: string, input: object, overrides: Handmade = {}) =>
  jsonCall(CLOUDWATCH, `GraniteServiceVersion20100801.${operation}`, input, overrides);
const cbor = (operation: string, hex: string, overrides: Handmade = {}) =>
  aRequest(CLOUDWATCH, {
    method: 'POST',
    path: `/service/GraniteServiceVersion20100801/operation/${operation}`,
    headers: { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' },
    body: Buffer.from(hex, 'hex'),
    ...overrides,
  });
/** `{ "Namespace": "Shop", "MetricData": [] }` */
const SHOP = 'a2694e616d6573706163656453686f706a4d65747269634461746180';
const ALARM = 'arn:aws:cloudwatch:ap-northeast-2:123456789012:alarm:';
const AUTH = 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html';
const TOPIC = 'arn:aws:sns:ap-northeast-2:123456789012:ops';
const packed = gzipSync(JSON.stringify({ Namespace: 'Shop', MetricData: [] }));

const MANY = Array.from({ length: 500 }, (_, index) => ({
  MetricName: `m-${index}`,
  Value: index,
  Timestamp: new Date(index),
  Dimensions: [{ Name: 'shop', Value: `s-${index}` }],
}));

const METRICS: readonly Case[] = [
  {
    name: 'reads metrics: JSON',
    source: AUTH,
    request: json('GetMetricData', { MetricDataQueries: [] }),
    expect: [['cloudwatch:GetMetricData', '*']],
  },
  {
    name: 'reads metrics: the SDK',
    source: AUTH,
    request: metrics(new GetMetricDataCommand({ MetricDataQueries: [], StartTime: new Date(0), EndTime: new Date(1) })),
    expect: [['cloudwatch:GetMetricData', '*']],
  },
  {
    name: 'reads metrics: query',
    source: AUTH,
    request: form('Action=ListMetrics&Namespace=AWS%2FEC2'),
    expect: [['cloudwatch:ListMetrics', '*']],
  },
  {
    name: 'reads metrics: CBOR',
    source: AUTH,
    request: cbor('GetMetricStatistics', 'a0'),
    expect: [['cloudwatch:GetMetricStatistics', '*']],
  },
  {
    name: 'writes metrics: JSON',
    source: AUTH,
    request: json('PutMetricData', { Namespace: 'Shop', MetricData: [] }),
    expect: [['cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': 'Shop' }]],
  },
  {
    name: 'writes metrics: the SDK',
    source: AUTH,
    request: metrics(new PutMetricDataCommand({ Namespace: 'Shop', MetricData: [{ MetricName: 'm', Value: 1.5 }] })),
    expect: [['cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': 'Shop' }]],
  },
  {
    name: 'writes many metrics, which the SDK packs',
    source: AUTH,
    request: metrics(new PutMetricDataCommand({ Namespace: 'Shop', MetricData: MANY })),
    expect: [['cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': 'Shop' }]],
  },
  {
    name: 'writes metrics: query',
    source: AUTH,
    request: form('Action=PutMetricData&Namespace=Shop'),
    expect: [['cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': 'Shop' }]],
  },
  {
    name: 'writes metrics: CBOR',
    source: AUTH,
    request: cbor('PutMetricData', SHOP),
    expect: [['cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': 'Shop' }]],
  },
  {
    name: 'writes metrics, packed',
    source: AUTH,
    request: json('PutMetricData', {}, { headers: { 'content-encoding': 'gzip' }, body: packed }),
    expect: [['cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': 'Shop' }]],
  },
  {
    name: 'lists some alarms',
    source: AUTH,
    request: metrics(new DescribeAlarmsCommand({ AlarmNames: ['a', 'b c'] })),
    expect: [
      ['cloudwatch:DescribeAlarms', `${ALARM}a`],
      ['cloudwatch:DescribeAlarms', `${ALARM}b c`],
    ],
  },
  {
    name: 'lists alarms',
    source: AUTH,
    request: form('Action=DescribeAlarms'),
    expect: [['cloudwatch:DescribeAlarms', `${ALARM}*`]],
  },
  {
    name: 'sets an alarm, and what it sets off',
    source: AUTH,
    request: metrics(
      new PutMetricAlarmCommand({
        AlarmName: 'a',
        AlarmActions: [TOPIC],
        Tags: [{ Key: 'team', Value: 'b' }],
        ComparisonOperator: 'GreaterThanThreshold',
        EvaluationPeriods: 1,
        Threshold: 0.5,
      }),
    ),
    expect: [
      [
        'cloudwatch:PutMetricAlarm',
        `${ALARM}a`,
        { 'cloudwatch:AlarmActions': [TOPIC], 'aws:TagKeys': ['team'], 'aws:RequestTag/team': 'b' },
      ],
    ],
  },
  {
    name: 'sets an alarm: query',
    source: AUTH,
    request: form(
      `Action=PutMetricAlarm&AlarmName=a&AlarmActions.member.1=${encodeURIComponent(TOPIC)}&Tags.member.1.Key=team&Tags.member.1.Value=b`,
    ),
    expect: [
      [
        'cloudwatch:PutMetricAlarm',
        `${ALARM}a`,
        { 'cloudwatch:AlarmActions': [TOPIC], 'aws:TagKeys': ['team'], 'aws:RequestTag/team': 'b' },
      ],
    ],
  },
  {
    name: 'reads a dashboard, which has no region',
    source: AUTH,
    request: metrics(new GetDashboardCommand({ DashboardName: 'shop' })),
    expect: [['cloudwatch:GetDashboard', 'arn:aws:cloudwatch::123456789012:dashboard/shop']],
  },
  { name: 'refuses metrics without a namespace', request: json('PutMetricData', {}), expect: /Namespace is missing/ },
  {
    name: 'refuses a query with a path of CBOR',
    request: form('Action=ListMetrics', { path: '/service/GraniteServiceVersion20100801/operation/DeleteAlarms' }),
    expect: /path is not/,
  },
  {
    name: 'refuses CBOR with a target',
    request: cbor('ListMetrics', 'a0', {
      headers: {
        'smithy-protocol': 'rpc-v2-cbor',
        'content-type': 'application/cbor',
        'x-amz-target': 'x.DeleteAlarms',
      },
    }),
    expect: /x-amz-target/,
  },
  {
    name: 'refuses CBOR with a query',
    request: cbor('ListMetrics', 'a0', { query: [['Action', 'DeleteAlarms']] }),
    expect: /query parameters/,
  },
  { name: 'refuses CBOR that goes on', request: cbor('ListMetrics', 'a0a0'), expect: /not unambiguous CBOR/ },
  {
    name: 'refuses CBOR that is cut off',
    request: cbor('PutMetricData', SHOP.slice(0, -4)),
    expect: /not unambiguous CBOR/,
  },
  {
    name: 'refuses CBOR with a name twice',
    request: cbor('PutMetricData', 'a2694e616d6573706163656161694e616d6573706163656162'),
    expect: /not unambiguous CBOR/,
  },
  { name: 'refuses CBOR of indefinite length', request: cbor('ListMetrics', 'bfff'), expect: /not unambiguous CBOR/ },
  { name: 'refuses CBOR that is no map', request: cbor('ListMetrics', '80'), expect: /not unambiguous CBOR/ },
  {
    name: 'refuses what is packed and no gzip',
    request: json('PutMetricData', {}, { headers: { 'content-encoding': 'gzip' } }),
    expect: /decompressed/,
  },
  {
    name: 'refuses what unpacks without end',
    request: json(
      'PutMetricData',
      {},
      { headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(32 << 20)) },
    ),
    expect: /decompressed/,
  },
  {
    name: 'refuses an alarm with a wildcard',
    request: json('DeleteAlarms', { AlarmNames: ['a*'] }),
    expect: /not a valid name of a/,
  },
  { name: 'refuses no alarm', request: json('DeleteAlarms', { AlarmNames: [] }), expect: /is empty/ },
];

describe('CloudWatch Logs', () => runCases(LOGS, LOGS_CASES));
describe('CloudWatch', () => runCases(CLOUDWATCH, METRICS));
