/** What the plans of the real Terraform are read as. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Unread } from '../../../lib/review/model';
import { recorded, told, toldPolicies, toldUnread } from './estate-lines';

const PLANS = join(__dirname, '..', '..', 'plans');
const names = readdirSync(PLANS, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
const FAILED = 'planning-failed';
const LATER = '? known only after apply';

it('there are plans of at least forty configurations, each with its plan', () => {
  expect(names.length).toBeGreaterThanOrEqual(40);
  for (const name of names)
    expect({ name, plan: existsSync(join(PLANS, name, 'plan.json')) }).toEqual({ name, plan: true });
});

it.each(names.filter((name) => name !== FAILED))('%s is read, and says something', (name) => {
  const { before, after, unread, resources } = recorded(name);
  const all = [before, after].map((side) => side.identities.size + side.resourcePolicies.size + side.watched.size);
  expect(resources).toBeGreaterThan(0);
  expect(unread.length + Math.max(...all)).toBeGreaterThan(0);
});

it('a plan that Terraform could not finish is refused', () => {
  expect(() => recorded(FAILED)).toThrow(/could not finish this plan/);
});

describe('a policy belongs to its identity', () => {
  const after: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
    'role-inline-policy': {
      'role aws deploy': ['upload: Allow s3:PutObject s3:GetObject on arn:aws:s3:::hermes-dev-deploy/*'],
    },
    'managed-policy-attached': { 'role aws reader': ['read: Allow ec2:DescribeInstances on *'] },
    'role-name-known-after-apply': {
      'role aws aws_iam_role.reader[0]': [
        'aws_iam_policy.read.policy: Allow ec2:DescribeInstances on *',
        'only-the-first: Allow s3:ListAllMyBuckets on *',
      ],
      'role aws aws_iam_role.reader[1]': ['aws_iam_policy.read.policy: Allow ec2:DescribeInstances on *'],
    },
    'modules-for-each': {
      'role aws module.role["reader"].aws_iam_role.this': [
        'aws_iam_policy.shared.policy: Allow s3:ListAllMyBuckets on *',
        'own: Allow s3:GetObject on arn:aws:s3:::hermes-dev-deploy/*',
      ],
      'role aws module.role["writer"].aws_iam_role.this': [
        'arn:aws:iam::aws:policy/AdministratorAccess: Allow * on *',
        'aws_iam_policy.shared.policy: Allow s3:ListAllMyBuckets on *',
        'own: Allow s3:PutObject on arn:aws:s3:::hermes-dev-deploy/*',
      ],
    },
    'module-variable-names-role': {
      'role aws aws_iam_role.worker': ['queue: Allow sqs:ReceiveMessage on arn:aws:sqs:us-east-1:123456789012:jobs'],
    },
    'policy-attachment-list': {
      'user aws agent': ['read: Allow s3:GetObject on *'],
      'group aws readers': ['read: Allow s3:GetObject on *'],
      'role aws worker': ['read: Allow s3:GetObject on *'],
      'role aws made-elsewhere': ['read: Allow s3:GetObject on *'],
    },
    'boundary-known-after-apply': {
      'user aws agent': [
        'arn:aws:iam::aws:policy/AdministratorAccess: Allow * on *',
        'bounded by aws_iam_policy.boundary.policy: Allow s3:* on *',
      ],
    },
    'attached-to-unmanaged-role': {
      'role 123456789012 made-elsewhere': [
        'arn:aws:iam::123456789012:policy/made-elsewhere-too: ? the plan only names this policy',
        'more: Allow iam:PassRole on *',
      ],
    },
    'data-sources-of-identity': { 'role 123456789012 worker': ['shared: Allow dynamodb:* on *'] },
    'permission-set': {
      'permission set aws engineer': [
        'arn:aws:iam::aws:policy/AdministratorAccess: Allow * on *',
        'aws_ssoadmin_permission_set_inline_policy.engineer.inline_policy: Deny iam:* on *',
      ],
    },
    'two-regions': { 'role aws worker': ['jobs: Allow sqs:ReceiveMessage on *'] },
    'two-accounts': {
      'role 123456789012 deploy': ['read: Allow s3:GetObject on *'],
      'role 210987654321 deploy': ['all: Allow s3:* on *'],
      'role 210987654321 reader': [],
    },
  };

  it.each(Object.entries(after))('%s', (name, expected) => {
    expect(told(recorded(name).after)).toEqual(expected);
  });
});

describe('what a plan does not tell is unknown, and not absent', () => {
  it('a policy with a part that AWS will make up', () => {
    expect(told(recorded('policy-known-after-apply').after)).toEqual({ 'role aws builder': [`builds: ${LATER}`] });
  });

  it('but a document that is read on apply is read from its data source, with what its resources refer to', () => {
    const bucket = 'arn:aws:s3:::known-after-apply/aws_s3_bucket.builds';
    expect(told(recorded('data-source-not-yet-read').after)).toEqual({
      'user aws builder': [`builds: Allow s3:GetObject s3:PutObject on ${bucket} ${bucket}/*`],
    });
  });

  it('which of two roles an expression chooses: either may have it', () => {
    const unsure = ['all: ? the plan leaves open whether it is attached here'];
    expect(told(recorded('conditional-reference').after)).toEqual({
      'role aws aws_iam_role.development': unsure,
      'role aws aws_iam_role.production': unsure,
    });
  });

  it('what a local value stands for', () => {
    expect(toldUnread(recorded('local-reference'))).toEqual([
      'aws_iam_role_policy.all role: a role that is known only after apply',
    ]);
  });

  it('a policy with something sensitive in it, and that it changes', () => {
    const { before, after } = recorded('sensitive-policy');
    expect(told(before)).toEqual({ 'role 123456789012 worker': ['customer: ? sensitive, and withheld'] });
    expect(told(after)).toEqual({ 'role 123456789012 worker': ['customer: ? sensitive, and withheld; it changes'] });
    expect(JSON.stringify([...before.identities.values()])).not.toContain('customer-0001');
  });

  it('a policy that AWS would refuse', () => {
    expect(told(recorded('malformed-policy').after)).toEqual({
      'role aws worker': [expect.stringMatching(/^worker: \? no policy that AWS would take: policy \/Statement\/0/)],
    });
  });

  it('policies of AWS that the plan only names', () => {
    expect(told(recorded('aws-managed-policies').after)['role aws worker']).toEqual([
      expect.stringMatching(/AmazonS3ReadOnlyAccess: Allow s3:Get\*/),
      expect.stringMatching(/SystemAdministrator: Allow .*cloudtrail:StopLogging/),
    ]);
  });

  it('the policy of a service-linked role', () => {
    const { identities } = recorded('service-linked-role').after;
    const [role] = identities.values();
    expect(role?.policies.map(({ document }) => document.kind)).toEqual(['unknown']);
    expect(role?.trust?.document).toMatchObject({
      value: { Statement: [{ Principal: { Service: 'opensearchservice.amazonaws.com' } }] },
    });
  });

  it('what a stack or a program makes, and what is left undone or forgotten', () => {
    expect(toldUnread(recorded('unread-constructs'))).toEqual([
      'aws_cloudformation_stack.roles: what aws_cloudformation_stack makes is not in the plan',
      'terraform_data.more: a provisioner runs, and no plan shows what it does',
    ]);
    expect(toldUnread(recorded('targeted'))).toEqual([': the plan is incomplete: applying it leaves something undone']);
    expect(toldUnread(recorded('forgotten-role'))).toEqual([
      'aws_iam_role.worker: Terraform forgets it: it stays in AWS as it is, and nobody watches it',
      'aws_iam_role_policy_attachment.admin: Terraform forgets it: it stays in AWS as it is, and nobody watches it',
    ]);
  });
});

