/** Power over one's own user is no power over anybody else. */
import { reviewPlan } from '../../../lib/review/review-plan';
import { ACCOUNT, allow, aPlan } from '../diff/build';

const SELF = `arn:aws:iam::${ACCOUNT}:user/\${aws:username}`;
const LEASEHOLD = { manifests: { after: { version: 1, account: ACCOUNT, roles: {} } } };

interface Case {
  readonly name: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly told: boolean;
  readonly leasehold?: boolean;
}

test.each<Case>([
  { name: 'keys of its own', actions: ['iam:CreateAccessKey', 'iam:UpdateAccessKey'], resources: [SELF], told: false },
  {
    name: 'keys of its own, at any path',
    actions: ['iam:CreateAccessKey'],
    resources: ['arn:aws:iam::*:user/*/${aws:username}'],
    told: false,
  },
  {
    name: 'its own password and devices',
    actions: ['iam:UpdateLoginProfile', 'iam:EnableMFADevice'],
    resources: [SELF],
    told: false,
  },
  {
    name: 'new devices of any name, enabled for itself',
    actions: ['iam:CreateVirtualMFADevice'],
    resources: [`arn:aws:iam::${ACCOUNT}:mfa/*`],
    told: false,
  },
  {
    name: 'keys of its own and of another',
    actions: ['iam:CreateAccessKey'],
    resources: [SELF, `arn:aws:iam::${ACCOUNT}:user/boss`],
    told: true,
  },
  {
    name: 'keys of whoever is called likewise',
    actions: ['iam:CreateAccessKey'],
    resources: [`${SELF}-admin`],
    told: true,
  },
  { name: 'keys of whoever begins likewise', actions: ['iam:CreateAccessKey'], resources: [`${SELF}*`], told: true },
  {
    name: 'keys of users below a tag',
    actions: ['iam:CreateAccessKey'],
    resources: [`arn:aws:iam::${ACCOUNT}:user/\${aws:PrincipalTag/name}`],
    told: true,
  },
  { name: 'policies of its own', actions: ['iam:PutUserPolicy'], resources: [SELF], told: true },
  {
    name: 'policies of service-linked roles, which IAM refuses to change',
    actions: ['iam:AttachRolePolicy', 'iam:PutRolePolicy'],
    resources: ['arn:aws:iam::*:role/aws-service-role/fsx.amazonaws.com/*'],
    told: false,
  },
  {
    name: 'policies of roles at a path that begins likewise',
    actions: ['iam:PutRolePolicy'],
    resources: ['arn:aws:iam::*:role/aws-service-role*'],
    told: true,
  },
  {
    name: 'passing service-linked roles, which is no change of them',
    actions: ['iam:PassRole', 'lambda:CreateFunction'],
    resources: ['arn:aws:iam::*:role/aws-service-role/x/*'],
    told: true,
  },
  { name: 'groups of its own', actions: ['iam:AddUserToGroup'], resources: [SELF], told: true },
  {
    name: 'its own devices, where a device is consent',
    actions: ['iam:EnableMFADevice'],
    resources: [SELF],
    told: true,
    leasehold: true,
  },
])('$name', async ({ actions, resources, told, leasehold = false }) => {
  const after = { identities: { u: { kind: 'user' as const, policies: [[allow(actions, resources)]] } } };
  const { findings } = await reviewPlan(aPlan({}, after, leasehold ? LEASEHOLD : {}), { today: '2026-11-22' });
  expect(findings.some(({ id }) => id === 'privilege-escalation')).toBe(told);
});

test('new devices of any name, where devices of others may be enabled, are told', async () => {
  const statements = [
    allow('iam:CreateVirtualMFADevice', `arn:aws:iam::${ACCOUNT}:mfa/*`),
    allow('iam:EnableMFADevice', `arn:aws:iam::${ACCOUNT}:user/*`),
  ];
  const after = { identities: { u: { kind: 'user' as const, policies: [statements] } } };
  const { findings } = await reviewPlan(aPlan({}, after), { today: '2026-11-22' });
  expect(findings.find(({ id }) => id === 'privilege-escalation')?.message).toContain('iam:CreateVirtualMFADevice');
});

test.each([
  { name: 'policies', actions: ['AttachRolePolicy', 'DetachRolePolicy', 'PutRolePolicy', 'DeleteRolePolicy'] },
  { name: 'boundaries', actions: ['PutRolePermissionsBoundary', 'DeleteRolePermissionsBoundary'] },
  { name: 'trust and sessions', actions: ['UpdateAssumeRolePolicy', 'UpdateRole'] },
  // https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagRole.html: "a regular role or a service-linked role".
  { name: 'tags, which IAM accepts', actions: ['TagRole'], expect: ['medium'] },
  { name: 'removed tags', actions: ['UntagRole'], expect: ['medium'] },
  { name: 'tags of it and of another', actions: ['TagRole'], others: ['role/app'], expect: ['high'] },
])('service-linked roles: $name', async ({ actions, others = [], expect: expected = [] }) => {
  const resources = ['role/aws-service-role/fsx.amazonaws.com/*', ...others].map(
    (each) => `arn:aws:iam::${ACCOUNT}:${each}`,
  );
  const statement = allow(
    actions.map((each) => `iam:${each}`),
    resources,
  );
  const after = { identities: { u: { kind: 'user' as const, policies: [[statement]] } } };
  const { findings } = await reviewPlan(aPlan({}, after), { today: '2026-11-22' });
  expect(findings.flatMap(({ id, severity }) => (id === 'privilege-escalation' ? [severity] : []))).toEqual(expected);
});

test.each([
  { name: 'its own tags', resources: [SELF, 'arn:aws:iam::*:user/*/${aws:username}'], expect: 'medium' },
  { name: 'its own tags and those of another', resources: [SELF, `arn:aws:iam::${ACCOUNT}:user/boss`], expect: 'high' },
  { name: 'tags of anybody', resources: ['*'], expect: 'critical' },
])('$name: power only as far as policies read tags', async ({ resources, expect: expected }) => {
  const actions = ['iam:TagUser', 'iam:UntagUser'];
  const after = { identities: { u: { kind: 'user' as const, policies: [[allow(actions, resources)]] } } };
  const { findings } = await reviewPlan(aPlan({}, after), { today: '2026-11-22' });
  expect(findings.flatMap(({ id, severity }) => (id === 'privilege-escalation' ? [severity] : []))).toEqual([expected]);
});
