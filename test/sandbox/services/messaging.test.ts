/** What SQS and SNS authorise for each request. */
import { SNS } from '../../../lib/sandbox/services/sns';
import { SQS } from '../../../lib/sandbox/services/sqs';
import { type Handmade, jsonCall, queryCall } from './support/requests';
import { type Case, runCases } from './support/rows';

const json = (operation: string, input: object) => jsonCall(SQS, `AmazonSQS.${operation}`, input);
const form = (parameters: string, overrides: Handmade = {}) =>
  queryCall(SQS, `Version=2012-11-05&${parameters}`, { protocol: 'query', ...overrides });
const QUEUE = 'arn:aws:sqs:ap-northeast-2:123456789012:jobs';
const url = (host: string, path = '/123456789012/jobs') => ({ QueueUrl: `${host}${path}` });
const LOCAL = url('http://127.0.0.1:4566');
const AUTH = 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html';
const BATCH = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html';
const encoded = encodeURIComponent(LOCAL.QueueUrl);

const QUEUES: readonly Case[] = [
  {
    name: 'sends a message: JSON',
    source: AUTH,
    request: json('SendMessage', { ...LOCAL, MessageBody: 'x' }),
    expect: [['sqs:SendMessage', QUEUE]],
  },
  {
    name: "sends a message by AWS's URL",
    source: AUTH,
    request: json('SendMessage', url('https://sqs.ap-northeast-2.amazonaws.com')),
    expect: [['sqs:SendMessage', QUEUE]],
  },
  {
    name: 'sends a message: query',
    source: AUTH,
    request: form(`Action=SendMessage&QueueUrl=${encoded}`),
    expect: [['sqs:SendMessage', QUEUE]],
  },
  {
    name: 'sends a message: query, by path',
    source: AUTH,
    request: form('Action=SendMessage', { path: '/123456789012/jobs' }),
    expect: [['sqs:SendMessage', QUEUE]],
  },
  {
    name: 'sends a message to another account',
    source: AUTH,
    request: json('SendMessage', url('http://localhost', '/210987654321/jobs.fifo')),
    expect: [['sqs:SendMessage', 'arn:aws:sqs:ap-northeast-2:210987654321:jobs.fifo']],
  },
  {
    name: 'sends a batch: the action of one message',
    source: BATCH,
    request: json('SendMessageBatch', { ...LOCAL, Entries: [] }),
    expect: [['sqs:SendMessage', QUEUE]],
  },
  {
    name: 'deletes a batch',
    source: BATCH,
    request: json('DeleteMessageBatch', { ...LOCAL, Entries: [] }),
    expect: [['sqs:DeleteMessage', QUEUE]],
  },
  {
    name: 'receives messages',
    source: AUTH,
    request: json('ReceiveMessage', LOCAL),
    expect: [['sqs:ReceiveMessage', QUEUE]],
  },
  { name: 'lists queues', source: AUTH, request: json('ListQueues', {}), expect: [['sqs:ListQueues', '*']] },
  {
    name: 'creates a queue with tags: JSON',
    source: AUTH,
    request: json('CreateQueue', { QueueName: 'jobs', tags: { team: 'a' } }),
    expect: [['sqs:CreateQueue', QUEUE, { 'aws:TagKeys': ['team'], 'aws:RequestTag/team': 'a' }]],
  },
  {
    name: 'creates a queue with tags: query',
    source: AUTH,
    request: form('Action=CreateQueue&QueueName=jobs&Tag.1.Key=team&Tag.1.Value=a'),
    expect: [['sqs:CreateQueue', QUEUE, { 'aws:TagKeys': ['team'], 'aws:RequestTag/team': 'a' }]],
  },
  {
    name: 'refuses two queues',
    request: form(`Action=SendMessage&QueueUrl=${encoded}`, { path: '/123456789012/other' }),
    expect: /two queues/,
  },
  {
    name: "refuses a queue's URL elsewhere",
    request: json('SendMessage', url('https://evil.example')),
    expect: /no URL of a queue/,
  },
  {
    name: "refuses another region's URL",
    request: json('SendMessage', url('https://sqs.us-east-1.amazonaws.com')),
    expect: /no URL of a queue/,
  },
  {
    name: 'refuses a URL with a user in it',
    request: json('SendMessage', url('http://localhost@evil.example')),
    expect: /no URL of a queue/,
  },
  {
    name: 'refuses a URL that goes on',
    request: json('SendMessage', url('http://localhost', '/123456789012/jobs/x')),
    expect: /no URL of a queue/,
  },
  {
    name: 'refuses a URL with dots',
    request: json('SendMessage', url('http://localhost', '/123456789012/../jobs')),
    expect: /no URL of a queue/,
  },
  {
    name: 'refuses an encoded URL',
    request: json('SendMessage', url('http://localhost', '/123456789012/job%73')),
    expect: /no URL of a queue/,
  },
  { name: 'refuses no queue', request: json('SendMessage', {}), expect: /QueueUrl is missing/ },
  {
    name: 'refuses a path in JSON',
    request: { ...json('SendMessage', LOCAL), path: '/123456789012/other' },
    expect: /path is not/,
  },
];

