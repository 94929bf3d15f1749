/**
 * Roles that people assume to call the broker, one for each kind of person. A person assumes the role with MFA and
 * under their own user name. The role permits only the routes for this kind of person. People are authenticated by AWS,
 * not by the broker.
 */
import type { Environment } from '@leasehold/definitions';
import { oneOrMany, type PolicyDocument } from '@leasehold/policy';
import { askBoundary, invokeDocuments } from '../ask';
import { iamArn } from '../names';
import { routeArns } from './invoke';
import { PERSON_KINDS, type PersonKind } from './names';

/**
 * Maximum age, in seconds, of a person's MFA sign-in. A session that starts when the sign-in has this age can last for
 * another 3,600 seconds.
 */
const MFA_AGE = '3600';

/**
 * The kinds of people with at least one person. A role is deployed for each kind. The list is empty if no broker is
 * deployed.
 */
export function personKinds(environment: Environment): readonly PersonKind[] {
  return environment.broker === undefined ? [] : PERSON_KINDS.filter((kind) => people(kind, environment).length > 0);
}

/**
 * ARNs of the IAM users of a kind of person, sorted. Requesters are all people in the definitions, administrators are
 * people with `administrator: true`, and approvers are the approvers in the project.
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
 * The trust policy of the role for a kind of person. Each person assumes the role with MFA and must use their IAM user
 * name as the session name. `aws:username` exists only for IAM users, so a role session with any session name never
 * matches.
 *
 * An MFA session (`sts:GetSessionToken`) is accepted because, unlike an agent's key, a person's key is used only by
 * that person. Session tags and source identities are not accepted: the actions that set them are not allowed, so an
 * `sts:AssumeRole` call that sets them fails. Sources:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
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

/** The policies that permit people of one kind to call the routes for this kind. */
export function personPermissions(kind: PersonKind, environment: Environment): readonly PolicyDocument[] {
  return invokeDocuments(routeArns(kind, environment));
}

/**
 * The boundary of the role for a kind of person. It permits only the routes for this kind, regardless of the policies
 * attached to the role.
 */
export function personBoundary(kind: PersonKind, environment: Environment): PolicyDocument {
  return askBoundary([], environment, routeArns(kind, environment));
}
