/** What IAM answers after an apply: every identity with its documents, as JSON text. */
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  type IAMClient,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListRolePoliciesCommand,
  ListUserPoliciesCommand,
  paginateListRoles,
  paginateListUsers,
} from '@aws-sdk/client-iam';
import type { Deployed, DeployedIdentity } from '../../support/deployed';

/** Reads all users and roles of the account. */
export async function readBack(iam: IAMClient): Promise<Deployed> {
  const deployed: Deployed = { users: {}, roles: {} };
  for await (const page of paginateListUsers({ client: iam }, {})) {
    for (const { UserName } of page.Users ?? []) if (UserName) deployed.users[UserName] = await readUser(iam, UserName);
  }
  for await (const page of paginateListRoles({ client: iam }, {})) {
    for (const { RoleName } of page.Roles ?? []) if (RoleName) deployed.roles[RoleName] = await readRole(iam, RoleName);
  }
  return deployed;
}

async function readUser(iam: IAMClient, UserName: string): Promise<DeployedIdentity> {
  const { User } = await iam.send(new GetUserCommand({ UserName }));
  const { PolicyNames } = await iam.send(new ListUserPoliciesCommand({ UserName }));
  const { AttachedPolicies } = await iam.send(new ListAttachedUserPoliciesCommand({ UserName }));
  const inline = (PolicyNames ?? []).map(async (PolicyName) => {
    const { PolicyDocument } = await iam.send(new GetUserPolicyCommand({ UserName, PolicyName }));
    return text(PolicyDocument);
  });
  const attached = (AttachedPolicies ?? []).map(({ PolicyArn }) => managed(iam, PolicyArn));
  return {
    arn: User?.Arn ?? '',
    policies: await Promise.all([...inline, ...attached]),
    ...(await boundary(iam, User?.PermissionsBoundary?.PermissionsBoundaryArn)),
  };
}

async function readRole(iam: IAMClient, RoleName: string): Promise<DeployedIdentity> {
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  const { PolicyNames } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
  const inline = (PolicyNames ?? []).map(async (PolicyName) => {
    const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    return text(PolicyDocument);
  });
  const attached = (AttachedPolicies ?? []).map(({ PolicyArn }) => managed(iam, PolicyArn));
  return {
    arn: Role?.Arn ?? '',
    policies: await Promise.all([...inline, ...attached]),
    ...(await boundary(iam, Role?.PermissionsBoundary?.PermissionsBoundaryArn)),
    trust: text(Role?.AssumeRolePolicyDocument),
  };
}

async function boundary(iam: IAMClient, arn: string | undefined): Promise<{ boundary?: string }> {
  return arn === undefined ? {} : { boundary: await managed(iam, arn) };
}

async function managed(iam: IAMClient, PolicyArn: string | undefined): Promise<string> {
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const { PolicyVersion } = await iam.send(
    new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
  );
  return text(PolicyVersion?.Document);
}

/** IAM answers with documents that are URL-encoded (RFC 3986). */
function text(document: string | undefined): string {
  return decodeURIComponent(document ?? '');
}
