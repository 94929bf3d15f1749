/** Reads the organization's policies that apply to the account, level by level. */
import type { PolicyDocument } from '@leasehold/policy';
import type { Aws } from '../aws/aws';
import { documentIn } from '../live/decode';
import { present, Unread } from '../unread';

type OrganizationPolicyType = 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY';

/** Policies from the root of the organization down to the account. */
export interface OrganizationPolicies {
  readonly scps: readonly (readonly PolicyDocument[])[];
  readonly rcps: readonly (readonly PolicyDocument[])[];
}

/**
 * Maximum depth of an organization, including the root and the account. The value is deliberately higher than AWS's
 * limit.
 */
const DEEPEST = 12;

/**
 * Reads the policies of the account and of everything above it. `undefined` if the account is not in an organization,
 * or is the management account, to which such policies do not apply. Source:
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 * @throws Unread
 */
export async function organizationPolicies(aws: Aws, account: string): Promise<OrganizationPolicies | undefined> {
  const found = await aws.find('organizations', 'DescribeOrganization', {});
  if (found === undefined) return undefined;
  const master = present(found.Organization?.MasterAccountId, 'MasterAccountId', 'organizations:DescribeOrganization');
  if (master === account) return undefined;
  const targets = await targetsOf(aws, account);
  const documents = new Map<string, Promise<PolicyDocument>>();
  const level = async (TargetId: string, Filter: OrganizationPolicyType) => {
    const policies = await aws.list('Policies', 'organizations', 'ListPoliciesForTarget', { TargetId, Filter });
    return Promise.all(
      policies.map(({ Id }) => {
        const id = present(Id, 'Id', 'organizations:ListPoliciesForTarget');
        const document = documents.get(id) ?? readPolicy(aws, id);
        documents.set(id, document);
        return document;
      }),
    );
  };
  const levels = (filter: OrganizationPolicyType) => Promise.all(targets.map((target) => level(target, filter)));
  const [scps, rcps] = await Promise.all([levels('SERVICE_CONTROL_POLICY'), levels('RESOURCE_CONTROL_POLICY')]);
  // A policy type without any policy is not enabled. If it is enabled, each level has at least the policy
  // `FullAWSAccess`.
  return { scps: scps.flat().length > 0 ? scps : [], rcps: rcps.flat().length > 0 ? rcps : [] };
}

/** Ids of the root, the organizational units and the account. @throws Unread if a parent cannot be read */
async function targetsOf(aws: Aws, account: string): Promise<readonly string[]> {
  const targets = [account];
  for (let child = account; targets.length < DEEPEST; ) {
    const parents = await aws.list('Parents', 'organizations', 'ListParents', { ChildId: child });
    const [{ Id, Type } = {}] = parents;
    const parent = present(Id, 'the parent', 'organizations:ListParents');
    targets.unshift(parent);
    if (Type === 'ROOT' && parents.length === 1) return targets;
    if (Type !== 'ORGANIZATIONAL_UNIT' || parents.length > 1) break;
    child = parent;
  }
  throw new Unread({
    code: 'unreadable',
    message: 'organizations:ListParents does not lead to the root of the organization',
    hint: 'Check the policies of the organization by hand.',
  });
}

async function readPolicy(aws: Aws, PolicyId: string): Promise<PolicyDocument> {
  const { Policy } = await aws.call('organizations', 'DescribePolicy', { PolicyId });
  const document = documentIn(Policy?.Content ?? '');
  if (document !== undefined) return document;
  throw new Unread({
    code: 'unreadable',
    message: `the organization's policy ${PolicyId} cannot be read`,
    hint: 'Read it by hand.',
  });
}
