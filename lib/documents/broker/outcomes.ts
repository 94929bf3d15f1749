/**
 * Telling outcomes: a pipe from the events table's stream to the broker's event bus. What is on record is told, without
 * a call of the function, so that nothing is lost between the two.
 */
import type { Environment } from '@leasehold/definitions';
import type { PolicyDocument } from '@leasehold/policy';
import { iamArn, stackName, watchName } from '../names';
import { KEY_ACTIONS, onlyKeysOfServices } from './keys';
import { brokerBusArn, brokerBusName, eventsTableName, tableArn } from './names';

/** IAM path of the role with which outcomes are told: outside the roles' paths, and outside the agents'. */
export const OUTCOMES_PATH = '/leasehold-outcomes/';

/** The `source` of the events on the broker's bus. */
export const OUTCOME_SOURCE = 'leasehold';
/** The `detail-type` of an outcome, and of anything that was done to a record that should never change. */
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
 * Records of the stream that are told, any of these: items that say `outcome`, and items that were changed or removed,
 * which nobody but an intruder does.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-filtering.html
 */
export const OUTCOME_FILTERS: readonly object[] = [
  { eventName: ['INSERT'], dynamodb: { NewImage: { outcome: { S: [{ exists: true }] } } } },
  { eventName: ['MODIFY', 'REMOVE'] },
];

/**
 * The detail of an event, as a template: no prose, and no secret, which no record holds. A placeholder without quotes
 * becomes a JSON value with its own, so that no text of a record can say anything besides.
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

/** The event pattern of a record that was changed or removed. */
export const RECORD_CHANGED = {
  source: [OUTCOME_SOURCE],
  'detail-type': [OUTCOME_TYPE],
  detail: { record: ['MODIFY', 'REMOVE'] },
} as const;

/** The event pattern of a change of a principal that lets them ask for more. */
export const GROUPS_GIVEN = {
  source: [OUTCOME_SOURCE],
  'detail-type': [OUTCOME_TYPE],
  detail: { outcome: ['groups-given'] },
} as const;

/** Name of the rule that tells people that somebody was given groups. */
export function groupsGivenRuleName(environment: Environment): string {
  return `${watchName(environment)}-groups-given`;
}

/** Name of the rule that tells people of it. */
export function recordChangedRuleName(environment: Environment): string {
  return `${watchName(environment)}-record-changed`;
}

/** ARN of a rule of the broker's bus. */
function busRuleArn(name: string, environment: Environment): string {
  const { partition, region, account } = environment;
  return `arn:${partition}:events:${region}:${account}:rule/${brokerBusName(environment)}/${name}`;
}

/** ARNs of the rules of the bus that tell people. */
export function busRuleArns(environment: Environment): readonly string[] {
  return [recordChangedRuleName(environment), groupsGivenRuleName(environment)].map((name) =>
    busRuleArn(name, environment),
  );
}

/**
 * Only this pipe takes on the role.
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

/** Reading the stream of the events, and telling the one bus. */
export function outcomesPermissions(environment: Environment): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'ReadStream', Effect: 'Allow', Action: STREAM_ACTIONS, Resource: streamArn(environment) },
      { Sid: 'Tell', Effect: 'Allow', Action: PUT_EVENTS, Resource: brokerBusArn(environment) },
    ],
  };
}

/** The boundary of the pipe's role: the same with explicit denies. */
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

/** AWS names a stream by the time of its making, which is known after apply. */
function streamArn(environment: Environment): string {
  return `${tableArn(eventsTableName(environment), environment)}/stream/*`;
}
