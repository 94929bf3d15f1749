/**
 * Alert rules, as EventBridge event patterns over CloudTrail's management events.
 *
 * The rules for failed calls match the caller, not only the requested resource: CloudTrail may leave out the request
 * parameters of a denied call.
 * Sources: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-content-based-filtering.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
 */
import type { Alerts, Environment, Partition } from '@leasehold/definitions';
import { consoleFunctionArn, consoleFunctionName, hasConsole } from './broker/console';
import {
  brokerBusArn,
  brokerBusName,
  brokerFunctionArn,
  brokerName,
  brokerStage,
  eventsTableName,
  projectionsTableName,
  reviewerSecretArn,
  reviewerSecretName,
  tableArn,
} from './broker/names';
import { outcomesPipeName } from './broker/outcomes';
import { recordKeyAlias } from './broker/record-key';
import { AGENT_PATH, iamArn, rolePath, stackName, watchName } from './names';

/** One EventBridge rule. */
export interface AlertRule {
  /** Suffix of the rule's name, for example `failed-ask`. */
  readonly name: string;
  readonly description: string;
  /**
   * Whether the rule matches read-only events. EventBridge delivers read-only events only to a rule that requests all
   * management events.
   */
  readonly readOnly: boolean;
  readonly pattern: EventPattern;
}

/** An EventBridge event pattern: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html */
export interface EventPattern {
  readonly [field: string]: EventPattern | readonly (Matcher | EventPattern)[];
}

/** A condition on one field of an event. */
export type Matcher =
  | string
  | { readonly exists: boolean }
  | { readonly prefix: string }
  | { readonly wildcard: string }
  | { readonly 'anything-but': readonly string[] };

/**
 * The regions in which the rules are needed: the environment's region, and the region in which CloudTrail delivers
 * IAM's events. Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html (global
 * service events)
 */
export function alertRegions(environment: Environment): readonly string[] {
  return [...new Set([environment.region, iamRegion(environment.partition)])];
}

/**
 * The region of IAM's only endpoint in a partition: requests to IAM are signed for this region, and CloudTrail delivers
 * IAM's events there. Source: https://docs.aws.amazon.com/general/latest/gr/iam-service.html
 */
