/**
 * Damages that moto cannot represent, as answers of AWS written by hand. Each is found by exactly one verification. The
 * damages that moto can represent are in test/e2e/doctor.
 */
import { type Answers, awsError, examined, healthyAnswer, keyMetadata, refuse } from './support/account';
import {
  account,
  type Case,
  changed,
  daysAgo,
  environment,
  identities,
  policy,
  region,
  testDamages,
} from './support/damage';

const AGENT = `arn:aws:iam::${account}:user/agents/hermes-dev-agent`;

/** A service control policy on the account. */
function scp(...statements: readonly object[]): Answers {
  return {
    'organizations:ListPoliciesForTarget': ({ Filter, TargetId }) => ({
      Policies: [
        { Id: Filter === 'SERVICE_CONTROL_POLICY' ? 'p-FullAWSAccess' : 'p-RCPFullAWSAccess' },
        ...(TargetId === 'ou-1' && Filter === 'SERVICE_CONTROL_POLICY' ? [{ Id: 'p-x' }] : []),
      ],
    }),
    'organizations:DescribePolicy': (input, where) =>
      input.PolicyId === 'p-x'
        ? { Policy: { Content: policy(...statements) } }
        : (healthyAnswer(environment, 'organizations:DescribePolicy', input, where) ?? {}),
  };
}

const POOL = `https://cognito-idp.${region}.amazonaws.com/${region}_AbCdEf123`;

const trailOf = (change: object) =>
  changed('cloudtrail:DescribeTrails', ({ trailList }) => ({
    trailList: trailList.map((each: object) => ({ ...each, ...change })),
  }));

const event = (userIdentity: object) => ({
  EventName: 'EnableMFADevice',
  EventId: 'e-1',
  CloudTrailEvent: JSON.stringify({ userIdentity }),
});

