/**
 * What keeps the records of leases the function's own: the key of KMS that authenticates them, and the policies of the
 * tables that hold them. Both name the function's role and leave nobody else a way in but changing them, which raises an
 * alert.
 * Sources: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-intro.html
 */
import type { Environment } from '@leasehold/definitions';
import type { ConditionBlock, PolicyDocument, Statement } from '@leasehold/policy';
import { brokerRoleArn, type EnvironmentNames, iamArn, stackName, watchName } from '../names';
import { CHANGE_ITEM, eventsTableName, projectionsTableName, tableArn } from './names';

/** The function's variable that holds the key's ARN, which AWS makes up. */
export const RECORD_KEY_VARIABLE = 'LEASEHOLD_RECORD_KEY';

/** The call by which the function authenticates records. */
export const MAKE_MAC = 'kms:GenerateMac';

/** Alias of the key. Aliases with a `/` stand for keys as well: `alias/leasehold/hermes-dev/records`. */
export function recordKeyAlias(environment: EnvironmentNames): string {
  return `alias/leasehold/${stackName(environment)}/records`;
}

/** Name of the rule that tells people of a change of the key. Its pattern holds the key's id, which AWS makes up. */
export function recordKeyRuleName(environment: Environment): string {
  return `${watchName(environment)}-record-key`;
}

/** ARN of {@link recordKeyRuleName}. */
export function recordKeyRuleArn(environment: Environment): string {
  const { partition, region, account } = environment;
  return `arn:${partition}:events:${region}:${account}:rule/${recordKeyRuleName(environment)}`;
}

/** ARN of any key of the environment's account and region: the id of a key is known after apply. */
export function anyKeyArn({ partition, region, account }: EnvironmentNames): string {
  return `arn:${partition}:kms:${region}:${account}:key/*`;
}

/** The function's allow: MACs with the one key behind the alias. */
export function recordKeyStatement(environment: Environment): Statement {
  return {
    Sid: 'Authenticate',
    Effect: 'Allow',
    Action: MAKE_MAC,
    Resource: anyKeyArn(environment),
    Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': recordKeyAlias(environment) } },
  };
}

/** The deny of its boundary: of MACs with any other key. `ForAllValues` is also true of a key without an alias. */
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
 * The key's policy: the function's role makes MACs, and the account looks after the key and cannot use it. IAM policies of
 * the account give nothing that is not listed here, whatever they allow; grants are denied, since they would.
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

/** Policy of the events table: the function alone adds, and nobody changes or removes what is there. */
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
        // With a time to live, DynamoDB itself would remove them.
        Action: [...CHANGE_ITEM, ...CHANGE_BY_PARTIQL, 'dynamodb:UpdateTimeToLive'],
        Resource,
      },
    ],
  };
}

/** Policy of the projections: the function alone writes there. */
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

/** Of a session of a role, `aws:PrincipalArn` is the role. */
function butTheFunction(environment: Environment): ConditionBlock {
  return { ArnNotEquals: { 'aws:PrincipalArn': brokerRoleArn(environment) } };
}

/** Calls of DynamoDB that add items. Transactions are authorised as the writes that they hold. */
export const ADD_ITEM: readonly string[] = ['dynamodb:BatchWriteItem', 'dynamodb:PartiQLInsert', 'dynamodb:PutItem'];
/** Changes of items that are written as statements of PartiQL. */
export const CHANGE_BY_PARTIQL: readonly string[] = ['dynamodb:PartiQLDelete', 'dynamodb:PartiQLUpdate'];

/** What Terraform and administrators do with a key; none of it uses the key. */
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
