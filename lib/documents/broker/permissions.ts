/**
 * The broker's execution role: the principal that the trust of a broker-gated role names. It opens exactly those roles,
 * can take their leases back, and needs a few things besides. Without a broker in the definitions it can only open them.
 */
import type { Environment } from '@leasehold/definitions';
import { many, type PolicyDocument, type Statement } from '@leasehold/policy';
import { ASK_ACTIONS, askBoundary, askDocuments, listedOrByPath, packed } from '../ask';
import { iamArn, roleArn, rolePath } from '../names';
import { KEY_ACTIONS, onlyKeysOfServices } from './keys';
import { CHANGE_ITEM, isBrokered, REVOKED_PREFIX } from './names';
import { onlyRecordKey } from './record-key';
import { eventsArns, resourceStatements } from './resource-permissions';

/** Managed policies that a role takes by default. */
const MOST_ATTACHED = 10;

const TAG_ACTIONS: readonly string[] = ['iam:TagRole', 'iam:UntagRole'];
const READ_TAGS = 'iam:ListRoleTags';

/** Whether an environment has the broker's role: it has a broker, or a role with gate `broker`. */
export function hasBroker(environment: Environment): boolean {
  return environment.broker !== undefined || brokered(environment).length > 0;
}

/** The policies of the broker's role: exactly the broker-gated roles, and exactly the broker's own things. */
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
 * The boundary of the broker's role: the same, with explicit denies, whatever else is attached to the role and whoever
 * else trusts it. Where the roles do not fit it names their path.
 */
export function brokerBoundary(environment: Environment): PolicyDocument {
  const roles = brokered(environment);
  const { broker } = environment;
  if (broker === undefined) return askBoundary(roles, environment);
  const things = resourceStatements(broker, environment);
  return listedOrByPath(roles, environment, (some) => boundary(some, things, environment));
}

/** Only the Lambda service takes on the broker's role. */
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
 * Opening the roles and tagging them. Each list of roles stands twice, since the tags of a session are no tags of a
 * role; where that needs more policies than a role takes, the tagging names the roles' path.
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
 * Setting and removing the tags that take leases back, and no other tag. `ForAllValues` is also true of no keys at all,
 * hence the `Null`.
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
