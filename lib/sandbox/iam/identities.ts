/**
 * IAM's operations that create and delete users and roles.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html and related pages
 */
import { defined } from '@leasehold/contract/defined';
import { NAME_ALPHABET, textOf } from '@leasehold/contract/text';
import { newId } from '../account/ids';
import type { Role, User } from '../account/model';
import { tagContext } from '../context';
import { validate } from '../query/parameters';
import { type Call, type Operation, permit } from '../query/service';
import { readTagList, type Tags } from '../query/tags';
import type { Context } from '../service-mapping';
import { AwsError } from '../wire/aws-error';
import { demandPrincipals, readBoundary, readDocument } from './documents';
import { namedArn, roleOf, userOf } from './lookup';
import { describe } from './reads';

export const createUser: Operation = (call) => {
  const { account } = call.caller;
  const { name, path, tags, boundary } = readIdentity(call, 'user');
  if (has(account.users, name)) throw alreadyExists('User', name);
  const user: User = {
    kind: 'user',
    arn: account.arn(`user${path}${name}`),
    id: newId('AIDA'),
    ...common(call, { name, path, tags }),
    ...defined({ boundary: readBoundary(boundary, account) }),
  };
  account.users.set(name, user);
  return { User: describe(user) };
};

export const createRole: Operation = (call) => {
  const { account } = call.caller;
  const { name, path, tags, boundary } = readIdentity(call, 'role');
  const {
    AssumeRolePolicyDocument: text,
    MaxSessionDuration: longest = '3600',
    Description: description,
  } = call.parameters;
  const trust = readDocument(text, 'trust', 'trust-policy');
  validate({ maxSessionDuration: longest }, { maxSessionDuration: { range: [3600, 43_200] } });
  demandPrincipals(trust, account);
  if (has(account.roles, name)) throw alreadyExists('Role', name);
  const role: Role = {
    kind: 'role',
    arn: account.arn(`role${path}${name}`),
    id: newId('AROA'),
    ...common(call, { name, path, tags }),
    trust,
    maxSessionDuration: Number(longest),
    ...defined({ boundary: readBoundary(boundary, account), description }),
  };
  account.roles.set(name, role);
  return { Role: describe(role) };
};

/** Deletes a user. The call is refused while the user has policies, keys or MFA devices. */
export const deleteUser: Operation = (call) => {
  const { caller, cloud } = call;
  permitOn(call, 'user', 'iam:DeleteUser');
  const user = userOf(call);
  demandNone('policies', user.inline.size + user.attached.length);
  demandNone('access keys', cloud.keys.of({ account: caller.account.id, userName: user.name }).length);
  demandNone('MFA devices', caller.account.devicesOf(user).length);
  caller.account.users.delete(user.name);
  return undefined;
};

/** Deletes a role. The call is refused while the role has policies. */
export const deleteRole: Operation = (call) => {
  permitOn(call, 'role', 'iam:DeleteRole');
  const role = roleOf(call);
  demandNone('policies', role.inline.size + role.attached.length);
  call.caller.account.roles.delete(role.name);
  return undefined;
};

interface Named {
  readonly name: string;
  readonly path: string;
  readonly tags: Tags;
}

/** Reads the common parameters of calls for users and roles, and authorizes the call. */
function readIdentity(call: Call, kind: 'user' | 'role'): Named & { readonly boundary: string | undefined } {
  const { parameters, draft, caller } = call;
  const { UserName, RoleName, Path: path = '/', PermissionsBoundary: boundary } = parameters;
  const name = kind === 'user' ? UserName : RoleName;
  validate(
    { [`${kind}Name`]: name, path },
    {
      [`${kind}Name`]: { required: true, length: [1, 64], pattern: textOf(NAME_ALPHABET, 1, 64) },
      path: { length: [1, 512], pattern: /^\/$|^\/[\u0021-\u007E]+\/$/ },
    },
  );
  const tags = readTagList(parameters, 'InvalidInput') ?? {};
  draft.requestParameters = { [`${kind}Name`]: name, path, ...defined({ permissionsBoundary: boundary }) };
  permit(call, [
    {
      action: kind === 'user' ? 'iam:CreateUser' : 'iam:CreateRole',
      resource: caller.account.arn(`${kind}${path}${name}`),
      context: { ...boundaryContext(boundary), ...taggingContext(tags) },
    },
  ]);
  return { name: name ?? '', path, tags, boundary };
}

function common({ facts }: Call, { name, path, tags }: Named) {
  return { name, path, tags, createDate: new Date(facts.now), inline: new Map(), attached: [] };
}

/** The condition key `iam:PermissionsBoundary`. */
export function boundaryContext(boundary: string | undefined): Context {
  return defined({ 'iam:PermissionsBoundary': boundary });
}

function taggingContext(tags: Tags): Context {
  const keys = Object.keys(tags);
  return keys.length === 0 ? {} : { ...tagContext('aws:RequestTag', tags), 'aws:TagKeys': keys };
}

function permitOn(call: Call, kind: 'user' | 'role', action: string): void {
  const { parameters, draft, caller } = call;
  const name = kind === 'user' ? parameters.UserName : parameters.RoleName;
  draft.requestParameters = { [`${kind}Name`]: name };
  permit(call, [{ action, resource: namedArn(caller.account, kind, name), context: {} }]);
}

/** Whether a name is in use, ignoring case. IAM does not allow names that differ only in case. */
function has(entities: ReadonlyMap<string, unknown>, name: string): boolean {
  return [...entities.keys()].some((known) => known.toLowerCase() === name.toLowerCase());
}

function alreadyExists(what: string, name: string): AwsError {
  return new AwsError(409, 'EntityAlreadyExists', `${what} with name ${name} already exists.`);
}

function demandNone(what: string, count: number): void {
  if (count > 0) throw new AwsError(409, 'DeleteConflict', `Cannot delete entity, must delete ${what} first.`);
}
