/** What the property tests of the evaluation draw: small worlds, in which policies and requests meet often. */

import type { Context, PolicyDocuments, Principal, Request } from '@leasehold/policy';
import fc from 'fast-check';

/** Runs a property: 500 while working, 5,000 in CI, 200,000 in the long setting. */
export const RUNS = Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 500);

/** A statement of any kind of policy, as JSON. */
export type Written = Readonly<Record<string, unknown>> & { readonly Effect: 'Allow' | 'Deny' };

const ACCOUNT = '111122223333';
const OTHER = '444455556666';

const oneOrMore = (values: readonly string[]) =>
  fc.oneof(fc.constantFrom(...values), fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 }));

const actions = oneOrMore([
  '*',
  '*',
  's3:*',
  's3:Get*',
  's3:GetObject',
  's3:PutObject',
  'sts:AssumeRole',
  'sts:*',
  'KMS:*',
]);

const resources = oneOrMore([
  '*',
  '*',
  '*',
  '*',
  'arn:aws:s3:::*',
  'arn:aws:s3:::a/*',
  'arn:aws:s3:::a/1',
  'arn:aws:s3:::?/*',
  'arn:aws:s3:::a/${aws:PrincipalTag/t}',
  "arn:aws:s3:::a/${aws:PrincipalTag/t, '1'}",
  `arn:aws:iam::${ACCOUNT}:role/*`,
  'arn:aws:kms:*:*:key/*',
]);

const principals = fc.constantFrom<unknown>(
  '*',
  { AWS: ACCOUNT },
  { AWS: OTHER },
  { AWS: `arn:aws:iam::${ACCOUNT}:user/u` },
  { AWS: `arn:aws:iam::${ACCOUNT}:role/r` },
  { AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/r/s1` },
  { AWS: [`arn:aws:iam::${ACCOUNT}:user/u`, `arn:aws:iam::${ACCOUNT}:root`] },
  { Service: 'ec2.amazonaws.com' },
  { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/idp` },
);

/** A key of the context, the operators that fit it, and values that meet or miss it. */
const TESTS: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  [
    'aws:PrincipalTag/t',
    ['StringEquals', 'StringNotEquals', 'StringLike', 'StringEqualsIfExists'],
    ['1', '2', '*', '${aws:RequestTag/q}'],
  ],
  [
    'aws:TagKeys',
    ['ForAllValues:StringEquals', 'ForAnyValue:StringLike', 'ForAnyValue:StringEqualsIfExists', 'StringNotLike'],
    ['a', 'b', 'a*'],
  ],
  ['aws:MultiFactorAuthPresent', ['Bool', 'BoolIfExists', 'Null'], ['true', 'false']],
  [
    'aws:MultiFactorAuthAge',
    ['NumericLessThan', 'NumericGreaterThanEquals', 'NumericNotEquals', 'NumericLessThanIfExists'],
    ['10', '300'],
  ],
  ['aws:CurrentTime', ['DateLessThan', 'DateGreaterThan', 'DateNotEquals'], ['2026-01-01', '1795089600']],
  ['aws:SourceIp', ['IpAddress', 'NotIpAddress'], ['10.0.0.0/8', '2001:db8::/32', '2001:db8::1']],
  ['aws:PrincipalArn', ['ArnLike', 'ArnNotEquals'], [`arn:aws:iam::*:role/*`, `arn:aws:iam::${ACCOUNT}:user/u`]],
];

const condition = fc
  .constantFrom(...TESTS)
  .chain(([key, operators, values]) =>
    fc
      .tuple(fc.constantFrom(...operators), oneOrMore(values))
      .map(([operator, value]) => ({ [operator]: { [key]: value } })),
  );

const conditions = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: condition.map((Condition) => ({ Condition })) },
);

/** Generous worlds: a law of subtraction says nothing where nothing is allowed. */
const effects = fc.constantFrom<'Allow' | 'Deny'>('Allow', 'Allow', 'Allow', 'Allow', 'Deny');

/** A statement of an identity policy, boundary, session or service control policy. */
export const plainStatement: fc.Arbitrary<Written> = fc
  .tuple(
    effects,
    fc.constantFrom('Action', 'Action', 'Action', 'NotAction'),
    actions,
    fc.constantFrom('Resource', 'Resource', 'Resource', 'NotResource'),
    resources,
    conditions,
  )
  .map(([Effect, what, action, where, resource, rest]) => ({ Effect, [what]: action, [where]: resource, ...rest }));

/** A statement of a resource policy. */
export const resourceStatement: fc.Arbitrary<Written> = fc
  .tuple(plainStatement, principals, fc.boolean())
  .map(([statement, who, not]) => ({
    ...statement,
    [not && statement.Effect === 'Deny' ? 'NotPrincipal' : 'Principal']: who,
  }));

/** Lists of statements, by the key that `prepare` takes. A list that is `undefined` is no policy. */
export interface World {
  readonly identity: readonly Written[];
  readonly boundary: readonly Written[] | undefined;
  readonly session: readonly Written[] | undefined;
  readonly scopeDown: readonly Written[] | undefined;
  readonly resource: readonly Written[] | undefined;
  readonly scps: readonly Written[] | undefined;
}

