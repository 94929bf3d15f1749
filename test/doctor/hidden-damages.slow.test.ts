/**
 * Damages that a reader overlooks who reads only a part, or trusts what it reads: tags, policy variables, keys that occur
 * twice, exclusions, filters, and calls that remove instead of add.
 */
import type { Environment } from '@leasehold/definitions';
import { anAgent, aRole } from '../support/environment';
import { type Answers, authorizationOf, examined, fullEnvironment, healthyAnswer, refuse } from './support/account';
import { account, type Case, changed, environment, identities, policy, region, testDamages } from './support/damage';

const AGENT = `arn:aws:iam::${account}:user/agents/hermes-dev-agent`;
const ROLES = `arn:aws:iam::${account}:role/leasehold/hermes-dev`;
const MALLORY = `arn:aws:iam::${account}:user/mallory`;
const SECRET = 'arn:aws:s3:::someone-elses/*';

/** A text in which a key occurs twice: which one counts depends on the reader. */
const twice = (text: string, key: string, value: string) => text.replace(`"${key}":`, `"${key}":${value},"${key}":`);

type Details = ReturnType<typeof authorizationOf>;
const userOf = ({ UserDetailList }: Details) => UserDetailList[0] as unknown as Record<string, unknown>;
const roleOf = ({ RoleDetailList }: Details, name: string) =>
  RoleDetailList.find(({ Arn }) => Arn.endsWith(`/${name}`)) as unknown as Record<string, unknown>;

/** A role outside the stack with a trust policy. */
const outside = (trust: string) =>
  identities(({ RoleDetailList }) => {
    RoleDetailList.push({
      ...(RoleDetailList[0] as (typeof RoleDetailList)[number]),
      RoleName: 'odd',
      Arn: `arn:aws:iam::${account}:role/odd`,
      AssumeRolePolicyDocument: trust,
    });
  });

/** A bucket outside the stack with a policy. */
const bucket = (Policy: string): Answers => ({
  's3:GetBucketPolicy': (input, where) =>
    input.Bucket === 'someone-elses' ? { Policy } : healthyAnswer(environment, 's3:GetBucketPolicy', input, where),
});

/** The condition of the statement that every topic has by default. */
const ofOwner = (Principal: unknown) => ({
  Effect: 'Allow',
  Principal,
  Condition: { StringEquals: { 'AWS:SourceOwner': account } },
});
/** A topic outside the stack whose policy has the default statement with another principal. */
const topic = (Principal: unknown): Answers => ({
  'sns:GetTopicAttributes': (input, where) =>
    String(input.TopicArn).endsWith(':news')
      ? { Attributes: { Policy: policy({ ...ofOwner(Principal), Action: 'sns:Publish', Resource: '*' }) } }
      : healthyAnswer(environment, 'sns:GetTopicAttributes', input, where),
});

const trailOf = (change: object) =>
  changed('cloudtrail:DescribeTrails', ({ trailList }) => ({
    trailList: trailList.map((each: object) => ({ ...each, ...change })),
  }));
const selectors = (answer: object): Answers => ({ 'cloudtrail:GetEventSelectors': () => answer });
const basic = (change: object) => ({
  ReadWriteType: 'All',
  IncludeManagementEvents: true,
  ExcludeManagementEventSources: [],
  ...change,
});
const alarm = (change: object) =>
  changed('cloudwatch:DescribeAlarms', ({ MetricAlarms: [one, ...rest] }) => ({
    MetricAlarms: [{ ...one, ...change }, ...rest],
  }));
const mfaEvent = (name: string): Answers => ({
  'cloudtrail:LookupEvents': ({ LookupAttributes }) => ({
    Events: JSON.stringify(LookupAttributes).includes(`"${name}"`)
      ? [{ EventName: name, EventId: 'e-1', CloudTrailEvent: JSON.stringify({ userIdentity: { arn: AGENT } }) }]
      : [],
  }),
});

