/** The organization's policies that apply to the account, level by level. */
import type { PolicyDocument } from '@leasehold/policy';
import type { Aws } from '../aws/aws';
import { Unread } from '../unread';

type OrganizationPolicyType = 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY';

/** Policies from the root of the organization down to the account. */
export interface OrganizationPolicies {
  readonly scps: readonly (readonly PolicyDocument[])[];
  readonly rcps: readonly (readonly PolicyDocument[])[];
}

/** Deepest nesting that AWS permits, with the root and the account, and some room. */
const DEEPEST = 12;

/**
 * Reads the policies of the account and of everything above it. `undefined` if none apply: the account is in no
 * organization, or it is the management account, to which they do not apply.
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
 * @throws Unread
 */
export async function organizationPolicies(aws: Aws, account: string): Promise<OrganizationPolicies | undefined> {
  const found = await aws.find('organizations', 'DescribeOrganization', {});
  if (found === undefined || found.Organization?.MasterAccountId === account) return undefined;
  const targets = [account];
  for (let child = account; targets.length < DEEPEST; ) {
    const { Parents = [] } = await aws.call('organizations', 'ListParents', { ChildId: child });
    const [{ Id: parent, Type: type } = {}] = Parents;
    if (parent === undefined) break;
    targets.unshift(parent);
    if (type === 'ROOT') break;
    child = parent;
  }
  const documents = new Map<string, Promise<PolicyDocument>>();
  const level = async (TargetId: string, Filter: OrganizationPolicyType) => {
    const pages = await aws.all('organizations', 'ListPoliciesForTarget', { TargetId, Filter });
    const ids = pages.flatMap(({ Policies = [] }) => Policies.flatMap(({ Id }) => Id ?? []));
    return Promise.all(
      ids.map((id) => {
        const document = documents.get(id) ?? readPolicy(aws, id);
        documents.set(id, document);
        return document;
      }),
    );
  };
  const levels = (filter: OrganizationPolicyType) => Promise.all(targets.map((target) => level(target, filter)));
  const [scps, rcps] = await Promise.all([levels('SERVICE_CONTROL_POLICY'), levels('RESOURCE_CONTROL_POLICY')]);
  // A type without any policy is not enabled: where it is, each level has at least `FullAWSAccess`.
  return { scps: scps.flat().length > 0 ? scps : [], rcps: rcps.flat().length > 0 ? rcps : [] };
}

async function readPolicy(aws: Aws, PolicyId: string): Promise<PolicyDocument> {
  const { Policy } = await aws.call('organizations', 'DescribePolicy', { PolicyId });
  try {
    return JSON.parse(Policy?.Content ?? '') as PolicyDocument;
  } catch {
    throw new Unread({
      code: 'unreadable',
      message: `the organization's policy ${PolicyId} cannot be read`,
      hint: 'Read it by hand.',
    });
  }
}
