/**
 * All calls that the doctor may send, with the required permissions. The doctor's least-privilege policy is generated
 * from this table, and calls that are not in the table are never sent. All calls are read-only and do not read secrets.
 */
import type { Environment } from '@leasehold/definitions';
import {
  AGENT_PATH,
  alertTopicName,
  brokerBusName,
  brokerFunctionArn,
  eventsTableName,
  hasReviewerKey,
  iamArn,
  outcomesPipeArn,
  projectionsTableName,
  reviewerSecretArn,
  tableArn,
  trailBucketArn,
  watchName,
} from '@leasehold/documents';
import type { PolicyDocument, Statement } from '@leasehold/policy';
import type { Service } from './modules';

/** A call that the doctor may send, with the required permission. */
export interface PermittedCall {
  /** SDK command, for example `GetLoginProfile`. */
  readonly command: string;
  /** IAM action that permits the call. For some services the action and the call have different names. */
  readonly action: string;
  /** The resources in an environment for which the action is permitted. @default `*` */
  readonly resources?: (environment: Environment) => readonly string[];
  /** Whether the doctor needs the call for an environment. @default always */
  readonly needed?: (environment: Environment) => boolean;
}

const withBroker = ({ broker }: Environment) => broker !== undefined;
const withSignIn = ({ broker }: Environment) => broker?.people !== undefined;
const withUserPool = ({ broker }: Environment) => broker?.people?.signIn.type === 'cognito';
const withAlerts = ({ alerts }: Environment) => alerts !== undefined;
const withOwnTrail = ({ alerts }: Environment) => alerts?.trail === 'create';
const withUsers = ({ agents }: Environment) => agents.some(({ identity }) => identity.type === 'iam-user');
const withBedrockKey = ({ broker }: Environment) => broker !== undefined && hasReviewerKey(broker);

const agentUsers = (environment: Environment) => [iamArn(environment, `user${AGENT_PATH}*`)];
const awsPolicies = ({ partition }: Environment) => [`arn:${partition}:iam::aws:policy/*`];
const local = (service: string, resource: string) => (environment: Environment) => [
  `arn:${environment.partition}:${service}:${environment.region}:${environment.account}:${resource}`,
];
const tables = (environment: Environment) =>
  [eventsTableName(environment), projectionsTableName(environment)].map((name) => tableArn(name, environment));
const projections = (environment: Environment) => [tableArn(projectionsTableName(environment), environment)];
const eventRecordsAndIndexes = (environment: Environment) =>
  [''].concat('/index/*').map((end) => `${tableArn(eventsTableName(environment), environment)}${end}`);
const alertTopics = (environment: Environment) => [
  `arn:${environment.partition}:sns:*:${environment.account}:${alertTopicName(environment)}`,
];
const rules = (environment: Environment) =>
  [`rule/${watchName(environment)}-*`, `rule/${brokerBusName(environment)}/${watchName(environment)}-*`].map(
    (resource) => `arn:${environment.partition}:events:*:${environment.account}:${resource}`,
  );
const brokerFunctions = (environment: Environment) => [brokerFunctionArn(environment)];
const trailBuckets = (environment: Environment) => [trailBucketArn(environment)];
const anyApi = ({ partition, region }: Environment) =>
  ['/apis', '/apis/*'].map((path) => `arn:${partition}:apigateway:${region}::${path}`);