const CASES: readonly Case[] = [
  {
    name: 'a tag of the agent with which a policy elsewhere decides',
    found: 'agent-tags',
    says: /user has tags that are not deployed: team/,
    severity: 'high',
    answers: identities((details) => {
      const user = userOf(details);
      user.Tags = [...(user.Tags as object[]), { Key: 'team', Value: 'admin' }];
    }),
  },
  {
    name: 'an agent without the tag of its stack',
    found: 'agent-tags',
    says: /does not have the tag leasehold:stack/,
    answers: identities((details) => {
      userOf(details).Tags = [];
    }),
  },

  ...(
    [
      ['leaves out KMS', { ExcludeManagementEventSources: ['kms.amazonaws.com'] }, /events of kms/, 'high'],
      ['leaves out the Data API', { ExcludeManagementEventSources: ['rdsdata.amazonaws.com'] }, /of rdsdata/, 'low'],
      ['leaves out IAM', { ExcludeManagementEventSources: ['iam.amazonaws.com'] }, /events of iam/, 'high'],
      ['records data events only', { IncludeManagementEvents: false }, /all management events/, 'high'],
      ['records reads only', { ReadWriteType: 'ReadOnly' }, /all management events/, 'high'],
    ] as const
  ).map(
    ([how, change, says, severity]): Case => ({
      name: `a trail that ${how}`,
      found: 'trail',
      says,
      severity,
      answers: selectors({ EventSelectors: [basic(change)] }),
    }),
  ),
  ...(
    [
      ['of one service', [{ Field: 'eventSource', Equals: ['sts.amazonaws.com'] }]],
      ['without a service', [{ Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] }]],
    ] as const
  ).map(
    ([how, fields]): Case => ({
      name: `a trail with an advanced selector ${how}`,
      found: 'trail',
      says: /all management events/,
      answers: selectors({
        AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }, ...fields] }],
      }),
    }),
  ),
  {
    name: 'a trail with an advanced selector of data events',
    found: 'trail',
    says: /all management events/,
    answers: selectors({
      AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Data'] }] }],
    }),
  },
  {
    name: 'a trail that writes to another bucket',
    found: 'trail',
    says: /writes to the bucket evil/,
    answers: trailOf({ S3BucketName: 'evil' }),
  },
  {
    name: 'a trail that writes under another prefix',
    found: 'trail',
    says: /not as deployed/,
    answers: trailOf({ S3KeyPrefix: 'x' }),
  },
  {
    name: 'a trail that encrypts with the key of somebody else',
    found: 'trail',
    says: /key arn:evil/,
    answers: trailOf({ KmsKeyId: 'arn:evil' }),
  },
  {
    name: 'a bucket of the trail to which others may write',
    found: 'trail-bucket',
    says: /permits more than is deployed/,
    answers: {
      's3:GetBucketPolicy': async (input, where) => {
        if (input.Bucket === 'someone-elses') return refuse('NoSuchBucketPolicy', 404)({}, where);
        const { Policy } = (await healthyAnswer(environment, 's3:GetBucketPolicy', input, where)) as { Policy: string };
        const document = JSON.parse(Policy) as { Statement: object[] };
        document.Statement.push({ Effect: 'Allow', Principal: { AWS: MALLORY }, Action: 's3:*', Resource: SECRET });
        return { Policy: JSON.stringify(document) };
      },
    },
  },
  {
    name: 'a bucket of the trail without versions',
    found: 'trail-bucket',
    says: /no earlier versions/,
    answers: { 's3:GetBucketVersioning': () => ({ Status: 'Suspended' }) },
  },
  {
    name: 'a bucket of the trail whose files expire',
    found: 'trail-bucket',
    says: /expire or move/,
    answers: { 's3:GetBucketLifecycleConfiguration': () => ({ Rules: [{ Status: 'Enabled' }] }) },
  },
  {
    name: 'a bucket of the trail that can be made public',
    found: 'trail-bucket',
    says: /can be made public/,
    answers: { 's3:GetPublicAccessBlock': refuse('NoSuchPublicAccessBlockConfiguration', 404) },
  },
  {
    name: 'a bucket of the trail that does not exist',
    found: 'trail-bucket',
    says: /does not exist/,
    answers: { 's3:GetBucketVersioning': refuse('NoSuchBucket', 404) },
  },

  {
    name: 'a role outside that trusts agents by a policy variable',
    found: 'agent-reach',
    says: /names the agent/,
    answers: outside(
      policy({
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: 'sts:AssumeRole',
        Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${account}:user/agents/\${aws:SourceIdentity}` } },
      }),
    ),
  },
  {
    name: 'a bucket that grants to roles of the stack by a policy variable',
    found: 'resource-grants',
    says: /s3:GetObject to .*, under a condition/,
    answers: bucket(
      policy({
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: SECRET,
        Condition: { ArnLike: { 'aws:PrincipalArn': `${ROLES}/\${aws:PrincipalTag/role}` } },
      }),
    ),
  },

  {
    name: 'a topic that grants to the agent where its owner is this account',
    found: 'resource-grants',
    says: /grants sns:Publish to .*user\/agents\/hermes-dev-agent, under a condition/,
    answers: topic({ AWS: AGENT }),
  },
  {
    name: 'a bucket that is open to everybody under a condition of topics',
    found: 'resource-grants',
    says: /grants s3:GetObject to everybody, under a condition/,
    answers: bucket(policy({ ...ofOwner('*'), Action: 's3:GetObject', Resource: SECRET })),
  },
  {
    name: 'a queue with the name of the alert topic that is open to everybody',
    found: 'resource-grants',
    says: /grants sqs:\* to everybody/,
    answers: {
      'sqs:ListQueues': () => ({ QueueUrls: [`https://sqs.${region}.amazonaws.com/${account}/hermes-dev-alerts`] }),
      'sqs:GetQueueAttributes': () => ({
        Attributes: { Policy: policy({ Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: '*' }) },
      }),
    },
  },
  ...['DeactivateMFADevice', 'DeleteVirtualMFADevice', 'CreateVirtualMFADevice', 'ResyncMFADevice'].map(
    (name): Case => ({
      name: `the agent called ${name}`,
      found: 'mfa-enrolled-by-agent',
      says: new RegExp(`hermes-dev-agent called ${name}`),
      answers: mfaEvent(name),
    }),
  ),

  ...(
    [
      ['that treats missing data as fine for ever', { TreatMissingData: 'ignore' }],
      ['that needs three periods', { DatapointsToAlarm: 3 }],
      ['of a formula', { Metrics: [{ Id: 'e', Expression: '0' }] }],
      ['of another unit', { Unit: 'Terabytes' }],
      ['that compares the other way', { ComparisonOperator: 'LessThanThreshold' }],
      ['over a day', { Period: 86_400 }],
    ] as const
  ).map(
    ([how, change]): Case => ({
      name: `an alarm ${how}`,
      found: 'alarms',
      says: /settings of the alarm differ/,
      answers: alarm(change),
    }),
  ),
  {
    name: 'an alarm with a further dimension',
    found: 'alarms',
    says: /settings of the alarm differ/,
    answers: changed('cloudwatch:DescribeAlarms', ({ MetricAlarms: [one, ...rest] }) => ({
      MetricAlarms: [{ ...one, Dimensions: [...one.Dimensions, { Name: 'Resource', Value: 'x' }] }, ...rest],
    })),
  },
  {
    name: 'a subscription with a filter',
    found: 'alert-subscriptions',
    says: /security@example\.com has a filter/,
    answers: changed('sns:GetSubscriptionAttributes', ({ Attributes }) => ({
      Attributes: { ...Attributes, FilterPolicy: '{"nothing":["x"]}' },
    })),
  },

  {
    name: 'a trust policy of the stack with a key that occurs twice',
    found: 'role-trust',
    says: /may permit more: a document is not unambiguous JSON/,
    answers: identities((details) => {
      const role = roleOf(details, 'hermes-dev-report');
      const text = decodeURIComponent(String(role.AssumeRolePolicyDocument));
      role.AssumeRolePolicyDocument = encodeURIComponent(twice(text, 'Principal', '"*"'));
    }),
  },
  {
    name: 'a trust policy outside with a key that occurs twice',
    found: 'agent-reach',
    says: /cannot be read\. The policy may permit the agent/,
    answers: outside(
      twice(
        policy({
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${account}:user/alice` },
          Action: 'sts:AssumeRole',
        }),
        'Principal',
        `{"AWS":"${AGENT}"}`,
      ),
    ),
  },
  {
    name: 'a policy of a bucket with a key that occurs twice',
    found: 'resource-grants',
    says: /cannot be read/,
    answers: bucket(
      twice(
        policy({ Effect: 'Allow', Principal: { AWS: '999999999999' }, Action: 's3:*', Resource: SECRET }),
        'Principal',
        '"*"',
      ),
    ),
  },
  {
    name: 'a rule whose pattern has a key that occurs twice',
    found: 'broker-rules',
    says: /event pattern of the rule differs/,
    answers: changed('events:DescribeRule', (found, { Name }) =>
      Name === 'hermes-dev-record-changed'
        ? { ...found, EventPattern: twice(found.EventPattern, 'source', '["nothing"]') }
        : found,
    ),
  },
];

testDamages(CASES);

it('a policy of the organization with a key that occurs twice is not checked', async () => {
  const { verified } = await examined(environment, {
    'organizations:DescribePolicy': async (input, where) => {
      const { Policy } = (await healthyAnswer(environment, 'organizations:DescribePolicy', input, where)) as {
        Policy: { Content: string };
      };
      return { Policy: { Content: twice(Policy.Content, 'Effect', '"Deny"') } };
    },
  });
  expect(verified.find(({ id }) => id === 'organization-lease')?.result).toBe('not checked');
});

it.each<[name: string, parents: (child: unknown) => object]>([
  ['no list', () => ({})],
  ['no parent', () => ({ Parents: [] })],
  ['a parent without an id', () => ({ Parents: [{ Type: 'ROOT' }] })],
  ['a parent of an unknown type', () => ({ Parents: [{ Id: 'x-1' }] })],
  [
    'two parents',
    () => ({
      Parents: [
        { Id: 'r-1', Type: 'ROOT' },
        { Id: 'r-2', Type: 'ROOT' },
      ],
    }),
  ],
  ['no end', (child) => ({ Parents: [{ Id: `${child}x`, Type: 'ORGANIZATIONAL_UNIT' }] })],
])('an organization of which ListParents answers %s is not checked', async (_, parents) => {
  const { verified } = await examined(environment, {
    'organizations:ListParents': ({ ChildId }) => parents(ChildId),
  });
  const wrong = verified.filter(({ result }) => result !== 'ok');
  expect(wrong.map(({ id, result }) => [id, result])).toEqual([['organization-lease', 'not checked']]);
});

describe('an agent that uses an existing role', () => {
  const own = (roleArn: string): Environment =>
    fullEnvironment({
      agents: [anAgent(), anAgent({ name: 'ci', identity: { type: 'existing-role', roleArn } })],
      roles: [aRole({ name: 'report', gates: ['broker'], agents: ['ci'] })],
    });
  const local = `arn:aws:iam::${account}:role/ci/runner`;
  const foreign = 'arn:aws:iam::999999999999:role/ci/runner';

  const found = async (of: Environment, change: (details: Details) => void, answers: Answers = {}) => {
    const details = authorizationOf(of);
    change(details);
    const { verified } = await examined(of, { 'iam:GetAccountAuthorizationDetails': () => details, ...answers });
    return verified
      .filter(({ result }) => result !== 'ok')
      .map(({ id, damages }) => [id, damages.map(({ message }) => message).join(' ')]);
  };
  const role = (name: string, Arn: string, trust: string) => ({
    kind: 'role' as const,
    RoleName: name,
    RoleId: name,
    Arn,
    RolePolicyList: [],
    AttachedManagedPolicies: [],
    AssumeRolePolicyDocument: trust,
  });
  const closed = policy({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' });
  const trusting = (AWS: string) => policy({ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' });
  const push = (...roles: ReturnType<typeof role>[]) =>
    (({ RoleDetailList }) => RoleDetailList.push(...(roles as unknown as typeof RoleDetailList))) as (
      d: Details,
    ) => void;

  it('is undamaged if the role exists and reaches nothing', async () => {
    expect(await found(own(local), push(role('runner', local, closed)))).toEqual([]);
    expect(await found(own(foreign), () => {})).toEqual([]);
  });

  it('must have its role', async () => {
    expect(await found(own(local), () => {})).toEqual([['agent-exists', 'The role does not exist.']]);
  });

  it.each([
    [local, 'role/odd names the agent'],
    [foreign, "role/odd may let the agent in: the agent's own policies cannot be read"],
  ])('must not reach another role: %s', async (arn, says) => {
    const roles = [role('odd', `arn:aws:iam::${account}:role/odd`, trusting(arn)), role('runner', local, closed)];
    const damages = await found(own(arn), push(...roles));
    expect(damages).toEqual([['agent-reach', expect.stringContaining(says)]]);
  });

  it('is a session of a role for the organization', async () => {
    const Content = policy(
      { Effect: 'Allow', Action: '*', Resource: '*' },
      {
        Effect: 'Deny',
        Action: 'execute-api:Invoke',
        Resource: '*',
        Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/ci/*' } },
      },
    );
    const damages = await found(own(local), push(role('runner', local, closed)), {
      'organizations:DescribePolicy': (input, where) =>
        input.PolicyId === 'p-FullAWSAccess'
          ? { Policy: { Content } }
          : healthyAnswer(environment, 'organizations:DescribePolicy', input, where),
    });
    expect(damages).toEqual([['organization-lease', expect.stringContaining('denies execute-api:Invoke of agent ci')]]);
  });

  it('must not change a device', async () => {
    const CloudTrailEvent = JSON.stringify({ userIdentity: { sessionContext: { sessionIssuer: { arn: local } } } });
    const damages = await found(own(local), push(role('runner', local, closed)), {
      'cloudtrail:LookupEvents': ({ LookupAttributes }) => ({
        Events: JSON.stringify(LookupAttributes).includes('EnableMFADevice')
          ? [{ EventName: 'EnableMFADevice', EventId: 'e', CloudTrailEvent }]
          : [],
      }),
    });
    expect(damages).toEqual([['mfa-enrolled-by-agent', expect.stringContaining('role/ci/runner called')]]);
  });
});

describe('an item of a lease', () => {
  const event = (lease: string, sequence: number) => ({ lease, sequence });
  const item = (change: object = {}) => ({
    lease: { S: 'lh-1' },
    sequence: { N: '1' },
    events: { S: JSON.stringify([event('lh-1', 1), event('lh-1', 2)]) },
    mac: { S: 'bWFj' },
    ...change,
  });
  const read = async (stored: object) => {
    const { verified } = await examined(
      environment,
      {
        'dynamodb:Query': ({ IndexName, ExpressionAttributeValues }) => {
          const [[, value] = []] = Object.entries(ExpressionAttributeValues as Record<string, { S: string }>);
          if (IndexName !== undefined) return { Items: value?.S === 'open#0' ? [{ lease: { S: 'lh-1' } }] : [] };
          return { Items: [stored] };
        },
      },
      { verifyRecord: (_, events) => (events.includes(undefined) ? 'an event cannot be read' : undefined) },
    );
    return verified.find(({ id }) => id === 'lease-records')?.result;
  };

  it('is read as the broker reads it', async () => {
    expect(await read(item())).toBe('ok');
  });

  it.each<[name: string, change: object]>([
    ['without a MAC', { mac: undefined }],
    ['of another lease', { lease: { S: 'lh-2' } }],
    ['under another number', { sequence: { N: '3' } }],
    ['without a number', { sequence: undefined }],
    ['with an event of another lease', { events: { S: JSON.stringify([event('lh-1', 1), event('lh-2', 2)]) } }],
    ['with a key that occurs twice', { events: { S: '[{"lease":"lh-1","sequence":1,"sequence":1}]' } }],
    ['with no list', { events: { S: '{"lease":"lh-1","sequence":1}' } }],
    ['with an empty list', { events: { S: '[]' } }],
    ['without events', { events: undefined }],
  ])('%s is broken', async (_, change) => {
    expect(await read(item(change))).toBe('damaged');
  });
});

it.each([['*'], [{ AWS: '*' }], [{ AWS: ['*'] }]])(
  'a topic with its default policy for %j is in order',
  async (principal) => {
    const { verified } = await examined(environment, topic(principal));
    expect(verified.filter(({ result }) => result !== 'ok')).toEqual([]);
  },
);

it('verifies the rule about passkeys where people have a console', async () => {
  const { broker } = environment;
  const console = { domain: 'leases.example.com', certificate: 'arn:aws:acm:x' };
  const passkeys = { ...environment, broker: { ...broker, console } } as unknown as Environment;
  const healthy = await examined(passkeys);
  expect(healthy.verified.filter(({ result }) => result !== 'ok')).toEqual([]);
  const { verified } = await examined(passkeys, {
    'events:DescribeRule': async (input, where) => ({
      ...(await healthyAnswer(passkeys, 'events:DescribeRule', input, where)),
      ...(input.Name === 'hermes-dev-keys-changed' ? { State: 'DISABLED' } : {}),
    }),
  });
  expect(verified.filter(({ result }) => result !== 'ok').map(({ id }) => id)).toEqual(['broker-rules']);
});
