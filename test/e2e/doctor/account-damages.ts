/** Damages to the trail, the alerts and the alarms. */
import {
  type EventSelector,
  PutEventSelectorsCommand,
  StartLoggingCommand,
  StopLoggingCommand,
  UpdateTrailCommand,
} from '@aws-sdk/client-cloudtrail';
import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  type MetricAlarm,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  DescribeRuleCommand,
  type DescribeRuleResponse,
  DisableRuleCommand,
  EnableRuleCommand,
  type EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  DeleteBucketLifecycleCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import {
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { ACCOUNT, type Clients, type LiveDamage, policyText } from './damage';

const Name = 'hermes-dev-trail';
const Bucket = `hermes-dev-trail-${ACCOUNT}`;
const TopicArn = `arn:aws:sns:ap-northeast-2:${ACCOUNT}:hermes-dev-alerts`;
const ALARM = 'hermes-dev-broker-errors';

const ALL_EVENTS: EventSelector = {
  ReadWriteType: 'All',
  IncludeManagementEvents: true,
  ExcludeManagementEventSources: [],
};

/** What AWS answers for a trail without selectors, and moto does not. */
export function recordEverything() {
  return new PutEventSelectorsCommand({
    TrailName: Name,
    EventSelectors: [ALL_EVENTS],
  });
}

const versions = (Status: 'Enabled' | 'Suspended') =>
  new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } });
const closed = (on: boolean) =>
  new PutPublicAccessBlockCommand({
    Bucket,
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: on,
      BlockPublicPolicy: on,
      IgnorePublicAcls: on,
      RestrictPublicBuckets: on,
    },
  });

function trail(change: { readonly [key: string]: boolean }) {
  const back = Object.fromEntries(Object.entries(change).map(([key, value]) => [key, !value]));
  return {
    damage: ({ cloudtrail }: Clients) => cloudtrail.send(new UpdateTrailCommand({ Name, ...change })),
    repair: ({ cloudtrail }: Clients) => cloudtrail.send(new UpdateTrailCommand({ Name, ...back })),
  };
}

function topicPolicy(change: (policy: string) => string) {
  let before = '';
  const set = (AttributeValue: string) =>
    new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue });
  return {
    damage: async ({ sns }: Clients) => {
      before = (await sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes?.Policy ?? '';
      await sns.send(set(change(before)));
    },
    repair: ({ sns }: Clients) => sns.send(set(before)),
  };
}

/** Changes a rule, and back. */
export function rule(
  rule: string,
  change: (found: DescribeRuleResponse) => object,
  client: (clients: Clients) => EventBridgeClient = ({ events }) => events,
  EventBusName = 'default',
) {
  let before: DescribeRuleResponse = {};
  const put = (found: DescribeRuleResponse, changed: object = {}) =>
    new PutRuleCommand({
      Name: rule,
      EventBusName,
      EventPattern: found.EventPattern,
      ScheduleExpression: found.ScheduleExpression,
      State: found.State,
      Description: found.Description,
      ...changed,
    });
  return {
    damage: async (clients: Clients) => {
      before = await client(clients).send(new DescribeRuleCommand({ Name: rule, EventBusName }));
      await client(clients).send(put(before, change(before)));
    },
    repair: (clients: Clients) => client(clients).send(put(before)),
  };
}

/** Disables a rule, and back. */
export function disabled(
  rule: string,
  client: (clients: Clients) => EventBridgeClient = ({ events }) => events,
  EventBusName = 'default',
) {
  return {
    damage: (clients: Clients) => client(clients).send(new DisableRuleCommand({ Name: rule, EventBusName })),
    repair: (clients: Clients) => client(clients).send(new EnableRuleCommand({ Name: rule, EventBusName })),
  };
}

