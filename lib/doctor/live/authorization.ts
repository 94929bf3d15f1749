/** All identities of the account with their policies: the answer of `GetAccountAuthorizationDetails`, page by page. */
import type { Aws, CallOutput } from '../aws/aws';
import { documentText } from './decode';

/** A user, group or role as the account has it. Documents are texts: AWS accepts some that the engine does not. */
export interface LiveIdentity {
  readonly kind: 'user' | 'role' | 'group';
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  /** Unique id, for example `AIDA…`. */
  readonly id: string;
  /** Inline policies by name. */
  readonly inline: ReadonlyMap<string, string>;
  /** ARNs of attached policies. */
  readonly attached: readonly string[];
  /** Names of a user's groups. */
  readonly groups: readonly string[];
  readonly boundary: string | undefined;
  /** A role's trust policy. */
  readonly trust: string | undefined;
  readonly tags: ReadonlyMap<string, string>;
}

export interface Authorization {
  readonly users: ReadonlyMap<string, LiveIdentity>;
  readonly roles: ReadonlyMap<string, LiveIdentity>;
  readonly groups: ReadonlyMap<string, LiveIdentity>;
  /** Text of the default version of each policy of the account's own, by ARN. */
  readonly policies: ReadonlyMap<string, string>;
}

/** Reads all users, groups, roles and policies: 1,000 of them a page. @throws Unread */
export async function readAuthorization(aws: Aws): Promise<Authorization> {
  const pages = await aws.all('iam', 'GetAccountAuthorizationDetails', {
    MaxItems: 1000,
    Filter: ['User', 'Role', 'Group', 'LocalManagedPolicy'],
  });
  return {
    users: byName(pages.flatMap(({ UserDetailList = [] }) => UserDetailList.map(user))),
    roles: byName(pages.flatMap(({ RoleDetailList = [] }) => RoleDetailList.map(role))),
    groups: byName(pages.flatMap(({ GroupDetailList = [] }) => GroupDetailList.map(group))),
    policies: new Map(pages.flatMap(({ Policies = [] }) => Policies.map(policy))),
  };
}

type Page = CallOutput<'iam', 'GetAccountAuthorizationDetails'>;
type Of<K extends 'UserDetailList' | 'RoleDetailList' | 'GroupDetailList' | 'Policies'> = NonNullable<Page[K]>[number];

function user(detail: Of<'UserDetailList'>): LiveIdentity {
  return {
    ...common('user', detail),
    name: detail.UserName ?? '',
    id: detail.UserId ?? '',
    inline: inline(detail.UserPolicyList),
    groups: detail.GroupList ?? [],
    boundary: detail.PermissionsBoundary?.PermissionsBoundaryArn,
    tags: tags(detail.Tags),
  };
}

function role(detail: Of<'RoleDetailList'>): LiveIdentity {
  return {
    ...common('role', detail),
    name: detail.RoleName ?? '',
    id: detail.RoleId ?? '',
    inline: inline(detail.RolePolicyList),
    boundary: detail.PermissionsBoundary?.PermissionsBoundaryArn,
    trust: documentText(detail.AssumeRolePolicyDocument),
    tags: tags(detail.Tags),
  };
}

function group(detail: Of<'GroupDetailList'>): LiveIdentity {
  return {
    ...common('group', detail),
    name: detail.GroupName ?? '',
    id: detail.GroupId ?? '',
    inline: inline(detail.GroupPolicyList),
  };
}

function common(
  kind: LiveIdentity['kind'],
  detail: Of<'UserDetailList'> | Of<'RoleDetailList'> | Of<'GroupDetailList'>,
) {
  return {
    kind,
    arn: detail.Arn ?? '',
    path: detail.Path ?? '/',
    attached: (detail.AttachedManagedPolicies ?? []).flatMap(({ PolicyArn }) => PolicyArn ?? []).sort(),
    groups: [],
    boundary: undefined,
    trust: undefined,
    tags: new Map<string, string>(),
  };
}

function inline(policies: Of<'UserDetailList'>['UserPolicyList']): ReadonlyMap<string, string> {
  return new Map(
    (policies ?? []).map(({ PolicyName = '', PolicyDocument }) => [PolicyName, documentText(PolicyDocument)]),
  );
}

function policy({ Arn = '', DefaultVersionId, PolicyVersionList = [] }: Of<'Policies'>): readonly [string, string] {
  const current = PolicyVersionList.find(
    ({ VersionId, IsDefaultVersion }) => IsDefaultVersion === true || VersionId === DefaultVersionId,
  );
  return [Arn, documentText(current?.Document)];
}

function tags(of: Of<'RoleDetailList'>['Tags']): ReadonlyMap<string, string> {
  return new Map((of ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}

function byName(identities: readonly LiveIdentity[]): ReadonlyMap<string, LiveIdentity> {
  return new Map(identities.map((identity) => [identity.name, identity]));
}
