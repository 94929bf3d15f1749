/**
 * Protects lease records: the KMS key that authenticates them, and the resource policies of the tables that store them.
 * These policies name the function's role. Another identity can write records only after changing these policies, which
 * causes an alert. Sources: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-intro.html
 */
import type { Environment } from '@leasehold/definitions';
import type { ConditionBlock, PolicyDocument, Statement } from '@leasehold/policy';
import { brokerRoleArn, type EnvironmentNames, iamArn, stackName, watchName } from '../names';
import { CHANGE_ITEM, eventsTableName, projectionsTableName, tableArn } from './names';

/** The function's environment variable for the key's ARN. The ARN contains an id that AWS generates. */
export const RECORD_KEY_VARIABLE = 'LEASEHOLD_RECORD_KEY';

/** The action with which the function authenticates records. */
export const MAKE_MAC = 'kms:GenerateMac';

/** Alias of the key, for example `alias/leasehold/hermes-dev/records`. KMS permits `/` in an alias. */
export function recordKeyAlias(environment: EnvironmentNames): string {
  return `alias/leasehold/${stackName(environment)}/records`;
}

/**
 * Name of the rule that notifies people of a change to the key. The rule's event pattern contains the key's id, which
 * AWS generates.
 */
export function recordKeyRuleName(environment: Environment): string {
  return `${watchName(environment)}-record-key`;
}

/** ARN of the rule named {@link recordKeyRuleName}. */
export function recordKeyRuleArn(environment: Environment): string {
  const { partition, region, account } = environment;
  return `arn:${partition}:events:${region}:${account}:rule/${recordKeyRuleName(environment)}`;
}

/** ARN pattern for any key in the environment's account and region, because a key's id is known only after apply. */
export function anyKeyArn({ partition, region, account }: EnvironmentNames): string {
  return `arn:${partition}:kms:${region}:${account}:key/*`;
}

/** The statement that lets the function generate MACs with the key to which the alias refers. */
export function recordKeyStatement(environment: Environment): Statement {
  return {
    Sid: 'Authenticate',
    Effect: 'Allow',
    Action: MAKE_MAC,
    Resource: anyKeyArn(environment),
    Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': recordKeyAlias(environment) } },
  };
}

/**
 * The boundary's statement that denies generating MACs with any other key. `ForAllValues` also matches keys without an
 * alias.
 */
export function onlyRecordKey(environment: Environment): Statement {
  return {
    Sid: 'OnlyRecordKey',
    Effect: 'Deny',
    Action: MAKE_MAC,
    Resource: '*',
    Condition: { 'ForAllValues:StringNotEquals': { 'kms:ResourceAliases': recordKeyAlias(environment) } },
  };
}

/**
 * The key's policy. The function's role can generate MACs. The account can administer the key, but cannot use the key.
 * IAM policies cannot permit actions that the key's policy does not list. Grants could permit such actions, so the
 * policy denies creating grants.
 */
export function recordKeyPolicy(environment: Environment): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Authenticate',
        Effect: 'Allow',
        Principal: { AWS: brokerRoleArn(environment) },
        Action: MAKE_MAC,
        Resource: '*',
      },
      {
        Sid: 'LookAfter',
        Effect: 'Allow',
        Principal: { AWS: iamArn(environment, 'root') },
        Action: LOOK_AFTER,
        Resource: '*',
      },
      {
        Sid: 'NobodyElse',
        Effect: 'Deny',
        Principal: '*',
        Action: [MAKE_MAC, 'kms:VerifyMac'],
        Resource: '*',
        Condition: butTheFunction(environment),
      },
      { Sid: 'NoGrants', Effect: 'Deny', Principal: '*', Action: 'kms:CreateGrant', Resource: '*' },
    ],
  };
}

/** Resource policy of the events table: only the function can add items, and nobody can change or remove them. */
export function eventsTablePolicy(environment: Environment): PolicyDocument {
  const Resource = tableArn(eventsTableName(environment), environment);
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'OnlyTheFunctionAdds',
        Effect: 'Deny',
        Principal: '*',
        Action: ADD_ITEM,
        Resource,
        Condition: butTheFunction(environment),
      },
      {
        Sid: 'RecordsStay',
        Effect: 'Deny',
        Principal: '*',
        // Time to live is denied too, because DynamoDB would then remove items itself.
        Action: [...CHANGE_ITEM, ...CHANGE_BY_PARTIQL, 'dynamodb:UpdateTimeToLive'],
        Resource,
      },
    ],
  };
}

/** Resource policy of the projections table: only the function can write to it. */
export function projectionsTablePolicy(environment: Environment): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'OnlyTheFunctionWrites',
        Effect: 'Deny',
        Principal: '*',
        Action: [...ADD_ITEM, ...CHANGE_ITEM, ...CHANGE_BY_PARTIQL],
        Resource: tableArn(projectionsTableName(environment), environment),
        Condition: butTheFunction(environment),
      },
    ],
  };
}

/**
 * A condition that matches every principal except the function's role. For a role session, `aws:PrincipalArn` is the
 * ARN of the role.
 */
function butTheFunction(environment: Environment): ConditionBlock {
  return { ArnNotEquals: { 'aws:PrincipalArn': brokerRoleArn(environment) } };
}

/** DynamoDB actions that add items. A transaction is authorized like its individual writes. */
export const ADD_ITEM: readonly string[] = ['dynamodb:BatchWriteItem', 'dynamodb:PartiQLInsert', 'dynamodb:PutItem'];
/** Actions that change items with PartiQL statements. */
export const CHANGE_BY_PARTIQL: readonly string[] = ['dynamodb:PartiQLDelete', 'dynamodb:PartiQLUpdate'];

/**
 * Actions with which Terraform and administrators manage a key. None of these actions uses the key for cryptography.
 */
const LOOK_AFTER: readonly string[] = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:EnableKey',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:RevokeGrant',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
];
