/**
 * Resources that somebody adds to a plan, so that an account or a bucket of somebody else looks like the plan's own.
 * None of them may silence the findings about the rest of the plan.
 */
import { reviewPlan } from '../../../lib/review/review-plan';
import { ACCOUNT, allows, aRole, arn, change, configuration, type Json, planned, policy } from '../planned';

const OTHER = '444455556666';
const QUEUE = `arn:aws:sqs:eu-west-1:${OTHER}:theirs`;
const AWS = 'registry.terraform.io/hashicorp/aws';

const trust = (Principal: Json) => policy({ ...allows('sts:AssumeRole'), Resource: undefined, Principal } as never);
const allowed = (account: string): Json => ({ allowed_account_ids: { constant_value: [account] } });
const SECOND = { 'aws.second': allowed(OTHER) };

/** What a plan has besides the attack. */
interface Decoy {
  readonly name: string;
  readonly changes?: readonly Json[];
  readonly prior?: readonly Json[];
  readonly parts?: Json;
  readonly expressions?: Readonly<Record<string, Json>>;
  readonly providers?: Json;
}

const data = (type: string, values: Json): Json => ({
  address: `data.${type}.decoy`,
  mode: 'data',
  type,
  name: 'decoy',
  provider_name: AWS,
  values,
});

const decoys: readonly Decoy[] = [
  { name: 'nothing' },
  {
    name: 'a policy of a queue of the account',
    changes: [
      change('aws_sqs_queue_policy.decoy', {
        after: {
          queue_url: 'x',
          policy: policy({ ...allows('sqs:SendMessage', QUEUE), Principal: { AWS: arn('root') } } as never),
        },
      }),
    ],
  },
  {
    name: 'a policy of a queue of the account, which changes',
    changes: [
      change('aws_sqs_queue_policy.decoy', {
        before: {
          queue_url: 'x',
          policy: policy({ ...allows('sqs:SendMessage'), Principal: { AWS: arn('root') } } as never),
        },
        after: {
          queue_url: 'x',
          policy: policy({ ...allows('sqs:SendMessage', QUEUE), Principal: { AWS: arn('root') } } as never),
        },
      }),
    ],
  },
  {
    name: 'a role with an identity provider of the account',
    changes: [
      change('aws_iam_role.decoy', {
        after: {
          name: 'decoy',
          path: '/',
          assume_role_policy: trust({ Federated: `arn:aws:iam::${OTHER}:oidc-provider/gitlab.com` }),
        },
      }),
    ],
  },
  {
    name: 'a manifest of the account',
    parts: { output_changes: { leasehold: { actions: ['create'], before: null, after: { account: OTHER } } } },
  },
  {
    name: 'a new queue with an ARN of the account',
    changes: [change('aws_sqs_queue.decoy', { after: { name: 'theirs', arn: QUEUE } })],
  },
  {
    name: 'a new role with an ARN of the account',
    changes: [change('aws_iam_role.decoy', { after: aRole('decoy', { arn: `arn:aws:iam::${OTHER}:role/decoy` }) })],
  },
  {
    name: 'a queue of the account, which is imported',
    changes: [change('aws_sqs_queue.decoy', { same: { name: 'theirs', arn: QUEUE }, importing: { id: 'x' } })],
  },
  {
    name: 'a state machine of the account, which is imported',
    changes: [
      change('aws_sfn_state_machine.decoy', {
        same: { name: 'theirs', arn: `arn:aws:states:eu-west-1:${OTHER}:stateMachine:theirs` },
        importing: { id: 'x' },
      }),
    ],
  },
  {
    name: 'an attached policy of the account',
    changes: [
      change('aws_iam_role_policy_attachment.decoy', {
        after: { role: 'worker', policy_arn: `arn:aws:iam::${OTHER}:policy/decoy` },
      }),
    ],
  },
  {
    name: 'a role in a second provider for the account',
    changes: [change('aws_iam_role.decoy', { after: { ...aRole('decoy'), arn: undefined } })],
    expressions: { 'aws_iam_role.decoy': { provider: 'aws.second' } },
    providers: SECOND,
  },
  {
    name: 'the caller identity of a second provider',
    prior: [data('aws_caller_identity', { account_id: OTHER })],
    expressions: { 'data.aws_caller_identity.decoy': { provider: 'aws.second' } },
    providers: { 'aws.second': { profile: { constant_value: 'theirs' } } },
  },
  {
    name: 'a queue that a second provider looks up',
    prior: [data('aws_sqs_queue', { name: 'theirs', arn: QUEUE })],
    expressions: { 'data.aws_sqs_queue.decoy': { provider: 'aws.second' } },
    providers: { 'aws.second': { profile: { constant_value: 'theirs' } } },
  },
  {
    name: 'an organization of a second provider, which may have its own endpoint',
    prior: [
      data('aws_organizations_organization', {
        id: 'o-decoy12345',
        master_account_id: ACCOUNT,
        accounts: [{ id: ACCOUNT }, { id: OTHER }],
      }),
    ],
    expressions: { 'data.aws_organizations_organization.decoy': { provider: 'aws.second' } },
    providers: { 'aws.second': { endpoints: [{ organizations: { constant_value: 'https://fake.test' } }] } },
  },
  {
    name: 'a resource of a provider with the same name in another registry',
    changes: [
      change('aws_sqs_queue.decoy', {
        same: { name: 'theirs', arn: QUEUE },
        provider_name: 'registry.example.test/hashicorp/aws',
      }),
    ],
  },
  {
    name: 'a share of the account that exists',
    changes: [
      change('aws_ram_resource_share_accepter.decoy', {
        same: { share_arn: 'x', arn: `arn:aws:ram:eu-west-1:${OTHER}:resource-share/x` },
      }),
    ],
  },
];

