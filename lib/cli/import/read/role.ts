/** Reads the policies and the boundary of a role from a live account. Makes only read-only IAM calls. */
import type { IAMClient } from '@aws-sdk/client-iam';
import { isPartition, type Partition, type PolicyDocument, parseArn } from '@leasehold/policy';
import { UsageError } from '../../exit';
import type { ImportSource } from '../model';
import { documentOf } from './documents';

/**
 * The name and account in a role's ARN.
 * @throws UsageError
 */
export function roleOfArn(arn: string): {
  readonly name: string;
  readonly account: string;
  readonly partition: Partition;
} {
  const parts = parseArn(arn);
  const name = parts?.resource.split('/').at(-1) ?? '';
  if (
    parts?.service !== 'iam' ||
    !parts.resource.startsWith('role/') ||
    name === '' ||
    !/^\d{12}$/.test(parts.account) ||
    !isPartition(parts.partition)
  ) {
    throw new UsageError(`--role-arn ${arn}: it is no ARN of an IAM role`, {
      expected: 'for example arn:aws:iam::123456789012:role/deploy',
      hint: "Take it from `aws iam get-role --role-name NAME --query 'Role.Arn'`.",
    });
  }
  return { name, account: parts.account, partition: parts.partition };
}

/**
 * Reads all policies that limit a role's permissions, except the organization's policies.
 * @throws UsageError if AWS denies a call
 */
export async function readRole(arn: string, iam: IAMClient): Promise<ImportSource> {
  const { name } = roleOfArn(arn);
  try {
    return await read(arn, name, iam);
  } catch (error) {
    if (error instanceof UsageError || !(error instanceof Error)) throw error;
    throw new UsageError(
      `${arn}: AWS refuses to show it: ${error.name}: ${error.message}`,
      {
        hint: 'Use credentials for the account of the role that permit iam:GetRole, ListRolePolicies, GetRolePolicy, ListAttachedRolePolicies, GetPolicy and GetPolicyVersion.',
      },
      error,
    );
  }
}

async function read(arn: string, name: string, iam: IAMClient): Promise<ImportSource> {
  const sdk = require('@aws-sdk/client-iam') as typeof import('@aws-sdk/client-iam');
  const { Role: role } = await iam.send(new sdk.GetRoleCommand({ RoleName: name }));
  if (role?.Arn !== arn) {
    throw new UsageError(`${arn}: the role of that name here is ${role?.Arn ?? 'another'}`, {
      hint: 'Use credentials for the account in the ARN.',
    });
  }
  const documents: PolicyDocument[] = [];
  for await (const page of sdk.paginateListRolePolicies({ client: iam }, { RoleName: name })) {
    for (const policy of page.PolicyNames ?? []) {
      const found = await iam.send(new sdk.GetRolePolicyCommand({ RoleName: name, PolicyName: policy }));
      documents.push(demand(found.PolicyDocument, `the policy ${policy} of ${arn}`));
    }
  }
  for await (const page of sdk.paginateListAttachedRolePolicies({ client: iam }, { RoleName: name })) {
    for (const { PolicyArn } of page.AttachedPolicies ?? []) documents.push(await managed(PolicyArn, iam));
  }
  if (documents.length === 0) {
    throw new UsageError(`${arn}: the role has no policies`, { hint: 'Name a role that may do something.' });
  }
  const limit = role.PermissionsBoundary?.PermissionsBoundaryArn;
  return { name, documents, ...(limit === undefined ? {} : { boundary: await managed(limit, iam) }) };
}

async function managed(arn: string | undefined, iam: IAMClient): Promise<PolicyDocument> {
  const sdk = require('@aws-sdk/client-iam') as typeof import('@aws-sdk/client-iam');
  const { Policy } = await iam.send(new sdk.GetPolicyCommand({ PolicyArn: arn }));
  const version = await iam.send(
    new sdk.GetPolicyVersionCommand({ PolicyArn: arn, VersionId: Policy?.DefaultVersionId }),
  );
  return demand(version.PolicyVersion?.Document, arn ?? 'a policy without an ARN');
}

/**
 * Decodes the percent-encoded JSON in a response of the IAM API. A document that cannot be decoded may permit or deny
 * anything, so the import stops.
 */
function demand(text: string | undefined, what: string): PolicyDocument {
  const document = text === undefined ? undefined : documentOf(text);
  if (document === null || typeof document !== 'object' || !('Statement' in document)) {
    throw new UsageError(`${what} cannot be read`, { hint: 'Import it from a file.' });
  }
  return document as PolicyDocument;
}
