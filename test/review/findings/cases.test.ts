/** What is found where the reference project has nothing to show it on, and what is not. */
import { defined } from '@leasehold/contract/defined';
import { knownTextHash } from '@leasehold/documents';
import type { Statement } from '@leasehold/policy';
import type { DeclaredRole } from '../../../lib/review/declared-roles';
import { findingKinds } from '../../../lib/review/findings/list';
import { type PlannedAccess, Unread } from '../../../lib/review/model';
import { reviewPlan } from '../../../lib/review/review-plan';
import { ACCOUNT, allow, aPlan, document, type EstateSpec, type IdentitySpec, unknown } from '../diff/build';
import { dangerousPermissions } from '../mutations/dangerous-permissions';
import { dangerousRest } from '../mutations/dangerous-rest';
import { dangerousTrusts } from '../mutations/dangerous-trust';
import { brokerApiCases } from './broker-api-cases';
import { consoleCases } from './console-cases';
import { signInCases } from './sign-in-cases';

interface Case {
  readonly name: string;
  readonly before: EstateSpec;
  readonly after: EstateSpec;
  readonly more?: Partial<PlannedAccess>;
  readonly declaredRoles?: readonly DeclaredRole[];
  /** `severity id`, all that is found, sorted. */
  readonly expect: readonly string[];
}

const role = (spec: IdentitySpec): EstateSpec => ({ identities: { deploy: spec } });
const watched = (address: string, values?: Readonly<Record<string, unknown>>): EstateSpec =>
  values === undefined ? {} : { watched: { [address]: values } };
