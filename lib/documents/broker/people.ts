/**
 * Roles in which people call the broker, one for each kind of person. A person assumes the role with MFA and under
 * their own user name. The role can only call the routes of that kind. AWS, not the broker, therefore authenticates
 * people.
 */
import type { Environment } from '@leasehold/definitions';
import { oneOrMany, type PolicyDocument } from '@leasehold/policy';
import { askBoundary, invokeDocuments } from '../ask';
import { iamArn } from '../names';
import { routeArns } from './invoke';
import { PERSON_KINDS, type PersonKind } from './names';

/** Maximum age, in seconds, of a person's MFA sign-in. A session can then last another 3,600 seconds. */
const MFA_AGE = '3600';

/** The kinds that have at least one person; each has a deployed role. Empty without a broker. */
export function personKinds(environment: Environment): readonly PersonKind[] {
  return environment.broker === undefined ? [] : PERSON_KINDS.filter((kind) => people(kind, environment).length > 0);
}

/**
 * ARNs of the IAM users of a kind, sorted. Requesters are all people in the definitions, administrators those with that
 * mark, approvers those that the project lists.
 */
export function people(kind: PersonKind, environment: Environment): readonly string[] {
  const persons = environment.principals.filter((principal) => principal.kind === 'person');
  const arnOf = (name: string) =>
    persons.find((person) => person.name === name)?.userArn ?? iamArn(environment, `user/${name}`);
  const names =
    kind === 'approver'
      ? environment.approvers
      : persons.filter(({ administrator }) => kind === 'requester' || administrator).map(({ name }) => name);
  return [...new Set(names.map(arnOf))].sort();
}

/**
 * The trust policy of the role of a kind. Each person assumes it with MFA and with the name of their own IAM user as
 * the session name. `aws:username` exists only for IAM users, so a role session with any session name never
 * matches.
 *
 * A session with MFA (`sts:GetSessionToken`) is accepted: unlike an agent's key, a person's key is held by nobody else.
 * Session tags and source identities are not accepted: their actions are not allowed, so `sts:AssumeRole` with them
 * fails.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
 */
export function personTrust(kind: PersonKind, environment: Environment): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'SpeakAsOneself',
        Effect: 'Allow',
        Principal: { AWS: oneOrMany(people(kind, environment)) },
        Action: 'sts:AssumeRole',
        Condition: {
          Bool: { 'aws:MultiFactorAuthPresent': 'true' },
          NumericLessThanIfExists: { 'aws:MultiFactorAuthAge': MFA_AGE },
          StringEquals: { 'sts:RoleSessionName': '${aws:username}' },
        },
      },
    ],
  };
}

/** The policies that let people of a kind call its routes. */
export function personPermissions(kind: PersonKind, environment: Environment): readonly PolicyDocument[] {
  return invokeDocuments(routeArns(kind, environment));
}

/**
 * The boundary of the role of a kind: only the routes of that kind, regardless of the policies that are attached to the
 * role.
 */
export function personBoundary(kind: PersonKind, environment: Environment): PolicyDocument {
  return askBoundary([], environment, routeArns(kind, environment));
}
