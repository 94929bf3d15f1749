/** What is found of trusts and resource policies whose conditions decide who is let in. */
import { defined } from '@leasehold/contract/defined';
import type { Statement } from '@leasehold/policy';
import { reviewPlan } from '../../../lib/review/review-plan';
import { ACCOUNT, allow, aPlan, type EstateSpec } from '../diff/build';

const OTHER = '444455556666';
const GITHUB = 'token.actions.githubusercontent.com';
const COGNITO = 'cognito-identity.amazonaws.com';

interface Case {
  readonly name: string;
  readonly before?: EstateSpec;
  readonly after: EstateSpec;
  /** `severity id: the end of the message`, sorted. */
  readonly expect: readonly string[];
}

type Condition = Statement['Condition'];
const trusting = (principal: Statement['Principal'], ...conditions: Condition[]): EstateSpec => ({
  identities: {
    app: {
      trust: conditions.map(
        (condition): Statement => ({
          Effect: 'Allow',
          ...defined({ Principal: principal }),
          Action:
            typeof principal === 'object' && principal.Federated ? 'sts:AssumeRoleWithWebIdentity' : 'sts:AssumeRole',
          ...defined({ Condition: condition }),
        }),
      ),
    },
  },
});
const bucket = (...statements: Statement[]): EstateSpec => ({
  resourcePolicies: { 'aws_s3_bucket_policy.data': { statements } },
});
const shared = (condition: Condition, principal: Statement['Principal'] = '*'): EstateSpec =>
  bucket({
    ...allow('s3:GetObject', 'arn:aws:s3:::thing/*'),
    ...defined({ Principal: principal, Condition: condition }),
  });