const trust = (principal: Statement['Principal'], condition?: Statement['Condition']): Statement => ({
  Effect: 'Allow',
  ...defined({ Principal: principal }),
  Action: 'sts:AssumeRole',
  ...defined({ Condition: condition }),
});
const token = (subject: string): Statement => ({
  Effect: 'Allow',
  Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/gitlab.com` },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: { StringEquals: { 'gitlab.com:aud': 'aws' }, StringLike: { 'gitlab.com:sub': subject } },
});
const USER = { AWS: `arn:aws:iam::${ACCOUNT}:user/ci` };
const SECURITY_AUDIT = 'arn:aws:iam::aws:policy/SecurityAudit';
const LEASEHOLD = { manifests: { after: { version: 1, account: ACCOUNT, roles: {} } } };
const ENDPOINT = `arn:aws:ec2:us-east-1:${ACCOUNT}:vpc-endpoint/vpce-1`;
const AUDIT = 'arn:aws:iam::210987654321:role/audit';
const READ = allow('s3:ListBucket', 'arn:aws:s3:::thing');

const cases: readonly Case[] = [
  {
    name: 'an external id that is no longer demanded',
    before: role({ trust: [trust(USER, { StringEquals: { 'sts:ExternalId': 'x' } })] }),
    after: role({ trust: [trust(USER)] }),
    expect: ['high caller-condition-weakened'],
  },
  {
    name: 'a deny by MFA that is no longer in the trust',
    before: role({
      trust: [
        trust(USER),
        { ...trust('*', { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } }), Effect: 'Deny' },
      ],
    }),
    after: role({ trust: [trust(USER)] }),
    expect: ['critical mfa-weakened'],
  },
  {
    name: 'a deny without a condition that is no longer in the trust',
    before: role({ trust: [trust(USER), { ...trust({ AWS: `${USER.AWS}` }), Effect: 'Deny' }] }),
    after: role({ trust: [trust(USER)] }),
    expect: ['high trust-widened'],
  },
  {
    name: 'a role that another gate opens, without the MFA of the first',
    before: role({ trust: [trust(USER, { Bool: { 'aws:MultiFactorAuthPresent': 'true' } })] }),
    after: role({
      trust: [
        trust(USER, { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
        trust({ AWS: `arn:aws:iam::${ACCOUNT}:role/leasehold-broker/broker` }),
      ],
    }),
    expect: ['high trust-principal-added'],
  },
  {
    name: 'the policy of an endpoint that allows everything',
    before: {
      resourcePolicies: {
        'aws_vpc_endpoint.s3': {
          statements: [{ ...READ, Principal: '*' }],
          resource: { kind: 'known', value: ENDPOINT },
        },
      },
    },
    after: {
      resourcePolicies: {
        'aws_vpc_endpoint.s3': {
          statements: [{ ...allow('*', '*'), Principal: '*' }],
          resource: { kind: 'known', value: ENDPOINT },
        },
      },
    },
    expect: ['high resource-policy-widened'],
  },
  { name: 'a new role that is clean', before: {}, after: role({ policies: [[READ]] }), expect: [] },
  {
    name: 'a new role that reads a secret it names',
    before: {},
    after: role({
      policies: [
        [allow('secretsmanager:GetSecretValue', `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:a-b1C2d3`)],
      ],
    }),
    expect: [],
  },
  {
    name: 'a new role that reads secrets by a wildcard of the action',
    before: {},
    after: role({
      policies: [[allow('secretsmanager:Get*', `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:a-b1C2d3`)]],
    }),
    expect: ['medium sensitive-read'],
  },
  {
    name: 'a new role without a boundary that may pass any role to a function',
    before: {},
    after: role({ policies: [[allow(['iam:PassRole', 'lambda:CreateFunction'], '*')]] }),
    expect: ['critical privilege-escalation', 'high write-on-wildcard'],
  },
  {
    name: 'a function that may be made, where a role may be passed already',
    before: role({ policies: [[allow('iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/worker`)]] }),
    after: role({
      policies: [
        [
          allow('iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/worker`),
          allow('lambda:CreateFunction', `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:worker`),
        ],
      ],
    }),
    expect: ['high privilege-escalation', 'medium access-widened'],
  },
  {
    name: 'a function that may be made, where no role may be passed',
    before: role({ policies: [[READ]] }),
    after: role({
      policies: [[READ, allow('lambda:CreateFunction', `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:worker`)]],
    }),
    expect: ['medium access-widened'],
  },
  {
    name: 'a new trust in a vendor that demands an external id',
    before: {},
    after: role({
      trust: [trust({ AWS: 'arn:aws:iam::999999999999:root' }, { StringEquals: { 'sts:ExternalId': 'x' } })],
    }),
    expect: ['high external-account'],
  },
  {
    name: 'a new trust in a service that works for others, too',
    before: {},
    after: role({ trust: [trust({ Service: 'states.amazonaws.com' })] }),
    expect: ['low confused-deputy'],
  },
  {
    name: 'sessions of two hours, where Leasehold is not used',
    before: role({ maxSession: 3600 }),
    after: role({ maxSession: 7200 }),
    expect: ['medium session-longer'],
  },
  {
    name: 'a chain to a role that could gain more by itself',
    before: {
      identities: {
        ci: { kind: 'user' },
        first: { trust: [trust(USER)] },
        last: { trust: [trust(USER)], policies: [[allow('iam:CreateAccessKey', '*')]] },
      },
    },
    after: {
      identities: {
        ci: { kind: 'user' },
        first: { trust: [trust(USER)] },
        last: {
          trust: [trust({ AWS: `arn:aws:iam::${ACCOUNT}:role/first` })],
          policies: [[allow('iam:CreateAccessKey', '*')]],
        },
      },
    },
    expect: ['critical assume-chain', 'high trust-principal-added'],
  },
  {
    name: 'a chain to a role that the start could not reach before',
    before: {
      identities: {
        ci: { kind: 'user' },
        first: { trust: [trust(USER)] },
        last: { policies: [[allow('iam:CreateAccessKey', '*')]] },
      },
    },
    after: {
      identities: {
        ci: { kind: 'user' },
        first: { trust: [trust(USER)] },
        last: {
          trust: [trust({ AWS: `arn:aws:iam::${ACCOUNT}:role/first` })],
          policies: [[allow('iam:CreateAccessKey', '*')]],
        },
      },
    },
    expect: ['critical assume-chain', 'critical assume-chain', 'high trust-principal-added'],
  },
  {
    name: 'a step of a chain that an explicit deny keeps shut',
    before: {
      identities: {
        ci: { kind: 'user' },
        first: {
          trust: [trust(USER)],
          policies: [[{ Effect: 'Deny', Action: 'sts:*', Resource: '*' }]],
        },
        last: {},
      },
    },
    after: {
      identities: {
        ci: { kind: 'user' },
        first: {
          trust: [trust(USER)],
          policies: [[{ Effect: 'Deny', Action: 'sts:*', Resource: '*' }]],
        },
        last: { trust: [trust({ AWS: `arn:aws:iam::${ACCOUNT}:role/first` })] },
      },
    },
    expect: ['high trust-principal-added'],
  },
  {
    name: 'a group that may do more, told of the group and of its member',
    before: {
      identities: { ops: { kind: 'group', policies: [[READ]] }, ci: { kind: 'user', groups: ['ops'] } },
    },
    after: {
      identities: {
        ops: { kind: 'group', policies: [[READ, allow('s3:DeleteBucket', 'arn:aws:s3:::thing')]] },
        ci: { kind: 'user', groups: ['ops'] },
      },
    },
    expect: ['high access-widened', 'high access-widened'],
  },
  {
    name: 'what cannot be read at all',
    before: {},
    after: {},
    more: { unread: [{ place: { address: 'aws_iam_policy.x' }, why: 'a for_each that is not known' }] },
    expect: ['high unread'],
  },
  {
    name: 'a policy known only after apply',
    before: role({ policies: [[READ]] }),
    after: role({ policies: [unknown()] }),
    expect: ['high unknown-policy'],
  },
  {
    name: 'a policy of AWS that the plan names on both sides',
    before: role({ policies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'], maxSession: 3600 }),
    after: role({ policies: ['arn:aws:iam::aws:policy/ReadOnlyAccess', [READ]], maxSession: 3600 }),
    expect: ['low access-widened'],
  },
  {
    name: 'a policy of AWS that is new',
    before: role({ policies: [[READ]] }),
    after: role({ policies: [[READ], 'arn:aws:iam::aws:policy/ReadOnlyAccess'] }),
    expect: ['high unknown-policy'],
  },
  {
    name: 'a policy that denied and cannot be read any more, gone',
    before: role({ policies: [[READ], 'arn:aws:iam::aws:policy/AWSDenyAll'] }),
    after: role({ policies: [[READ]] }),
    expect: ['high access-widened'],
  },
  {
    name: 'a log group that keeps its events for a week',
    before: watched('aws_cloudwatch_log_group.app', { retention_in_days: 0 }),
    after: watched('aws_cloudwatch_log_group.app', { retention_in_days: 7 }),
    expect: ['medium log-retention-shortened'],
  },
  {
    name: 'a log group that is removed',
    before: watched('aws_cloudwatch_log_group.app', { retention_in_days: 30 }),
    after: {},
    expect: ['high log-retention-shortened'],
  },
  {
    name: 'deletion protection that cannot be read any more',
    before: watched('aws_dynamodb_table.events', { deletion_protection_enabled: true }),
    after: watched('aws_dynamodb_table.events', { deletion_protection_enabled: Unread }),
    expect: ['high deletion-protection-removed'],
  },
  {
    name: 'an alarm that tells nobody',
    before: watched('aws_cloudwatch_metric_alarm.errors', { alarm_actions: ['arn:aws:sns:eu-west-1:1:a'] }),
    after: watched('aws_cloudwatch_metric_alarm.errors', { alarm_actions: [] }),
    expect: ['high alert-weakened'],
  },
  {
    name: 'a detector that is switched off',
    before: watched('aws_guardduty_detector.all', { enable: true }),
    after: watched('aws_guardduty_detector.all', { enable: false }),
    expect: ['high alert-weakened'],
  },
  {
    name: 'another identity provider behind the same name',
    before: watched('aws_iam_saml_provider.staff', { saml_metadata_document: '<a/>' }),
    after: watched('aws_iam_saml_provider.staff', { saml_metadata_document: '<b/>' }),
    expect: ['high identity-source-changed'],
  },
  {
    name: 'an audience more',
    before: watched('aws_iam_openid_connect_provider.github', { client_id_list: ['sts.amazonaws.com'] }),
    after: watched('aws_iam_openid_connect_provider.github', { client_id_list: ['sts.amazonaws.com', 'other'] }),
    expect: ['medium identity-source-changed'],
  },
  {
    name: 'a service control policy that denies less',
    before: watched('aws_organizations_policy.base', {
      content: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: '*', Resource: '*' },
          { Effect: 'Deny', Action: ['cloudtrail:StopLogging', 'iam:CreateUser'], Resource: '*' },
        ],
      }),
    }),
    after: watched('aws_organizations_policy.base', {
      content: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: '*', Resource: '*' },
          { Effect: 'Deny', Action: 'iam:CreateUser', Resource: '*' },
        ],
      }),
    }),
    expect: ['high organization-policy-weakened'],
  },
  {
    name: 'a service control policy that is detached',
    before: watched('aws_organizations_policy_attachment.base', { policy_id: 'p-1', target_id: 'ou-1' }),
    after: {},
    expect: ['high organization-policy-weakened'],
  },
  {
    name: 'a function open to everybody by its URL',
    before: {},
    after: watched('aws_lambda_function_url.open', { authorization_type: 'NONE' }),
    expect: ['critical public-access-unblocked'],
  },
  {
    name: 'a key for another account',
    before: {},
    after: watched('aws_kms_grant.shared', { grantee_principal: 'arn:aws:iam::999999999999:root' }),
    expect: ['high resource-cross-account'],
  },
  {
    name: 'a permission set that the plan does not show, for somebody',
    before: {},
    after: watched('aws_ssoadmin_account_assignment.a', { permission_set_arn: 'arn:aws:sso:::permissionSet/x/y' }),
    expect: ['high access-given'],
  },
  {
    name: 'a function that runs with a role of which nothing is known',
    before: {},
    after: {},
    more: {
      runningRoles: [
        { place: { address: 'aws_lambda_function.f', attribute: 'role' }, from: 'old', to: 'new', names: [] },
      ],
    },
    expect: ['high role-swapped'],
  },
  {
    name: 'a policy of a resource known only after apply',
    before: {},
    after: {
      resourcePolicies: {
        'aws_s3_bucket_policy.b': {
          statements: [],
          policy: { place: { address: 'aws_s3_bucket_policy.b', attribute: 'policy' }, document: unknown() },
        },
      },
    },
    expect: ['high unknown-policy'],
  },
  {
    name: 'a resource open to another account of the plan',
    before: { identities: { ci: { kind: 'user' } } },
    after: {
      identities: { ci: { kind: 'user' } },
      resourcePolicies: {
        'aws_sqs_queue_policy.q': {
          statements: [{ ...allow('sqs:SendMessage', '*'), Principal: { AWS: ACCOUNT } }],
          account: { kind: 'known', value: '210987654321' },
        },
      },
    },
    expect: ['medium resource-cross-account'],
  },
  {
    name: 'a new resource open to everybody of the organization',
    before: {},
    after: {
      resourcePolicies: {
        'aws_sqs_queue_policy.q': {
          together: true,
          statements: [
            {
              ...allow('sqs:SendMessage', '*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-123' } } }),
              Principal: '*',
            },
          ],
        },
      },
    },
    expect: [],
  },
  {
    name: 'a plan made by Leasehold in which there is no role',
    before: {},
    after: {},
    more: { manifests: { after: { version: 1, account: ACCOUNT, roles: {} } } },
    expect: ['critical nothing-read'],
  },
  {
    name: 'a new role of Leasehold that its agent opens without a gate',
    before: {},
    after: role({ trust: [trust(USER)] }),
    more: LEASEHOLD,
    expect: ['high role-without-gate'],
  },
  ...(
    [
      ['a code that is less than a minute old', { NumericLessThan: { 'aws:MultiFactorAuthAge': '60' } }, []],
      ['a code that is a moment old', { NumericLessThan: { 'aws:MultiFactorAuthAge': '10' } }, []],
      [
        'a code that is up to an hour old',
        { NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' } },
        ['high role-without-gate'],
      ],
      [
        'a code that is fresh if AWS gives its age',
        { NumericLessThanIfExists: { 'aws:MultiFactorAuthAge': '60' } },
        ['high role-without-gate'],
      ],
      ['a long-term key', { Null: { 'aws:TokenIssueTime': 'true' } }, []],
      ['neither', {}, ['high role-without-gate']],
    ] as const
  ).map(([what, limit, expected]) => ({
    name: `a new role of Leasehold that MFA opens with ${what}`,
    before: {},
    after: role({
      trust: [
        trust(USER, {
          Bool: { 'aws:MultiFactorAuthPresent': 'true' },
          ...limit,
          StringLike: { 'aws:RequestTag/lease-id': 'lh-?*', 'aws:RequestTag/reason': '??????????*' },
        }),
      ],
    }),
    more: LEASEHOLD,
    expect: expected,
  })),
  {
    name: 'a new role of Leasehold that the broker opens, with a lease id and a reason',
    before: {},
    after: role({
      trust: [
        trust(
          { AWS: `arn:aws:iam::${ACCOUNT}:role/leasehold-broker/hermes-dev-broker` },
          { StringLike: { 'aws:RequestTag/lease-id': 'lh-?*', 'aws:RequestTag/reason': '??????????*' } },
        ),
      ],
    }),
    more: LEASEHOLD,
    expect: [],
  },
  {
    name: 'a new base role of Leasehold, which a service opens',
    before: {},
    after: role({}),
    more: LEASEHOLD,
    expect: [],
  },
  {
    name: 'a managed policy that the plan attaches to nobody and that permits more',
    before: watched('aws_iam_policy.shared', { policy: JSON.stringify(document(READ)) }),
    after: watched('aws_iam_policy.shared', {
      policy: JSON.stringify(document(READ, allow('s3:DeleteObject', 'arn:aws:s3:::thing/*'))),
    }),
    expect: ['high unattached-policy-widened'],
  },
  {
    name: 'a managed policy that the plan attaches to nobody, written otherwise',
    before: watched('aws_iam_policy.shared', { policy: JSON.stringify(document(READ)) }),
    after: watched('aws_iam_policy.shared', { policy: JSON.stringify(document(READ, READ), null, 2) }),
    expect: [],
  },
  {
    name: 'a trust that could not be read before',
    before: role({ trust: unknown() }),
    after: role({ trust: [trust({ Service: 'ec2.amazonaws.com' })] }),
    expect: ['high trust-widened'],
  },
  {
    name: 'a boundary that denies everything, on both sides',
    before: role({ boundary: [{ Effect: 'Deny', Action: '*', Resource: '*' }], maxSession: 7200 }),
    after: role({ boundary: [{ Effect: 'Deny', Action: '*', Resource: '*' }], maxSession: 3600 }),
    expect: [],
  },
  {
    name: 'a boundary that denied everything and denies less',
    before: role({ boundary: [{ Effect: 'Deny', Action: '*', Resource: '*' }] }),
    after: role({ boundary: [{ Effect: 'Deny', Action: 'iam:*', Resource: '*' }] }),
    expect: ['high boundary-weakened'],
  },
  {
    name: 'tokens of every project of a group',
    before: {},
    after: role({ trust: [token('project_path:acme/*:ref_type:branch:ref:main')] }),
    expect: ['high oidc-trust-loose'],
  },
  {
    name: 'tokens of one project',
    before: {},
    after: role({ trust: [token('project_path:acme/hermes:ref_type:branch:ref:main')] }),
    expect: [],
  },
  {
    name: 'tokens of any subject, written as a prefix',
    before: {},
    after: role({ trust: [token('project_path:*')] }),
    expect: ['critical oidc-trust-loose'],
  },
  ...[true, false].map((denies) => ({
    name: `an exclusive attachment that takes a policy that ${denies ? 'denies' : 'only allows'}`,
    before: {},
    after: {},
    more: {
      takings: [
        {
          place: { address: 'aws_iam_policy_attachment.a' },
          way: 'created' as const,
          what: 'the policy guard',
          from: 'every role',
          denies,
        },
      ],
    },
    expect: [`${denies ? 'high' : 'low'} exclusive-takes`],
  })),
  {
    name: 'leaving the organization',
    before: {},
    after: role({ policies: [[allow('organizations:LeaveOrganization', '*')]] }),
    expect: ['critical privilege-escalation'],
  },
  {
    name: 'a wildcard in place of the one action that it stands for today',
    before: role({ policies: [[allow('s3:ListBucketVersions', 'arn:aws:s3:::thing')]] }),
    after: role({ policies: [[allow('s3:ListBucketVersion*', 'arn:aws:s3:::thing')]] }),
    expect: ['high access-widened'],
  },
  {
    name: 'a trust of which nobody can show that it did not widen',
    before: role({ trust: [trust(USER, { StringEquals: { 'aws:RequestTag/owner': '${aws:username}' } })] }),
    after: role({ trust: [trust(USER, { StringEquals: { 'aws:RequestTag/owner': 'ci' } })] }),
    expect: ['high tag-demand-weakened'],
  },
  {
    name: 'a role of which the definition says that it is assumed',
    before: role({ policies: [[READ]] }),
    after: role({ policies: [[READ], [allow('sts:AssumeRole', AUDIT)]] }),
    declaredRoles: [
      {
        arn: `arn:aws:iam::${ACCOUNT}:role/deploy`,
        passes: [],
        assumes: [{ arn: AUDIT, because: 'Logs are there.', administrator: false }],
      },
    ],
    expect: ['high role-handed'],
  },
  {
    name: 'a lease that writes and deletes',
    before: role({ policies: [[READ]] }),
    after: role({ policies: [[READ]] }),
    more: { manifests: { after: { version: 1, account: ACCOUNT, roles: { sync: { access: 'write+delete' } } } } },
    expect: ['high write-and-delete'],
  },
  {
    name: 'a schedule that sends to a queue of another account',
    before: role({}),
    after: role({}),
    more: {
      outsideNames: [
        {
          place: { address: 'aws_scheduler_schedule.s', attribute: 'target[0].arn' },
          what: 'account',
          value: 'arn:aws:sqs:eu-west-1:444455556666:theirs',
          account: '444455556666',
          sends: true,
        },
      ],
    },
    expect: ['high outside-resource'],
  },
  {
    name: 'a role for people with a policy that AWS manages, pinned to its known text',
    before: role({ policies: [[READ]] }),
    after: role({ policies: [[READ]] }),
    more: { manifests: { after: pinning(SECURITY_AUDIT, knownTextHash(SECURITY_AUDIT)) } },
    expect: ['medium managed-policy'],
  },
  {
    name: 'the same pin as before',
    before: role({ policies: [[READ]] }),
    after: role({ policies: [[READ]] }),
    more: {
      manifests: {
        before: pinning(SECURITY_AUDIT, knownTextHash(SECURITY_AUDIT)),
        after: pinning(SECURITY_AUDIT, knownTextHash(SECURITY_AUDIT)),
      },
    },
    expect: [],
  },
  {
    name: 'a pin as before that is no longer the known text',
    before: role({ policies: [[READ]] }),
    after: role({ policies: [[READ]] }),
    more: {
      manifests: { before: pinning(SECURITY_AUDIT, '0'.repeat(64)), after: pinning(SECURITY_AUDIT, '0'.repeat(64)) },
    },
    expect: ['high managed-policy'],
  },
  {
    name: 'a pinned policy of which no text is known',
    before: role({ policies: [[READ]] }),
    after: role({ policies: [[READ]] }),
    more: { manifests: { after: pinning('arn:aws:iam::aws:policy/Unheard', '0'.repeat(64)) } },
    expect: ['high managed-policy'],
  },
  { name: 'a plan in which there is nothing about access', before: {}, after: {}, expect: [] },
  ...signInCases,
  ...brokerApiCases,
  ...consoleCases,
];