const some = (statement: fc.Arbitrary<Written>) => fc.array(statement, { minLength: 1, maxLength: 4 });
const maybe = (statement: fc.Arbitrary<Written>) => fc.option(some(statement), { nil: undefined, freq: 2 });

const users: fc.Arbitrary<Principal> = fc.constantFrom<Principal>(
  { kind: 'user', arn: `arn:aws:iam::${ACCOUNT}:user/u` },
  { kind: 'user', arn: `arn:aws:iam::${OTHER}:user/u` },
);
const sessions: fc.Arbitrary<Principal> = fc.constantFrom<Principal>(
  { kind: 'session', roleArn: `arn:aws:iam::${ACCOUNT}:role/r`, sessionName: 's1' },
  { kind: 'session', roleArn: `arn:aws:iam::${OTHER}:role/r`, sessionName: 's2' },
  {
    kind: 'federated-user',
    arn: `arn:aws:sts::${ACCOUNT}:federated-user/f`,
    userArn: `arn:aws:iam::${ACCOUNT}:user/u`,
  },
);
const strangers: fc.Arbitrary<Principal> = fc.constantFrom<Principal>(
  { kind: 'root', account: ACCOUNT },
  { kind: 'service', name: 'ec2.amazonaws.com' },
  { kind: 'web-identity', provider: `arn:aws:iam::${ACCOUNT}:oidc-provider/idp` },
  { kind: 'anonymous' },
);

const context: fc.Arbitrary<Context> = fc.record(
  {
    'aws:PrincipalTag/t': fc.constantFrom('1', '2', '*', ''),
    'aws:RequestTag/q': fc.constantFrom('1', '2'),
    'aws:TagKeys': fc.constantFrom(['a'], ['a', 'b'], ['c'], []),
    'aws:MultiFactorAuthPresent': fc.constantFrom('true', 'false', 'perhaps'),
    'aws:MultiFactorAuthAge': fc.constantFrom('1', '300', 'old'),
    'aws:CurrentTime': fc.constantFrom('2025-06-01T00:00:00Z', '1795089600', 'now'),
    'aws:SourceIp': fc.constantFrom('10.1.2.3', '203.0.113.9', '2001:db8::1', '2001:db8::2', '::'),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Context>;

const targets = fc.constantFrom(
  ['s3:GetObject', 'arn:aws:s3:::a/1'],
  ['s3:PutObject', 'arn:aws:s3:::a/2'],
  ['S3:getobject', 'arn:aws:s3:::b/1'],
  ['sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/r`],
  ['sts:TagSession', `arn:aws:iam::${ACCOUNT}:role/r`],
  ['kms:Decrypt', `arn:aws:kms:eu-west-1:${ACCOUNT}:key/k`],
);

const asked = (principal: fc.Arbitrary<Principal>) =>
  fc.tuple(targets, principal, context).map(
    ([[action = '', resource = ''], who, circumstances]): Request => ({
      action,
      resource,
      resourceAccount: ACCOUNT,
      principal: who,
      context: circumstances,
    }),
  );

/** A request and policies that may bear on its caller. */
export const question: fc.Arbitrary<{ readonly request: Request; readonly world: World }> = fc.oneof(
  fc.record({
    request: asked(users),
    world: fc.record({
      identity: fc.array(plainStatement, { maxLength: 4 }),
      boundary: maybe(plainStatement),
      session: fc.constant(undefined),
      scopeDown: fc.constant(undefined),
      resource: maybe(resourceStatement),
      scps: maybe(plainStatement),
    }),
  }),
  fc.record({
    request: asked(sessions),
    world: fc.record({
      identity: fc.array(plainStatement, { maxLength: 4 }),
      boundary: maybe(plainStatement),
      session: maybe(plainStatement),
      scopeDown: maybe(plainStatement),
      resource: maybe(resourceStatement),
      scps: maybe(plainStatement),
    }),
  }),
  fc.record({
    request: asked(strangers),
    world: fc.record({
      identity: fc.constant([]),
      boundary: fc.constant(undefined),
      session: fc.constant(undefined),
      scopeDown: fc.constant(undefined),
      resource: maybe(resourceStatement),
      scps: maybe(plainStatement),
    }),
  }),
);

/** The policies of a world, one document a kind. */
export function documentsOf(world: World): PolicyDocuments {
  const list = (statements: readonly Written[] | undefined) =>
    statements === undefined ? undefined : [document(statements)];
  const present = {
    identity: world.identity.length === 0 ? [] : [document(world.identity)],
    boundary: world.boundary && document(world.boundary),
    session: list(world.session),
    scopeDown: list(world.scopeDown),
    resource: world.resource && document(world.resource),
    scps: world.scps && [[document(world.scps)]],
  };
  return Object.fromEntries(Object.entries(present).filter(([, value]) => value !== undefined));
}

/** A document of these statements. */
export function document(statements: readonly Written[]): object {
  return { Version: '2012-10-17', Statement: statements };
}
