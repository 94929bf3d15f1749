/** Changes of policies that widen by construction, each with a request that shows it. */
import type { Statement } from '../../lib/policy/document';

/** A change that widens by construction. */
export interface Mutation {
  readonly name: string;
  readonly before: readonly Statement[];
  readonly after: readonly Statement[];
  /** Circumstances in which only `after` allows to send to the queue `jobs`; absent where AWS says neither. */
  readonly context: Readonly<Record<string, string | readonly string[]>> | undefined;
}

export const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:jobs';
export const SEND: Statement = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: QUEUE };
const DENY: Statement = { ...SEND, Effect: 'Deny' };
const sends = (change: Partial<Statement>): Statement => ({ ...SEND, ...change });
const when = (Condition: NonNullable<Statement['Condition']>): Statement => ({ ...SEND, Condition });
const without = ({ Action: _, ...rest }: Statement): Statement => rest;
const elsewhere = ({ Resource: _, ...rest }: Statement): Statement => rest;

const STRUCTURE: readonly Mutation[] = [
  ['a literal resource becomes a star', [sends({ Resource: `${QUEUE}-old` })], [sends({ Resource: '*' })]],
  [
    'a literal segment becomes a star',
    [sends({ Resource: QUEUE.replace('eu-west-1', 'us-east-1') })],
    [sends({ Resource: QUEUE.replace('eu-west-1', '*') })],
  ],
  [
    'one character becomes any run',
    [sends({ Resource: QUEUE.replace('jobs', 'job?-*') })],
    [sends({ Resource: QUEUE.replace('jobs', 'job*') })],
  ],
  [
    'a variable becomes a star',
    [sends({ Resource: QUEUE.replace('jobs', '${aws:PrincipalTag/t}') })],
    [sends({ Resource: QUEUE.replace('jobs', '*') })],
  ],
  ['a variable becomes a literal', [sends({ Resource: QUEUE.replace('jobs', '${aws:PrincipalTag/t}') })], [SEND]],
  [
    'a variable gets a default',
    [sends({ Resource: QUEUE.replace('jobs', '${aws:PrincipalTag/t}') })],
    [sends({ Resource: QUEUE.replace('jobs', "${aws:PrincipalTag/t, 'jobs'}") })],
  ],
  ['a resource is added', [sends({ Resource: [`${QUEUE}-old`] })], [sends({ Resource: [`${QUEUE}-old`, QUEUE] })]],
  [
    'a resource becomes all but others',
    [sends({ Resource: `${QUEUE}-old` })],
    [{ ...elsewhere(SEND), NotResource: 'arn:aws:sqs:*:*:secret' }],
  ],
  [
    'fewer resources are left out',
    [{ ...elsewhere(SEND), NotResource: [QUEUE, `${QUEUE}-old`] }],
    [{ ...elsewhere(SEND), NotResource: [`${QUEUE}-old`] }],
  ],
  [
    'an action is added',
    [sends({ Action: ['sqs:GetQueueUrl'] })],
    [sends({ Action: ['sqs:GetQueueUrl', 'sqs:SendMessage'] })],
  ],
  ['an action gets a star', [sends({ Action: 'sqs:Get*' })], [sends({ Action: 'sqs:*' })]],
  [
    'an action becomes all but others',
    [sends({ Action: 'sqs:GetQueueUrl' })],
    [{ ...without(SEND), NotAction: ['sqs:GetQueueUrl', 'kms:*'] }],
  ],
  [
    'fewer actions are left out',
    [{ ...without(SEND), NotAction: ['sqs:Send*', 'sqs:Get*'] }],
    [{ ...without(SEND), NotAction: ['sqs:Get*'] }],
  ],
  ['a statement is added', [sends({ Action: 'sqs:GetQueueUrl' })], [sends({ Action: 'sqs:GetQueueUrl' }), SEND]],
  ['a deny is dropped', [SEND, DENY], [SEND]],
  ['a deny becomes an allow', [DENY], [SEND]],
  [
    'a deny names fewer actions',
    [SEND, { ...DENY, Action: ['sqs:Send*', 'sqs:Get*'] }],
    [SEND, { ...DENY, Action: ['sqs:Get*'] }],
  ],
  [
    'a deny names fewer resources',
    [SEND, { ...DENY, Resource: 'arn:aws:sqs:*:*:j*' }],
    [SEND, { ...DENY, Resource: 'arn:aws:sqs:*:*:jobs?' }],
  ],
  [
    'a deny leaves out more actions',
    [SEND, { ...without(DENY), NotAction: 'sqs:Get*' }],
    [SEND, { ...without(DENY), NotAction: ['sqs:Get*', 'sqs:Send*'] }],
  ],
  [
    'a deny leaves out more resources',
    [SEND, { ...elsewhere(DENY), NotResource: `${QUEUE}-old` }],
    [SEND, { ...elsewhere(DENY), NotResource: [`${QUEUE}-old`, QUEUE] }],
  ],
  [
    'a deny gets a condition',
    [SEND, DENY],
    [SEND, { ...DENY, Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
  ],
].map(([name, before, after]) => ({ name, before, after, context: {} }) as Mutation);

const LEASE = { 'aws:PrincipalTag/t': 'a' };
type Condition = NonNullable<Statement['Condition']>;
const CONDITIONS: readonly (readonly [string, Condition, Condition, Mutation['context']])[] = [
  [
    'a value is added',
    { StringEquals: { 'aws:PrincipalTag/t': 'b' } },
    { StringEquals: { 'aws:PrincipalTag/t': ['a', 'b'] } },
    LEASE,
  ],
  [
    'equals becomes like',
    { StringEquals: { 'aws:PrincipalTag/t': 'a*' } },
    { StringLike: { 'aws:PrincipalTag/t': 'a*' } },
    LEASE,
  ],
  [
    'case is set aside',
    { StringEquals: { 'aws:PrincipalTag/t': 'A' } },
    { StringEqualsIgnoreCase: { 'aws:PrincipalTag/t': 'A' } },
    LEASE,
  ],
  [
    'case is set aside for a variable',
    { StringEquals: { 's3:prefix': '${aws:PrincipalTag/t}' } },
    { StringEqualsIgnoreCase: { 's3:prefix': '${aws:PrincipalTag/t}' } },
    { 's3:prefix': 'A', 'aws:PrincipalTag/t': 'a' },
  ],
  [
    'the parts of an ARN with a variable are set aside',
    { ArnLike: { 'aws:SourceArn': 'arn:${aws:PrincipalTag/t}:b:c:d:e' } },
    { StringLike: { 'aws:SourceArn': 'arn:${aws:PrincipalTag/t}:b:c:d:e' } },
    { 'aws:SourceArn': 'arn:x:y:b:c:d:e', 'aws:PrincipalTag/t': 'x:y' },
  ],
  [
    'fewer values are left out',
    { StringNotEquals: { 'aws:PrincipalTag/t': ['a', 'b'] } },
    { StringNotEquals: { 'aws:PrincipalTag/t': 'b' } },
    LEASE,
  ],
  [
    'equals becomes not equals',
    { StringEquals: { 'aws:PrincipalTag/t': 'b' } },
    { StringNotEquals: { 'aws:PrincipalTag/t': 'b' } },
    LEASE,
  ],
  [
    'a variable becomes a star',
    { StringLike: { 's3:prefix': '${aws:PrincipalTag/t}/*' } },
    { StringLike: { 's3:prefix': '*' } },
    { 's3:prefix': 'x' },
  ],
  [
    'a number grows',
    { NumericLessThan: { 'aws:MultiFactorAuthAge': '300' } },
    { NumericLessThan: { 'aws:MultiFactorAuthAge': '301' } },
    { 'aws:MultiFactorAuthAge': '300' },
  ],
  [
    'less becomes at most',
    { NumericLessThan: { 'aws:MultiFactorAuthAge': '300' } },
    { NumericLessThanEquals: { 'aws:MultiFactorAuthAge': '300' } },
    { 'aws:MultiFactorAuthAge': '300' },
  ],
  [
    'a date moves on',
    { DateLessThan: { 'aws:CurrentTime': '2026-01-01' } },
    { DateLessThan: { 'aws:CurrentTime': '2026-01-02' } },
    { 'aws:CurrentTime': '2026-01-01T12:00:00Z' },
  ],
  [
    'a network grows',
    { IpAddress: { 'aws:SourceIp': '10.1.0.0/16' } },
    { IpAddress: { 'aws:SourceIp': '10.0.0.0/15' } },
    { 'aws:SourceIp': '10.0.0.1' },
  ],
  [
    'a left out network shrinks',
    { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
    { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/9' } },
    { 'aws:SourceIp': '10.200.0.1' },
  ],
  [
    'both booleans',
    { Bool: { 'aws:SecureTransport': 'true' } },
    { Bool: { 'aws:SecureTransport': ['true', 'false'] } },
    { 'aws:SecureTransport': 'false' },
  ],
  [
    'an ARN gets a star',
    { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:eu:1:t' } },
    { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:1:t' } },
    { 'aws:SourceArn': 'arn:aws:sns:us:1:t' },
  ],
  [
    'the Null guard is dropped',
    { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'a' }, Null: { 'aws:TagKeys': 'false' } },
    { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'a' } },
    {},
  ],
  [
    'absence becomes presence',
    { Null: { 'aws:TokenIssueTime': 'true' } },
    { Null: { 'aws:TokenIssueTime': ['true', 'false'] } },
    { 'aws:TokenIssueTime': '2026-01-01T00:00:00Z' },
  ],
  [
    'a tag key is added',
    { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'a' } },
    { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b'] } },
    { 'aws:TagKeys': ['a', 'b'] },
  ],
  [
    'all values becomes any value',
    { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'a' } },
    { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'a' } },
    { 'aws:TagKeys': ['a', 'b'] },
  ],
  [
    'a short ARN pattern is added',
    { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:eu:1:t' } },
    { ArnLike: { 'aws:SourceArn': ['arn:aws:sns:eu:1:t', '*'] } },
    undefined,
  ],
  [
    'ForAnyValue gets IfExists',
    { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'a' } },
    { 'ForAnyValue:StringEqualsIfExists': { 'aws:TagKeys': 'a' } },
    undefined,
  ],
  [
    'a set operator is dropped',
    { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'a' } },
    { StringEquals: { 'aws:TagKeys': 'a' } },
    undefined,
  ],
];

/** Each with a value, for what every operator has in common. */
const OPERATORS: readonly (readonly [operator: string, key: string, value: string, fits: string])[] = [
  ['StringEquals', 'aws:PrincipalTag/t', 'a', 'b'],
  ['StringNotEquals', 'aws:PrincipalTag/t', 'a', 'a'],
  ['StringEqualsIgnoreCase', 'aws:PrincipalTag/t', 'a', 'b'],
  ['StringNotEqualsIgnoreCase', 'aws:PrincipalTag/t', 'a', 'A'],
  ['StringLike', 'aws:PrincipalTag/t', 'a*', 'b'],
  ['StringNotLike', 'aws:PrincipalTag/t', 'a*', 'ab'],
  ['ForAnyValue:StringLike', 'aws:TagKeys', 'a*', 'b'],
  ['ForAllValues:StringLike', 'aws:TagKeys', 'a*', 'b'],
  ['NumericEquals', 's3:max-keys', '1', '2'],
  ['NumericNotEquals', 's3:max-keys', '1', '1'],
  ['NumericLessThan', 's3:max-keys', '1', '1'],
  ['NumericLessThanEquals', 's3:max-keys', '1', '2'],
  ['NumericGreaterThan', 's3:max-keys', '1', '1'],
  ['NumericGreaterThanEquals', 's3:max-keys', '1', '0'],
  ['DateEquals', 'aws:CurrentTime', '2026-01-01', '2026-01-02'],
  ['DateNotEquals', 'aws:CurrentTime', '2026-01-01', '2026-01-01'],
  ['DateLessThan', 'aws:CurrentTime', '2026-01-01', '2026-01-01'],
  ['DateGreaterThanEquals', 'aws:CurrentTime', '2026-01-01', '2025-01-01'],
  ['IpAddress', 'aws:SourceIp', '10.0.0.0/8', '11.0.0.0'],
  ['NotIpAddress', 'aws:SourceIp', '10.0.0.0/8', '10.0.0.0'],
  ['ArnEquals', 'aws:SourceArn', 'arn:aws:sns:eu:1:t', 'arn:aws:sns:eu:1:u'],
  ['ArnNotLike', 'aws:SourceArn', 'arn:aws:sns:eu:1:*', 'arn:aws:sns:eu:1:u'],
  ['Bool', 'aws:SecureTransport', 'true', 'false'],
  ['BinaryEquals', 'aws:SourceIdentity', 'QUJD', 'REVG'],
  ['Null', 'aws:TokenIssueTime', 'true', '2026-01-01T00:00:00Z'],
];

const DROPPED: readonly Mutation[] = OPERATORS.flatMap(([operator, key, value, escaped]) => [
  {
    name: `the condition ${operator} is dropped`,
    before: [when({ [operator]: { [key]: value } })],
    after: [SEND],
    context: { [key]: escaped },
  },
  {
    name: `the condition ${operator} is dropped beside another`,
    before: [when({ [operator]: { [key]: value }, StringLikeIfExists: { 'aws:userid': '*' } })],
    after: [when({ StringLikeIfExists: { 'aws:userid': '*' } })],
    context: { [key]: escaped, 'aws:userid': 'u' },
  },
]);

/** Not of the negated operators and of ForAllValues, which hold of a missing key anyway. */
const LOOSENED: readonly Mutation[] = OPERATORS.filter(([operator]) => !/Not|ForAll|ForAny|Null/.test(operator)).map(
  ([operator, key, value]) => ({
    name: `${operator} gets IfExists`,
    before: [when({ [operator]: { [key]: value } })],
    after: [when({ [`${operator}IfExists`]: { [key]: value } })],
    context: {},
  }),
);

export const MUTATIONS: readonly Mutation[] = [
  ...STRUCTURE,
  ...CONDITIONS.map(([name, before, after, context]) => ({
    name,
    before: [when(before)],
    after: [when(after)],
    context,
  })),
  ...DROPPED,
  ...LOOSENED,
];
