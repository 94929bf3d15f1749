/**
 * Publishes lease outcomes: a pipe from the events table's stream to the broker's event bus. Outcomes are published by
 * the pipe, not by the function, so no recorded outcome can be lost before it is published.
 */
import type { Environment } from '@leasehold/definitions';
import type { PolicyDocument } from '@leasehold/policy';
import { iamArn, stackName, watchName } from '../names';
import { KEY_ACTIONS, onlyKeysOfServices } from './keys';
import { brokerBusArn, brokerBusName, eventsTableName, tableArn } from './names';

/** IAM path of the pipe's role. The path is separate from the paths of purpose roles and of agents. */
export const OUTCOMES_PATH = '/leasehold-outcomes/';

/** The `source` of the events on the broker's bus. */
export const OUTCOME_SOURCE = 'leasehold';
/** The `detail-type` of events about outcomes, and of events about changed or removed records. */
export const OUTCOME_TYPE = 'Lease outcome';

/** Name of the pipe. */
export function outcomesPipeName(environment: Environment): string {
  return `${stackName(environment)}-outcomes`;
}

/** ARN of the pipe. */
export function outcomesPipeArn(environment: Environment): string {
  const { partition, region, account } = environment;
  return `arn:${partition}:pipes:${region}:${account}:pipe/${outcomesPipeName(environment)}`;
}

/** Name of the pipe's role, for example `hermes-dev-outcomes`. */
export function outcomesRoleName(environment: Environment): string {
  return outcomesPipeName(environment);
}

/** ARN of the pipe's role. */
export function outcomesRoleArn(environment: Environment): string {
  return iamArn(environment, `role${OUTCOMES_PATH}${outcomesRoleName(environment)}`);
}

/**
 * Filters for the stream records that are published: new items with an `outcome`, and items that were changed or
 * removed (only an intruder changes or removes items). Source:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-filtering.html
 */
export const OUTCOME_FILTERS: readonly object[] = [
  { eventName: ['INSERT'], dynamodb: { NewImage: { outcome: { S: [{ exists: true }] } } } },
  { eventName: ['MODIFY', 'REMOVE'] },
];

/**
 * The template of an event's detail. It contains no free text, and no secret because no record contains one. A
 * placeholder without quotes becomes a complete JSON value, so no text in a record can add fields.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html
 */
export const OUTCOME_TEMPLATE = `{${Object.entries({
  record: '$.eventName',
  lease: '$.dynamodb.Keys.lease.S',
  outcome: '$.dynamodb.NewImage.outcome.S',
  state: '$.dynamodb.NewImage.state.S',
  role: '$.dynamodb.NewImage.roleName.S',
  requester: '$.dynamodb.NewImage.requesterName.S',
  at: '$.dynamodb.NewImage.at.N',
})
  .map(([name, path]) => `"${name}":<${path}>`)
  .join(',')}}`;

/** The event pattern for a record that was changed or removed. */
export const RECORD_CHANGED = {
  source: [OUTCOME_SOURCE],
  'detail-type': [OUTCOME_TYPE],
  detail: { record: ['MODIFY', 'REMOVE'] },
} as const;

/** The event pattern for a change that adds groups to a principal. */
export const GROUPS_GIVEN = {
  source: [OUTCOME_SOURCE],
  'detail-type': [OUTCOME_TYPE],
  detail: { outcome: ['groups-given'] },
} as const;

/** The event pattern for a change of a person's passkeys, or for a wrong one-time code. */
export const KEYS_CHANGED = {
  source: [OUTCOME_SOURCE],
  'detail-type': [OUTCOME_TYPE],
  detail: { outcome: ['code-issued', 'code-refused', 'key-registered', 'key-removed'] },
} as const;

/** Whether people can have passkeys. */
export function hasPasskeys({ broker }: Environment): boolean {
  return broker?.people !== undefined && broker.console !== undefined;
}

/** Name of the rule that notifies people when a person's passkeys change. */
export function keysChangedRuleName(environment: Environment): string {
  return `${watchName(environment)}-keys-changed`;
}

/** Name of the rule that notifies people when groups are added to a principal. */
export function groupsGivenRuleName(environment: Environment): string {
  return `${watchName(environment)}-groups-given`;
}

/** Name of the rule that notifies people when a record is changed or removed. */
export function recordChangedRuleName(environment: Environment): string {
  return `${watchName(environment)}-record-changed`;
}

/** ARN of a rule of the broker's bus. */
function busRuleArn(name: string, environment: Environment): string {
  const { partition, region, account } = environment;
  return `arn:${partition}:events:${region}:${account}:rule/${brokerBusName(environment)}/${name}`;
}

/** ARNs of the bus rules that notify people. */
export function busRuleArns(environment: Environment): readonly string[] {
  const names = [
    recordChangedRuleName(environment),
    groupsGivenRuleName(environment),
    ...(hasPasskeys(environment) ? [keysChangedRuleName(environment)] : []),
  ];
  return names.map((name) => busRuleArn(name, environment));
}

/**
 * The trust policy of the pipe's role. Only this pipe can assume the role.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html
 */
export function outcomesTrust(environment: Environment): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'pipes.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: { 'aws:SourceAccount': environment.account },
          ArnEquals: { 'aws:SourceArn': outcomesPipeArn(environment) },
        },
      },
    ],
  };
}

/** The policy that lets the pipe read the events table's stream and put events on the bus. */
export function outcomesPermissions(environment: Environment): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'ReadStream', Effect: 'Allow', Action: STREAM_ACTIONS, Resource: streamArn(environment) },
      { Sid: 'Tell', Effect: 'Allow', Action: PUT_EVENTS, Resource: brokerBusArn(environment) },
    ],
  };
}

/**
 * The boundary of the pipe's role: the same permissions as in the role's policy, and explicit deny statements for
 * everything else.
 */
export function outcomesBoundary(environment: Environment): PolicyDocument {
  const own = [...STREAM_ACTIONS, PUT_EVENTS];
  const actions = [...own, ...KEY_ACTIONS];
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Outcomes', Effect: 'Allow', Action: actions, Resource: '*' },
      { Sid: 'NothingElse', Effect: 'Deny', NotAction: actions, Resource: '*' },
      {
        Sid: 'OnlyTheseThings',
        Effect: 'Deny',
        Action: own,
        NotResource: [streamArn(environment), brokerBusArn(environment)],
      },
      onlyKeysOfServices(environment),
    ],
  };
}

const STREAM_ACTIONS: readonly string[] = [
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
];
const PUT_EVENTS = 'events:PutEvents';

/** ARN pattern of the stream. A stream's ARN contains its creation time, which is known only after apply. */
function streamArn(environment: Environment): string {
  return `${tableArn(eventsTableName(environment), environment)}/stream/*`;
}
