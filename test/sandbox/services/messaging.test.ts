/** What SQS and SNS authorise for each request. */
import {
  CreateTopicCommand,
  ListTopicsCommand,
  PublishBatchCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { SNS } from '../../../lib/sandbox/services/sns';
import { SQS } from '../../../lib/sandbox/services/sqs';
import { capture, type Handmade, jsonCall, queryCall, sender } from './support/requests';
import { type Case, runCases } from './support/rows';

const captured = capture();
const queues = sender(SQS, captured, new SQSClient(captured.config));
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
    request: queues(new SendMessageCommand({ ...LOCAL, MessageBody: 'x' })),
    expect: [['sqs:SendMessage', QUEUE]],
  },
  {
    name: "sends a message by AWS's URL",
    source: AUTH,
    request: queues(new SendMessageCommand({ ...url('https://sqs.ap-northeast-2.amazonaws.com'), MessageBody: 'x' })),
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
    request: queues(
      new SendMessageCommand({ ...url('http://localhost', '/210987654321/jobs.fifo'), MessageBody: 'x' }),
    ),
    expect: [['sqs:SendMessage', 'arn:aws:sqs:ap-northeast-2:210987654321:jobs.fifo']],
  },
  {
    name: 'sends a batch: the action of one message',
    source: BATCH,
    request: queues(new SendMessageBatchCommand({ ...LOCAL, Entries: [] })),
    expect: [['sqs:SendMessage', QUEUE]],
  },
  {
    name: 'deletes a batch',
    source: BATCH,
    request: queues(new DeleteMessageBatchCommand({ ...LOCAL, Entries: [] })),
    expect: [['sqs:DeleteMessage', QUEUE]],
  },
  {
    name: 'receives messages',
    source: AUTH,
    request: queues(new ReceiveMessageCommand(LOCAL)),
    expect: [['sqs:ReceiveMessage', QUEUE]],
  },
  { name: 'lists queues', source: AUTH, request: queues(new ListQueuesCommand({})), expect: [['sqs:ListQueues', '*']] },
  {
    name: 'creates a queue with tags: JSON',
    source: AUTH,
    request: queues(new CreateQueueCommand({ QueueName: 'jobs', tags: { team: 'a' } })),
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
    expect: /not the URL of a queue/,
  },
  {
    name: "refuses another region's URL",
    request: json('SendMessage', url('https://sqs.us-east-1.amazonaws.com')),
    expect: /not the URL of a queue/,
  },
  {
    name: 'refuses a URL with a user in it',
    request: json('SendMessage', url('http://localhost@evil.example')),
    expect: /not the URL of a queue/,
  },
  {
    name: 'refuses a URL that goes on',
    request: json('SendMessage', url('http://localhost', '/123456789012/jobs/x')),
    expect: /not the URL of a queue/,
  },
  {
    name: 'refuses a URL with dots',
    request: json('SendMessage', url('http://localhost', '/123456789012/../jobs')),
    expect: /not the URL of a queue/,
  },
  {
    name: 'refuses an encoded URL',
    request: json('SendMessage', url('http://localhost', '/123456789012/job%73')),
    expect: /not the URL of a queue/,
  },
  { name: 'refuses no queue', request: json('SendMessage', {}), expect: /QueueUrl is missing/ },
  {
    name: 'refuses a path in JSON',
    request: { ...json('SendMessage', LOCAL), path: '/123456789012/other' },
    expect: /path is not/,
  },
];

const TOPIC = 'arn:aws:sns:ap-northeast-2:123456789012:ops';
const caught = capture();
const topics = sender(SNS, caught, new SNSClient(caught.config));
const SNS_AUTH = 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html';
const SUBSCRIPTION = `${TOPIC}:1234abcd-12ab-34cd-56ef-1234567890ab`;

const TOPICS: readonly Case[] = [
  {
    name: 'publishes',
    source: SNS_AUTH,
    request: topics(new PublishCommand({ TopicArn: TOPIC, Message: 'a+b&c' })),
    expect: [['sns:Publish', TOPIC]],
  },
  {
    name: 'publishes to a target',
    source: SNS_AUTH,
    request: topics(new PublishCommand({ TargetArn: TOPIC, Message: 'x' })),
    expect: [['sns:Publish', TOPIC]],
  },
  {
    name: 'publishes a batch',
    source: SNS_AUTH,
    request: topics(
      new PublishBatchCommand({
        TopicArn: TOPIC,
        PublishBatchRequestEntries: [{ Id: '1', Message: 'x' }],
      }),
    ),
    expect: [['sns:Publish', TOPIC]],
  },
  {
    name: 'subscribes',
    source: SNS_AUTH,
    request: topics(new SubscribeCommand({ TopicArn: TOPIC, Protocol: 'https', Endpoint: 'https://a.example' })),
    expect: [['sns:Subscribe', TOPIC, { 'sns:Protocol': 'https', 'sns:Endpoint': 'https://a.example' }]],
  },
  {
    name: 'unsubscribes',
    source: SNS_AUTH,
    request: topics(new UnsubscribeCommand({ SubscriptionArn: SUBSCRIPTION })),
    expect: [['sns:Unsubscribe', TOPIC]],
  },
  {
    name: 'creates a topic with tags',
    source: SNS_AUTH,
    request: topics(new CreateTopicCommand({ Name: 'ops', Tags: [{ Key: 'team', Value: 'a' }] })),
    expect: [['sns:CreateTopic', TOPIC, { 'aws:TagKeys': ['team'], 'aws:RequestTag/team': 'a' }]],
  },
  {
    name: 'lists topics',
    source: SNS_AUTH,
    request: topics(new ListTopicsCommand({})),
    expect: [['sns:ListTopics', '*']],
  },
  {
    name: 'refuses a text message',
    request: topics(new PublishCommand({ PhoneNumber: '+15550100', Message: 'x' })),
    expect: /not for exactly one topic/,
  },
  {
    name: 'refuses two targets',
    request: topics(new PublishCommand({ TopicArn: TOPIC, TargetArn: TOPIC, Message: 'x' })),
    expect: /not for exactly one topic/,
  },
  {
    name: 'refuses an endpoint of mobile push',
    request: topics(new PublishCommand({ TargetArn: TOPIC.replace('ops', 'endpoint/GCM/a/b'), Message: 'x' })),
    expect: /not an ARN/,
  },
  {
    name: 'refuses a topic with a wildcard',
    request: topics(new PublishCommand({ TopicArn: TOPIC.replace('ops', '*'), Message: 'x' })),
    expect: /not an ARN/,
  },
  {
    name: 'refuses a topic that is a subscription',
    request: topics(new PublishCommand({ TopicArn: SUBSCRIPTION, Message: 'x' })),
    expect: /not an ARN/,
  },
];

describe('SQS', () => runCases(SQS, QUEUES));
describe('SNS', () => runCases(SNS, TOPICS));