const CASES: readonly Case[] = [
  {
    name: 'an old key',
    found: 'agent-key-age',
    says: /AKIAIOSFODNN7EXAMPLE is 91 days old/,
    answers: {
      'iam:ListAccessKeys': () => ({
        AccessKeyMetadata: [{ AccessKeyId: 'AKIAIOSFODNN7EXAMPLE', Status: 'Active', CreateDate: daysAgo(91) }],
      }),
    },
  },
  {
    name: 'a key that called another service',
    found: 'agent-key-use',
    says: /last used for s3 in us-east-1, on 2026-11-29/,
    answers: {
      'iam:GetAccessKeyLastUsed': () => ({
        AccessKeyLastUsed: { ServiceName: 's3', Region: 'us-east-1', LastUsedDate: daysAgo(1) },
      }),
    },
  },
  {
    name: 'a service-specific credential',
    found: 'agent-other-credentials',
    says: /service-specific credential: ACCA1/,
    answers: {
      'iam:ListServiceSpecificCredentials': () => ({
        ServiceSpecificCredentials: [{ ServiceSpecificCredentialId: 'ACCA1' }],
      }),
    },
  },
  {
    name: 'a signing certificate',
    found: 'agent-other-credentials',
    says: /signing certificate: CERT1/,
    answers: { 'iam:ListSigningCertificates': () => ({ Certificates: [{ CertificateId: 'CERT1' }] }) },
  },
  {
    name: 'a device that the agent enrolled',
    found: 'mfa-enrolled-by-agent',
    says: /user\/agents\/hermes-dev-agent called EnableMFADevice \(event e-1\)/,
    answers: {
      'cloudtrail:LookupEvents': ({ LookupAttributes }) => ({
        Events: JSON.stringify(LookupAttributes).includes('EnableMFADevice')
          ? [event({ type: 'IAMUser', arn: AGENT })]
          : [],
      }),
    },
  },
  {
    name: 'a device that a lease enrolled, on the second page of the history',
    found: 'mfa-enrolled-by-agent',
    says: /role\/leasehold\/hermes-dev\/hermes-dev-report called/,
    answers: {
      'cloudtrail:LookupEvents': ({ NextToken }) =>
        NextToken === undefined
          ? { Events: [event({ arn: `arn:aws:iam::${account}:user/administrator` })], NextToken: 'more' }
          : {
              Events: [
                event({
                  type: 'AssumedRole',
                  arn: `arn:aws:sts::${account}:assumed-role/hermes-dev-report/lh-1`,
                  sessionContext: {
                    sessionIssuer: { arn: `arn:aws:iam::${account}:role/leasehold/hermes-dev/hermes-dev-report` },
                  },
                }),
              ],
            },
    },
  },
  {
    name: 'an event that cannot be read',
    found: 'mfa-enrolled-by-agent',
    says: /A caller who cannot be read/,
    answers: {
      'cloudtrail:LookupEvents': () => ({ Events: [{ EventName: 'EnableMFADevice', CloudTrailEvent: '{' }] }),
    },
  },
  {
    name: 'a role that does not exist',
    found: 'role-exists',
    says: /does not exist/,
    answers: identities(({ RoleDetailList }) => {
      RoleDetailList.splice(
        RoleDetailList.findIndex(({ Arn }) => Arn.endsWith('/hermes-dev-report')),
        1,
      );
    }),
  },
  {
    name: 'a role at another path',
    found: 'role-exists',
    says: /path that differs from the deployed path: .*:role\/hermes-dev-outcomes/,
    answers: identities(({ RoleDetailList }) => {
      const role = RoleDetailList.find(({ Arn }) => Arn.endsWith('/hermes-dev-outcomes'));
      Object.assign(role ?? {}, { Arn: `arn:aws:iam::${account}:role/hermes-dev-outcomes` });
    }),
  },
  {
    name: 'a trust policy that the engine cannot read',
    found: 'role-trust',
    says: /may permit more: the policy engine cannot read/,
    answers: identities(({ RoleDetailList }) => {
      const role = RoleDetailList.find(({ Arn }) => Arn.endsWith('/hermes-dev-report'));
      Object.assign(role ?? {}, { AssumeRolePolicyDocument: policy({ Effect: 'Perhaps', Action: 'sts:AssumeRole' }) });
    }),
  },
  {
    name: 'a role outside with a trust policy that cannot be read',
    found: 'agent-reach',
    says: /cannot be read\. The policy may permit the agent/,
    answers: identities(({ RoleDetailList }) => {
      RoleDetailList.push({
        ...(RoleDetailList[0] as (typeof RoleDetailList)[number]),
        RoleName: 'odd',
        Arn: `arn:aws:iam::${account}:role/odd`,
        AssumeRolePolicyDocument: 'not JSON',
      });
    }),
  },
  {
    name: 'a role outside that trusts one session of an agent',
    found: 'agent-reach',
    says: /role\/odd names the agent/,
    answers: identities(({ RoleDetailList }) => {
      RoleDetailList.push({
        ...(RoleDetailList[0] as (typeof RoleDetailList)[number]),
        RoleName: 'odd',
        Arn: `arn:aws:iam::${account}:role/odd`,
        AssumeRolePolicyDocument: policy({
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:sts::${account}:assumed-role/hermes-dev-worker/my-function` },
          Action: 'sts:AssumeRole',
        }),
      });
    }),
  },
  {
    name: 'the organization denies every role change',
    found: 'organization-lease',
    says: /denies sts:AssumeRole of agent agent\./,
    severity: 'high',
    answers: scp({ Effect: 'Deny', Action: 'sts:AssumeRole', Resource: '*' }),
  },
  {
    name: 'the organization denies the region',
    found: 'organization-lease',
    says: /denies sts:AssumeRole/,
    severity: 'high',
    answers: scp({
      Effect: 'Deny',
      NotAction: ['iam:*'],
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-west-1'] } },
    }),
  },
  {
    name: 'the organization denies all but its own roles',
    found: 'organization-lease',
    says: /denies s3:PutObject of a lease of report\./,
    severity: 'high',
    answers: scp({
      Effect: 'Deny',
      Action: 's3:PutObject',
      Resource: '*',
      Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/platform/*' } },
    }),
  },
  {
    name: 'the organization denies what does not come from a VPC',
    found: 'organization-lease',
    says: /unless the call fulfils a condition/,
    severity: 'medium',
    answers: scp({
      Effect: 'Deny',
      Action: 'sts:*',
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:SourceVpc': 'vpc-1' } },
    }),
  },
  {
    name: 'the organization permits a list without STS',
    found: 'organization-lease',
    says: /denies sts:AssumeRole/,
    answers: {
      'organizations:DescribePolicy': ({ PolicyId }) => ({
        Policy: {
          Content:
            PolicyId === 'p-FullAWSAccess'
              ? policy({ Effect: 'Allow', Action: ['s3:*', 'execute-api:*'], Resource: '*' })
              : policy({ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }),
        },
      }),
    },
  },
  {
    name: 'a resource control policy denies sessions with tags',
    found: 'organization-lease',
    says: /denies sts:TagSession/,
    answers: {
      'organizations:DescribePolicy': ({ PolicyId }) => ({
        Policy: {
          Content:
            PolicyId === 'p-FullAWSAccess'
              ? policy({ Effect: 'Allow', Action: '*', Resource: '*' })
              : policy(
                  { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' },
                  { Effect: 'Deny', Principal: '*', Action: 'sts:TagSession', Resource: '*' },
                ),
        },
      }),
    },
  },
  {
    name: 'a disabled region',
    found: 'region-enabled',
    says: /status DISABLED/,
    answers: { 'account:GetRegionOptStatus': () => ({ RegionOptStatus: 'DISABLED' }) },
  },
  {
    name: 'an STS endpoint that is not active',
    found: 'sts-endpoint',
    says: /not active/,
    answers: {
      'sts:GetCallerIdentity': (_, where) =>
        where === region ? Promise.reject(awsError('RegionDisabledException', 403)) : { Account: account },
    },
  },
  {
    name: 'nearly as many roles as the quota',
    found: 'quotas',
    says: /955 roles; the maximum is 1000/,
    answers: changed('iam:GetAccountSummary', ({ SummaryMap }) => ({ SummaryMap: { ...SummaryMap, Roles: 955 } })),
  },
  {
    name: 'a quota of trust policies that is smaller than what is deployed',
    found: 'quotas',
    says: /trust policy needs \d+ characters, but the account permits at most 300/,
    answers: changed('iam:GetAccountSummary', ({ SummaryMap }) => ({
      SummaryMap: { ...SummaryMap, AssumeRolePolicySizeQuota: 300 },
    })),
  },
  {
    name: 'no trail',
    found: 'trail',
    says: /trail does not exist/,
    answers: { 'cloudtrail:DescribeTrails': () => ({ trailList: [] }) },
  },
  {
    name: 'a trail that cannot write to its bucket',
    found: 'trail',
    says: /last attempt to write to its bucket failed/,
    answers: { 'cloudtrail:GetTrailStatus': () => ({ IsLogging: true, LatestDeliveryError: 'AccessDenied' }) },
  },
  {
    name: 'a trail with advanced selectors for writes only',
    found: 'trail',
    says: /all management events/,
    answers: {
      'cloudtrail:GetEventSelectors': () => ({
        AdvancedEventSelectors: [
          {
            FieldSelectors: [
              { Field: 'eventCategory', Equals: ['Management'] },
              { Field: 'readOnly', Equals: ['false'] },
            ],
          },
        ],
      }),
    },
  },
  {
    name: 'a trail that leaves out STS',
    found: 'trail',
    says: /all management events/,
    answers: {
      'cloudtrail:GetEventSelectors': () => ({
        EventSelectors: [{ ReadWriteType: 'All', ExcludeManagementEventSources: ['sts.amazonaws.com'] }],
      }),
    },
  },
  {
    name: 'a trail of one region',
    found: 'trail',
    says: /one region only/,
    answers: trailOf({ IsMultiRegionTrail: false }),
  },
  {
    name: 'a subscription that nobody confirmed',
    found: 'alert-subscriptions',
    says: /no confirmed subscription/,
    answers: {
      'sns:ListSubscriptionsByTopic': () => ({
        Subscriptions: [{ Endpoint: 'security@example.com', SubscriptionArn: 'PendingConfirmation' }],
      }),
    },
  },
  {
    name: 'an alert topic that does not exist',
    found: 'alert-topics',
    says: /does not exist/,
    answers: { 'sns:GetTopicAttributes': refuse('NotFoundException', 404) },
  },
  {
    name: 'an alert rule that sends something else',
    found: 'alert-rules',
    says: /message that the rule sends to .* differs/,
    answers: {
      'events:ListTargetsByRule': async (input, where) => {
        const { Targets } = (await healthyAnswer(environment, 'events:ListTargetsByRule', input, where)) as {
          Targets: object[];
        };
        return {
          Targets:
            input.Rule === 'hermes-dev-probing' ? Targets.map((each) => ({ ...each, Input: '"all well"' })) : Targets,
        };
      },
    },
  },
  {
    name: 'an analyzer of unused access only',
    found: 'access-analyzer',
    says: /No active analyzer/,
    answers: {
      'accessanalyzer:ListAnalyzers': () => ({ analyzers: [{ type: 'ACCOUNT_UNUSED_ACCESS', status: 'ACTIVE' }] }),
    },
  },
  {
    name: 'no analyzer',
    found: 'access-analyzer',
    says: /There is no analyzer/,
    answers: { 'accessanalyzer:ListAnalyzers': () => ({ analyzers: [] }) },
  },
  {
    name: 'a function with a layer',
    found: 'broker-function',
    says: /has layers/,
    answers: {
      'lambda:GetFunctionConfiguration': async (input, where) => ({
        ...(await healthyAnswer(environment, 'lambda:GetFunctionConfiguration', input, where)),
        Layers: [{ Arn: 'arn:aws:lambda:x:1:layer:x:1' }],
      }),
    },
  },
  {
    name: 'an API that browsers of other sites may call',
    found: 'broker-routes',
    says: /CORS/,
    answers: {
      'apigateway:GetApis': async (input, where) => {
        const { Items } = (await healthyAnswer(environment, 'apigateway:GetApis', input, where)) as {
          Items: object[];
        };
        return {
          Items: Items.map((each) => ({
            ...each,
            CorsConfiguration: { AllowOrigins: ['*'] },
          })),
        };
      },
    },
  },
  ...(
    [
      ['without authorization', { AuthorizationType: 'NONE' }, /authorized by NONE, not by JWT/],
      ['that IAM authorizes', { AuthorizationType: 'AWS_IAM' }, /authorized by AWS_IAM, not by JWT/],
      ['without a scope', { AuthorizationScopes: [] }, /does not require the scope openid/],
      ['with a further scope', { AuthorizationScopes: ['openid', 'email'] }, /does not require the scope openid/],
      ['with another authorizer', { AuthorizerId: 'au2' }, /authorizer of the route differs/],
    ] as const
  ).map(
    ([how, change, says]): Case => ({
      name: `a route for people who sign in ${how}`,
      found: 'broker-routes',
      says,
      answers: changed('apigateway:GetRoutes', ({ Items }) => ({
        Items: Items.map((each: Readonly<Record<string, unknown>>) =>
          String(each.RouteKey).startsWith('POST /people/{as}/leases/{lease}/approve') ? { ...each, ...change } : each,
        ),
      })),
    }),
  ),
  ...(
    [
      ['of another issuer', { JwtConfiguration: { Issuer: 'https://evil.example', Audience: ['4client5id'] } }],
      ['of two clients', { JwtConfiguration: { Issuer: POOL, Audience: ['4client5id', 'other'] } }],
      ['in a query string', { IdentitySource: ['$request.querystring.token'] }],
      ['of a function', { AuthorizerType: 'REQUEST' }],
    ] as const
  ).map(
    ([how, change]): Case => ({
      name: `an authorizer that accepts tokens ${how}`,
      found: 'broker-routes',
      says: /authorizer of the route differs/,
      answers: changed('apigateway:GetAuthorizers', ({ Items }) => ({
        Items: Items.map((each: Readonly<Record<string, unknown>>) => ({ ...each, ...change })),
      })),
    }),
  ),
  {
    name: 'a key that will be deleted',
    found: 'broker-record-key',
    says: /state PendingDeletion/,
    answers: {
      'kms:DescribeKey': () => ({
        KeyMetadata: keyMetadata({ KeyState: 'PendingDeletion' }),
      }),
    },
  },
  {
    name: 'an alias that leads to another kind of key',
    found: 'broker-record-key',
    says: /ENCRYPT_DECRYPT/,
    answers: {
      'kms:DescribeKey': () => ({
        KeyMetadata: keyMetadata({ KeyUsage: 'ENCRYPT_DECRYPT', KeySpec: 'SYMMETRIC_DEFAULT' }),
      }),
    },
  },
  {
    name: 'a secret without a value',
    found: 'broker-secret',
    says: /has no value/,
    answers: { 'secretsmanager:DescribeSecret': () => ({ Name: 'x' }) },
  },
  {
    name: 'a secret that will be deleted',
    found: 'broker-secret',
    says: /will be deleted/,
    answers: {
      'secretsmanager:DescribeSecret': () => ({
        DeletedDate: daysAgo(1),
        VersionIdsToStages: { v: ['AWSCURRENT'] },
        LastChangedDate: daysAgo(9),
      }),
    },
  },
  {
    name: 'a secret that is old',
    found: 'broker-secret',
    says: /400 days ago/,
    severity: 'low',
    answers: {
      'secretsmanager:DescribeSecret': () => ({
        VersionIdsToStages: { v: ['AWSCURRENT'] },
        LastChangedDate: daysAgo(400),
      }),
    },
  },
  {
    name: 'a table without a stream',
    found: 'broker-tables',
    says: /no stream/,
    answers: changed('dynamodb:DescribeTable', ({ Table }) => ({
      Table: { ...Table, StreamSpecification: undefined },
    })),
  },
  {
    name: 'a pipe through another function',
    found: 'broker-outcomes',
    says: /first sends the outcomes to an enrichment target/,
    answers: {
      'pipes:DescribePipe': async (input, where) => ({
        ...(await healthyAnswer(environment, 'pipes:DescribePipe', input, where)),
        Enrichment: `arn:aws:lambda:${region}:${account}:function:tap`,
      }),
    },
  },
  {
    name: 'a bus that does not exist',
    found: 'broker-outcomes',
    says: /bus does not exist/,
    answers: { 'events:DescribeEventBus': refuse('ResourceNotFoundException') },
  },
];

testDamages(CASES);

it('a management account, and an account without organization, has no policy of an organization', async () => {
  for (const answer of [
    { 'organizations:DescribeOrganization': () => ({ Organization: { MasterAccountId: account } }) },
    { 'organizations:DescribeOrganization': refuse('AWSOrganizationsNotInUseException') },
  ]) {
    const { verified } = await examined(environment, answer);
    expect(verified.find(({ id }) => id === 'organization-lease')?.result).toBe('ok');
  }
});