const attack: readonly Json[] = [
  change('aws_iam_role.opened', {
    after: { name: 'opened', path: '/', assume_role_policy: trust({ AWS: `arn:aws:iam::${OTHER}:root` }) },
  }),
  change('aws_pipes_pipe.sends', { after: { name: 'sends', target: QUEUE } }),
];
const exists = change('aws_iam_user.ours', { same: { name: 'ours', path: '/', arn: arn('user/ours') } });

describe.each([
  { state: 'whose account an existing resource shows', existing: [exists] },
  { state: 'whose account only the default provider shows', existing: [] },
])('in a plan $state', ({ existing }) => {
  test.each(decoys)('$name', async (decoy) => {
    const access = planOf({ ...decoy, changes: [...attack, ...existing, ...(decoy.changes ?? [])] });
    const { findings } = await reviewPlan(access, { today: '2026-11-22' });
    const of = (address: string) =>
      findings.flatMap(({ id, severity, place }) => (place.address === address ? [`${severity} ${id}`] : []));
    expect([...of('aws_iam_role.opened'), ...of('aws_pipes_pipe.sends')]).toEqual(
      expect.arrayContaining(['critical external-account', 'high outside-resource']),
    );
    expect(access.accounts).not.toContain(OTHER);
  });
});

test('a flag of the user is evidence, and silences both findings', async () => {
  const access = planOf({ name: 'nothing', changes: [...attack, exists] });
  const { findings } = await reviewPlan(access, { today: '2026-11-22', accounts: [OTHER] });
  expect(findings.filter(({ id }) => id === 'external-account' || id === 'outside-resource')).toEqual([]);
});

test('the message names a provider that claims the account', async () => {
  const { findings } = await reviewPlan(
    planOf({
      name: 'second',
      changes: [
        ...attack,
        exists,
        change('aws_iam_role.decoy', {
          after: { name: 'decoy', path: '/', assume_role_policy: trust({ AWS: ACCOUNT }) },
        }),
      ],
      expressions: { 'aws_iam_role.decoy': { provider: 'aws.second' } },
      providers: SECOND,
    }),
    { today: '2026-11-22' },
  );
  expect(findings.filter(({ id }) => id === 'outside-resource').map(({ message }) => message)).toEqual([
    `aws_pipes_pipe.sends now sends to ${QUEUE}, of account ${OTHER}, which only a provider of this plan shows to be yours, and no existing resource.`,
    `The plan adds or changes aws_iam_role.decoy through the provider aws.second, of account ${OTHER}, which only a provider of this plan shows to be yours, and no existing resource.`,
  ]);
});

