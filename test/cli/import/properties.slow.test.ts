/**
 * The law of `leasehold import`, over random policies that overlap much: it never crashes, whatever it writes validates
 * but for what begins with TODO, every role is proven to lie inside the source, and no request that a role permits is
 * denied by the source.
 */
import { type Definitions, loadDefinitions } from '@leasehold/definitions';
import { permissions } from '@leasehold/documents';
import { compare, evaluate, loadWholeCatalogue, many, type PolicyDocument, prepare } from '@leasehold/policy';
import * as fc from 'fast-check';
import type { Imported } from '../../../lib/cli/import/import';
import { standIn } from '../../../lib/cli/import/stand-in';
import { complaintsOf, HOME, importOf } from './support';

/** What goes together often enough that something comes of it. */
const POOLS = [
  {
    actions: ['s3:GetObject', 's3:PutObject', 's3:Put*', 's3:*', 's3:DeleteObject', 's3:ListBucket', 'S3:getobject'],
    resources: [
      'arn:aws:s3:::data',
      'arn:aws:s3:::data/*',
      'arn:aws:s3:::data/in/*',
      'arn:aws:s3:::d*',
      'arn:aws:s3:::*',
      'arn:aws:s3:*:*:data/*',
      'arn:*:s3:::data/?x',
      'arn:aws:s3:::${aws:username}/*',
      'arn:aws:s3:::${env.name}/*',
      'arn:aws:s3:::${param.x}',
    ],
  },
  {
    actions: ['sqs:SendMessage', 'sqs:*', 'sqs:Get*', 'sqs:ReceiveMessage', 'sqs:DeleteMessage'],
    resources: [
      'arn:aws:sqs:us-east-1:111122223333:jobs',
      'arn:aws:sqs:us-east-1:111122223333:jobs-a',
      'arn:aws:sqs:*:*:jobs-*',
      'arn:aws:sqs:eu-west-1:999999999999:jobs',
    ],
  },
  {
    actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:*Item', 'dynamodb:Scan', 'dynamodb:DescribeTable'],
    resources: ['arn:aws:dynamodb:us-east-1:*:table/t', 'arn:aws:dynamodb:us-east-1:111122223333:table/*', '*'],
  },
  {
    actions: ['ec2:Describe*', 'ec2:RunInstances', 'ec2:TerminateInstances', 'ec2:StopInstances'],
    resources: ['*', 'arn:aws:ec2:*:111122223333:instance/*', 'arn:aws:ec2:us-east-1:111122223333:instance/i-1'],
  },
  {
    actions: ['iam:PassRole', 'iam:Get*', 'sts:GetCallerIdentity', 'nosuch:*', '*', 'lambda:UpdateFunctionCode'],
    resources: [
      '*',
      'arn:aws:iam::111122223333:role/r',
      'arn:aws:lambda:us-east-1:111122223333:function:f',
      'arn:aws:*:*:*:*',
    ],
  },
] as const;
const EVERYTHING = POOLS.flatMap((pool) => [...pool.resources]);
const blocks = fc.constantFrom<object>(
  {},
  { StringEquals: { 'aws:RequestedRegion': ['us-east-1'] } },
  { StringLike: { 's3:prefix': ['in/*', ''] } },
  { StringLike: { 's3:prefix': '*' } },
  { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['a', 'b'] } },
  { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['a'] } },
  { StringNotEquals: { 'aws:ResourceTag/keep': 'yes' } },
  { StringEqualsIfExists: { 's3:x-amz-acl': 'private' } },
  { Bool: { 'aws:SecureTransport': true, 'aws:MultiFactorAuthPresent': 'true' } },
  { Null: { 's3:prefix': 'true' } },
  { NumericLessThan: { 's3:max-keys': 10 } },
  { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '0.0.0.0/0'] } },
  { StringEquals: { 'aws:ResourceTag/${aws:username}': 'x', 'ec2:ResourceTag/a': '${aws:PrincipalTag/a}' } },
  { DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } },
);

