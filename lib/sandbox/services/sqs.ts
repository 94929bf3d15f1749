/**
 * SQS, in JSON and in the query protocol. The end of a queue's URL contains its account and name.
 * Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html
 */
import { type ServiceMapping, type SignedRequest, UnmappedRequest } from '../service-mapping';
import type { Fields } from './common/input';
import { requestTags, untaggedBy } from './common/keys';
import { awsHost, isLocal } from './common/plain-request';
import { arnIn, namedArn, quoted, type ResourceKind } from './common/resources';
import { ANYTHING, each, type Keys, on, type Resources, type ServiceTable, serviceOf } from './common/table';
import { json, query } from './common/wire';

const QUEUE: ResourceKind = { service: 'sqs', prefix: '', name: /^[\w-]{1,80}(\.fifo)?$/ };
const PATH = /^\/(\d{12})\/([\w.-]{1,80})$/;

/**
 * The queue that a URL identifies. The URL must consist of an endpoint (of SQS or on this machine), the account and the
 * queue's name.
 */
function queueArn(request: SignedRequest, text: string): string {
  const [, host = '', path = ''] = /^https?:\/\/([A-Za-z0-9.-]+|\[::1\])(?::\d{1,5})?(\/[^?#%]*)$/.exec(text) ?? [];
  const name = host.toLowerCase();
  const ours = isLocal(name) || awsHost(name, request.region)?.name === 'sqs';
  const [, account, queue] = PATH.exec(path) ?? [];
  if (!ours || account === undefined || queue === undefined) {
    throw new UnmappedRequest(`${quoted(text)} is not the URL of a queue in ${request.region}`);
  }
  return namedArn(request, { ...QUEUE, place: { account } }, queue);
}

/**
 * The queue of a call. In the query protocol, the path may be the queue's path. If a parameter also contains a queue,
 * it must be the same queue.
 */
const queue: Resources = ({ request, input }) => {
  const stated = input.text('QueueUrl');
  const [, account, name] = PATH.exec(request.path) ?? [];
  const byPath =
    account === undefined || name === undefined ? undefined : namedArn(request, { ...QUEUE, place: { account } }, name);
  const byUrl = stated === undefined ? undefined : queueArn(request, stated);
  const found = byUrl ?? byPath;
  if (found === undefined) throw new UnmappedRequest('the parameter QueueUrl is missing');
  if (byUrl !== undefined && byPath !== undefined && byUrl !== byPath)
    throw new UnmappedRequest('the request contains two queues');
  return found;
};

/** A queue that is given by its name, in the caller's account or in the account in the owner parameter. */
const named: Resources = ({ request, input }) => {
  const account = input.text('QueueOwnerAWSAccountId');
  if (account !== undefined && !/^\d{12}$/.test(account)) throw new UnmappedRequest('the owner is not an account');
  return namedArn(request, account === undefined ? QUEUE : { ...QUEUE, place: { account } }, input.need('QueueName'));
};

/** In JSON, tags are a map; in the query protocol, tags are numbered pairs. */
const tags =
  (name: string, item: string): Keys =>
  ({ request, input }) => {
    if (request.protocol !== 'query') return requestTags(input.record(name));
    const pairs = input.members(item).map((tag) => [tag.need('Key'), tag.text('Value') ?? ''] as const);
    return requestTags(Object.fromEntries(pairs));
  };

function queuePath(path: string): Fields {
  if (path === '/' || PATH.test(path)) return {};
  throw new UnmappedRequest('the path is not a queue');
}

export const SQS_TABLE: ServiceTable = {
  prefix: 'sqs',
  eventSource: 'sqs.amazonaws.com',
  wires: [json('1.0', 'AmazonSQS'), query('query', '2012-11-05', queuePath)],
  shown: ['QueueUrl', 'QueueName', 'QueueOwnerAWSAccountId', 'TagKeys'],
  rows: {
    ...each(
      `AddPermission ChangeMessageVisibility DeleteMessage DeleteQueue GetQueueAttributes ListDeadLetterSourceQueues
       ListQueueTags PurgeQueue ReceiveMessage RemovePermission SendMessage SetQueueAttributes`,
      on(queue),
    ),
    SendMessageBatch: on(queue, undefined, 'SendMessage'),
    DeleteMessageBatch: on(queue, undefined, 'DeleteMessage'),
    ChangeMessageVisibilityBatch: on(queue, undefined, 'ChangeMessageVisibility'),
    ListQueues: on(ANYTHING),
    GetQueueUrl: on(named),
    CreateQueue: on(named, tags('tags', 'Tag')),
    TagQueue: on(queue, tags('Tags', 'Tag')),
    UntagQueue: on(queue, ({ request, input }) =>
      untaggedBy(request.protocol === 'query' ? 'TagKey' : 'TagKeys')({ request, input, operation: 'UntagQueue' }),
    ),
    ListMessageMoveTasks: on(arnIn('SourceArn', QUEUE)),
  },
};

export const SQS: ServiceMapping = serviceOf(SQS_TABLE);
