/**
 * What the property tests of the comparison draw. The alphabets are small on purpose: only policies that overlap tell
 * anything about a comparison.
 */
import { defined } from '@leasehold/contract/defined';
import fc from 'fast-check';
import type { Comparison } from '../../lib/policy/compare/compare';
import type { PolicyDocument, Statement } from '../../lib/policy/document';
import type { PolicyDocuments } from '../../lib/policy/evaluate/policies';
import type { Principal, Request } from '../../lib/policy/evaluate/request';

/** Runs a property: 500 while working, 5,000 in CI, 200,000 in the long setting. */
export const RUNS = Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 500);

/** How often each answer was given: a law about answers is empty if all are the same. */
export class Tally {
  readonly #kinds: Comparison['kind'][] = [];

  note(comparison: Comparison): Comparison {
    this.#kinds.push(comparison.kind);
    return comparison;
  }

  /** From 0 to 1. */
  share(kind: Comparison['kind']): number {
    return this.#kinds.filter((known) => known === kind).length / this.#kinds.length;
  }
}

const ACTIONS = ['s3:GetObject', 's3:PutObject', 's3:GetBucketAcl', 's3:Get*', 's3:*', 's3:?utObject', 'iam:*', '*'];
const CONCRETE_ACTIONS = ['s3:GetObject', 's3:PutObject', 's3:GetBucketAcl', 's3:ListBucket', 'iam:CreateUser'];

const RESOURCES = [
  'arn:aws:s3:::b/*',
  'arn:aws:s3:::b/a',
  'arn:aws:s3:::b/a*',
  'arn:aws:s3:::b/?',
  'arn:aws:s3:::b/*a',
  'arn:aws:s3:::c/*',
  'arn:aws:s3:::b/${aws:PrincipalTag/t}',
  'arn:aws:s3:::b/${aws:PrincipalTag/t}/*',
  "arn:aws:s3:::b/${aws:PrincipalTag/t, 'a'}*",
  'arn:aws:s3:*:1*:b/a',
  'arn:aws:s3:::*',
  '*',
];
const CONCRETE_RESOURCES = [
  'arn:aws:s3:::b/',
  'arn:aws:s3:::b/a',
  'arn:aws:s3:::b/aa',
  'arn:aws:s3:::b/ba',
  'arn:aws:s3:::b/a/x',
  'arn:aws:s3:::c/a',
  'arn:aws:s3::111122223333:b/a',
  'arn:aws:iam::111122223333:user/u',
  '*',
];

const TEXTS = ['a', 'A', 'b', 'ab', 'a*', '?', '*', '${aws:PrincipalTag/u}', '${*}'];
const some = (values: readonly string[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 });

type Conditions = NonNullable<Statement['Condition']>;

