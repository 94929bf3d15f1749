/** The roles and users of an environment's broker, and of the people who call the broker. */
import type { Environment } from '@leasehold/definitions';
import {
  BROKER_PATH,
  boundaryName,
  brokerBoundary,
  brokerPermissions,
  brokerRoleName,
  brokerTrust,
  CONSOLE_ROLE_PATH,
  consoleBoundary,
  consoleFunctionName,
  consolePermissions,
  consoleTrust,
  OUTCOMES_PATH,
  outcomesBoundary,
  outcomesPermissions,
  outcomesRoleName,
  outcomesTrust,
  PEOPLE_PATH,
  people,
  personBoundary,
  personKinds,
  personPermissions,
  personRoleArn,
  personRoleName,
  personTrust,
  stackName,
} from '@leasehold/documents';
import type { PolicyDocument } from '@leasehold/policy';
import { AccountBuilder, readUserArn } from './account-builder';
import { addPolicies, addPolicy } from './policies';

/** The broker's execution role. */
export function addBroker(builder: AccountBuilder, environment: Environment): void {
  const name = brokerRoleName(environment);
  builder.role({
    name,
    path: BROKER_PATH,
    trust: brokerTrust(),
    boundary: addPolicy(builder, boundaryName(name), brokerBoundary(environment), environment),
    attached: addPolicies(builder, `${name}-ask`, brokerPermissions(environment), environment),
  });
}

/** The roles that people assume to call the broker. */
export function addPeople(builder: AccountBuilder, environment: Environment): void {
  for (const kind of personKinds(environment)) {
    const name = personRoleName(kind, environment);
    builder.role({
      name,
      path: PEOPLE_PATH,
      trust: personTrust(kind, environment),
      boundary: addPolicy(builder, boundaryName(name), personBoundary(kind, environment), environment),
      attached: addPolicies(builder, `${name}-call`, personPermissions(kind, environment), environment),
    });
  }
}

/**
 * Adds people whose users are in another account. Such a user also needs an identity policy in their own account: a
 * trust policy alone is sufficient only for users in the role's account.
 */
export function addPeopleElsewhere(builders: Map<string, AccountBuilder>, environment: Environment): void {
  const roles = new Map<string, string[]>();
  for (const kind of personKinds(environment)) {
    for (const arn of people(kind, environment)) {
      if (readUserArn(arn)?.account === environment.account) continue;
      roles.set(arn, [...(roles.get(arn) ?? []), personRoleArn(kind, environment)]);
    }
  }
  for (const [arn, opened] of roles) {
    const user = readUserArn(arn);
    if (!user) continue;
    const builder = builders.get(user.account) ?? new AccountBuilder(user.account, user.partition);
    builders.set(user.account, builder);
    if (!builder.has(user.name)) builder.user(user);
    builder.inline(user.name, `speak-${stackName(environment)}`, opening(opened));
  }
}

function opening(roles: readonly string[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: roles }] };
}

/** The role of the pipe that publishes lease outcomes. */
export function addOutcomes(builder: AccountBuilder, environment: Environment): void {
  const name = outcomesRoleName(environment);
  builder.role({
    name,
    path: OUTCOMES_PATH,
    trust: outcomesTrust(environment),
    boundary: addPolicy(builder, boundaryName(name), outcomesBoundary(environment), environment),
    inline: { outcomes: outcomesPermissions(environment) },
  });
}

/** The role of the function that serves the console's files. */
export function addConsole(builder: AccountBuilder, environment: Environment): void {
  const name = consoleFunctionName(environment);
  builder.role({
    name,
    path: CONSOLE_ROLE_PATH,
    trust: consoleTrust(),
    boundary: addPolicy(builder, boundaryName(name), consoleBoundary(environment), environment),
    inline: { log: consolePermissions(environment) },
  });
}
