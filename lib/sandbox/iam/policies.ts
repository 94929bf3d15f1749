/**
 * IAM's operations that write policies: inline policies of users and roles, and managed policies.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html and related pages
 */
import { defined } from '@leasehold/contract/defined';
import { NAME_ALPHABET, textOf } from '@leasehold/contract/text';
import { COUNT_QUOTAS, checkSize, type PolicyDocument } from '@leasehold/policy';
import { newId } from '../account/ids';
import { firstVersion, type Role, type User } from '../account/model';
import { validate } from '../query/parameters';
import { type Call, type Operation, permit } from '../query/service';
import { AwsError } from '../wire/aws-error';
import { readDocument } from './documents';
import { boundaryContext } from './identities';
import { namedArn, noSuchEntity, policyOf, required, roleOf, userOf } from './lookup';
import { describePolicy } from './reads';

type Kind = 'user' | 'role';

/** The operations `PutUserPolicy` and `PutRolePolicy`. */
export function putInlinePolicy(kind: Kind): Operation {
  return (call) => {
    const quota = kind === 'user' ? 'user-inline-policy' : 'role-inline-policy';
    const name = policyName(call);
    permitOn(call, kind, kind === 'user' ? 'iam:PutUserPolicy' : 'iam:PutRolePolicy');
    const document = readDocument(call.parameters.PolicyDocument, 'identity', quota);
    const entity = entityOf(call, kind);
    const inline = new Map([...entity.inline, [name, document]]);
    const { over, limit } = checkSize(quota, [...inline.values()]);
    if (over)
      throw new AwsError(
        409,
        'LimitExceeded',
        `Maximum policy size of ${limit} bytes exceeded for ${kind} ${entity.name}`,
      );
    replace(call, entity, inline);
    return undefined;
  };
}

/** The operations `DeleteUserPolicy` and `DeleteRolePolicy`. */
export function deleteInlinePolicy(kind: Kind): Operation {
  return (call) => {
    const name = policyName(call);
    permitOn(call, kind, kind === 'user' ? 'iam:DeleteUserPolicy' : 'iam:DeleteRolePolicy');
    const entity = entityOf(call, kind);
    const inline = new Map(entity.inline);
    if (!inline.delete(name)) throw noSuchEntity(`The ${kind} policy with name ${name} cannot be found.`);
    replace(call, entity, inline);
    return undefined;
  };
}

/** The operation `AttachRolePolicy`. */
export const attachRolePolicy: Operation = (call) => {
  const { role, arn } = readAttachment(call, 'iam:AttachRolePolicy');
  if (role.attached.includes(arn)) return undefined;
  const { value: most } = COUNT_QUOTAS.managedPoliciesPerRole;
  if (role.attached.length >= most) {
    throw new AwsError(409, 'LimitExceeded', `Cannot exceed quota for PoliciesPerRole: ${most}`);
  }
  call.caller.account.roles.set(role.name, { ...role, attached: [...role.attached, arn] });
  return undefined;
};

/** The operation `DetachRolePolicy`. */
export const detachRolePolicy: Operation = (call) => {
  const { role, arn } = readAttachment(call, 'iam:DetachRolePolicy');
  if (!role.attached.includes(arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
  call.caller.account.roles.set(role.name, { ...role, attached: role.attached.filter((each) => each !== arn) });
  return undefined;
};

export const createPolicy: Operation = (call) => {
  const { parameters, draft, caller, facts } = call;
  const { Path: path = '/', Description: description } = parameters;
  const name = policyName(call);
  validate({ path }, { path: { length: [1, 512], pattern: /^\/$|^\/[\u0021-\u007E]+\/$/ } });
  draft.requestParameters = { policyName: name, path };
  const arn = caller.account.arn(`policy${path}${name}`);
  permit(call, [{ action: 'iam:CreatePolicy', resource: arn, context: {} }]);
  const document = readDocument(parameters.PolicyDocument, 'identity', 'managed-policy');
  const { policies } = caller.account;
  if ([...policies.values()].some((policy) => policy.name === name && !policy.arn.includes(':iam::aws:'))) {
    throw new AwsError(
      409,
      'EntityAlreadyExists',
      `A policy called ${name} already exists. Duplicate names are not allowed.`,
    );
  }
  const createDate = new Date(facts.now);
  const policy = {
    name,
    path,
    arn,
    id: newId('ANPA'),
    createDate,
    ...firstVersion(document, createDate),
    ...defined({ description }),
  };
  policies.set(arn, policy);
  return { Policy: describePolicy(policy, call) };
};

/**
 * Deletes a policy. The call is refused while the policy is attached, is used as a boundary, or has versions other
 * than the default version.
 */
export const deletePolicy: Operation = (call) => {
  const arn = required(call.parameters.PolicyArn, 'policyArn');
  const { account } = call.caller;
  call.draft.requestParameters = { policyArn: arn };
  const own = arn.startsWith(account.arn('policy/'));
  permit(call, [{ action: 'iam:DeletePolicy', resource: own ? arn : account.arn('policy/unknown'), context: {} }]);
  if (!own) throw noSuchEntity(`Policy ${arn} was not found.`);
  const policy = policyOf(call);
  const inUse = [...account.users.values(), ...account.roles.values()].some(
    ({ attached, boundary }) => attached.includes(policy.arn) || boundary === policy.arn,
  );
  if (inUse) throw new AwsError(409, 'DeleteConflict', 'Cannot delete a policy attached to entities.');
  if (policy.versions.length > 1) {
    throw new AwsError(
      409,
      'DeleteConflict',
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions.",
    );
  }
  account.policies.delete(policy.arn);
  return undefined;
};

function readAttachment(call: Call, action: string): { readonly role: Role; readonly arn: string } {
  const { parameters, draft, caller } = call;
  const arn = required(parameters.PolicyArn, 'policyArn');
  draft.requestParameters = { roleName: parameters.RoleName, policyArn: arn };
  const context = {
    'iam:PolicyARN': arn,
    ...boundaryContext(caller.account.roles.get(parameters.RoleName ?? '')?.boundary),
  };
  permit(call, [{ action, resource: namedArn(caller.account, 'role', parameters.RoleName), context }]);
  return { role: roleOf(call), arn: policyOf(call).arn };
}

function policyName({ parameters: { PolicyName: name } }: Call): string {
  validate(
    { policyName: name },
    { policyName: { required: true, length: [1, 128], pattern: textOf(NAME_ALPHABET, 1, 128) } },
  );
  return name ?? '';
}

function permitOn(call: Call, kind: Kind, action: string): void {
  const { parameters, draft, caller } = call;
  const name = kind === 'user' ? parameters.UserName : parameters.RoleName;
  draft.requestParameters = { [`${kind}Name`]: name, policyName: parameters.PolicyName };
  const entities: ReadonlyMap<string, User | Role> = kind === 'user' ? caller.account.users : caller.account.roles;
  const context = boundaryContext(entities.get(name ?? '')?.boundary);
  permit(call, [{ action, resource: namedArn(caller.account, kind, name), context }]);
}

function entityOf(call: Call, kind: Kind): User | Role {
  if (kind === 'role') return roleOf(call);
  required(call.parameters.UserName, 'userName');
  return userOf(call);
}

/** Replaces the identity with a copy. The policies that are cached for the old object are no longer used. */
function replace({ caller }: Call, entity: User | Role, inline: ReadonlyMap<string, PolicyDocument>): void {
  if (entity.kind === 'user') caller.account.users.set(entity.name, { ...entity, inline });
  else caller.account.roles.set(entity.name, { ...entity, inline });
}
