/** Access without a policy: who is let in by a grant, a share or an assignment, and how bad that is. */
import { defined } from '@leasehold/contract/defined';
import { Unread } from '../../../lib/review/model';
import { reviewPlan } from '../../../lib/review/review-plan';
import { GRANTS } from '../../../lib/review/types/grants';
import { ROLE_GRANTS } from '../../../lib/review/types/role-grants';
import { ACCOUNT, allow, aPlan, type EstateSpec } from '../diff/build';

const OWN = `arn:aws:iam::${ACCOUNT}:role/app`;
const FOREIGN = 'arn:aws:iam::999999999999:role/eve';

const roles: EstateSpec = {
  identities: {
    app: { policies: [[allow('s3:GetObject', 'arn:aws:s3:::data/*')]] },
    admin: { policies: [[allow('*', '*')]] },
    deployer: { policies: [[allow(['iam:PassRole', 'lambda:CreateFunction'], '*')]] },
  },
};

interface Case {
  readonly name: string;
  readonly type: string;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
  /** `severity id`, sorted. */
  readonly expect: readonly string[];
}

const cases: readonly Case[] = [
  {
    name: 'a key for a role of the own account',
    type: 'aws_kms_grant',
    after: { grantee_principal: OWN, operations: ['Decrypt'] },
    expect: ['medium access-given'],
  },
  {
    name: 'a key for a foreign account',
    type: 'aws_kms_grant',
    before: { grantee_principal: OWN, operations: ['Decrypt'] },
    after: { grantee_principal: FOREIGN, operations: ['Decrypt'] },
    expect: ['high resource-cross-account'],
  },
  {
    name: 'one more operation on a key for the same role',
    type: 'aws_kms_grant',
    before: { grantee_principal: OWN, operations: ['Decrypt'] },
    after: { grantee_principal: OWN, operations: ['Decrypt', 'CreateGrant'] },
    expect: ['medium access-given'],
  },
  {
    name: 'another name of the same grant',
    type: 'aws_kms_grant',
    before: { grantee_principal: OWN, operations: ['Decrypt'], name: 'a' },
    after: { grantee_principal: OWN, operations: ['Decrypt'], name: 'b' },
    expect: [],
  },
  {
    name: 'a key for somebody whom the plan does not show',
    type: 'aws_kms_grant',
    after: { grantee_principal: Unread, operations: ['Decrypt'] },
    expect: ['high access-given'],
  },
  {
    name: 'a cluster whose maker is its administrator, as AWS does where nothing is said',
    type: 'aws_eks_cluster',
    after: { name: 'c' },
    expect: ['medium access-given'],
  },
  {
    name: 'a cluster whose maker is not',
    type: 'aws_eks_cluster',
    after: { name: 'c', access_config: [{ bootstrap_cluster_creator_admin_permissions: false }] },
    expect: [],
  },
  {
    name: 'an image for everybody',
    type: 'aws_ami_launch_permission',
    after: { group: 'all' },
    expect: ['critical resource-public'],
  },
  {
    name: 'a snapshot for a foreign account, by its id',
    type: 'aws_snapshot_create_volume_permission',
    after: { account_id: '999999999999' },
    expect: ['high resource-cross-account'],
  },
  {
    name: 'a database snapshot for two accounts, one of them foreign',
    type: 'aws_db_snapshot',
    after: { shared_accounts: [ACCOUNT, '999999999999'] },
    expect: ['high resource-cross-account', 'medium access-given'],
  },
  {
    name: 'a document for accounts in one text',
    type: 'aws_ssm_document',
    after: { permissions: { type: 'Share', account_ids: `${ACCOUNT}, 999999999999` } },
    expect: ['high resource-cross-account', 'medium access-given'],
  },
  {
    name: 'an object for every AWS account',
    type: 'aws_s3_object',
    after: { acl: 'authenticated-read' },
    expect: ['critical resource-public'],
  },
  { name: 'a private object', type: 'aws_s3_object', after: { acl: 'private' }, expect: [] },
  {
    name: 'a layer for everybody of an organization',
    type: 'aws_lambda_layer_version_permission',
    after: { principal: '*', organization_id: 'o-abc1234567' },
    expect: ['medium access-given'],
  },
  {
    name: 'a layer for everybody, with a wild organization',
    type: 'aws_lambda_layer_version_permission',
    after: { principal: '*', organization_id: 'o-*' },
    expect: ['critical resource-public'],
  },
  {
    name: 'a second administrator of the data lake',
    type: 'aws_lakeformation_data_lake_settings',
    before: { admins: [OWN] },
    after: { admins: [OWN, `arn:aws:iam::${ACCOUNT}:role/other`] },
    expect: ['high access-given'],
  },
  {
    name: 'power over a cluster',
    type: 'aws_eks_access_policy_association',
    before: { principal_arn: OWN, policy_arn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy' },
    after: { principal_arn: OWN, policy_arn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy' },
    expect: ['medium access-given'],
  },
  {
    name: 'a collection of OpenSearch for a foreign role, in a policy of its own language',
    type: 'aws_opensearchserverless_access_policy',
    after: { policy: JSON.stringify([{ Rules: [{ Permission: ['aoss:*'] }], Principal: [FOREIGN] }]) },
    expect: ['high resource-cross-account'],
  },
  {
    name: 'a service of the organization for an account of its own',
    type: 'aws_guardduty_organization_admin_account',
    after: { admin_account_id: ACCOUNT },
    expect: ['high access-given'],
  },
  {
    name: 'a role that may do everything, for guests',
    type: 'aws_cognito_identity_pool_roles_attachment',
    before: { roles: {} },
    after: { roles: { unauthenticated: `arn:aws:iam::${ACCOUNT}:role/admin` } },
    expect: ['critical access-given'],
  },
  {
    name: 'a small role, for guests and for those who sign in',
    type: 'aws_cognito_identity_pool_roles_attachment',
    after: { roles: { unauthenticated: OWN, authenticated: OWN } },
    expect: ['high access-given', 'medium access-given'],
  },
  {
    name: 'a role that can gain more, for a user of a file server',
    type: 'aws_transfer_user',
    after: { role: `arn:aws:iam::${ACCOUNT}:role/deployer` },
    expect: ['high access-given'],
  },
  {
    name: 'a permission set that the plan does not show',
    type: 'aws_ssoadmin_account_assignment',
    before: { permission_set_arn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1', principal_id: 'u-1' },
    after: { permission_set_arn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-2', principal_id: 'u-1' },
    expect: ['high access-given'],
  },
  {
    name: 'an assignment as it was',
    type: 'aws_ssoadmin_account_assignment',
    before: { permission_set_arn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1', principal_id: 'u-1', id: 'a' },
    after: { permission_set_arn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1', principal_id: 'u-1', id: 'b' },
    expect: [],
  },
  {
    name: 'an entitlement of the identity center for a role',
    type: 'aws_accountaccess_entitlement',
    after: { entitlement: [{ principal_role: [{ principal: [{}], role_arn: `arn:aws:iam::${ACCOUNT}:role/admin` }] }] },
    expect: ['critical access-given'],
  },
  {
    name: 'a role for the pods of a service account',
    type: 'aws_eks_pod_identity_association',
    after: { role_arn: OWN, service_account: 'web' },
    expect: ['low access-given'],
  },
  {
    name: 'an issuer of tokens for a cluster',
    type: 'aws_eks_identity_provider_config',
    after: { oidc: [{ issuer_url: 'https://example.com' }] },
    expect: ['high access-given'],
  },
  {
    name: 'guests of an identity pool',
    type: 'aws_cognito_identity_pool',
    before: { allow_unauthenticated_identities: false },
    after: { allow_unauthenticated_identities: true },
    expect: ['medium access-given'],
  },
  {
    name: 'no guests of an identity pool',
    type: 'aws_cognito_identity_pool',
    after: { allow_unauthenticated_identities: false },
    expect: [],
  },
  {
    name: 'a bucket for every AWS account, by its ACL',
    type: 'aws_s3_bucket_acl',
    before: { acl: 'private' },
    after: { acl: 'authenticated-read' },
    expect: ['critical public-access-unblocked'],
  },
  {
    name: 'a bucket for every AWS account, by a grant in its ACL',
    type: 'aws_s3_bucket_acl',
    after: {
      access_control_policy: [
        { grant: [{ grantee: [{ uri: 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers' }] }] },
      ],
    },
    expect: ['critical public-access-unblocked'],
  },
  {
    name: 'a lattice service that asks nobody who they are',
    type: 'aws_vpclattice_service',
    before: { auth_type: 'AWS_IAM' },
    after: { auth_type: 'NONE' },
    expect: ['high public-access-unblocked'],
  },
];

test.each(cases)('$name', async ({ type, before, after, expect: expected }) => {
  const watched = (values: Readonly<Record<string, unknown>> | undefined): EstateSpec => ({
    ...roles,
    ...defined({ watched: values && { [`${type}.x`]: values } }),
  });
  const { findings, verdict } = await reviewPlan(aPlan(watched(before), watched(after)), { today: '2026-11-29' });
  expect(findings.map(({ severity, id }) => `${severity} ${id}`).toSorted()).toEqual(expected);
  expect(verdict.startsWith('No identity can do more')).toBe(expected.length === 0);
});

test.each([...Object.keys(GRANTS), ...Object.keys(ROLE_GRANTS)])(
  'somebody foreign or unknown in %s is found',
  async (type) => {
    const grant = { ...GRANTS, ...ROLE_GRANTS }[type as keyof typeof GRANTS] as {
      to?: readonly string[];
      roles?: readonly { path: string }[];
    };
    for (const path of grant.to ?? grant.roles?.map((role) => role.path) ?? []) {
      const after = aPlan({}, { watched: { [`${type}.x`]: nested(path.split('.'), FOREIGN) } });
      const { findings } = await reviewPlan(after, { today: '2026-11-29' });
      expect(findings.map(({ severity }) => severity).filter((each) => /high|critical|medium/.test(each))).not.toEqual(
        [],
      );
      const unread = aPlan({}, { watched: { [`${type}.x`]: nested(path.split('.'), Unread) } });
      expect((await reviewPlan(unread, { today: '2026-11-29' })).findings).not.toEqual([]);
    }
  },
);

/** Values in which a path leads to one. */
function nested([step, ...rest]: readonly string[], value: unknown): Readonly<Record<string, unknown>> {
  const inner = rest.length === 0 ? value : rest[0] === '*' ? [tail(rest.slice(1))] : nested(rest, value);
  return { [step ?? '']: inner };

  function tail(steps: readonly string[]): unknown {
    return steps.length === 0 ? value : nested(steps, value);
  }
}