/** Changes an alarm, and back. */
function alarm(change: (found: MetricAlarm) => Partial<PutMetricAlarmCommandInput>) {
  let before: PutMetricAlarmCommandInput | undefined;
  return {
    damage: async ({ cloudwatch }: Clients) => {
      const { MetricAlarms: [found] = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [ALARM] }));
      if (found === undefined) throw new Error(`no alarm ${ALARM}`);
      before = input(found);
      await cloudwatch.send(new PutMetricAlarmCommand({ ...before, ...change(found) }));
    },
    repair: ({ cloudwatch }: Clients) =>
      cloudwatch.send(new PutMetricAlarmCommand(before as PutMetricAlarmCommandInput)),
  };
}

function input(found: MetricAlarm): PutMetricAlarmCommandInput {
  const { AlarmName, ComparisonOperator, EvaluationPeriods, Namespace, MetricName, Dimensions, Period, Statistic } =
    found;
  const { Threshold, TreatMissingData, AlarmActions, AlarmDescription } = found;
  return {
    AlarmName,
    ComparisonOperator,
    EvaluationPeriods,
    Namespace,
    MetricName,
    Dimensions,
    Period,
    Statistic,
    Threshold,
    TreatMissingData,
    AlarmActions,
    AlarmDescription,
  };
}

let deleted: PutMetricAlarmCommandInput | undefined;