/** One operator on one key, of a family that fits the key. */
const condition: fc.Arbitrary<Conditions> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('', 'ForAllValues:', 'ForAnyValue:'),
      fc.constantFrom(
        'StringEquals',
        'StringLike',
        'StringNotEquals',
        'StringNotLike',
        'StringEqualsIgnoreCase',
        'StringNotEqualsIgnoreCase',
      ),
      fc.constantFrom('', 'IfExists'),
      fc.constantFrom('aws:PrincipalTag/t', 'aws:TagKeys', 's3:prefix'),
      some(TEXTS),
    )
    .map(([set, operator, exists, key, values]) => ({ [`${set}${operator}${exists}`]: { [key]: values } })),
  fc
    .tuple(fc.constantFrom('Bool', 'BoolIfExists'), some(['true', 'false']))
    .map(([operator, values]) => ({ [operator]: { 'aws:SecureTransport': values } })),
  fc
    .tuple(
      fc.constantFrom('Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEqualsIfExists'),
      some(['1', '2', '2.5', '3']),
    )
    .map(([operator, values]) => ({ [`Numeric${operator}`]: { 'aws:MultiFactorAuthAge': values } })),
  fc
    .tuple(
      fc.constantFrom('LessThan', 'GreaterThan', 'NotEquals'),
      some(['2026-01-01', '2026-06-01T00:00:00Z', '1767225600']),
    )
    .map(([operator, values]) => ({ [`Date${operator}`]: { 'aws:CurrentTime': values } })),
  fc
    .tuple(
      fc.constantFrom('IpAddress', 'NotIpAddress', 'NotIpAddressIfExists'),
      some(['10.0.0.0/8', '10.1.0.0/16', '10.1.2.3', '2001:db8::/32', '2001:db8::1']),
    )
    .map(([operator, values]) => ({ [operator]: { 'aws:SourceIp': values } })),
  fc
    .tuple(
      fc.constantFrom('ArnLike', 'ArnNotEquals', 'StringLike', 'StringNotEqualsIgnoreCase'),
      some(['arn:aws:sns:*:1:t', 'arn:aws:sns:eu:1:*', 'arn:aws:sns:${aws:PrincipalTag/u}:1:t', '*']),
    )
    .map(([operator, values]) => ({ [operator]: { 'aws:SourceArn': values } })),
  fc
    .tuple(
      fc.constantFrom('aws:PrincipalTag/t', 'aws:PrincipalTag/u', 'aws:TagKeys', 'aws:SecureTransport', 's3:prefix'),
      fc.constantFrom('true', 'false'),
    )
    .map(([key, absent]) => ({ Null: { [key]: absent } })),
);

/** A statement of an identity policy. */
export const statement: fc.Arbitrary<Statement> = fc
  .record({
    effect: fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny'),
    not: fc.constantFrom('', '', '', 'Action', 'Resource'),
    actions: some(ACTIONS),
    resources: some(RESOURCES),
    conditions: fc.array(condition, { maxLength: 2 }),
  })
  .map(({ effect, not, actions, resources, conditions }) => ({
    Effect: effect,
    ...(not === 'Action' ? { NotAction: actions } : { Action: actions }),
    ...(not === 'Resource' ? { NotResource: resources } : { Resource: resources }),
    ...(conditions.length === 0 ? {} : { Condition: merged(conditions) }),
  }));

/** A document of the newer version. */
export function toDocument(statements: readonly Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}

const statements = fc.array(statement, { minLength: 1, maxLength: 4 });

/** Everything that bears on a caller: an identity policy, often a boundary or a session policy besides. */
export const side: fc.Arbitrary<PolicyDocuments> = fc
  .record({
    identity: statements,
    boundary: fc.option(statements, { freq: 3, nil: undefined }),
    session: fc.option(statements, { freq: 3, nil: undefined }),
  })
  .map(({ identity, boundary, session }) => ({
    identity: [toDocument(identity)],
    ...defined({ boundary: boundary && toDocument(boundary), session: session && [toDocument(session)] }),
  }));

/** One change of a statement. */
const change: fc.Arbitrary<(statement: Statement) => Statement> = fc.oneof(
  fc.constantFrom(...ACTIONS).map((action) => (one: Statement) => withActions(one, (list) => [...list, action])),
  fc.constantFrom(...ACTIONS).map((action) => (one: Statement) => withActions(one, () => [action])),
  fc.constant((one: Statement) => withActions(one, (list) => list.slice(0, 1))),
  fc
    .constantFrom(...RESOURCES)
    .map((resource) => (one: Statement) => withResources(one, (list) => [...list, resource])),
  fc.constantFrom(...RESOURCES).map((resource) => (one: Statement) => withResources(one, () => [resource])),
  fc.constant((one: Statement) => withResources(one, (list) => list.slice(0, 1))),
  fc.constant(({ Condition: _, ...one }: Statement) => one),
  condition.map((added) => (one: Statement) => ({ ...one, Condition: merged([one.Condition ?? {}, added]) })),
  condition.map((instead) => (one: Statement) => ({ ...one, Condition: instead })),
);

