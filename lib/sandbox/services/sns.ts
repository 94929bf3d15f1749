/**
 * The mapping for SNS. SMS messages and mobile push notifications are not mapped. Source:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
 */
import { parseArn } from '@leasehold/policy';
import { type ServiceMapping, UnmappedRequest } from '../service-mapping';
import { taggedBy, textKeys, untaggedBy } from './common/keys';
import { arnIn, namedArn, type ResourceKind, statedArn } from './common/resources';
import { ANYTHING, each, on, type Resources, type ServiceTable, serviceOf } from './common/table';
import { query } from './common/wire';

const TOPIC: ResourceKind = { service: 'sns', prefix: '', name: /^[\w-]{1,256}(\.fifo)?$/ };

const topic = arnIn('TopicArn', TOPIC);

/** The topic of a message, from one of the two parameters that can contain the topic. */
const target: Resources = ({ request, input }) => {
  const arns = ['TopicArn', 'TargetArn'].flatMap((name) => input.text(name) ?? []);
  const [arn, ...others] = arns;
  if (arn === undefined || others.length > 0 || input.has('PhoneNumber')) {
    throw new UnmappedRequest('the message is not for exactly one topic');
  }
  return statedArn(request, TOPIC, arn);
};

/** The topic of a subscription. A subscription's ARN is the topic's ARN followed by an identifier. */
const ofSubscription: Resources = ({ request, input }) => {
  const text = input.need('SubscriptionArn');
  const [, name] = /^([^:]+):[0-9a-f-]{36}$/.exec(parseArn(text)?.resource ?? '') ?? [];
  if (name === undefined) throw new UnmappedRequest('SubscriptionArn is not the ARN of a subscription');
  return statedArn(request, TOPIC, text.slice(0, text.lastIndexOf(':')));
};

export const SNS_TABLE: ServiceTable = {
  prefix: 'sns',
  eventSource: 'sns.amazonaws.com',
  wires: [query('query', '2010-03-31')],
  // https://docs.aws.amazon.com/sns/latest/api/API_Publish.html (Errors)
  denial: { status: 403, code: 'AuthorizationError' },
  shown: ['TopicArn', 'TargetArn', 'SubscriptionArn', 'Name', 'Protocol', 'ResourceArn'],
  rows: {
    ...each(
      `AddPermission ConfirmSubscription DeleteTopic GetTopicAttributes ListSubscriptionsByTopic RemovePermission
       SetTopicAttributes`,
      on(topic),
    ),
    ...each('ListSubscriptions ListTopics', on(ANYTHING)),
    ...each('GetSubscriptionAttributes SetSubscriptionAttributes Unsubscribe', on(ofSubscription)),
    Publish: on(target),
    PublishBatch: on(topic, undefined, 'Publish'),
    CreateTopic: on(({ request, input }) => namedArn(request, TOPIC, input.need('Name')), taggedBy()),
    Subscribe: on(topic, textKeys({ 'sns:Protocol': 'Protocol', 'sns:Endpoint': 'Endpoint' })),
    ListTagsForResource: on(arnIn('ResourceArn', TOPIC)),
    TagResource: on(arnIn('ResourceArn', TOPIC), taggedBy()),
    UntagResource: on(arnIn('ResourceArn', TOPIC), untaggedBy('TagKeys')),
  },
};

export const SNS: ServiceMapping = serviceOf(SNS_TABLE);
