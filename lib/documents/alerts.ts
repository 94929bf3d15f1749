/**
 * What is worth an alert, as EventBridge event patterns over CloudTrail's management events.
 *
 * Who did it is matched rather than what was asked where a call failed: for a refused call CloudTrail may leave the
 * request's parameters out.
 * Sources: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-content-based-filtering.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
 */
import type { Agent, Alerts, Environment, Partition } from '../definitions/model';
import { agentArn, agentName, iamArn, rolePath, stackName } from './names';

/** One EventBridge rule. */
export interface AlertRule {
  /** Suffix of the rule's name, for example `failed-ask`. */
  readonly name: string;
  readonly description: string;
  /** Where CloudTrail delivers these events: the environment's region, or the one region of IAM's events. */
  readonly where: 'home' | 'iam';
  /** Whether the events are read-only ones, which EventBridge passes only to a rule that asks for all of them. */
  readonly readOnly: boolean;
  readonly pattern: EventPattern;
}

/** An EventBridge event pattern: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html */
export interface EventPattern {
  readonly [field: string]: EventPattern | readonly (Matcher | EventPattern)[];
}

/** What one field of an event is held against. */
export type Matcher =
  | string
  | { readonly exists: boolean }
  | { readonly prefix: string }
  | { readonly wildcard: string }
  | { readonly 'anything-but': readonly string[] };

/**
 * The region in which CloudTrail delivers IAM's events of a partition.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html (global service events)
 */
export function iamEventsRegion(partition: Partition): string {
  return { aws: 'us-east-1', 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' }[partition];
}

/** The rules of an environment that has alerts. */
export function alertRules(environment: Environment, alerts: Alerts): readonly AlertRule[] {
  return [
    failedAsk(environment),
    ...outOfHours(environment, alerts),
    probing(environment),
    change(environment),
    tampering(environment),
  ];
}

function failedAsk(environment: Environment): AlertRule {
  return {
    name: 'failed-ask',
    description: 'A lease was asked for and refused by AWS',
    where: 'home',
    readOnly: true,
    pattern: {
      'detail-type': ['AWS API Call via CloudTrail'],
      source: ['aws.sts'],
      detail: {
        eventSource: ['sts.amazonaws.com'],
        errorCode: [{ exists: true }],
        $or: [...byAgents(environment), onOurRoles(environment)],
      },
    },
  };
}

function outOfHours(environment: Environment, { hours }: Alerts): readonly AlertRule[] {
  if (!hours) return [];
  const outside = Array.from({ length: 24 }, (_, hour) => hour).filter((hour) => !within(hour, hours));
  if (outside.length === 0) return [];
  return [
    {
      name: 'out-of-hours',
      description: `A role was opened outside ${hours.from}:00 to ${hours.to}:00 UTC`,
      where: 'home',
      readOnly: true,
      pattern: {
        'detail-type': ['AWS API Call via CloudTrail'],
        source: ['aws.sts'],
        detail: {
          eventSource: ['sts.amazonaws.com'],
          eventTime: outside.map((hour) => ({ wildcard: `*T${String(hour).padStart(2, '0')}:*` })),
          ...onOurRoles(environment),
        },
      },
    },
  ];
}

function probing(environment: Environment): AlertRule {
  return {
    name: 'probing',
    description: 'An agent used its own key for something other than asking',
    where: 'home',
    readOnly: true,
    pattern: {
      'detail-type': ['AWS API Call via CloudTrail'],
      detail: { eventSource: [{ 'anything-but': ['sts.amazonaws.com'] }], $or: byAgents(environment) },
    },
  };
}

function change(environment: Environment): AlertRule {
  const names = environment.agents
    .filter((agent) => agent.identity.type !== 'existing-role')
    .map((agent) => agentName(agent, environment));
  return {
    name: 'change',
    description: 'An agent identity, a role, or one of their policies or MFA devices was changed',
    where: 'iam',
    readOnly: false,
    pattern: {
      'detail-type': ['AWS API Call via CloudTrail'],
      source: ['aws.iam'],
      detail: {
        eventSource: ['iam.amazonaws.com'],
        $or: [
          { requestParameters: { userName: names } },
          { requestParameters: { roleName: [{ prefix: `${stackName(environment)}-` }] } },
          { requestParameters: { policyArn: [{ prefix: iamArn(environment, `policy${rolePath(environment)}`) }] } },
          { requestParameters: { virtualMFADeviceName: names.map((name) => ({ prefix: `${name}-` })) } },
          {
            requestParameters: { serialNumber: names.map((name) => ({ prefix: iamArn(environment, `mfa/${name}-`) })) },
          },
        ],
      },
    },
  };
}

function tampering(environment: Environment): AlertRule {
  const ours = [{ prefix: `${stackName(environment)}-` }];
  const arns = (service: string, resource: string) => [
    {
      prefix: `arn:${environment.partition}:${service}:${environment.region}:${environment.account}:${resource}${stackName(environment)}-`,
    },
  ];
  return {
    name: 'tampering',
    description: 'An alert rule, alert topic or the trail was changed',
    where: 'home',
    readOnly: false,
    pattern: {
      'detail-type': ['AWS API Call via CloudTrail'],
      source: ['aws.events', 'aws.sns', 'aws.cloudtrail'],
      detail: {
        $or: [
          { requestParameters: { name: ours } },
          { requestParameters: { rule: ours } },
          { requestParameters: { trailName: ours } },
          { requestParameters: { name: arns('cloudtrail', 'trail/') } },
          { requestParameters: { topicArn: arns('sns', '') } },
        ],
      },
    },
  };
}

/** Calls made with an agent's base identity, whether a user's key or a base role's session. */
function byAgents(environment: Environment): readonly EventPattern[] {
  const arnsOf = (wanted: (agent: Agent) => boolean) =>
    environment.agents.filter(wanted).map((agent) => agentArn(agent, environment));
  const users = arnsOf((agent) => agent.identity.type === 'iam-user');
  const roles = arnsOf((agent) => agent.identity.type !== 'iam-user');
  return [
    ...(users.length > 0 ? [{ userIdentity: { arn: users } }] : []),
    ...(roles.length > 0 ? [{ userIdentity: { sessionContext: { sessionIssuer: { arn: roles } } } }] : []),
  ];
}

function onOurRoles(environment: Environment): EventPattern {
  return { requestParameters: { roleArn: [{ prefix: iamArn(environment, `role${rolePath(environment)}`) }] } };
}

/** Whether an hour lies in the working hours, which may run past midnight. */
function within(hour: number, { from, to }: { readonly from: number; readonly to: number }): boolean {
  return from < to ? hour >= from && hour < to : hour >= from || hour < to;
}