describe('before and after are one identity where they are one in AWS', () => {
  const same: readonly [name: string, before: readonly string[], after: readonly string[]][] = [
    ['moved-role', ['role 123456789012 deploy'], ['role 123456789012 deploy']],
    ['moved-into-module', ['role 123456789012 worker'], ['role 123456789012 worker']],
    ['imported-role', ['role 123456789012 made-by-hand'], ['role 123456789012 made-by-hand']],
    ['forgotten-role', ['role 123456789012 worker'], ['role 123456789012 worker']],
    ['destroyed', ['role 123456789012 worker'], []],
    ['replaced-role', ['role 123456789012 worker'], ['role 123456789012 worker']],
    [
      'count-shrinks',
      ['role 123456789012 worker-0', 'role 123456789012 worker-1', 'role 123456789012 worker-2'],
      ['role 123456789012 worker-0'],
    ],
    [
      'for-each-keys-change',
      ['role 123456789012 team-blue', 'role 123456789012 team-red'],
      ['role 123456789012 team-green', 'role 123456789012 team-red'],
    ],
    [
      'targeted',
      ['role 123456789012 other', 'role 123456789012 worker'],
      ['role 123456789012 other', 'role 123456789012 worker'],
    ],
  ];

  it.each(same)('%s', (name, keysBefore, keysAfter) => {
    const { before, after } = recorded(name);
    expect([...before.identities.keys()].sort()).toEqual(keysBefore);
    expect([...after.identities.keys()].sort()).toEqual(keysAfter);
  });

  it('a role that is replaced under a prefix keeps its key while its new name is unknown', () => {
    const { before, after } = recorded('replaced-role-with-prefix');
    expect(Object.values(told(before))).toEqual([['jobs: Allow sqs:ReceiveMessage on *']]);
    expect(told(after)).toEqual(told(before));
  });

  it.each(['no-change', 'moved-role'])('%s changes nothing', (name) => {
    const { before, after } = recorded(name);
    expect(told(after)).toEqual(told(before));
    expect(toldPolicies(after)).toEqual(toldPolicies(before));
  });
});

