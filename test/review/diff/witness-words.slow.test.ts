/** What an identity could newly do, in words: the witness is a request that works, and names the narrowest resource. */
import type { Statement } from '@leasehold/policy';
import { allows, aRole, change, denies, policy, reviewOf } from '../planned';

const A = 'arn:aws:s3:::a/*';
const B = 'arn:aws:s3:::b/*';
const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess';

const statement = (Effect: 'Allow' | 'Deny', more: Omit<Statement, 'Effect'>): Statement => ({ Effect, ...more });
const deniesBut = (Action: string, ...NotResource: readonly string[]) => statement('Deny', { Action, NotResource });
const allowsBut = (Action: readonly string[], ...NotResource: readonly string[]) =>
  statement('Allow', { Action, NotResource });
const everythingBut = (NotAction: readonly string[], more: Partial<Statement> = {}) =>
  statement('Allow', { NotAction, Resource: '*', ...more });

interface Case {
  readonly name: string;
  readonly before: readonly Statement[] | 'nobody';
  readonly after: readonly Statement[];
  readonly witness: string;
  /** `service, level`, each row of the table. */
  readonly rows?: readonly string[];
}

const EVERY_SERVICE = ['*, unknown'];

const cases: readonly Case[] = [
  {
    name: 'a deny that excepts one more resource',
    before: [allows('s3:GetObject'), deniesBut('s3:*', A)],
    after: [allows('s3:GetObject'), deniesBut('s3:*', A, B)],
    witness: `s3:GetObject on ${B}`,
    rows: ['s3, Read'],
  },
  {
    name: 'an allow that excepts one resource less',
    before: [allowsBut(['s3:GetObject', 's3:DeleteObject'], A, B)],
    after: [allowsBut(['s3:GetObject', 's3:DeleteObject'], A)],
    witness: `s3:DeleteObject on ${B}`,
    rows: ['s3, Write', 's3, Read'],
  },
  {
    name: 'an allow that excepts one resource less, beside an allow of it all',
    before: [allowsBut(['s3:GetObject'], A, B)],
    after: [allowsBut(['s3:GetObject'], A), allows('s3:DeleteObject')],
    witness: 's3:DeleteObject on *',
    rows: ['s3, Write', 's3, Read'],
  },
  {
    name: 'a deny of all but some resources that is gone',
    before: [allows('sqs:*'), deniesBut('sqs:*', 'arn:aws:sqs:*:*:a')],
    after: [allows('sqs:*')],
    witness: 'sqs:AddPermission on *',
  },
  {
    name: 'everything but two services, which is no list of the named services',
    before: [allows('s3:GetObject', A)],
    after: [everythingBut(['iam:*', 'organizations:*'])],
    witness: 'everything but iam:*, organizations:* on *',
    rows: EVERY_SERVICE,
  },
  {
    name: 'everything but a service, and one action of that service',
    before: [allows('s3:GetObject', A)],
    after: [everythingBut(['iam:*']), allows('iam:PassRole', 'arn:aws:iam::123456789012:role/x')],
    witness: 'everything but iam:* on *',
    rows: ['iam, Write', ...EVERY_SERVICE],
  },
  {
    name: 'everything but a service, without its condition',
    before: [everythingBut(['iam:*'], { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } })],
    after: [everythingBut(['iam:*'])],
    witness: 'everything but iam:* on *',
    rows: EVERY_SERVICE,
  },
  {
    name: 'one exception less is that service, and not everything',
    before: [everythingBut(['iam:*', 'sqs:*'])],
    after: [everythingBut(['iam:*'])],
    witness: 'sqs:AddPermission on *',
    rows: ['sqs, Permissions management', 'sqs, Write', 'sqs, Read'],
  },
  {
    name: 'everything where a deny of all but one service is gone',
    before: [allows('*'), statement('Deny', { NotAction: 's3:*', Resource: '*' })],
    after: [allows('*')],
    witness: '* on *',
    rows: EVERY_SERVICE,
  },
  {
    name: 'every action on an object is what works on an object',
    before: [allows('*', A)],
    after: [allows('*', [A, B])],
    witness: `s3:PutObjectAcl on ${B}`,
    rows: ['s3, Permissions management', 's3, Write', 's3, Read', 's3, List'],
  },
  {
    name: 'the same of a new identity',
    before: 'nobody',
    after: [allows('*', A)],
    witness: `s3:PutObjectAcl on ${A}`,
    rows: ['s3, Permissions management', 's3, Write', 's3, Read', 's3, List'],
  },
];

test.each(cases)('$name', async ({ before, after, witness, rows }) => {
  const own = { name: 'own', role: 'app' };
  const isNew = before === 'nobody';
  const { identities } = await reviewOf([
    change('aws_iam_role.app', isNew ? { after: aRole('app') } : { same: aRole('app') }),
    change('aws_iam_role_policy.app', {
      ...(isNew ? {} : { before: { ...own, policy: policy(...before) } }),
      after: { ...own, policy: policy(...after) },
    }),
  ]);
  expect(identities.map(({ permissions }) => permissions)).toEqual([{ kind: 'widened', witness }]);
  const found = identities.flatMap(({ gained }) => gained.map(({ service, level }) => `${service}, ${level}`));
  if (rows !== undefined) expect(found.filter((row) => !row.endsWith('Tagging')).toSorted()).toEqual(rows.toSorted());
});

test.each([
  { name: 'given', sides: { after: { role: 'app', policy_arn: ADMIN } }, table: 'gained' as const },
  { name: 'taken', sides: { before: { role: 'app', policy_arn: ADMIN } }, table: 'lost' as const },
])('the policy of administrators $name is one row, not some services', async ({ sides, table }) => {
  const { identities } = await reviewOf([
    change('aws_iam_role.app', { same: aRole('app') }),
    change('aws_iam_role_policy_attachment.app', sides),
  ]);
  expect(identities.map((identity) => identity[table])).toEqual([
    [{ service: '*', level: 'unknown', actions: ['*'], resources: ['*'] }],
  ]);
});

test('a removed deny under an administrator is told for the services that it was about', async () => {
  const own = { name: 'own', role: 'app' };
  const { identities } = await reviewOf([
    change('aws_iam_role.app', { same: aRole('app') }),
    change('aws_iam_role_policy_attachment.app', { same: { role: 'app', policy_arn: ADMIN } }),
    change('aws_iam_role_policy.app', { before: { ...own, policy: policy(denies('kms:Decrypt')) } }),
  ]);
  expect(identities.map(({ gained }) => gained.map(({ actions }) => actions))).toEqual([[['kms:Decrypt']]]);
});
