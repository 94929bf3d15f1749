/** Finds the users, roles and policies to which an IAM call refers. */
import type { Account, ManagedPolicy, Role, User } from '../account/model';
import type { Call } from '../query/service';
import { AwsError } from '../wire/aws-error';

/** The user to which a call refers; by default, the caller. */
export function userOf({ caller, parameters }: Call): User {
  const { UserName: name } = parameters;
  if (name === undefined) {
    if (caller.kind === 'user') return caller.user;
    throw new AwsError(400, 'ValidationError', 'Must specify userName when calling with non-User credentials');
  }
  const user = caller.account.users.get(name);
  if (!user) throw noSuchEntity(`The user with name ${name} cannot be found.`);
  return user;
}

/** The role that a call names. */
export function roleOf({ caller, parameters }: Call): Role {
  const name = required(parameters.RoleName, 'roleName');
  const role = caller.account.roles.get(name);
  if (!role) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
}

/** The managed policy that a call names. */
export function policyOf({ caller, parameters }: Call): ManagedPolicy {
  const arn = required(parameters.PolicyArn, 'policyArn');
  const policy = caller.account.policy(arn);
  if (!policy) throw noSuchEntity(`Policy ${arn} was not found.`);
  return policy;
}

/**
 * The resource for which a call that contains a resource name is authorized, even if the resource does not exist. Only
 * a caller with permission for the call may find out whether the resource exists.
 */
export function namedArn(account: Account, kind: 'user' | 'role', name: string | undefined): string {
  const entities: ReadonlyMap<string, User | Role> = kind === 'user' ? account.users : account.roles;
  return entities.get(name ?? '')?.arn ?? account.arn(`${kind}/${name ?? ''}`);
}

/** The value of a required parameter. */
export function required(value: string | undefined, name: string): string {
  if (value !== undefined && value !== '') return value;
  throw isMissing(name);
}

/** The error for a call without a required parameter. */
export function isMissing(name: string): AwsError {
  return new AwsError(
    400,
    'ValidationError',
    `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
  );
}

export function noSuchEntity(message: string): AwsError {
  return new AwsError(404, 'NoSuchEntity', message);
}