/** Two sides that have much in common: the second is the first with a few changes. */
export const related: fc.Arbitrary<readonly [PolicyDocuments, PolicyDocuments]> = fc
  .record({
    before: side,
    changes: fc.array(fc.tuple(fc.nat({ max: 3 }), change), { maxLength: 2 }),
    added: fc.option(statement, { freq: 3, nil: undefined }),
    dropped: fc.option(fc.nat({ max: 3 }), { freq: 3, nil: undefined }),
    limits: fc.constantFrom('keep', 'keep', 'drop'),
    swap: fc.boolean(),
  })
  .map(({ before, changes, added, dropped, limits, swap }) => {
    let list = statementsOf(before);
    for (const [index, edit] of changes) list = list.map((one, at) => (at === index ? edit(one) : one));
    if (list.length > 1) list = list.filter((_, at) => at !== dropped);
    if (added !== undefined) list = [...list, added];
    const after = { ...(limits === 'keep' ? before : {}), identity: [toDocument(list)] };
    return swap ? [after, before] : [before, after];
  });

/** The statements of a side's identity policy. */
export function statementsOf({ identity = [] }: PolicyDocuments): readonly Statement[] {
  return (identity as readonly PolicyDocument[]).flatMap((document) => document.Statement);
}

const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { freq: 2, nil: undefined });
const list = (values: readonly string[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 });
const VALUES = ['a', 'A', 'b', 'ab', 'c', '*', ''];

const context = fc
  .record({
    'aws:PrincipalTag/t': optional(fc.constantFrom(...VALUES)),
    'aws:PrincipalTag/u': optional(fc.constantFrom('a', 'A', 'b', 'eu', 'eu:1')),
    'aws:TagKeys': optional(list(VALUES)),
    's3:prefix': optional(fc.oneof(fc.constantFrom(...VALUES), list(VALUES))),
    'aws:SecureTransport': optional(fc.constantFrom('true', 'false')),
    'aws:MultiFactorAuthAge': optional(fc.constantFrom('0', '1', '2', '2.2', '2.5', '3', '9')),
    'aws:CurrentTime': optional(fc.constantFrom('2025-12-31', '2026-01-01', '2026-03-01', '2026-07-01')),
    'aws:SourceIp': optional(fc.constantFrom('10.1.2.3', '10.2.0.0', '192.0.2.1', '2001:db8::1', '2001:db9::1')),
    'aws:SourceArn': optional(
      fc.constantFrom('arn:aws:sns:eu:1:t', 'arn:aws:sns:us:1:t', 'arn:aws:sns:eu:1:1:t', 'arn:AWS:sns:eu:1:t'),
    ),
  })
  .map((values): Request['context'] =>
    Object.fromEntries(Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]))),
  );

/** Who asks: the role, and the session of it. */
export const ROLE = 'arn:aws:iam::111122223333:role/r';
export const SESSION = 'arn:aws:sts::111122223333:assumed-role/r/session';
const CALLER: Principal = { kind: 'session', roleArn: ROLE, sessionName: 'session' };

/** A request to tell such policies apart. */
export const request: fc.Arbitrary<Request> = fc.record({
  action: fc.constantFrom(...CONCRETE_ACTIONS),
  resource: fc.constantFrom(...CONCRETE_RESOURCES),
  principal: fc.constant(CALLER),
  context,
});

/** Several condition blocks as one; of two with the same operator on the same key the later stays. */
export function merged(blocks: readonly Conditions[]): Conditions {
  const all: Record<string, Conditions[string]> = {};
  for (const block of blocks) {
    for (const [operator, keys] of Object.entries(block)) all[operator] = { ...all[operator], ...keys };
  }
  return all;
}

function withActions(one: Statement, edit: (list: readonly string[]) => readonly string[]): Statement {
  const { Action, NotAction } = one;
  if (Action === undefined) return { ...one, NotAction: edit([NotAction ?? []].flat()) };
  return { ...one, Action: edit([Action].flat()) };
}

function withResources(one: Statement, edit: (list: readonly string[]) => readonly string[]): Statement {
  const { Resource, NotResource } = one;
  if (Resource === undefined) return { ...one, NotResource: edit([NotResource ?? []].flat()) };
  return { ...one, Resource: edit([Resource].flat()) };
}
