/** Uses the IAM API to read the account that Terraform created on a backing server. */

import type { AttachedPolicy, Role, User } from '@aws-sdk/client-iam';
import { defined } from '@leasehold/contract/defined';
import type { PolicyDocument } from '@leasehold/policy';
import { many, parseArn } from '@leasehold/policy';
import type { Account } from '../account/model';
import { SandboxError } from '../errors';
import type { Backing } from '../forward';
import { AccountBuilder } from './account-builder';
import { type IamReader, iamReader, listed, present } from './iam-reader';

/**
 * The account on the backing server.
 * @throws {SandboxError} if it cannot be read completely and unambiguously.
 */
export async function appliedAccount(backing: Backing, id: string): Promise<Account> {
  const reader = iamReader(backing, id);
  try {
    return await readAccount(reader, id);
  } finally {
    reader.iam.destroy();
  }
}

async function readAccount(reader: IamReader, id: string): Promise<Account> {
  const { iam: client, sdk } = reader;
  const users = await listed('ListUsers', sdk.paginateListUsers(paging(reader), {}), ({ Users }) => Users);
  const roles = (await listed('ListRoles', sdk.paginateListRoles(paging(reader), {}), ({ Roles }) => Roles)).filter(
    ({ Path }) => !present(Path, 'ListRoles').startsWith('/aws-service-role/'),
  );
  const policies = await listed(
    'ListPolicies',
    sdk.paginateListPolicies(paging(reader), { Scope: 'Local' }),
    ({ Policies }) => Policies,
  );
  const [anyone] = [...users, ...roles];
  const partition = (anyone && parseArn(present(anyone.Arn, 'ListUsers'))?.partition) ?? 'aws';
  const builder = new AccountBuilder(id, partition);
  for (const { Arn, DefaultVersionId, PolicyName, Path } of policies) {
    const arn = present(Arn, 'ListPolicies');
    const { PolicyVersion } = await client.getPolicyVersion({ PolicyArn: arn, VersionId: DefaultVersionId });
    const document = decoded(PolicyVersion?.Document, arn);
    builder.policy({ name: present(PolicyName, 'ListPolicies'), path: present(Path, 'ListPolicies'), document });
  }
  for (const { UserName } of users) builder.user(await readUser(reader, present(UserName, 'ListUsers')));
  for (const { RoleName } of roles) builder.role(await readRole(reader, present(RoleName, 'ListRoles')));
  return builder.build();
}

async function readUser(reader: IamReader, name: string) {
  const { iam: client, sdk } = reader;
  const who = { UserName: name };
  const whole = present((await client.getUser(who)).User, 'GetUser');
  const groups = sdk.paginateListGroupsForUser(paging(reader), who);
  if ((await listed('ListGroupsForUser', groups, ({ Groups }) => Groups)).length > 0) {
    throw new SandboxError(
      `${name} is in a group, and the sandbox does not support groups`,
      "Remove the user from the group: the sandbox would ignore the group's denies.",
    );
  }
  const names = sdk.paginateListUserPolicies(paging(reader), who);
  const inline: Record<string, PolicyDocument> = {};
  for (const PolicyName of await listed('ListUserPolicies', names, ({ PolicyNames }) => PolicyNames)) {
    const { PolicyDocument } = await client.getUserPolicy({ ...who, PolicyName });
    inline[PolicyName] = decoded(PolicyDocument, `${PolicyName} of ${name}`);
  }
  const attached = sdk.paginateListAttachedUserPolicies(paging(reader), who);
  return {
    ...described('GetUser', name, whole),
    inline,
    attached: arnsOf(
      'ListAttachedUserPolicies',
      await listed('ListAttachedUserPolicies', attached, ({ AttachedPolicies }) => AttachedPolicies),
    ),
  };
}

async function readRole(reader: IamReader, name: string) {
  const { iam: client, sdk } = reader;
  const who = { RoleName: name };
  const whole = present((await client.getRole(who)).Role, 'GetRole');
  const names = sdk.paginateListRolePolicies(paging(reader), who);
  const inline: Record<string, PolicyDocument> = {};
  for (const PolicyName of await listed('ListRolePolicies', names, ({ PolicyNames }) => PolicyNames)) {
    const { PolicyDocument } = await client.getRolePolicy({ ...who, PolicyName });
    inline[PolicyName] = decoded(PolicyDocument, `${PolicyName} of ${name}`);
  }
  const attached = sdk.paginateListAttachedRolePolicies(paging(reader), who);
  return {
    ...described('GetRole', name, whole),
    inline,
    attached: arnsOf(
      'ListAttachedRolePolicies',
      await listed('ListAttachedRolePolicies', attached, ({ AttachedPolicies }) => AttachedPolicies),
    ),
    trust: decoded(whole.AssumeRolePolicyDocument, name),
    ...(whole.MaxSessionDuration === undefined
      ? {}
      : { maxSessionDuration: present(whole.MaxSessionDuration, 'GetRole') }),
  };
}

/** The common properties of users and roles. */
function described(
  what: string,
  name: string,
  whole: Pick<Role, 'Path' | 'PermissionsBoundary' | 'Tags'> | Pick<User, 'Path' | 'PermissionsBoundary' | 'Tags'>,
) {
  const { Path, PermissionsBoundary, Tags = [] } = whole;
  return {
    name,
    path: present(Path, what),
    tags: Object.fromEntries(Tags.map(({ Key, Value }) => [present(Key, what), Value ?? ''])),
    ...defined({ boundary: PermissionsBoundary && present(PermissionsBoundary.PermissionsBoundaryArn, what) }),
  };
}

function arnsOf(what: string, policies: readonly AttachedPolicy[]): readonly string[] {
  return policies.map(({ PolicyArn }) => present(PolicyArn, what));
}

/** Stops if a page token is repeated, because the listing would otherwise never end. */
function paging({ iam }: IamReader) {
  return { client: iam, stopOnSameToken: true };
}

/** Decodes a document in IAM's format: percent-encoded JSON. */
function decoded(text: string | undefined, what: string): PolicyDocument {
  try {
    const document: PolicyDocument = JSON.parse(decodeURIComponent(text ?? ''));
    if (many(document.Statement).length === 0) throw new TypeError('no statement');
    return document;
  } catch (cause) {
    throw new SandboxError(`The policy of ${what} cannot be read from the backing server`, 'Apply the stack again.', {
      cause,
    });
  }
}