export function iamRegion(partition: Partition): string {
  return { aws: 'us-east-1', 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' }[partition];
}

/** The alert rules for one of the {@link alertRegions} of an environment with alerts. */
export function alertRules(environment: Environment, alerts: Alerts, region: string): readonly AlertRule[] {
  return [
    failedAsk(environment),
    ...outOfHours(environment, alerts),
    probing(environment),
    ...(region === iamRegion(environment.partition) ? [change(environment)] : []),
    tampering(environment, alerts, region),
    ...(environment.broker !== undefined && region === environment.region ? [brokerChange(environment)] : []),
  ];
}

function failedAsk(environment: Environment): AlertRule {
  return {
    name: 'failed-ask',
    description: 'AWS denied a request for a lease',
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
      description: `A role was assumed outside ${hours.from}:00 to ${hours.to}:00 UTC`,
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
    description: 'An agent used its own key for something other than asking for a lease',
    readOnly: true,
    pattern: {
      'detail-type': ['AWS API Call via CloudTrail'],
      detail: { eventName: [{ 'anything-but': ['AssumeRole', 'GetCallerIdentity'] }], $or: byAgents(environment) },
    },
  };
}

function change(environment: Environment): AlertRule {
  const ours = [{ prefix: `${stackName(environment)}-` }];
  return {
    name: 'change',
    description: 'An agent identity, a role, or one of their policies or MFA devices was changed',
    readOnly: false,
    pattern: {
      'detail-type': ['AWS API Call via CloudTrail'],
      source: ['aws.iam'],
      detail: {
        eventSource: ['iam.amazonaws.com'],
        $or: [
          { requestParameters: { userName: ours } },
          { requestParameters: { roleName: ours } },
          { requestParameters: { policyArn: [{ prefix: iamArn(environment, `policy${rolePath(environment)}`) }] } },
          { requestParameters: { virtualMFADeviceName: ours } },
          // Matches every policy document in a request that contains the name of a function or of the events table.
          ...(environment.broker === undefined
            ? []
            : [
                {
                  requestParameters: {
                    policyDocument: [
                      brokerName(environment),
                      eventsTableName(environment),
                      ...(hasConsole(environment) ? [consoleFunctionName(environment)] : []),
                    ].map((name) => ({ wildcard: `*${name}*` })),
                  },
                },
              ]),
          { requestParameters: { serialNumber: [{ prefix: iamArn(environment, `mfa/${stackName(environment)}-`) }] } },
        ],
      },
    },
  };
}

function tampering(environment: Environment, { trail }: Alerts, region: string): AlertRule {
  const ours = { prefix: `${watchName(environment)}-` };
  const arnOf = (service: string, resource: string) => ({
    prefix: `arn:${environment.partition}:${service}:${region}:${environment.account}:${resource}${watchName(environment)}-`,
  });
  const trails = trail === 'create' ? [arnOf('cloudtrail', 'trail/')] : [trail.arn, trail.arn.replace(/^.*\//, '')];
  return {
    name: 'tampering',
    description: 'An alert rule, alert topic or the trail was changed',
    readOnly: false,
    pattern: {
      'detail-type': ['AWS API Call via CloudTrail'],
      source: ['aws.events', 'aws.sns', 'aws.cloudtrail', 'aws.s3'],
      detail: {
        $or: [
          { requestParameters: { name: [ours, ...trails] } },
          { requestParameters: { rule: [ours] } },
          { requestParameters: { trailName: [ours, ...trails] } },
          { requestParameters: { topicArn: [arnOf('sns', '')] } },
          { requestParameters: { subscriptionArn: [arnOf('sns', '')] } },
          { requestParameters: { bucketName: [{ prefix: `${watchName(environment)}-trail-` }] } },
        ],
      },
    },
  };
}

/**
 * Changes to the resources that open roles. The API's id is generated by AWS, so the rule can watch only the API's
 * stage. The function's policy and the callers' policies determine what the API may call and who may call it.
 */
function brokerChange(environment: Environment): AlertRule {
  const tables = [eventsTableName(environment), projectionsTableName(environment)];
  const secret = reviewerSecretName(environment);
  const pipe = { prefix: outcomesPipeName(environment) };
  return {
    name: 'broker-change',
    description: "The broker's function, tables, their policies, secret, key's alias, stage, bus or pipe was changed",
    readOnly: false,
    pattern: {
      'detail-type': ['AWS API Call via CloudTrail'],
      source: [
        'aws.apigateway',
        'aws.dynamodb',
        'aws.events',
        'aws.kms',
        'aws.lambda',
        'aws.pipes',
        'aws.secretsmanager',
      ],
      detail: {
        $or: [
          {
            requestParameters: {
              functionName: [
                brokerName(environment),
                { prefix: brokerFunctionArn(environment) },
                ...(hasConsole(environment)
                  ? [consoleFunctionName(environment), { prefix: consoleFunctionArn(environment) }]
                  : []),
              ],
            },
          },
          { requestParameters: { tableName: [...tables, ...tables.map((table) => tableArn(table, environment))] } },
          // The tables' resource policies.
          { requestParameters: { resourceArn: tables.map((table) => tableArn(table, environment)) } },
          { requestParameters: { aliasName: [recordKeyAlias(environment)] } },
          { requestParameters: { secretId: [secret, { prefix: reviewerSecretArn(environment).replace(/\?+$/, '') }] } },
          { requestParameters: { stageName: [brokerStage(environment)] } },
          { requestParameters: { eventBusName: [brokerBusName(environment), brokerBusArn(environment)] } },
          { requestParameters: { name: [brokerBusName(environment), pipe] } },
        ],
      },
    },
  };
}

/**
 * Event patterns for calls with an agent's base identity: a user's key or a base role's session. The list always has
 * two or more patterns: EventBridge reads a `$or` with one pattern as a field name, and such a rule never matches.
 * Source: https://github.com/aws/event-ruler#or-relationship
 */
function byAgents(environment: Environment): readonly EventPattern[] {
  const ours = (kind: string) => ({
    prefix: iamArn(environment, `${kind}${AGENT_PATH}${stackName(environment)}-`),
  });
  const existing = environment.agents.flatMap(({ identity }) =>
    identity.type === 'existing-role' ? [identity.roleArn] : [],
  );
  return [
    { userIdentity: { arn: [ours('user')] } },
    { userIdentity: { sessionContext: { sessionIssuer: { arn: [ours('role'), ...existing] } } } },
  ];
}

function onOurRoles(environment: Environment): EventPattern {
  return { requestParameters: { roleArn: [{ prefix: iamArn(environment, `role${rolePath(environment)}`) }] } };
}

/** Whether an hour is within the working hours, which may extend past midnight. */
function within(hour: number, { from, to }: { readonly from: number; readonly to: number }): boolean {
  return from < to ? hour >= from && hour < to : hour >= from || hour < to;
}
