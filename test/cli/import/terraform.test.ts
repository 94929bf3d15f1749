/** `terraform show -json` → sources: who has which policies. */
import { isTerraform, terraformSources } from '../../../lib/cli/import/read/terraform';

const policy = (action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }],
});
const text = (action: string) => JSON.stringify(policy(action));
const resource = (address: string, values: object) => ({ address, type: address.split('.').at(-2), values });
const shown = (resources: readonly object[], child_modules: readonly object[] = []) => ({
  format_version: '1.0',
  values: { root_module: { resources, child_modules } },
});
const actionsOf = (value: ReturnType<typeof shown>) =>
  terraformSources(value).sources.map(({ name, documents }) => [
    name,
    documents.flatMap(({ Statement }) => [Statement].flat().map(({ Action }) => Action)),
  ]);

it.each([
  [{ format_version: '1.2', planned_values: {} }, true],
  [{ format_version: '1.2', values: {} }, true],
  [{ format_version: '1.2' }, false],
  [{ Statement: [] }, false],
  [[], false],
  [null, false],
])('%j is Terraform: %s', (value, expected) => expect(isTerraform(value)).toBe(expected));

it('inline, attached and AWS-managed policies of a role are one source, in whatever module they are', () => {
  const found = actionsOf(
    shown(
      [
        resource('aws_iam_role.deploy', {
          name: 'deploy',
          inline_policy: [{ name: 'a', policy: text('s3:PutObject') }],
        }),
        resource('aws_iam_role_policy.b', { role: 'deploy', policy: text('sqs:SendMessage') }),
        resource('aws_iam_policy.c', {
          name: 'c',
          arn: 'arn:aws:iam::111122223333:policy/c',
          policy: text('sns:Publish'),
        }),
      ],
      [
        {
          resources: [
            resource('module.m.aws_iam_role_policy_attachment.c', {
              role: 'deploy',
              policy_arn: 'arn:aws:iam::111122223333:policy/c',
            }),
            resource('module.m.aws_iam_role_policy_attachment.d', {
              role: 'deploy',
              policy_arn: 'arn:aws:iam::aws:policy/AWSMarketplaceMeteringRegisterUsage',
            }),
          ],
        },
      ],
    ),
  );
  expect(found).toEqual([
    ['deploy', ['s3:PutObject', 'sqs:SendMessage', 'sns:Publish', ['aws-marketplace:RegisterUsage']]],
  ]);
});

it('users, groups, permission sets and lists of owners', () => {
  const arn = 'arn:aws:iam::111122223333:policy/c';
  const found = actionsOf(
    shown([
      resource('aws_iam_user_policy.a', { user: 'u', policy: text('s3:PutObject') }),
      resource('aws_iam_group_policy.b', { group: 'g', policy: text('sqs:SendMessage') }),
      resource('aws_ssoadmin_permission_set_inline_policy.s', {
        permission_set_arn: 'arn:aws:sso:::permissionSet/i/ps-1',
        inline_policy: text('sns:Publish'),
      }),
      resource('aws_iam_policy.c', { name: 'c', arn, policy: text('ecs:ListTasks') }),
      resource('aws_iam_policy_attachment.c', { users: ['u'], groups: ['g'], roles: ['r'], policy_arn: arn }),
    ]),
  );
  expect(found).toEqual([
    ['u', ['s3:PutObject', 'ecs:ListTasks']],
    ['g', ['sqs:SendMessage', 'ecs:ListTasks']],
    ['ps-1', ['sns:Publish']],
    ['r', ['ecs:ListTasks']],
  ]);
});

it('a policy that is attached to nothing, and a document that nothing else repeats, are sources of their own', () => {
  const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: '*' }] };
  const found = actionsOf(
    shown([
      resource('aws_iam_policy.c', {
        name: 'c',
        arn: 'arn:aws:iam::111122223333:policy/c',
        policy: text('sns:Publish'),
      }),
      resource('data.aws_iam_policy_document.same', { json: text('sns:Publish') }),
      resource('data.aws_iam_policy_document.other', { json: text('sqs:SendMessage') }),
      resource('data.aws_iam_policy_document.trust', { json: JSON.stringify(trust) }),
    ]),
  );
  expect(found).toEqual([
    ['c', ['sns:Publish']],
    ['other', ['sqs:SendMessage']],
  ]);
});

it.each([
  ['a policy that is known only after apply', resource('aws_iam_role_policy.a', { role: 'r' }), /only after apply/],
  ['an attachment of one', resource('aws_iam_role_policy_attachment.a', { role: 'r' }), /only after apply/],
  ['a policy that is no JSON', resource('aws_iam_role_policy.a', { role: 'r', policy: '{' }), /not JSON/],
  [
    'an attachment of a policy elsewhere',
    resource('aws_iam_role_policy_attachment.a', { role: 'r', policy_arn: 'arn:aws:iam::111122223333:policy/x' }),
    /might deny/,
  ],
  [
    'a boundary elsewhere',
    resource('aws_iam_role.r', { name: 'r', permissions_boundary: 'arn:aws:iam::111122223333:policy/x' }),
    /might deny/,
  ],
])('%s is told, and nothing else of the role is imported: it might deny', (_, entry, why) => {
  const allow = resource('aws_iam_role_policy.other', { role: 'r', policy: text('s3:PutObject') });
  const { sources, unread } = terraformSources(shown([entry, allow]));
  expect(sources).toEqual([]);
  expect(unread.map((loss) => loss.why).join('\n')).toMatch(why);
  expect(unread.at(-1)?.what).toMatch(/^r\b/);
});

it('a boundary in the file limits the role', () => {
  const { sources } = terraformSources(
    shown([
      resource('aws_iam_policy.limit', { name: 'limit', arn: 'arn:l', policy: text('s3:*') }),
      resource('aws_iam_role.r', { name: 'r', permissions_boundary: 'arn:l' }),
      resource('aws_iam_role_policy.a', { role: 'r', policy: text('s3:PutObject') }),
    ]),
  );
  expect(sources).toEqual([{ name: 'r', documents: [policy('s3:PutObject')], boundary: policy('s3:*') }]);
});

it('a role and a user of one name are two', () => {
  const found = actionsOf(
    shown([
      resource('aws_iam_role_policy.a', { role: 'x', policy: text('s3:PutObject') }),
      resource('aws_iam_user_policy.a', { user: 'x', policy: text('sqs:SendMessage') }),
    ]),
  );
  expect(found).toEqual([
    ['x', ['s3:PutObject']],
    ['x-2', ['sqs:SendMessage']],
  ]);
});

it('two principals of one name keep names apart', () => {
  const found = actionsOf(
    shown([
      resource('aws_iam_policy.a', { name: 'same', arn: 'a', policy: text('sns:Publish') }),
      resource('aws_iam_policy.b', { name: 'same', arn: 'b', policy: text('sqs:SendMessage') }),
    ]),
  );
  expect(found.map(([name]) => name)).toEqual(['same', 'same-2']);
});
