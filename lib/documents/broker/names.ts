/** Names and ARNs of what a broker is deployed as. All are literals at synth, also where AWS makes up an id. */
import type { CallerKind } from '@leasehold/contract/routes';
import type { Environment, Role } from '@leasehold/definitions';
import { type EnvironmentNames, iamArn, stackName } from '../names';

/** IAM path of the roles in which people speak to a broker: outside the roles' paths, and outside the agents'. */
export const PEOPLE_PATH = '/leasehold-people/';

/** The kinds of people, each with a role of its own. */
export type PersonKind = Exclude<CallerKind, 'agent'>;
export const PERSON_KINDS = ['requester', 'approver', 'administrator'] as const satisfies readonly PersonKind[];

/** Name of the role in which people of a kind speak to the broker, for example `hermes-dev-approver`. */
export function personRoleName(kind: PersonKind, environment: Environment): string {
  return `${stackName(environment)}-${kind}`;
}

/** ARN of {@link personRoleName}. */
export function personRoleArn(kind: PersonKind, environment: Environment): string {
  return iamArn(environment, `role${PEOPLE_PATH}${personRoleName(kind, environment)}`);
}

/** Name of the function, and of its HTTP API. */
export function brokerName(environment: EnvironmentNames): string {
  return `${stackName(environment)}-broker`;
}

/** The API's stage, which stands in every ARN of it, and so names it where the API's id is known only after apply. */
export function brokerStage(environment: Environment): string {
  return `leasehold-${stackName(environment)}`;
}

/**
 * Any id of an API: ten characters, which AWS makes up. A `*` would reach across the `/` behind it, into the path of any
 * other API of the account in which the stage's name occurs.
 */
const ANY_API = '?'.repeat(10);

/**
 * ARN of calls of the API, whatever its id. `resource` is `METHOD/path`, in which `*` stands for anything.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
 */
export function brokerApiArn(environment: Environment, resource: string): string {
  const { partition, region, account } = environment;
  return `arn:${partition}:execute-api:${region}:${account}:${ANY_API}/${brokerStage(environment)}/${resource}`;
}

/** Table of the events of all leases. */
export function eventsTableName(environment: EnvironmentNames): string {
  return `${stackName(environment)}-lease-events`;
}

/** Table of what may change: principals, budgets, revocations that stand. */
export function projectionsTableName(environment: EnvironmentNames): string {
  return `${stackName(environment)}-broker-projections`;
}

/** ARN of a table. */
export function tableArn(table: string, { partition, region, account }: EnvironmentNames): string {
  return `arn:${partition}:dynamodb:${region}:${account}:table/${table}`;
}

/** Calls of DynamoDB that change or take away what is there. Of events the function has none of them. */
export const CHANGE_ITEM: readonly string[] = ['dynamodb:DeleteItem', 'dynamodb:UpdateItem'];

/** Indexes of {@link eventsTableName}: each has its name's attribute as partition key and `at` as sort key. */
export const EVENT_INDEXES = ['open', 'requester', 'role'] as const;

/** Name of the secret that holds the key of the reviewer's interface. */
export function reviewerSecretName(environment: Environment): string {
  return `leasehold/${stackName(environment)}/reviewer`;
}

/** Name of the event bus on which outcomes are told. */
export function brokerBusName(environment: Environment): string {
  return `${stackName(environment)}-broker`;
}

/** How the tags of a role begin that take leases of it back. They feed denies alone. */
export const REVOKED_PREFIX = 'revoked.';
/** How many leases of a role can stand revoked at once; after that the whole role is shut. */
export const REVOKED_SLOTS = 20;

/** The role's tag that holds the id of one revoked lease, from slot 1 on. */
export function revokedTag(slot: number): string {
  return `${REVOKED_PREFIX}${slot}`;
}

/** The role's tag that takes back every lease of it and lets no new one be opened. */
export const SHUT_TAG = `${REVOKED_PREFIX}role`;

/** Whether the broker opens a role. */
export function isBrokered({ gates }: Role): boolean {
  return gates.includes('broker');
}

/** ARN of the broker's function. */
export function brokerFunctionArn(environment: EnvironmentNames): string {
  const { partition, region, account } = environment;
  return `arn:${partition}:lambda:${region}:${account}:function:${brokerName(environment)}`;
}

/** Log group of the function, by the name that Lambda expects. */
export function brokerLogGroup(environment: Environment): string {
  return `/aws/lambda/${brokerName(environment)}`;
}

/**
 * Log group of the API's access log. Under this prefix AWS needs no resource policy of CloudWatch Logs, of which a
 * region has ten.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
 */
export function accessLogGroup(environment: Environment): string {
  return `/aws/vendedlogs/${brokerName(environment)}`;
}

/** ARN of a log group, as a resource is told it; policies need `:*` behind it. */
export function logGroupArn(group: string, { partition, region, account }: Environment): string {
  return `arn:${partition}:logs:${region}:${account}:log-group:${group}`;
}

/**
 * ARN of the reviewer's secret. Secrets Manager puts six characters of its own behind the name.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html
 */
export function reviewerSecretArn(environment: Environment): string {
  const { partition, region, account } = environment;
  return `arn:${partition}:secretsmanager:${region}:${account}:secret:${reviewerSecretName(environment)}-??????`;
}

/** ARN of the event bus on which outcomes are told. */
export function brokerBusArn(environment: Environment): string {
  const { partition, region, account } = environment;
  return `arn:${partition}:events:${region}:${account}:event-bus/${brokerBusName(environment)}`;
}