const some = (items: readonly string[]) =>
  fc.oneof(fc.constantFrom(...items), fc.uniqueArray(fc.constantFrom(...items), { minLength: 1, maxLength: 4 }));
const often = <T>(common: T, arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(common) }, { weight: 1, arbitrary });
const statement = fc.constantFrom(...POOLS).chain((pool) =>
  fc
    .record({
      Effect: often('Allow', fc.constant('Deny')),
      negated: fc.tuple(fc.boolean(), fc.boolean()),
      Action: some(pool.actions),
      Resource: fc.oneof({ weight: 3, arbitrary: some(pool.resources) }, { weight: 1, arbitrary: some(EVERYTHING) }),
      Condition: often({}, blocks),
    })
    .map(({ Effect, negated: [notAction, notResource], Action, Resource, Condition }) => ({
      Effect,
      // Little can be had of an allow with `NotAction` or `NotResource`; the table of cases has them.
      ...(notAction && Effect === 'Deny' ? { NotAction: Action } : { Action }),
      ...(notResource && Effect === 'Deny' ? { NotResource: Resource } : { Resource }),
      ...(Object.keys(Condition).length === 0 ? {} : { Condition }),
    })),
);
const policy = fc
  .array(statement, { minLength: 1, maxLength: 4 })
  .map((Statement) => ({ Version: '2012-10-17', Statement }) as unknown as PolicyDocument);

function deployed({ yaml, roles }: Imported): Definitions['environments'][number]['roles'] {
  if (yaml === '') return [];
  const texts = [
    { name: 'project.yaml', text: standIn(roles, { home: HOME, gate: 'mfa' }) },
    { name: 'roles.yaml', text: yaml },
  ];
  return loadDefinitions([], { texts }).definitions?.environments[0]?.roles ?? [];
}

test('never wider, never a crash, always valid', async () => {
  const catalogue = await loadWholeCatalogue();
  let written = 0;
  await fc.assert(
    fc.asyncProperty(
      policy,
      often<PolicyDocument | undefined>(undefined, policy),
      fc.boolean(),
      async (source, boundary, split) => {
        const limits = boundary === undefined ? {} : { boundary };
        const found = await importOf({ documents: [source], ...limits }, { split });
        expect(found.left).toEqual([]);
        expect(await complaintsOf(found)).toEqual([]);
        const roles = deployed(found);
        expect(roles).toHaveLength(found.roles.length);
        written += roles.length;
        const before = { identity: [source], ...limits };
        for (const role of roles) {
          // With the catalogue, as `import` proves it: it knows which keys have one value.
          const options = { catalogue, resourcePolicies: 'ignore' } as const;
          expect(compare(before, { identity: [permissions(role)] }, options).kind).toBe('not-widened');
          for (const request of requestsOf(permissions(role))) {
            const inRole = evaluate(request, prepare({ identity: [permissions(role)] })).outcome;
            if (inRole === 'allowed') expect(evaluate(request, prepare(before)).outcome).toBe('allowed');
          }
        }
      },
    ),
    { numRuns: 150 },
  );
  expect(written).toBeGreaterThan(50);
});

/** A request for each action and resource of a policy, with what its conditions ask for, and without. */
function requestsOf(document: PolicyDocument) {
  const principal = { kind: 'session', roleArn: 'arn:aws:iam::111122223333:role/r', sessionName: 'lh-x' } as const;
  return many(document.Statement).flatMap(({ Action, Resource, Condition = {} }) => {
    const asked = Object.fromEntries(
      Object.values(Condition).flatMap((keys) =>
        Object.entries(keys).map(([key, values]) => [key, many(values).map(String)]),
      ),
    );
    return many(Action).flatMap((action) =>
      many(Resource).flatMap((resource) =>
        [asked, {}].map((context) => ({
          action: action.replaceAll('*', 'x'),
          resource: resource === '*' ? '*' : resource.replaceAll(/[*?]/g, 'x'),
          principal,
          context: Object.fromEntries(
            Object.entries(context).map(([key, values]) => [key, values.length === 1 ? (values[0] ?? '') : values]),
          ),
        })),
      ),
    );
  });
}
