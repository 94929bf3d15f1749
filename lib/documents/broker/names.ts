/**
 * Names and ARNs of a broker's resources. All names and ARNs are literal strings that are known at synth: in an ARN,
 * `?` stands for each character that AWS generates.
 */
import type { CallerKind } from '@leasehold/contract/routes';
import type { Environment, Role } from '@leasehold/definitions';
import { type EnvironmentNames, iamArn, stackName } from '../names';

/**
 * IAM path of the roles that people assume to call a broker, separate from the paths of purpose roles and of agents.
 */
export const PEOPLE_PATH = '/leasehold-people/';

/** The kinds of people. Each kind has its own role. */
export type PersonKind = Exclude<CallerKind, 'agent'>;
export const PERSON_KINDS = ['requester', 'approver', 'administrator'] as const satisfies readonly PersonKind[];

/**
 * Name of the role that people of one kind assume to call the broker, for example `hermes-dev-approver`.
 */
export function personRoleName(kind: PersonKind, environment: Environment): string {
  return `${stackName(environment)}-${kind}`;
}

/** ARN of the role named {@link personRoleName}. */
export function personRoleArn(kind: PersonKind, environment: Environment): string {
  return iamArn(environment, `role${PEOPLE_PATH}${personRoleName(kind, environment)}`);
}

/** Name of the function and of its HTTP API. */
export function brokerName(environment: EnvironmentNames): string {
  return `${stackName(environment)}-broker`;
}

/**
 * The API's stage. Every ARN of the API contains the stage name. Before apply, the API's id is unknown, so the stage
 * name identifies the API.
 */
export function brokerStage(environment: EnvironmentNames): string {
  return `leasehold-${stackName(environment)}`;
}

/**
 * Matches any API id, which has ten characters. A `*` would also match the `/` after the id, so the ARN would match
 * other APIs in the account whose path contains the stage name.
 */
const ANY_API = '?'.repeat(10);

/**
 * ARN for calls to the API, regardless of the API's id. `resource` is `METHOD/path`, where `*` matches anything.
 * Source:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
 */
export function brokerApiArn(environment: Environment, resource: string): string {
  const { partition, region, account } = environment;
  return `arn:${partition}:execute-api:${region}:${account}:${ANY_API}/${brokerStage(environment)}/${resource}`;
}

/** Name of the table with the events of all leases. */
export function eventsTableName(environment: EnvironmentNames): string {
  return `${stackName(environment)}-lease-events`;
}

/** Name of the table with data that may change: principals, budgets, active revocations. */
export function projectionsTableName(environment: EnvironmentNames): string {
  return `${stackName(environment)}-broker-projections`;
}

/** ARN of a table. */
export function tableArn(table: string, { partition, region, account }: EnvironmentNames): string {
  return `arn:${partition}:dynamodb:${region}:${account}:table/${table}`;
}

/**
 * DynamoDB actions that change or remove items. The function has no permission for these actions on the events table.
 */
export const CHANGE_ITEM: readonly string[] = ['dynamodb:DeleteItem', 'dynamodb:UpdateItem'];

/**
 * Indexes of the table {@link eventsTableName}. The partition key of each index is the attribute with the index's
 * name, and the sort key is `at`.
 */
export const EVENT_INDEXES = ['open', 'requester', 'role'] as const;

/** Name of the secret that contains the reviewer's API key. */
export function reviewerSecretName(environment: Environment): string {
  return `leasehold/${stackName(environment)}/reviewer`;
}

/** Name of the event bus for lease outcomes. */
export function brokerBusName(environment: Environment): string {
  return `${stackName(environment)}-broker`;
}

/** Prefix of the role tags that revoke leases of the role. Only deny statements refer to these tags. */
export const REVOKED_PREFIX = 'revoked.';
/**
 * Maximum number of individually revoked leases per role. If another lease is then revoked, the whole role is blocked.
 */
export const REVOKED_SLOTS = 20;

/** The role tag that contains the id of one revoked lease. A role can have several such tags, numbered from 1. */
export function revokedTag(slot: number): string {
  return `${REVOKED_PREFIX}${slot}`;
}

/** A placeholder that is never the id of a lease. */
export const NO_LEASE = '-';

/** The role tag that revokes every lease of the role and prevents new leases. */
export const SHUT_TAG = `${REVOKED_PREFIX}role`;

/**
 * Name of the policy that the broker writes to revoke the leases of a role, or of all roles. The policy is attached to
 * every role with an exact boundary.
 */
export function revocationPolicyName(environment: EnvironmentNames): string {
  return `${stackName(environment)}-revoked`;
}

/** Whether the broker can open the role. */
export function isBrokered({ gates }: Role): boolean {
  return gates.includes('broker');
}

/** ARN of the broker's function. */
export function brokerFunctionArn(environment: EnvironmentNames): string {
  const { partition, region, account } = environment;
  return `arn:${partition}:lambda:${region}:${account}:function:${brokerName(environment)}`;
}

/** Name of the function's log group. Lambda requires this form of the name. */
export function brokerLogGroup(environment: Environment): string {
  return `/aws/lambda/${brokerName(environment)}`;
}

/**
 * Name of the log group of the API's access log. For log groups with this prefix, AWS needs no CloudWatch Logs resource
 * policy. A region allows only ten such policies. Source:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
 */
export function accessLogGroup(environment: Environment): string {
  return `/aws/vendedlogs/${brokerName(environment)}`;
}

/**
 * ARN of a log group, in the form in which other resources refer to the log group. In policies, `:*` must be appended.
 */
export function logGroupArn(group: string, { partition, region, account }: Environment): string {
  return `arn:${partition}:logs:${region}:${account}:log-group:${group}`;
}

/**
 * ARN of the reviewer's secret. Secrets Manager appends six random characters to the name.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html
 */
export function reviewerSecretArn(environment: Environment): string {
  const { partition, region, account } = environment;
  return `arn:${partition}:secretsmanager:${region}:${account}:secret:${reviewerSecretName(environment)}-??????`;
}

/** ARN of the event bus for lease outcomes. */
export function brokerBusArn(environment: Environment): string {
  const { partition, region, account } = environment;
  return `arn:${partition}:events:${region}:${account}:event-bus/${brokerBusName(environment)}`;
}
