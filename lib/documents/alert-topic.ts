/** The SNS topic for alerts, and the policy that limits who may publish to it. */
import type { Alerts, Environment } from '@leasehold/definitions';
import type { PolicyDocument, Statement } from '@leasehold/policy';
import { type AlertRule, alertRules } from './alerts';
import { brokerAlarmArns } from './broker/alarms';
import { busRuleArns } from './broker/outcomes';
import { recordKeyRuleArn } from './broker/record-key';
import { watchName } from './names';

/** Name of the alert topic. The name is the same in every region. */
export function alertTopicName(environment: Environment): string {
  return `${watchName(environment)}-alerts`;
}

/** ARN of the alert topic in a region. */
export function alertTopicArn(environment: Environment, region: string): string {
  const { partition, account } = environment;
  return `arn:${partition}:sns:${region}:${account}:${alertTopicName(environment)}`;
}

/** Physical name of an alert rule. */
export function alertRuleName(rule: AlertRule, environment: Environment): string {
  return `${watchName(environment)}-${rule.name}`;
}

/**
 * The topic's policy. It lets the environment's alert rules publish. In the broker's region it also lets the broker's
 * rules and alarms publish.
 * Sources: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export function alertTopicPolicy(environment: Environment, alerts: Alerts, region: string): PolicyDocument {
  const { partition, account } = environment;
  const arn = alertTopicArn(environment, region);
  const ofBroker = environment.broker !== undefined && region === environment.region;
  const rules = alertRules(environment, alerts, region).map(
    (rule) => `arn:${partition}:events:${region}:${account}:rule/${alertRuleName(rule, environment)}`,
  );
  const publish = (Sid: string, service: string, sources: readonly string[]): Statement => ({
    Sid,
    Effect: 'Allow',
    Principal: { Service: `${service}.amazonaws.com` },
    Action: 'sns:Publish',
    Resource: arn,
    Condition: { ArnEquals: { 'aws:SourceArn': sources } },
  });
  return {
    Version: '2012-10-17',
    Statement: [
      publish('AlertRules', 'events', [
        ...rules,
        ...(ofBroker ? [recordKeyRuleArn(environment), ...busRuleArns(environment)] : []),
      ]),
      ...(ofBroker ? [publish('BrokerAlarms', 'cloudwatch', brokerAlarmArns(environment))] : []),
    ],
  };
}