describe('what a role has in AWS and the configuration does not say', () => {
  it('is seen when the role is imported', () => {
    const administrator = ['arn:aws:iam::aws:policy/AdministratorAccess: Allow * on *'];
    const { before, after } = recorded('imported-role');
    expect(told(before)).toEqual({ 'role 123456789012 made-by-hand': administrator });
    expect(told(after)).toEqual({ 'role 123456789012 made-by-hand': administrator });
  });

  it('goes when an exclusive list does not name it', () => {
    const { before, after } = recorded('exclusive-attachments');
    expect(told(before)['role 123456789012 worker']).toEqual([
      'arn:aws:iam::aws:policy/AdministratorAccess: Allow * on *',
      'by-hand: Allow iam:* on *',
    ]);
    expect(told(after)['role 123456789012 worker']).toEqual([
      expect.stringMatching(/AWSLambdaBasicExecutionRole: Allow logs:/),
      'inline policies are exclusive',
      'attached policies are exclusive',
    ]);
  });

  it('goes when its attachment is deleted, although the role still lists it', () => {
    const { before, after } = recorded('attached-by-hand');
    expect(told(before)['role 123456789012 worker']).toHaveLength(2);
    expect(told(after)['role 123456789012 worker']).toEqual([
      'arn:aws:iam::123456789012:policy/by-hand: ? the plan only names this policy',
    ]);
  });

  it('is no longer kept away when an exclusive list goes', () => {
    const { before, after } = recorded('exclusivity-removed');
    const jobs = 'jobs: Allow sqs:ReceiveMessage on *';
    expect(told(before)['role 123456789012 worker']).toEqual([
      jobs,
      'inline policies are exclusive',
      'attached policies are exclusive',
    ]);
    expect(told(after)['role 123456789012 worker']).toEqual([jobs]);
  });
});

