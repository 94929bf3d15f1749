/**
 * The broker's execution role, which is a principal in the trust policies of broker-gated roles. The execution role can
 * assume exactly these roles, revoke their leases, and use the broker's own resources. If the definitions contain no
 * broker, the execution role can only assume the roles.
 */
import type { Environment } from '@leasehold/definitions';
import { many, type PolicyDocument, type Statement } from '@leasehold/policy';
import { ASK_ACTIONS, askBoundary, askDocuments, listedOrByPath, packed } from '../ask';
import { iamArn, roleArn, rolePath } from '../names';
import { KEY_ACTIONS, onlyKeysOfServices } from './keys';
import { CHANGE_ITEM, isBrokered, REVOKED_PREFIX } from './names';
import { onlyRecordKey } from './record-key';
import { eventsArns, resourceStatements } from './resource-permissions';

/** Default quota of managed policies per role. */
const MOST_ATTACHED = 10;

const TAG_ACTIONS: readonly string[] = ['iam:TagRole', 'iam:UntagRole'];
const READ_TAGS = 'iam:ListRoleTags';

/**
 * Whether an environment has the broker's role: true if the environment has a broker, or a role with the gate `broker`.
 */
export function hasBroker(environment: Environment): boolean {
  return environment.broker !== undefined || brokered(environment).length > 0;
}

/** The policies of the broker's role, limited to the broker-gated roles and the broker's own resources. */
export function brokerPermissions(environment: Environment): readonly PolicyDocument[] {
  const roles = brokered(environment);
  const { broker } = environment;
  if (broker === undefined) return askDocuments(roles);
  return [
    { Version: '2012-10-17', Statement: resourceStatements(broker, environment) },
    ...openingDocuments(roles, environment, MOST_ATTACHED - 1),
  ];
}

/**
 * The boundary of the broker's role: the same permissions as its policies, and explicit deny statements for everything
 * else. The boundary applies regardless of other policies attached to the role, and of trust policies that name the
 * role. If the list of assumable roles is too long, the boundary contains their IAM path instead.
 */
export function brokerBoundary(environment: Environment): PolicyDocument {
  const roles = brokered(environment);
  const { broker } = environment;
  if (broker === undefined) return askBoundary(roles, environment);
  const things = resourceStatements(broker, environment);
  return listedOrByPath(roles, environment, (some) => boundary(some, things, environment));
}

/** The trust policy of the broker's role. Only the Lambda service can assume it. */
export function brokerTrust(): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
}

function brokered(environment: Environment): readonly string[] {
  return environment.roles.filter(isBrokered).map((role) => roleArn(role, environment));
}

/**
 * Policies for assuming the roles and tagging them. Each list of roles occurs twice, because session tags and role tags
 * need different statements. If more policies are needed than a role can have, the tagging statement contains the IAM
 * path of the roles instead of the list.
 */
function openingDocuments(roles: readonly string[], environment: Environment, most: number): readonly PolicyDocument[] {
  const open = (Resource: readonly string[]): Statement => ({
    Sid: 'Open',
    Effect: 'Allow',
    Action: [...ASK_ACTIONS, READ_TAGS],
    Resource,
  });
  const listed = packed(roles, (some) => [open(some), takeBack(some)]);
  if (listed.length <= most) return listed;
  const byPath: PolicyDocument = {
    Version: '2012-10-17',
    Statement: [takeBack([iamArn(environment, `role${rolePath(environment)}*`)])],
  };
  return [byPath, ...packed(roles, (some) => [open(some)])];
}

/**
 * The statement that permits setting and removing revocation tags, and no other tags. `ForAllValues` is also true
 * without any keys, so the `Null` condition is needed too.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_multi-value-conditions.html
 */
function takeBack(Resource: readonly string[]): Statement {
  return {
    Sid: 'TakeBack',
    Effect: 'Allow',
    Action: TAG_ACTIONS,
    Resource,
    Condition: {
      'ForAllValues:StringLike': { 'aws:TagKeys': `${REVOKED_PREFIX}*` },
      Null: { 'aws:TagKeys': 'false' },
    },
  };
}

function boundary(roles: readonly string[], things: readonly Statement[], environment: Environment): PolicyDocument {
  const onRoles = roles.length > 0 ? [...ASK_ACTIONS, READ_TAGS, ...TAG_ACTIONS] : [];
  const placed = things.filter(({ Resource }) => Resource !== '*');
  const everything = distinct([...onRoles, ...KEY_ACTIONS, ...things.flatMap(({ Action }) => many(Action))]);
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Broker', Effect: 'Allow', Action: everything, Resource: '*' },
      { Sid: 'NothingElse', Effect: 'Deny', NotAction: everything, Resource: '*' },
      {
        Sid: 'OnlyTheseThings',
        Effect: 'Deny',
        Action: distinct(placed.flatMap(({ Action }) => many(Action))),
        NotResource: distinct(placed.flatMap(({ Resource }) => many(Resource))),
      },
      { Sid: 'RecordsStay', Effect: 'Deny', Action: CHANGE_ITEM, Resource: eventsArns(environment) },
      onlyKeysOfServices(environment),
      onlyRecordKey(environment),
      ...(roles.length > 0 ? onlyTheseRoles(onRoles, roles) : []),
    ],
  };
}

function onlyTheseRoles(Action: readonly string[], NotResource: readonly string[]): readonly Statement[] {
  return [
    { Sid: 'OnlyTheseRoles', Effect: 'Deny', Action, NotResource },
    {
      Sid: 'OnlyRevocations',
      Effect: 'Deny',
      Action: TAG_ACTIONS,
      Resource: '*',
      Condition: { 'ForAnyValue:StringNotLike': { 'aws:TagKeys': `${REVOKED_PREFIX}*` } },
    },
  ];
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