interface Bucket {
  readonly name: string;
  readonly change: Json;
  /** What the configuration of the trail says. */
  readonly written: Json;
  readonly depends?: readonly string[];
  readonly provider?: string;
  readonly expect: readonly string[];
}

const LITERAL = { constant_value: 'logs' };
const REFERENCE = { references: ['aws_s3_bucket.logs.bucket', 'aws_s3_bucket.logs'] };

const buckets: readonly Bucket[] = [
  {
    name: 'existed before the plan',
    change: change('aws_s3_bucket.logs', { same: { bucket: 'logs' } }),
    written: LITERAL,
    expect: [],
  },
  {
    name: 'is created with the same name',
    change: change('aws_s3_bucket.logs', { after: { bucket: 'logs' } }),
    written: LITERAL,
    expect: ['medium'],
  },
  {
    name: 'is created, and must exist before the trail',
    change: change('aws_s3_bucket.logs', { after: { bucket: 'logs' } }),
    written: REFERENCE,
    expect: [],
  },
  {
    name: 'is created with the same name, and on which it depends through another resource',
    change: change('aws_s3_bucket.logs', { after: { bucket: 'logs' } }),
    written: LITERAL,
    depends: ['aws_s3_bucket_versioning.logs'],
    expect: [],
  },
  {
    name: 'is created with the same name, and depends on something else',
    change: change('aws_s3_bucket.logs', { after: { bucket: 'logs' } }),
    written: LITERAL,
    depends: ['aws_iam_user.ours'],
    expect: ['medium'],
  },
  {
    name: 'is created by a provider for another account',
    change: change('aws_s3_bucket.logs', { after: { bucket: 'logs' } }),
    written: REFERENCE,
    provider: 'aws.second',
    expect: ['medium'],
  },
  {
    name: 'is deleted',
    change: change('aws_s3_bucket.logs', { before: { bucket: 'logs' } }),
    written: LITERAL,
    expect: ['medium'],
  },
  {
    name: 'is replaced',
    change: change('aws_s3_bucket.logs', { same: { bucket: 'logs' }, actions: ['delete', 'create'] }),
    written: LITERAL,
    expect: ['medium'],
  },
  {
    name: 'is replaced, and must exist before the other resource',
    change: change('aws_s3_bucket.logs', { same: { bucket: 'logs' }, actions: ['delete', 'create'] }),
    written: REFERENCE,
    expect: [],
  },
  {
    name: 'is renamed',
    change: change('aws_s3_bucket.logs', {
      before: { bucket: 'logs' },
      after: { bucket: 'records' },
      actions: ['create', 'delete'],
    }),
    written: LITERAL,
    expect: ['medium'],
  },
  {
    name: 'changes otherwise',
    change: change('aws_s3_bucket.logs', {
      same: { bucket: 'logs' },
      before: { tags: {} },
      after: { tags: { a: 'b' } },
    }),
    written: LITERAL,
    expect: [],
  },
  {
    name: 'is removed from the state, and kept',
    change: change('aws_s3_bucket.logs', { before: { bucket: 'logs' }, actions: ['forget'] }),
    written: LITERAL,
    expect: [],
  },
  {
    name: 'is an old object of a replaced bucket',
    change: { ...change('aws_s3_bucket.logs', { before: { bucket: 'logs' } }), deposed: 'a1b2c3d4' },
    written: LITERAL,
    expect: ['medium'],
  },
  {
    name: 'is imported',
    change: change('aws_s3_bucket.logs', { same: { bucket: 'logs' }, importing: { id: 'logs' } }),
    written: REFERENCE,
    expect: ['medium'],
  },
];

const versioning = change('aws_s3_bucket_versioning.logs', { after: { bucket: 'logs' } });

function dependsOn({ depends }: Bucket): Json {
  return depends === undefined ? {} : { depends_on: depends };
}

