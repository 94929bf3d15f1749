/** A policy that is known only after apply is reported with what it refers to, which is all that the plan shows of it. */
import { allows, aRole, arn, change, configuration, type Json, policy, reviewOf } from '../planned';

const later = (more: Json = {}) => ({ after: { name: 'own', user: 'eve', ...more }, unknown: { policy: true } });
const refersTo = (...references: readonly string[]) => ({ policy: { references } });

/** A user with a policy that is not known, an administrator, a reader, and a function that runs as the administrator. */
function aPlan(written: Json, more: Readonly<Record<string, Json>> = {}, beside: readonly Json[] = []) {
  const changes = [
    change('aws_iam_user.eve', { same: { name: 'eve', path: '/', arn: arn('user/eve') } }),
    change('aws_iam_user_policy.own', later()),
    ...Object.entries({ admin: allows('*'), reader: allows('s3:GetObject', 'arn:aws:s3:::data/*') }).flatMap(
      ([name, statement]) => [
        change(`aws_iam_role.${name}`, { after: { ...aRole(name), arn: undefined }, unknown: { arn: true } }),
        change(`aws_iam_role_policy.${name}`, { after: { name: 'own', role: name, policy: policy(statement) } }),
      ],
    ),
    change('aws_lambda_function.job', { after: { function_name: 'job' }, unknown: { arn: true, role: true } }),
    ...beside,
  ];
  const expressions = {
    'aws_iam_user_policy.own': written,
    'aws_lambda_function.job': { role: { references: ['aws_iam_role.admin.arn', 'aws_iam_role.admin'] } },
    ...more,
  };
  return reviewOf(changes, { configuration: configuration(expressions) });
}

const cases: readonly {
  name: string;
  written: Json;
  more?: Readonly<Record<string, Json>>;
  beside?: readonly Json[];
  expect: string;
}[] = [
  {
    name: 'a role that may do everything',
    written: refersTo('aws_iam_role.admin.arn', 'aws_iam_role.admin'),
    expect: '; it refers to aws_iam_role.admin (may do everything).',
  },
  {
    name: 'the most powerful first',
    written: refersTo('aws_s3_bucket.data.arn', 'aws_iam_role.reader.arn', 'aws_iam_role.admin.arn'),
    expect:
      '; it refers to aws_iam_role.admin (may do everything), aws_iam_role.reader (may do s3:GetObject), aws_s3_bucket.data.',
  },
  {
    name: 'a function, by what it runs as',
    written: refersTo('aws_lambda_function.job.arn'),
    expect: '; it refers to aws_lambda_function.job (runs with aws_iam_role.admin: may do everything).',
  },
  {
    name: 'an instance, by the role of its profile',
    written: refersTo('aws_instance.host.arn'),
    beside: [
      change('aws_iam_instance_profile.host', { after: { name: 'host', role: 'admin' } }),
      change('aws_instance.host', { after: { iam_instance_profile: 'host' }, unknown: { arn: true } }),
    ],
    expect: '; it refers to aws_instance.host (runs with aws_iam_role.admin: may do everything).',
  },
  {
    name: 'a user and a group that may do everything',
    written: refersTo('aws_iam_user.root.arn', 'aws_iam_group.admins.arn', 'aws_iam_user.guest.arn'),
    beside: [
      change('aws_iam_user.root', { after: { name: 'root', path: '/' }, unknown: { arn: true } }),
      change('aws_iam_user_policy.root', { after: { name: 'own', user: 'root', policy: policy(allows('*')) } }),
      change('aws_iam_user.guest', { after: { name: 'guest', path: '/' }, unknown: { arn: true } }),
      change('aws_iam_group.admins', { after: { name: 'admins', path: '/' }, unknown: { arn: true } }),
      change('aws_iam_group_policy.admins', { after: { name: 'own', group: 'admins', policy: policy(allows('*')) } }),
    ],
    expect:
      '; it refers to aws_iam_group.admins (may do everything), aws_iam_user.root (may do everything), aws_iam_user.guest.',
  },
  {
    name: 'through a document of a data source of which nothing can be read',
    written: refersTo('data.aws_iam_policy_document.late.json', 'data.aws_iam_policy_document.late'),
    more: {
      'data.aws_iam_policy_document.late': {
        statement: [
          { actions: { references: ['local.actions'] }, resources: { references: ['aws_iam_role.admin.arn'] } },
        ],
      },
    },
    beside: [
      change('data.aws_iam_policy_document.late', {
        mode: 'data',
        actions: ['read'],
        after: {},
        unknown: { json: true, statement: true },
      }),
    ],
    expect: '; it refers to aws_iam_role.admin (may do everything).',
  },
  {
    name: 'only what a plan does not resolve',
    written: refersTo('local.policy'),
    expect: '.',
  },
];

test.each(cases)('$name', async ({ written, more, beside, expect: expected }) => {
  const { findings } = await aPlan(written, more, beside);
  const found = findings.filter(({ id, message }) => id === 'unknown-policy' && message.includes('user eve'));
  expect(found.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
    `high A policy of the user eve, own, cannot be read: known only after apply${expected}`,
  ]);
  expect(found[0]?.hint.includes('known at plan time')).toBe(true);
});

test('a trust names whom it may let in, and an inline block is followed too', async () => {
  const { findings } = await reviewOf(
    [
      change('aws_iam_user.eve', { after: { name: 'eve', path: '/' }, unknown: { arn: true } }),
      change('aws_iam_role.door', {
        after: { name: 'door', path: '/', inline_policy: [{ name: 'own' }] },
        unknown: { arn: true, assume_role_policy: true, inline_policy: [{ policy: true }] },
      }),
      change('aws_iam_role.admin', { after: { ...aRole('admin'), arn: undefined }, unknown: { arn: true } }),
      change('aws_iam_role_policy.admin', { after: { name: 'own', role: 'admin', policy: policy(allows('*')) } }),
    ],
    {
      configuration: configuration({
        'aws_iam_role.door': {
          assume_role_policy: { references: ['aws_iam_user.eve.arn', 'aws_iam_user.eve'] },
          inline_policy: [{ policy: { references: ['aws_iam_role.admin.arn', 'aws_iam_role.admin'] } }],
        },
      }),
    },
  );
  expect(findings.filter(({ id }) => id === 'unknown-policy').map(({ message }) => message)).toEqual([
    'The trust policy of the role door cannot be read: known only after apply; it refers to aws_iam_user.eve.',
    'A policy of the role door, own, cannot be read: known only after apply; it refers to aws_iam_role.admin (may do everything).',
  ]);
});