/** The output of a plan in which the role `audit` pins a policy. */
function pinning(arn: string, sha256: string | undefined) {
  return { version: 1, account: ACCOUNT, roles: { audit: { managedPolicies: [{ arn, sha256, because: 'Audits.' }] } } };
}

test.each(cases)('$name', async ({ before, after, more, declaredRoles, expect: expected }) => {
  const options = { today: '2026-11-22', ...defined({ declaredRoles }) };
  const { findings } = await reviewPlan(aPlan(before, after, more), options);
  expect(findings.map(({ severity, id }) => `${severity} ${id}`).toSorted()).toEqual([...expected].toSorted());
});

test('every kind of finding is found in some plan', () => {
  const found = new Set([
    ...cases.flatMap(({ expect: expected }) => expected.map((text) => text.split(' ')[1])),
    ...[...dangerousTrusts, ...dangerousPermissions, ...dangerousRest].map(({ expect: [id] }) => id),
  ]);
  expect(findingKinds.map(({ id }) => id).filter((id) => !found.has(id))).toEqual([]);
});

test('no finding has a severity that its page does not name', async () => {
  for (const { before, after, more } of cases) {
    const { findings } = await reviewPlan(aPlan(before, after, more), { today: '2026-11-22' });
    for (const { id, severity } of findings) {
      expect(findingKinds.find((kind) => kind.id === id)?.severities).toContain(severity);
    }
  }
});