export const CALLS: Readonly<Partial<Record<Service, readonly PermittedCall[]>>> = {
  accessanalyzer: [{ command: 'ListAnalyzers', action: 'access-analyzer:ListAnalyzers' }],
  account: [
    { command: 'GetRegionOptStatus', action: 'account:GetRegionOptStatus' },
    { command: 'ListRegions', action: 'account:ListRegions', needed: withBroker },
  ],
  apigateway: [
    // API Gateway authorizes its control plane by HTTP method and path: one action covers all reads.
    { command: 'GetApis', action: 'apigateway:GET', resources: anyApi, needed: withBroker },
    { command: 'GetRoutes', action: 'apigateway:GET', resources: anyApi, needed: withBroker },
    { command: 'GetIntegrations', action: 'apigateway:GET', resources: anyApi, needed: withBroker },
    { command: 'GetAuthorizers', action: 'apigateway:GET', resources: anyApi, needed: withSignIn },
    { command: 'GetStages', action: 'apigateway:GET', resources: anyApi, needed: withBroker },
    { command: 'ExportApi', action: 'apigateway:GET', resources: anyApi, needed: withBroker },
  ],
  cloudtrail: [
    { command: 'DescribeTrails', action: 'cloudtrail:DescribeTrails' },
    { command: 'GetTrailStatus', action: 'cloudtrail:GetTrailStatus' },
    { command: 'GetEventSelectors', action: 'cloudtrail:GetEventSelectors' },
    { command: 'LookupEvents', action: 'cloudtrail:LookupEvents', needed: withUsers },
  ],
  cloudwatch: [{ command: 'DescribeAlarms', action: 'cloudwatch:DescribeAlarms', needed: withBroker }],
  cognito: [
    { command: 'ListUserPools', action: 'cognito-idp:ListUserPools', needed: withUserPool },
    ...(['DescribeUserPool', 'DescribeUserPoolClient', 'GetUserPoolMfaConfig', 'ListUserPoolClients'] as const).map(
      (command) => ({
        command,
        action: `cognito-idp:${command}`,
        resources: local('cognito-idp', 'userpool/*'),
        needed: withUserPool,
      }),
    ),
  ],
  dynamodb: [
    { command: 'DescribeTable', action: 'dynamodb:DescribeTable', resources: tables, needed: withBroker },
    {
      command: 'DescribeContinuousBackups',
      action: 'dynamodb:DescribeContinuousBackups',
      resources: tables,
      needed: withBroker,
    },
    { command: 'DescribeTimeToLive', action: 'dynamodb:DescribeTimeToLive', resources: tables, needed: withBroker },
    { command: 'GetResourcePolicy', action: 'dynamodb:GetResourcePolicy', resources: tables, needed: withBroker },
    // The health of the function, and the spending of requesters.
    { command: 'GetItem', action: 'dynamodb:GetItem', resources: projections, needed: withBroker },
    // Finds the owners of passkeys. Only the keys of the items are read.
    { command: 'Scan', action: 'dynamodb:Scan', resources: projections, needed: withSignIn },
    // Records contain no secret; the doctor verifies the newest ones and looks up revoked leases.
    { command: 'Query', action: 'dynamodb:Query', resources: eventRecordsAndIndexes, needed: withBroker },
  ],
  ecr: [
    { command: 'DescribeRepositories', action: 'ecr:DescribeRepositories', resources: local('ecr', 'repository/*') },
    { command: 'GetRepositoryPolicy', action: 'ecr:GetRepositoryPolicy', resources: local('ecr', 'repository/*') },
  ],
  events: [
    { command: 'DescribeRule', action: 'events:DescribeRule', resources: rules, needed: watched },
    { command: 'ListTargetsByRule', action: 'events:ListTargetsByRule', resources: rules, needed: watched },
    {
      command: 'DescribeEventBus',
      action: 'events:DescribeEventBus',
      resources: (environment) => local('events', `event-bus/${brokerBusName(environment)}`)(environment),
      needed: withBroker,
    },
  ],
  iam: [
    { command: 'GetAccountAuthorizationDetails', action: 'iam:GetAccountAuthorizationDetails' },
    { command: 'GetAccountSummary', action: 'iam:GetAccountSummary' },
    // AWS-managed policies that are attached to an identity of the stack.
    { command: 'GetPolicy', action: 'iam:GetPolicy', resources: awsPolicies },
    { command: 'GetPolicyVersion', action: 'iam:GetPolicyVersion', resources: awsPolicies },
    { command: 'ListRoles', action: 'iam:ListRoles' },
    { command: 'GetLoginProfile', action: 'iam:GetLoginProfile', resources: agentUsers, needed: withUsers },
    { command: 'ListAccessKeys', action: 'iam:ListAccessKeys', resources: agentUsers, needed: withUsers },
    {
      command: 'GetAccessKeyLastUsed',
      action: 'iam:GetAccessKeyLastUsed',
      resources: agentUsers,
      needed: withUsers,
    },
    { command: 'ListMFADevices', action: 'iam:ListMFADevices', resources: agentUsers, needed: withUsers },
    { command: 'ListSSHPublicKeys', action: 'iam:ListSSHPublicKeys', resources: agentUsers, needed: withUsers },
    {
      command: 'ListSigningCertificates',
      action: 'iam:ListSigningCertificates',
      resources: agentUsers,
      needed: withUsers,
    },
    {
      command: 'ListServiceSpecificCredentials',
      action: 'iam:ListServiceSpecificCredentials',
      resources: agentUsers,
      needed: withUsers,
    },
  ],
  kms: [
    { command: 'ListKeys', action: 'kms:ListKeys' },
    { command: 'ListAliases', action: 'kms:ListAliases' },
    { command: 'DescribeKey', action: 'kms:DescribeKey', resources: local('kms', 'key/*'), needed: withBroker },
    { command: 'GetKeyPolicy', action: 'kms:GetKeyPolicy', resources: local('kms', 'key/*') },
    { command: 'ListGrants', action: 'kms:ListGrants', resources: local('kms', 'key/*'), needed: withBroker },
  ],
  lambda: [
    { command: 'ListFunctions', action: 'lambda:ListFunctions' },
    { command: 'GetPolicy', action: 'lambda:GetPolicy', resources: local('lambda', 'function:*') },
    { command: 'ListAliases', action: 'lambda:ListAliases', resources: brokerFunctions, needed: withBroker },
    {
      command: 'ListFunctionUrlConfigs',
      action: 'lambda:ListFunctionUrlConfigs',
      resources: brokerFunctions,
      needed: withBroker,
    },
    // The action does not support resource-level permissions: the mappings of all functions are listed.
    { command: 'ListEventSourceMappings', action: 'lambda:ListEventSourceMappings', needed: withBroker },
    {
      command: 'ListFunctionEventInvokeConfigs',
      action: 'lambda:ListFunctionEventInvokeConfigs',
      resources: brokerFunctions,
      needed: withBroker,
    },
    {
      command: 'GetFunctionConfiguration',
      action: 'lambda:GetFunctionConfiguration',
      resources: brokerFunctions,
      needed: withBroker,
    },
  ],
  organizations: [
    { command: 'DescribeOrganization', action: 'organizations:DescribeOrganization' },
    { command: 'ListParents', action: 'organizations:ListParents' },
    { command: 'ListPoliciesForTarget', action: 'organizations:ListPoliciesForTarget' },
    { command: 'DescribePolicy', action: 'organizations:DescribePolicy' },
  ],
  pipes: [
    {
      command: 'DescribePipe',
      action: 'pipes:DescribePipe',
      resources: (environment) => [outcomesPipeArn(environment)],
      needed: withBroker,
    },
  ],
  s3: [
    { command: 'ListBuckets', action: 's3:ListAllMyBuckets' },
    {
      command: 'GetBucketPolicy',
      action: 's3:GetBucketPolicy',
      resources: ({ partition }) => [`arn:${partition}:s3:::*`],
    },
    {
      command: 'GetBucketVersioning',
      action: 's3:GetBucketVersioning',
      resources: trailBuckets,
      needed: withOwnTrail,
    },
    {
      command: 'GetBucketLifecycleConfiguration',
      action: 's3:GetLifecycleConfiguration',
      resources: trailBuckets,
      needed: withOwnTrail,
    },
    {
      command: 'GetPublicAccessBlock',
      action: 's3:GetBucketPublicAccessBlock',
      resources: trailBuckets,
      needed: withOwnTrail,
    },
  ],
  secretsmanager: [
    { command: 'ListSecrets', action: 'secretsmanager:ListSecrets' },
    {
      command: 'GetResourcePolicy',
      action: 'secretsmanager:GetResourcePolicy',
      resources: local('secretsmanager', 'secret:*'),
    },
    {
      command: 'DescribeSecret',
      action: 'secretsmanager:DescribeSecret',
      resources: (environment) => [reviewerSecretArn(environment)],
      needed: withBedrockKey,
    },
  ],
  sns: [
    { command: 'ListTopics', action: 'sns:ListTopics' },
    {
      command: 'GetTopicAttributes',
      action: 'sns:GetTopicAttributes',
      resources: (environment) => [
        ...local('sns', '*')(environment),
        ...(withAlerts(environment) ? alertTopics(environment) : []),
      ],
    },
    {
      command: 'GetSubscriptionAttributes',
      action: 'sns:GetSubscriptionAttributes',
      resources: alertTopics,
      needed: withAlerts,
    },
    {
      command: 'ListSubscriptionsByTopic',
      action: 'sns:ListSubscriptionsByTopic',
      resources: alertTopics,
      needed: withAlerts,
    },
  ],
  sqs: [
    { command: 'ListQueues', action: 'sqs:ListQueues' },
    { command: 'GetQueueAttributes', action: 'sqs:GetQueueAttributes', resources: local('sqs', '*') },
  ],
  sts: [{ command: 'GetCallerIdentity', action: 'sts:GetCallerIdentity' }],
};

