/** Reads all identities of the account and their policies with `GetAccountAuthorizationDetails`. */
import type { Aws, CallOutput } from '../aws/aws';
import { present } from '../unread';
import { documentText } from './decode';

/**
 * A user, group or role in the account. Policy documents are not parsed yet, because AWS accepts some documents that
 * the policy engine rejects.
 */
export interface LiveIdentity {
  readonly kind: 'user' | 'role' | 'group';
  readonly arn: string;
  readonly name: string;
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
  /** Text of the default version of each customer-managed policy, by ARN. */
  readonly policies: ReadonlyMap<string, string>;
}

/** Reads all users, groups, roles and policies, 1,000 entries per page. @throws Unread */
export async function readAuthorization(aws: Aws): Promise<Authorization> {
  const pages = await aws.pages('iam', 'GetAccountAuthorizationDetails', {
    MaxItems: 1000,
    Filter: ['User', 'Role', 'Group', 'LocalManagedPolicy'],
  });
  // AWS returns the lists one after the other. A list may be missing from a page, but not from all pages.
  const every = <K extends DetailList>(list: K): readonly Of<K>[] => {
    const lists = pages.map((page) => page[list] as readonly Of<K>[] | undefined).filter((each) => each !== undefined);
    return answered(lists.length > 0 ? lists.flat() : undefined, list);
  };
  return {
    users: byName(every('UserDetailList').map(user)),
    roles: byName(every('RoleDetailList').map(role)),
    groups: byName(every('GroupDetailList').map(group)),
    policies: new Map(every('Policies').map(policy)),
  };
}

type Page = CallOutput<'iam', 'GetAccountAuthorizationDetails'>;
type DetailList = 'UserDetailList' | 'RoleDetailList' | 'GroupDetailList' | 'Policies';
type Of<K extends DetailList> = NonNullable<Page[K]>[number];

function user(detail: Of<'UserDetailList'>): LiveIdentity {
  return {
    ...common('user', detail, detail.UserName, detail.UserId),
    inline: inline(detail.UserPolicyList, 'UserPolicyList'),
    groups: answered(detail.GroupList, 'GroupList'),
    boundary: boundaryOf(detail.PermissionsBoundary),
    tags: tags(detail.Tags),
  };
}

function role(detail: Of<'RoleDetailList'>): LiveIdentity {
  return {
    ...common('role', detail, detail.RoleName, detail.RoleId),
    inline: inline(detail.RolePolicyList, 'RolePolicyList'),
    boundary: boundaryOf(detail.PermissionsBoundary),
    trust: documentText(answered(detail.AssumeRolePolicyDocument, 'AssumeRolePolicyDocument')),
    tags: tags(detail.Tags),
  };
}

function group(detail: Of<'GroupDetailList'>): LiveIdentity {
  return {
    ...common('group', detail, detail.GroupName, detail.GroupId),
    inline: inline(detail.GroupPolicyList, 'GroupPolicyList'),
  };
}

function common(
  kind: LiveIdentity['kind'],
  detail: Of<'UserDetailList'> | Of<'RoleDetailList'> | Of<'GroupDetailList'>,
  name: string | undefined,
  id: string | undefined,
) {
  return {
    kind,
    name: answered(name, 'a name'),
    id: answered(id, 'an id'),
    arn: answered(detail.Arn, 'Arn'),
    attached: answered(detail.AttachedManagedPolicies, 'AttachedManagedPolicies')
      .map(({ PolicyArn }) => answered(PolicyArn, 'PolicyArn'))
      .sort(),
    groups: [],
    boundary: undefined,
    trust: undefined,
    tags: new Map<string, string>(),
  };
}

function inline(policies: Of<'UserDetailList'>['UserPolicyList'], list: string): ReadonlyMap<string, string> {
  return new Map(
    answered(policies, list).map(({ PolicyName, PolicyDocument }) => [
      answered(PolicyName, 'PolicyName'),
      documentText(answered(PolicyDocument, 'PolicyDocument')),
    ]),
  );
}

function policy({ Arn, DefaultVersionId, PolicyVersionList }: Of<'Policies'>): readonly [string, string] {
  const versions = answered(PolicyVersionList, 'PolicyVersionList');
  const current = versions.find(({ VersionId }) => VersionId === answered(DefaultVersionId, 'DefaultVersionId'));
  return [answered(Arn, 'Arn'), documentText(answered(current?.Document, 'the default version of a policy'))];
}

function boundaryOf(boundary: Of<'RoleDetailList'>['PermissionsBoundary']): string | undefined {
  return boundary && answered(boundary.PermissionsBoundaryArn, 'PermissionsBoundaryArn');
}

/** An identity without tags has no list. */
function tags(of: Of<'RoleDetailList'>['Tags']): ReadonlyMap<string, string> {
  return new Map((of ?? []).map(({ Key, Value }) => [answered(Key, 'Key'), answered(Value, 'Value')]));
}

function byName(identities: readonly LiveIdentity[]): ReadonlyMap<string, LiveIdentity> {
  return new Map(identities.map((identity) => [identity.name, identity]));
}

function answered<T>(value: T | undefined, field: string): T {
  return present(value, field, 'iam:GetAccountAuthorizationDetails');
}
