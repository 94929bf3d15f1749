/**
 * IAM's operations that read users, roles and policies:
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
 */
import { defined } from '@leasehold/contract/defined';
import type { PolicyDocument } from '@leasehold/policy';
import type { ManagedPolicy, Role, User } from '../account/model';
import { type Call, type Operation, permit } from '../query/service';
import type { Xml } from '../wire/xml';
import { namedArn, noSuchEntity, policyOf, required, roleOf, userOf } from './lookup';

type Kind = 'user' | 'role';

/** The operations `GetUser` and `GetRole`. */
export function getEntity(kind: Kind): Operation {
  return (call) => {
    permitOn(call, kind, kind === 'user' ? 'iam:GetUser' : 'iam:GetRole');
    const entity = entityOf(call, kind);
    return entity.kind === 'user' ? { User: describe(entity) } : { Role: describe(entity) };
  };
}

/** The operations `ListUsers` and `ListRoles`. Each response contains the whole list on one page. */
export function listEntities(kind: Kind): Operation {
  return (call) => {
    const { account } = call.caller;
    const prefix = call.parameters.PathPrefix ?? '/';
    const action = kind === 'user' ? 'iam:ListUsers' : 'iam:ListRoles';
    permit(call, [{ action, resource: account.arn(`${kind}${prefix}`), context: {} }]);
    const entities: readonly (User | Role)[] = [...(kind === 'user' ? account.users : account.roles).values()];
    const listed = entities.filter(({ path }) => path.startsWith(prefix)).map(describe);
    return { [kind === 'user' ? 'Users' : 'Roles']: listed, IsTruncated: false };
  };
}

/** The operations `ListUserPolicies` and `ListRolePolicies`. */
export function listInlinePolicies(kind: Kind): Operation {
  return (call) => {
    permitOn(call, kind, kind === 'user' ? 'iam:ListUserPolicies' : 'iam:ListRolePolicies');
    return { PolicyNames: [...entityOf(call, kind).inline.keys()], IsTruncated: false };
  };
}

/** The operations `GetUserPolicy` and `GetRolePolicy`. */
export function getInlinePolicy(kind: Kind): Operation {
  return (call) => {
    permitOn(call, kind, kind === 'user' ? 'iam:GetUserPolicy' : 'iam:GetRolePolicy');
    const entity = entityOf(call, kind);
    const name = required(call.parameters.PolicyName, 'policyName');
    const document = entity.inline.get(name);
    if (!document) throw noSuchEntity(`The ${kind} policy with name ${name} cannot be found.`);
    return {
      [kind === 'user' ? 'UserName' : 'RoleName']: entity.name,
      PolicyName: name,
      PolicyDocument: encoded(document),
    };
  };
}

/** The operations `ListAttachedUserPolicies` and `ListAttachedRolePolicies`. */
export function listAttachedPolicies(kind: Kind): Operation {
  return (call) => {
    permitOn(call, kind, kind === 'user' ? 'iam:ListAttachedUserPolicies' : 'iam:ListAttachedRolePolicies');
    const attached = entityOf(call, kind).attached.map((arn) => ({
      PolicyName: arn.slice(arn.lastIndexOf('/') + 1),
      PolicyArn: arn,
    }));
    return { AttachedPolicies: attached, IsTruncated: false };
  };
}

export const listPolicies: Operation = (call) => {
  const { account } = call.caller;
  const { PathPrefix: prefix = '/', Scope: scope = 'All' } = call.parameters;
  permit(call, [{ action: 'iam:ListPolicies', resource: '*', context: {} }]);
  const managedByAws = ({ arn }: ManagedPolicy) => arn.includes(':iam::aws:');
  const listed = [...account.policies.values()].filter(
    (policy) => policy.path.startsWith(prefix) && (scope === 'All' || (scope === 'AWS') === managedByAws(policy)),
  );
  return { Policies: listed.map((policy) => describePolicy(policy, call)), IsTruncated: false };
};

export const getPolicy: Operation = (call) => {
  permitOnPolicy(call, 'iam:GetPolicy');
  return { Policy: describePolicy(policyOf(call), call) };
};

function permitOn(call: Call, kind: Kind, action: string): void {
  const { caller, parameters, draft } = call;
  const own = kind === 'user' && caller.kind === 'user' ? caller.user.name : undefined;
  const name = (kind === 'user' ? parameters.UserName : parameters.RoleName) ?? own;
  const { PolicyName: policyName } = parameters;
  draft.requestParameters = { [`${kind}Name`]: name, ...defined({ policyName }) };
  permit(call, [{ action, resource: namedArn(caller.account, kind, name), context: {} }]);
}

/** Authorizes a call for the policy to which the call refers. */
export function permitOnPolicy(call: Call, action: string): void {
  const arn = required(call.parameters.PolicyArn, 'policyArn');
  call.draft.requestParameters = { policyArn: arn };
  const known = call.caller.account.policy(arn) !== undefined;
  permit(call, [{ action, resource: known ? arn : call.caller.account.arn('policy/unknown'), context: {} }]);
}

function entityOf(call: Call, kind: Kind): User | Role {
  return kind === 'user' ? userOf(call) : roleOf(call);
}

/** A user or role in the format of IAM's responses. */
export function describe(entity: User | Role): Xml {
  const { kind, name, path, arn, id, createDate, boundary, tags } = entity;
  const common = {
    Path: path,
    Arn: arn,
    CreateDate: createDate,
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    ...(boundary === undefined
      ? {}
      : {
          PermissionsBoundary: {
            PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
            PermissionsBoundaryArn: boundary,
          },
        }),
  };
  if (kind === 'user') return { UserName: name, UserId: id, ...common };
  return {
    RoleName: name,
    RoleId: id,
    AssumeRolePolicyDocument: encoded(entity.trust),
    Description: entity.description,
    MaxSessionDuration: entity.maxSessionDuration,
    ...common,
  };
}

/** A managed policy in the format of IAM's responses. */
export function describePolicy(policy: ManagedPolicy, { caller }: Call): Xml {
  const entities = [...caller.account.users.values(), ...caller.account.roles.values()];
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion,
    AttachmentCount: entities.filter(({ attached }) => attached.includes(policy.arn)).length,
    PermissionsBoundaryUsageCount: entities.filter(({ boundary }) => boundary === policy.arn).length,
    IsAttachable: true,
    Description: policy.description,
    CreateDate: policy.createDate,
    UpdateDate: policy.versions.at(-1)?.createDate ?? policy.createDate,
  };
}

/** URL-encodes a document (RFC 3986), as documented for IAM's API. */
export function encoded(document: PolicyDocument): string {
  return encodeURIComponent(JSON.stringify(document));
}