const TOPIC = 'arn:aws:sns:ap-northeast-2:123456789012:ops';
const sns = (parameters: Readonly<Record<string, string>>) => queryCall(SNS, { Version: '2010-03-31', ...parameters });
const SNS_AUTH = 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html';
const SUBSCRIPTION = `${TOPIC}:1234abcd-12ab-34cd-56ef-1234567890ab`;

const TOPICS: readonly Case[] = [
  {
    name: 'publishes',
    source: SNS_AUTH,
    request: sns({ Action: 'Publish', TopicArn: TOPIC, Message: 'a+b&c' }),
    expect: [['sns:Publish', TOPIC]],
  },
  {
    name: 'publishes to a target',
    source: SNS_AUTH,
    request: sns({ Action: 'Publish', TargetArn: TOPIC }),
    expect: [['sns:Publish', TOPIC]],
  },
  {
    name: 'publishes a batch',
    source: SNS_AUTH,
    request: sns({ Action: 'PublishBatch', TopicArn: TOPIC }),
    expect: [['sns:Publish', TOPIC]],
  },
  {
    name: 'subscribes',
    source: SNS_AUTH,
    request: sns({ Action: 'Subscribe', TopicArn: TOPIC, Protocol: 'https', Endpoint: 'https://a.example' }),
    expect: [['sns:Subscribe', TOPIC, { 'sns:Protocol': 'https', 'sns:Endpoint': 'https://a.example' }]],
  },
  {
    name: 'unsubscribes',
    source: SNS_AUTH,
    request: sns({ Action: 'Unsubscribe', SubscriptionArn: SUBSCRIPTION }),
    expect: [['sns:Unsubscribe', TOPIC]],
  },
  {
    name: 'creates a topic with tags',
    source: SNS_AUTH,
    request: sns({ Action: 'CreateTopic', Name: 'ops', 'Tags.member.1.Key': 'team', 'Tags.member.1.Value': 'a' }),
    expect: [['sns:CreateTopic', TOPIC, { 'aws:TagKeys': ['team'], 'aws:RequestTag/team': 'a' }]],
  },
  { name: 'lists topics', source: SNS_AUTH, request: sns({ Action: 'ListTopics' }), expect: [['sns:ListTopics', '*']] },
  {
    name: 'refuses a text message',
    request: sns({ Action: 'Publish', PhoneNumber: '+15550100' }),
    expect: /not for one topic/,
  },
  {
    name: 'refuses two targets',
    request: sns({ Action: 'Publish', TopicArn: TOPIC, TargetArn: TOPIC }),
    expect: /not for one topic/,
  },
  {
    name: 'refuses an endpoint of mobile push',
    request: sns({ Action: 'Publish', TargetArn: TOPIC.replace('ops', 'endpoint/GCM/a/b') }),
    expect: /no ARN/,
  },
  {
    name: 'refuses a topic with a wildcard',
    request: sns({ Action: 'Publish', TopicArn: TOPIC.replace('ops', '*') }),
    expect: /no ARN/,
  },
  {
    name: 'refuses a topic that is a subscription',
    request: sns({ Action: 'Publish', TopicArn: SUBSCRIPTION }),
    expect: /no ARN/,
  },
];

describe('SQS', () => runCases(SQS, QUEUES));
describe('SNS', () => runCases(SNS, TOPICS));