export const ACCOUNT_DAMAGES: readonly LiveDamage[] = [
  {
    name: 'the trail is stopped',
    found: 'trail',
    says: /does not record\./,
    damage: ({ cloudtrail }) => cloudtrail.send(new StopLoggingCommand({ Name })),
    repair: ({ cloudtrail }) => cloudtrail.send(new StartLoggingCommand({ Name })),
  },
  {
    name: 'the trail records one region',
    found: 'trail',
    says: /one region only/,
    ...trail({ IsMultiRegionTrail: false }),
  },
  {
    name: 'the trail leaves out IAM',
    found: 'trail',
    says: /IAM and STS/,
    ...trail({ IncludeGlobalServiceEvents: false }),
  },
  {
    name: 'the trail signs nothing',
    found: 'trail',
    says: /does not sign/,
    ...trail({ EnableLogFileValidation: false }),
  },
  {
    name: 'the trail records writes only',
    found: 'trail',
    says: /all management events/,
    damage: ({ cloudtrail }) =>
      cloudtrail.send(
        new PutEventSelectorsCommand({
          TrailName: Name,
          EventSelectors: [{ ...ALL_EVENTS, ReadWriteType: 'WriteOnly' }],
        }),
      ),
    repair: ({ cloudtrail }) => cloudtrail.send(recordEverything()),
  },
  {
    name: 'the trail leaves out KMS',
    found: 'trail',
    says: /events of kms\.amazonaws\.com/,
    damage: ({ cloudtrail }) =>
      cloudtrail.send(
        new PutEventSelectorsCommand({
          TrailName: Name,
          EventSelectors: [{ ...ALL_EVENTS, ExcludeManagementEventSources: ['kms.amazonaws.com'] }],
        }),
      ),
    repair: ({ cloudtrail }) => cloudtrail.send(recordEverything()),
  },
  {
    name: "the trail's bucket keeps no versions",
    found: 'trail-bucket',
    says: /no earlier versions/,
    damage: ({ s3 }) => s3.send(versions('Suspended')),
    repair: ({ s3 }) => s3.send(versions('Enabled')),
  },
  {
    name: "the trail's log files expire",
    found: 'trail-bucket',
    says: /expire or move/,
    damage: ({ s3 }) =>
      s3.send(
        new PutBucketLifecycleConfigurationCommand({
          Bucket,
          LifecycleConfiguration: { Rules: [{ Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } }] },
        }),
      ),
    repair: ({ s3 }) => s3.send(new DeleteBucketLifecycleCommand({ Bucket })),
  },
  {
    name: "the trail's bucket can be made public",
    found: 'trail-bucket',
    says: /can be made public/,
    damage: ({ s3 }) => s3.send(closed(false)),
    repair: ({ s3 }) => s3.send(closed(true)),
  },
  {
    name: 'everybody may publish to the alert topic',
    found: 'alert-topics',
    says: /permits more than is deployed/,
    ...topicPolicy(() => policyText({ Effect: 'Allow', Principal: '*', Action: 'sns:Publish', Resource: TopicArn })),
  },
  {
    name: 'nothing may publish to the alert topic',
    found: 'alert-topics',
    says: /permits less than is deployed/,
    ...topicPolicy(() =>
      policyText({
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: TopicArn,
        Condition: {
          ArnEquals: { 'aws:SourceArn': `arn:aws:events:ap-northeast-2:${ACCOUNT}:rule/hermes-dev-failed-ask` },
        },
      }),
    ),
  },
  {
    name: 'nobody is subscribed',
    found: 'alert-subscriptions',
    says: /security@example\.com has no confirmed/,
    damage: async ({ sns }) => {
      const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
      for (const { SubscriptionArn } of Subscriptions) await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    },
    repair: ({ sns }) =>
      sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'security@example.com' })),
  },
  {
    name: 'an alert rule is disabled',
    found: 'alert-rules',
    says: /state DISABLED/,
    ...disabled('hermes-dev-tampering'),
  },
  {
    name: 'an alert rule is disabled where the events of IAM arrive',
    found: 'alert-rules',
    says: /state DISABLED/,
    ...disabled('hermes-dev-change', ({ eventsEast }) => eventsEast),
  },
  {
    name: 'an alert rule matches less',
    found: 'alert-rules',
    says: /event pattern of the rule differs/,
    ...rule('hermes-dev-failed-ask', () => ({
      EventPattern: '{"source":["aws.sts"],"detail":{"errorCode":["Never"]}}',
    })),
  },
  {
    name: 'an alert rule does not get read-only events any more',
    found: 'alert-rules',
    says: /state ENABLED\./,
    ...rule('hermes-dev-probing', () => ({ State: 'ENABLED' })),
  },
  {
    name: 'an alert rule notifies nobody',
    found: 'alert-rules',
    says: /does not notify/,
    damage: ({ events }) => events.send(new RemoveTargetsCommand({ Rule: 'hermes-dev-tampering', Ids: ['alerts'] })),
    repair: ({ events }) =>
      events.send(new PutTargetsCommand({ Rule: 'hermes-dev-tampering', Targets: [{ Id: 'alerts', Arn: TopicArn }] })),
  },
  {
    name: 'an alarm fires',
    found: 'alarms',
    says: /fires: The broker's function/,
    damage: ({ cloudwatch }) =>
      cloudwatch.send(new SetAlarmStateCommand({ AlarmName: ALARM, StateValue: 'ALARM', StateReason: 'test' })),
    repair: ({ cloudwatch }) =>
      cloudwatch.send(new SetAlarmStateCommand({ AlarmName: ALARM, StateValue: 'OK', StateReason: 'test' })),
  },
  {
    name: 'an alarm is deleted',
    found: 'alarms',
    says: /does not exist/,
    damage: async ({ cloudwatch }) => {
      const { MetricAlarms: [found] = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [ALARM] }));
      deleted = found && input(found);
      await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [ALARM] }));
    },
    repair: ({ cloudwatch }) => cloudwatch.send(new PutMetricAlarmCommand(deleted as PutMetricAlarmCommandInput)),
  },
  {
    name: 'an alarm has a higher threshold',
    found: 'alarms',
    says: /settings of the alarm differ/,
    ...alarm(() => ({ Threshold: 1000 })),
  },
  {
    name: 'an alarm notifies nobody',
    found: 'alarms',
    says: /notifies nobody/,
    ...alarm(() => ({ AlarmActions: [] })),
  },
  {
    name: 'an alarm watches another function',
    found: 'alarms',
    says: /settings of the alarm differ/,
    ...alarm(() => ({ Dimensions: [{ Name: 'FunctionName', Value: 'another' }] })),
  },
];