const github = (...conditions: Condition[]) =>
  trusting(
    { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${GITHUB}` },
    ...conditions.map((condition) => ({ StringEquals: { [`${GITHUB}:aud`]: 'sts.amazonaws.com' }, ...condition })),
  );
const cognito = (condition: Condition) => trusting({ Federated: COGNITO }, condition);
const POOL = { StringEquals: { [`${COGNITO}:aud`]: 'eu-west-1:1111' } };
const amr = (operator: string, value: string) => ({ [operator]: { [`${COGNITO}:amr`]: value } });

const cases: readonly Case[] = [
  {
    name: 'a bucket for one organization that becomes one for any',
    before: shared({ StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3' } }),
    after: shared({ StringLike: { 'aws:PrincipalOrgID': 'o-*' } }),
    expect: ['critical resource-public: StringLike aws:PrincipalOrgID = o-* names nobody in particular.'],
  },
  {
    name: 'a bucket for one organization',
    after: shared({ StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3' } }),
    expect: ['medium resource-policy-widened'],
  },
  {
    name: 'a bucket whose deny of strangers is gone, the allow being the same',
    before: bucket(
      { ...allow('s3:GetObject', 'arn:aws:s3:::thing/*'), Principal: '*' },
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: 'arn:aws:s3:::thing/*',
        Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3' } },
      },
    ),
    after: bucket({ ...allow('s3:GetObject', 'arn:aws:s3:::thing/*'), Principal: '*' }),
    expect: ['high resource-policy-widened', 'critical resource-public: s3:GetObject on arn:aws:s3:::thing.'],
  },
  {
    name: 'a bucket for another account, by a condition',
    after: shared({ StringEquals: { 'aws:PrincipalAccount': OTHER } }),
    expect: [`high resource-cross-account: ${OTHER}, could now do s3:GetObject on arn:aws:s3:::thing.`],
  },
  {
    name: 'a bucket that a service writes to for another account',
    after: shared({ StringEquals: { 'aws:SourceAccount': OTHER } }, { Service: 'cloudtrail.amazonaws.com' }),
    expect: [`high resource-cross-account: ${OTHER}, could now do s3:GetObject on arn:aws:s3:::thing.`],
  },
  {
    name: 'a bucket that a service writes to for any account, by a wildcard',
    after: shared(
      { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudtrail:*:*:trail/main' } },
      { Service: 'cloudtrail.amazonaws.com' },
    ),
    expect: ["medium confused-deputy: s3:GetObject on arn:aws:s3:::thing on anybody's behalf."],
  },
  {
    name: 'a bucket that a service writes to for the own account',
    after: shared(
      { ArnLike: { 'aws:SourceArn': `arn:aws:cloudtrail:*:${ACCOUNT}:trail/main` } },
      { Service: 'cloudtrail.amazonaws.com' },
    ),
    expect: [],
  },
  {
    name: 'an account whose condition nobody of it can meet',
    after: shared({ StringEquals: { 'aws:PrincipalAccount': ACCOUNT } }, { AWS: `arn:aws:iam::${OTHER}:root` }),
    expect: [],
  },
  {
    name: 'a role for everybody of an organization',
    after: trusting('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3' } }),
    expect: ['medium external-account: whoever meets StringEquals aws:PrincipalOrgID = o-a1b2c3, from any account.'],
  },
  {
    name: 'a role for sessions of itself',
    after: trusting('*', { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/app` } }),
    expect: [],
  },
  {
    name: 'a role for roles of a name in any account',
    after: trusting('*', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/app' } }),
    expect: ['critical trust-public: ArnLike aws:PrincipalArn = arn:aws:iam::*:role/app names nobody in particular.'],
  },
  {
    name: 'a role for another account, by a condition',
    after: trusting('*', { StringEquals: { 'aws:PrincipalAccount': OTHER } }),
    expect: [`high external-account: everybody of account ${OTHER}, which is none of this plan's.`],
  },
  {
    name: 'a role whose organization becomes any',
    before: trusting('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3' } }),
    after: trusting('*', { StringLike: { 'aws:PrincipalOrgID': 'o-*' } }),
    expect: [
      'critical trust-public: StringLike aws:PrincipalOrgID = o-* names nobody in particular.',
      'high caller-condition-weakened: It newly lets in calls with aws:PrincipalOrgID like o-*.',
    ],
  },
  {
    name: 'a role whose condition nobody can meet',
    after: trusting('*', {
      StringEquals: { 'aws:PrincipalAccount': OTHER },
      ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/*` },
    }),
    expect: [],
  },
  {
    name: 'a service that works for another account',
    after: trusting({ Service: 'scheduler.amazonaws.com' }, { StringEquals: { 'aws:SourceAccount': OTHER } }),
    expect: [
      `high external-account: the service scheduler.amazonaws.com on behalf of account ${OTHER}, which is none of this plan's.`,
    ],
  },
  {
    name: 'a service that works for any account, by a wildcard',
    after: trusting({ Service: 'scheduler.amazonaws.com' }, { StringLike: { 'aws:SourceAccount': '*' } }),
    expect: ["low confused-deputy: permits scheduler.amazonaws.com to act on anybody's behalf."],
  },
  {
    name: 'a service that opens the role for devices',
    after: trusting({ Service: 'credentials.iot.amazonaws.com' }, undefined),
    expect: ['high confused-deputy: any device with a certificate and a role alias opens it.'],
  },
  {
    name: 'a repository by the beginning of its owner',
    after: github({ StringLike: { [`${GITHUB}:repository`]: 'acme*' } }),
    expect: ['critical oidc-trust-loose: it names nobody in particular.'],
  },
  {
    name: 'one repository beside any',
    after: github({ StringLike: { [`${GITHUB}:sub`]: ['repo:acme/app:*', 'repo:*'] } }),
    expect: ['critical oidc-trust-loose: it names nobody in particular.'],
  },
  {
    name: 'any repository, but one owner by another claim',
    after: github({
      StringLike: { [`${GITHUB}:sub`]: 'repo:*' },
      StringEquals: { [`${GITHUB}:aud`]: 'sts.amazonaws.com', [`${GITHUB}:repository`]: 'acme/app' },
    }),
    expect: [],
  },
  {
    name: 'one repository, and whoever runs a workflow of the owner',
    after: github(
      { StringLike: { [`${GITHUB}:sub`]: 'repo:acme/app:*' } },
      { StringLike: { [`${GITHUB}:job_workflow_ref`]: 'acme/*' } },
    ),
    expect: ['high oidc-trust-loose: who wrote a workflow is not who runs it.'],
  },
  ...(
    [
      ['oidc.circleci.com/org/11111111-2222-3333-4444-555555555555', 'high'],
      ['oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF', 'high'],
      ['token.actions.githubusercontent.com/acme', 'high'],
      ['oidc.vercel.com/acme', 'high'],
      ['sts.windows.net/11111111-2222-3333-4444-555555555555/', 'high'],
      [GITHUB, 'critical'],
      ['oidc.vercel.com', 'critical'],
      ['login.microsoftonline.com/common', 'critical'],
      ['gitlab.com', 'critical'],
    ] as const
  ).map(([issuer, severity]) => ({
    name: `everybody whom ${issuer} knows`,
    after: trusting(
      { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}` },
      { StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com' } },
    ),
    expect: [`${severity} oidc-trust-loose: accepts tokens that ${issuer} issues to anybody.`],
  })),
  {
    name: 'a star that is a letter',
    after: github({ StringEquals: { [`${GITHUB}:aud`]: 'sts.amazonaws.com', [`${GITHUB}:sub`]: 'repo:*' } }),
    expect: [],
  },
  {
    name: 'one repository of one issuer, and another issuer beside it that can meet no condition',
    after: trusting(
      { Federated: [GITHUB, 'gitlab.com'].map((issuer) => `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}`) },
      {
        StringEquals: { [`${GITHUB}:aud`]: 'sts.amazonaws.com' },
        StringLike: { [`${GITHUB}:sub`]: 'repo:acme/app:*' },
      },
    ),
    expect: [],
  },
  {
    name: 'a subject, if there is one',
    after: github({ StringEqualsIfExists: { [`${GITHUB}:sub`]: 'repo:acme/app:ref:refs/heads/main' } }),
    expect: ['critical oidc-trust-loose: it names nobody in particular.'],
  },
  {
    name: 'pull requests beside a branch',
    before: github({ StringLike: { [`${GITHUB}:sub`]: 'repo:acme/app:ref:refs/heads/main' } }),
    after: github({
      StringLike: { [`${GITHUB}:sub`]: ['repo:acme/app:ref:refs/heads/main', 'repo:acme/app:pull_request'] },
    }),
    expect: [
      `high caller-condition-weakened: It newly lets in calls with ${GITHUB}:sub like repo:acme/app:pull_request.`,
    ],
  },
  {
    name: 'users of one pool who signed in',
    after: cognito({ ...POOL, ...amr('ForAnyValue:StringLike', 'authenticated') }),
    expect: [],
  },
  {
    name: 'guests of one pool',
    after: cognito({ ...POOL, ...amr('ForAnyValue:StringLike', 'unauthenticated') }),
    expect: ['critical oidc-trust-loose: Guests do not sign in, so anybody can be a guest.'],
  },
  {
    name: 'guests of one pool, by a wildcard',
    after: cognito({ ...POOL, ...amr('ForAnyValue:StringLike', '*authenticated') }),
    expect: ['critical oidc-trust-loose: Guests do not sign in, so anybody can be a guest.'],
  },
  {
    name: 'users of one pool, signed in or not',
    after: cognito(POOL),
    expect: [`high oidc-trust-loose: \`${COGNITO}:amr\` is not demanded.`],
  },
  {
    name: 'users of any pool',
    after: cognito({
      StringLike: { [`${COGNITO}:aud`]: 'eu-west-1:*' },
      ...amr('ForAnyValue:StringLike', 'authenticated'),
    }),
    expect: [`critical oidc-trust-loose: accepts tokens that ${COGNITO} issues for any identity pool of any account.`],
  },
];

test.each(cases)('$name', async ({ before = {}, after, expect: expected }) => {
  const { findings } = await reviewPlan(aPlan(before, after), { accounts: [ACCOUNT], today: '2026-11-22' });
  const told = findings.map(({ severity, id, message }) => ({ head: `${severity} ${id}`, message }));
  expect(told.map(({ head }) => head).toSorted()).toEqual(expected.map((text) => text.split(': ')[0]).toSorted());
  for (const text of expected) {
    const [head = '', ...end] = text.split(': ');
    const messages = told.filter((one) => one.head === head).map(({ message }) => message);
    expect(messages.map((message) => (message.endsWith(end.join(': ')) ? end.join(': ') : message))).toContain(
      end.join(': '),
    );
  }
});

test('everybody who is limited by a condition is described with it', async () => {
  const organization = { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3' } };
  const { identities, graph } = await reviewPlan(aPlan({}, trusting('*', organization)), { today: '2026-11-22' });
  const words = 'whoever meets StringEquals aws:PrincipalOrgID = o-a1b2c3';
  expect(identities[0]?.trust[0]).toBe(`Can be opened by ${words}.`);
  expect(graph.after.nodes.map(({ label }) => label)).toContain(words);
});