describe('resource policies', () => {
  it('are told by what they protect, before and after', () => {
    const { before, after } = recorded('bucket-made-public');
    expect(toldPolicies(before)).toEqual({
      'policy of arn:aws:s3:::hermes-site':
        'Allow s3:GetObject on arn:aws:s3:::hermes-site/* by {"AWS":"arn:aws:iam::123456789012:role/web"}',
    });
    expect(toldPolicies(after)).toEqual({
      'policy of arn:aws:s3:::hermes-site': 'Allow s3:GetObject on arn:aws:s3:::hermes-site/* by "*"',
    });
    expect([...after.watched.keys()]).toContain('aws_s3_bucket_acl aws_s3_bucket_acl.site');
    expect([...after.watched.values()].some(({ type }) => type === 'aws_s3_bucket_public_access_block')).toBe(false);
  });

  it('of queues and topics count once, although the queue lists its policy, too', () => {
    const { before, after } = recorded('queue-and-topic');
    const keys = [
      'policy of arn:aws:sns:us-east-1:123456789012:alerts',
      'policy of arn:aws:sqs:us-east-1:123456789012:jobs',
    ];
    expect(Object.keys(toldPolicies(before)).sort()).toEqual(keys);
    expect(Object.keys(toldPolicies(after)).sort()).toEqual(keys);
    expect(toldPolicies(after)[keys[1] ?? '']).toMatch(/by \{"AWS":"\*"\}$/);
  });

  it('are none where AWS will set its default', () => {
    expect(toldPolicies(recorded('resource-policies-on-new').after)).toEqual({
      'aws_sns_topic_policy aws_sns_topic_policy.open': 'Allow sns:Publish on * by "*"',
      'aws_sqs_queue aws_sqs_queue.open': 'Allow sqs:SendMessage on * by "*"',
    });
  });

  it('of functions are made from permissions', () => {
    expect(toldPolicies(recorded('function-permissions').after)).toEqual({
      'aws_lambda_permission aws_lambda_permission.anybody':
        'Allow lambda:InvokeFunctionUrl on arn:aws:lambda:*:*:function:worker by "*"',
      'aws_lambda_permission aws_lambda_permission.events':
        'Allow lambda:InvokeFunction on arn:aws:lambda:*:*:function:worker by {"Service":"events.amazonaws.com"}',
      'aws_lambda_permission aws_lambda_permission.partner':
        'Allow lambda:InvokeFunction on arn:aws:lambda:us-east-1:123456789012:function:made-elsewhere by {"AWS":"arn:aws:iam::999988887777:root"}',
    });
  });

  it('of many services are read from one table', () => {
    const everybody = 'Allow * on * by "*"';
    const policies = toldPolicies(recorded('other-resource-policies').after);
    expect(Object.keys(policies)).toHaveLength(7);
    expect(new Set(Object.values(policies))).toEqual(new Set([everybody]));
  });
});

describe('what is watched', () => {
  it('is there before and gone after', () => {
    const { before, after } = recorded('watch-removed');
    const types = (side: typeof before) => [...new Set([...side.watched.values()].map(({ type }) => type))].sort();
    expect(types(before)).toEqual([
      'aws_cloudtrail',
      'aws_cloudwatch_event_rule',
      'aws_cloudwatch_event_target',
      'aws_cloudwatch_log_group',
      'aws_cloudwatch_metric_alarm',
      'aws_s3_bucket',
      'aws_sns_topic',
      'aws_sns_topic_subscription',
    ]);
    expect(types(after)).toEqual(['aws_cloudwatch_event_rule', 'aws_cloudwatch_log_group', 'aws_s3_bucket']);
  });

  it('has what is unknown or sensitive as unread, and nothing of a secret', () => {
    const { watched } = recorded('user-with-keys').after;
    const key = watched.get('aws_iam_access_key aws_iam_access_key.ci');
    expect(key?.values).toMatchObject({ user: 'ci', secret: Unread });
  });
});