test.each(buckets)('a trail that writes to a bucket that $name', async (row) => {
  const access = planOf({
    name: row.name,
    changes: [
      exists,
      versioning,
      row.change,
      change('aws_cloudtrail.t', { after: { name: 't', s3_bucket_name: 'logs' } }),
    ],
    expressions: {
      'aws_cloudtrail.t': { s3_bucket_name: row.written, ...dependsOn(row) },
      'aws_s3_bucket.logs': { provider: row.provider ?? 'aws' },
      'aws_s3_bucket_versioning.logs': { bucket: REFERENCE },
    },
    providers: SECOND,
  });
  expect(await outside(access, 'aws_cloudtrail.t')).toEqual(row.expect);
});

test.each([...buckets])('a queue that accepts messages from a bucket that $name', async (row) => {
  const statement = {
    ...allows('sqs:SendMessage', arn('x')),
    Principal: { Service: 's3.amazonaws.com' },
    Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:s3:::logs' } },
  };
  const access = planOf({
    name: row.name,
    changes: [
      exists,
      versioning,
      row.change,
      change('aws_sqs_queue_policy.p', { after: { queue_url: 'x', policy: policy(statement as never) } }),
    ],
    expressions: {
      'aws_sqs_queue_policy.p': { policy: row.written, ...dependsOn(row) },
      'aws_s3_bucket.logs': { provider: row.provider ?? 'aws' },
      'aws_s3_bucket_versioning.logs': { bucket: REFERENCE },
    },
    providers: SECOND,
  });
  const { findings } = await reviewPlan(access, { today: '2026-11-22' });
  expect(findings.some(({ id }) => id === 'confused-deputy')).toBe(row.expect.length > 0);
});

const unread: readonly (Bucket & { readonly unknown?: boolean })[] = [
  {
    name: 'a queue of the default provider',
    change: change('aws_sqs_queue.q', { after: { name: 'q' } }),
    written: { references: ['aws_sqs_queue.q.arn', 'aws_sqs_queue.q'] },
    expect: [],
  },
  {
    name: 'a queue of a provider for another account',
    change: change('aws_sqs_queue.q', { after: { name: 'q' } }),
    written: { references: ['aws_sqs_queue.q.arn', 'aws_sqs_queue.q'] },
    provider: 'aws.second',
    expect: ['medium'],
  },
  {
    name: 'a queue of a provider whose account is unknown',
    change: change('aws_sqs_queue.q', { after: { name: 'q' } }),
    written: { references: ['aws_sqs_queue.q.arn', 'aws_sqs_queue.q'] },
    provider: 'aws.third',
    expect: ['low'],
  },
  {
    name: 'a text of the plan that another provider returns only after apply',
    change: change('terraform_data.q', { after: { input: QUEUE }, provider_name: 'terraform.io/builtin/terraform' }),
    written: { references: ['terraform_data.q.output', 'terraform_data.q'] },
    expect: ['low'],
  },
];

test.each(unread)('a pipe whose target is known only after apply, and refers to $name', async (row) => {
  const access = planOf({
    name: row.name,
    changes: [exists, row.change, change('aws_pipes_pipe.p', { after: { name: 'p' }, unknown: { target: true } })],
    expressions: {
      'aws_pipes_pipe.p': { target: row.written },
      'aws_sqs_queue.q': { provider: row.provider ?? 'aws' },
    },
    providers: { ...SECOND, 'aws.third': { profile: { constant_value: 'third' } } },
  });
  expect(await outside(access, 'aws_pipes_pipe.p')).toEqual(row.expect);
});

/** The findings about one resource. A new provider is a finding of its own. */
async function outside(access: ReturnType<typeof planOf>, address: string): Promise<readonly string[]> {
  const { findings } = await reviewPlan(access, { today: '2026-11-22' });
  return findings.flatMap(({ id, severity, place }) =>
    id === 'outside-resource' && place.address === address ? [severity] : [],
  );
}

function planOf({ changes = [], prior = [], parts = {}, expressions = {}, providers = {} }: Decoy) {
  const state = { format_version: '1.0', values: { root_module: { resources: prior } } };
  return planned(changes, {
    configuration: configuration({ 'aws_iam_role.opened': {}, 'aws_pipes_pipe.sends': {}, ...expressions }, providers),
    prior_state: state,
    ...parts,
  });
}
