/**
 * CloudWatch Logs. Exports, deliveries, account policies, anomaly detectors and scheduled queries are not mapped.
 *
 * Except for tagging, AWS authorizes an ARN with a suffix after the group's name, so the resource in a policy must end
 * in `:*`.
 * Sources: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
 */
import { type ServiceMapping, type SignedRequest, UnmappedRequest } from '../service-mapping';
import { taggedByMap, untaggedBy } from './common/keys';
import { passRole } from './common/pass-role';
import { anyArn, namedArn, quoted, type ResourceKind, statedArn } from './common/resources';
import {
  ANYTHING,
  all,
  each,
  on,
  type Resources,
  type ServiceCall,
  type ServiceTable,
  serviceOf,
} from './common/table';
import { json } from './common/wire';

const GROUP: ResourceKind = { service: 'logs', prefix: 'log-group:', name: /^[\w./#-]{1,512}$/ };
const DESTINATION: ResourceKind = { service: 'logs', prefix: 'destination:', name: /^[^:*?\s]{1,512}$/ };
const STREAM_NAME = /^[^:*\p{Cc}]{1,512}$/u;

/**
 * The log groups in a call, given either by name or as ARNs in `logGroupIdentifier`. A call with both or neither is
 * refused.
 */
function groups({ request, input }: ServiceCall): readonly string[] {
  const named = ['logGroupName', 'logGroupIdentifier'].flatMap((name) => input.text(name) ?? []);
  const listed = ['logGroupNames', 'logGroupIdentifiers'].flatMap((name) => input.texts(name));
  const found = [...named, ...listed].map((text) => groupArn(request, text));
  const given = ['logGroupName', 'logGroupIdentifier', 'logGroupNames', 'logGroupIdentifiers'];
  if (given.filter((name) => input.has(name)).length > 1) throw new UnmappedRequest('the log group occurs twice');
  if (found.length === 0) throw new UnmappedRequest('the request contains no log group');
  return found;
}

/** The ARN of a log group, without a suffix after the group's name. */
function groupArn(request: SignedRequest, text: string): string {
  return text.startsWith('arn:')
    ? statedArn(request, GROUP, text.endsWith(':*') ? text.slice(0, -2) : text)
    : namedArn(request, GROUP, text);
}

/** The form of a log group's ARN that is used to authorize most actions: `…:log-group:NAME:log-stream:`. */
const group: Resources = (call) => groups(call).map((arn) => `${arn}:log-stream:`);

/** A stream in a group. */
const stream: Resources = (call) => {
  const name = call.input.need('logStreamName');
  if (!STREAM_NAME.test(name)) throw new UnmappedRequest(`${quoted(name)} is not a valid name of a log stream`);
  return groups(call).map((arn) => `${arn}:log-stream:${name}`);
};

/** Any log group. Used if a request specifies a query or a log record only by its identifier. */
const anyGroup: Resources = ({ request }) => anyArn(request, GROUP);

/** For actions on metric filters: the log group in the call, or any group if the call contains no group. */
const groupOrAny: Resources = (call) => (call.input.has('logGroupName') ? group(call) : anyGroup(call));

/** The resource of a tagging action: the group's ARN without `:*`. */
const tagged: Resources = ({ request, input }) => statedArn(request, GROUP, input.need('resourceArn'));

/** With `unmask`, masked data is shown. */
const unmasked: Resources = (call) => (call.input.flag('unmask') ? group(call) : []);

const destination: Resources = ({ request, input }) => {
  const arn = input.need('destinationArn');
  return arn.includes(':logs:') ? statedArn(request, DESTINATION, arn) : [];
};

export const LOGS_TABLE: ServiceTable = {
  prefix: 'logs',
  eventSource: 'logs.amazonaws.com',
  wires: [json('1.1', 'Logs_20140328')],
  shown: [
    'logGroupName',
    'logGroupNames',
    'logGroupIdentifier',
    'logGroupIdentifiers',
    'logGroupNamePrefix',
    'logStreamName',
    'logStreamNames',
    'logStreamNamePrefix',
    'queryId',
    'startTime',
    'endTime',
    'filterName',
    'resourceArn',
    'retentionInDays',
  ],
  rows: {
    ...each('CreateLogStream DeleteLogStream PutLogEvents', on(stream)),
    ...each(
      `DeleteLogGroup DeleteMetricFilter DeleteRetentionPolicy DeleteSubscriptionFilter DescribeLogStreams
       DescribeSubscriptionFilters GetLogGroupFields PutMetricFilter PutRetentionPolicy StartLiveTail
       DisassociateKmsKey GetDataProtectionPolicy ListTagsLogGroup`,
      on(group),
    ),
    ...each('GetLogRecord GetQueryResults', on(anyGroup)),
    ...each(
      `DescribeDestinations DescribeExportTasks DescribeLogGroups DescribeQueries DescribeQueryDefinitions
       DescribeResourcePolicies ListLogGroups StopQuery TestMetricFilter`,
      on(ANYTHING),
    ),
    GetLogEvents: all(on(stream), on(unmasked, undefined, 'Unmask')),
    FilterLogEvents: all(on(group), on(unmasked, undefined, 'Unmask')),
    StartQuery: on(group),
    DescribeMetricFilters: on(groupOrAny),
    CreateLogGroup: on(group, taggedByMap('tags')),
    TagLogGroup: on(group, taggedByMap('tags')),
    UntagLogGroup: on(group, untaggedBy('tags')),
    PutSubscriptionFilter: all(on(group), on(destination), passRole('roleArn', 'logs.amazonaws.com')),
    ListTagsForResource: on(tagged),
    TagResource: on(tagged, taggedByMap('tags')),
    UntagResource: on(tagged, untaggedBy('tagKeys')),
  },
};

export const LOGS: ServiceMapping = serviceOf(LOGS_TABLE);