function watched(environment: Environment): boolean {
  return withAlerts(environment) || withBroker(environment);
}

/** The entry of a call. @throws TypeError for a call that the doctor may not send */
export function callNamed(service: Service, command: string): PermittedCall {
  const found = CALLS[service]?.find((call) => call.command === command);
  if (found === undefined) throw new TypeError(`${service}:${command} is not a call of the doctor`);
  return found;
}

/** The policy with exactly the permissions that the doctor needs in an environment. */
export function doctorPolicy(environment: Environment): PolicyDocument {
  const byResources = new Map<string, { resources: readonly string[]; actions: Set<string> }>();
  for (const { action, resources, needed } of Object.values(CALLS).flat()) {
    if (needed?.(environment) === false || FREE.includes(action)) continue;
    const on = resources?.(environment) ?? ['*'];
    const key = on.join(' ');
    const group = byResources.get(key) ?? { resources: on, actions: new Set() };
    group.actions.add(action);
    byResources.set(key, group);
  }
  const statements = [...byResources.values()].map(
    ({ resources, actions }): Statement => ({ Effect: 'Allow', Action: [...actions].sort(), Resource: resources }),
  );
  return { Version: '2012-10-17', Statement: statements };
}

/** Actions that need no permission: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
const FREE: readonly string[] = ['sts:GetCallerIdentity'];
