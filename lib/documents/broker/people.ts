/**
 * People and the broker: one role a kind, which a person takes on with MFA and under their own name, and which can do
 * nothing but call the routes of that kind. So AWS, and not the broker, says who somebody is.
 */
import type { Environment } from '@leasehold/definitions';
import { oneOrMany, type PolicyDocument } from '@leasehold/policy';
import { askBoundary, invokeDocuments } from '../ask';
import { iamArn } from '../names';
import { routeArns } from './invoke';
import { PERSON_KINDS, type PersonKind } from './names';

/** Longest age, in seconds, of a person's MFA sign-in. A session lasts as long again at most. */
const MFA_AGE = '3600';

/** The kinds that somebody belongs to: those whose roles are deployed. None without a broker. */
export function personKinds(environment: Environment): readonly PersonKind[] {
  return environment.broker === undefined ? [] : PERSON_KINDS.filter((kind) => people(kind, environment).length > 0);
}

/**
 * ARNs of the IAM users of a kind, sorted. Requesters are all people that the broker knows, administrators those who
 * are marked so, approvers those that the project names.
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
 * Who takes on the role of a kind: its people, each under the name of their own IAM user and with MFA. `aws:username`
 * is there for IAM users alone, so that no session of a role gets through, whatever it calls itself.
 *
 * A session that carries MFA (`sts:GetSessionToken`) is welcome: unlike an agent's key, nobody else holds a person's.
 * Session tags and source identities are not: their actions are not allowed, and `sts:AssumeRole` fails with them.
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

/** The boundary of the role of a kind: its routes, whatever else is attached to it. */
export function personBoundary(kind: PersonKind, environment: Environment): PolicyDocument {
  return askBoundary([], environment, routeArns(kind, environment));
}
