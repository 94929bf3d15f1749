/** An identity that can change its own tags chooses what policies that read these tags permit it. */
import type { Statement } from '@leasehold/policy';
import { reviewPlan } from '../../../lib/review/review-plan';
import { ACCOUNT, allow, aPlan, document, type EstateSpec, type PolicySpec, unknown } from '../diff/build';
import { aRole, arn, change, type Json, policy, reviewOf } from '../planned';

const OWN = `arn:aws:iam::${ACCOUNT}:user/\${aws:username}`;
const DATA = 'arn:aws:s3:::data/*';
const byTag = (tag: string): NonNullable<Statement['Condition']> => ({
  StringEquals: { [`aws:PrincipalTag/${tag}`]: 'blue' },
});
const READS = allow('s3:GetObject', DATA, { Condition: byTag('team') });
const TAG = allow(['iam:TagUser', 'iam:UntagUser'], OWN);
const tagWith = (condition: NonNullable<Statement['Condition']>) => allow('iam:TagUser', OWN, { Condition: condition });
const RED = allow('s3:GetObject', DATA, { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'red' } } });
const OWN_VALUE = '${aws:PrincipalTag/team}';
const tagValue = (operator: string, value: string | readonly string[], action = 'iam:TagUser') =>
  allow(action, OWN, { Condition: { [operator]: { 'aws:RequestTag/team': value } } });
const refused = (condition: NonNullable<Statement['Condition']>, action = 'iam:*ag*') =>
  allow(action, '*', { Effect: 'Deny', Condition: condition });
const principal = (path: string, more: Partial<Statement> = {}): Statement => ({
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:${path}` },
  Action: 'sts:AssumeRole',
  ...more,
});

interface Parts {
  /** Policies of the user. */
  readonly own?: readonly Statement[];
  readonly boundary?: readonly Statement[];
  readonly groups?: readonly string[];
  /** Policies of the groups `readers` and `others`. */
  readonly readers?: readonly Statement[];
  readonly others?: readonly Statement[];
  /** The trust of a role. */
  readonly trust?: readonly Statement[];
  /** The policy of a bucket. */
  readonly bucket?: readonly Statement[];
}

function estate({ own = [], boundary, groups = [], readers = [], others = [], trust, bucket }: Parts): EstateSpec {
  return {
    identities: {
      u: { kind: 'user', policies: [own], groups, ...(boundary === undefined ? {} : { boundary }) },
      readers: { kind: 'group', policies: [readers] },
      others: { kind: 'group', policies: [others] },
      ...(trust === undefined ? {} : { deploy: { trust } }),
    },
    ...(bucket === undefined ? {} : { resourcePolicies: { 'aws_s3_bucket_policy.data': { statements: bucket } } }),
  };
}

async function found(before: EstateSpec, after: EstateSpec) {
  const { findings } = await reviewPlan(aPlan(before, after), { today: '2026-11-22' });
  return findings.flatMap(({ id, severity, message }) =>
    id === 'privilege-escalation' ? [`${severity} ${message.includes('aws:PrincipalTag') ? 'reads' : 'tags'}`] : [],
  );
}

interface Case {
  readonly name: string;
  readonly tag?: Statement;
  readonly parts?: Parts;
  /** Severity, and whether the message names what reads the tag. */
  readonly expect: readonly string[];
}

const gains: readonly Case[] = [
  { name: 'nothing reads tags', expect: ['medium tags'] },
  { name: 'its own policy reads the tag', parts: { own: [READS] }, expect: ['high reads'] },
  {
    name: 'its own policy denies by the tag',
    parts: { own: [{ ...READS, Effect: 'Deny' }] },
    expect: ['high reads'],
  },
  {
    name: 'a resource of its policy contains the tag',
    parts: { own: [allow('s3:GetObject', 'arn:aws:s3:::data/${aws:PrincipalTag/team}/*')] },
    expect: ['high reads'],
  },
  {
    name: 'a condition of its policy contains the tag, with a default',
    parts: {
      own: [
        allow('s3:GetObject', DATA, {
          Condition: { StringEquals: { 's3:ExistingObjectTag/team': "${aws:principaltag/team, 'none'}" } },
        }),
      ],
    },
    expect: ['high reads'],
  },
  {
    name: 'its boundary reads the tag',
    parts: { boundary: [READS, allow('iam:*', '*')] },
    expect: ['high reads'],
  },
  { name: 'its group reads the tag', parts: { groups: ['readers'], readers: [READS] }, expect: ['high reads'] },
  { name: 'another group reads the tag', parts: { groups: ['others'], readers: [READS] }, expect: ['medium tags'] },
  {
    name: 'a trust of its account reads the tag',
    parts: { trust: [principal('root', { Condition: byTag('team') })] },
    expect: ['high reads'],
  },
  {
    name: 'a trust of itself reads the tag',
    parts: { trust: [principal('user/u', { Condition: byTag('team') })] },
    expect: ['high reads'],
  },
  {
    name: 'a trust of somebody else reads the tag',
    parts: { trust: [principal('user/other', { Condition: byTag('team') })] },
    expect: ['medium tags'],
  },
  {
    name: 'the policy of a bucket reads the tag',
    parts: { bucket: [{ ...READS, Principal: '*' }] },
    expect: ['high reads'],
  },
  {
    name: 'it can set only another tag',
    tag: tagWith({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['cost'] } }),
    parts: { own: [READS] },
    expect: ['medium tags'],
  },
  {
    name: 'it can set only some tags, of which one is read',
    tag: tagWith({ 'ForAllValues:StringLike': { 'aws:TagKeys': ['cost', 'TE*'] } }),
    parts: { own: [READS] },
    expect: ['high reads'],
  },
  {
    name: 'it can set another tag, and others besides',
    tag: tagWith({ 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['cost'] } }),
    parts: { own: [READS] },
    expect: ['high reads'],
  },
  {
    name: 'it can set every tag but the one that is read',
    tag: tagWith({ 'ForAllValues:StringNotEqualsIgnoreCase': { 'aws:TagKeys': ['team'] } }),
    parts: { own: [READS] },
    expect: ['medium tags'],
  },
  {
    name: 'it can set every tag but one spelling of the one that is read',
    tag: tagWith({ 'ForAllValues:StringNotEquals': { 'aws:TagKeys': ['team', 'Team', 'TEAM'] } }),
    parts: { own: [READS] },
    expect: ['high reads'],
  },
  {
    name: 'one spelling of the tag that is read is denied to it',
    tag: allow('iam:TagUser', OWN),
    parts: { own: [READS, refused({ 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['team'] } })] },
    expect: ['high reads'],
  },
  {
    name: 'it can remove tags if the value is one of those in the request, and a deny reads one',
    tag: tagValue('ForAllValues:StringEquals', 'x', 'iam:UntagUser'),
    parts: { own: [{ ...READS, Effect: 'Deny' }] },
    expect: ['high reads'],
  },
  {
    name: 'it cannot remove tags without a value, and a deny reads one',
    tag: tagValue('ForAnyValue:StringEquals', 'x', 'iam:UntagUser'),
    parts: { own: [{ ...READS, Effect: 'Deny' }] },
    expect: ['medium tags'],
  },
  {
    name: 'values in the request are denied to it, and it removes the tag',
    tag: allow('iam:UntagUser', OWN),
    parts: {
      own: [{ ...READS, Effect: 'Deny' }, refused({ 'ForAnyValue:StringNotEquals': { 'aws:RequestTag/team': ['x'] } })],
    },
    expect: ['high reads'],
  },
  {
    name: 'the tag that is read is denied to it',
    parts: {
      own: [
        READS,
        allow('iam:Tag*', '*', {
          Effect: 'Deny',
          Condition: { 'ForAnyValue:StringEqualsIgnoreCase': { 'aws:TagKeys': ['team'] } },
        }),
        allow('iam:Untag*', '*', { Effect: 'Deny' }),
      ],
    },
    expect: ['medium tags'],
  },
  {
    name: 'the tag that is read is denied to it without MFA only',
    tag: allow('iam:TagUser', OWN),
    parts: {
      own: [
        READS,
        allow('iam:Tag*', '*', {
          Effect: 'Deny',
          Condition: {
            'ForAnyValue:StringEquals': { 'aws:TagKeys': ['team'] },
            BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' },
          },
        }),
      ],
    },
    expect: ['high reads'],
  },
  {
    name: 'it can only remove tags, and a deny reads one',
    tag: allow('iam:UntagUser', OWN),
    parts: { own: [allow('s3:GetObject', DATA, { Effect: 'Deny', Condition: byTag('team') })] },
    expect: ['high reads'],
  },
];

test.each(gains)('a user gains tags of its own, and $name', async ({ tag = TAG, parts = {}, expect: expected }) => {
  const later = { ...parts, own: [...(parts.own ?? []), tag] };
  expect(await found(estate(parts), estate(later))).toEqual(expected);
});

/** What a user may set its tag `team` to, and whether a policy reads that. */
const values: readonly Case[] = [
  { name: 'a literal value that is read', tag: tagValue('StringEquals', 'blue'), expect: ['high reads'] },
  { name: 'another literal value', tag: tagValue('StringEquals', 'green'), expect: ['medium tags'] },
  { name: 'one of several literal values', tag: tagValue('StringEquals', ['green', 'blue']), expect: ['high reads'] },
  { name: 'its present value', tag: tagValue('StringEquals', OWN_VALUE), expect: ['medium tags'] },
  {
    name: 'its present value, in other case',
    tag: tagValue('StringEquals', '${AWS:principaltag/TEAM}'),
    expect: ['medium tags'],
  },
  {
    name: 'its present value or a literal one',
    tag: tagValue('StringEquals', [OWN_VALUE, 'blue']),
    expect: ['high reads'],
  },
  {
    name: 'its present value or a default',
    tag: tagValue('StringEquals', "${aws:PrincipalTag/team, 'blue'}"),
    expect: ['high reads'],
  },
  {
    name: 'the value of another tag',
    tag: tagValue('StringEquals', '${aws:PrincipalTag/cost}'),
    expect: ['high reads'],
  },
  { name: 'a pattern that covers it', tag: tagValue('StringLike', 'b*'), expect: ['high reads'] },
  { name: 'a pattern that does not cover it', tag: tagValue('StringLike', 'g*'), expect: ['medium tags'] },
  { name: 'a literal star', tag: tagValue('StringEquals', '*'), expect: ['medium tags'] },
  { name: 'every value but a literal one', tag: tagValue('StringNotEquals', 'green'), expect: ['high reads'] },
  {
    name: 'a literal value, where its own policy denies by the tag',
    tag: tagValue('StringEquals', 'green'),
    parts: { own: [{ ...READS, Effect: 'Deny' }] },
    expect: ['high reads'],
  },
  {
    name: 'another literal value, where a policy reads it in a resource',
    tag: tagValue('StringEquals', 'green'),
    parts: { own: [allow('s3:GetObject', 'arn:aws:s3:::data/${aws:PrincipalTag/team}/*')] },
    expect: ['high reads'],
  },
  {
    name: 'its present value, where a policy reads it in a resource',
    tag: tagValue('StringEquals', OWN_VALUE),
    parts: { own: [allow('s3:GetObject', 'arn:aws:s3:::data/${aws:PrincipalTag/team}/*')] },
    expect: ['medium tags'],
  },
  {
    name: 'its present value, and may remove the tag',
    tag: allow(['iam:TagUser', 'iam:UntagUser'], OWN, {
      Condition: { StringEqualsIfExists: { 'aws:RequestTag/team': OWN_VALUE } },
    }),
    expect: ['high reads'],
  },
  {
    name: 'no value',
    tag: allow('iam:TagUser', OWN, { Condition: { Null: { 'aws:RequestTag/team': 'true' } } }),
    expect: ['medium tags'],
  },
  {
    name: 'nothing but its present value, because of a deny',
    parts: { own: [READS, refused({ StringNotEquals: { 'aws:RequestTag/team': OWN_VALUE } })] },
    expect: ['medium tags'],
  },
  {
    name: 'nothing but a value that is not read, because of a deny',
    parts: { own: [READS, refused({ StringNotEquals: { 'aws:RequestTag/team': 'green' } })] },
    expect: ['medium tags'],
  },
  {
    name: 'nothing but a value that is read, because of a deny',
    tag: allow('iam:TagUser', OWN),
    parts: { own: [READS, refused({ StringNotEquals: { 'aws:RequestTag/team': ['green', 'blue'] } })] },
    expect: ['high reads'],
  },
  {
    name: 'another literal value, and one policy of two reads it',
    tag: tagValue('StringEquals', 'red'),
    parts: { own: [READS, RED] },
    expect: ['high reads'],
  },
  {
    name: 'the keys that a literal pattern does not cover',
    tag: tagWith({ 'ForAllValues:StringNotEquals': { 'aws:TagKeys': ['te*'] } }),
    expect: ['high reads'],
  },
  {
    name: 'the keys that a pattern does not cover',
    tag: tagWith({ 'ForAllValues:StringNotLike': { 'aws:TagKeys': ['te*'] } }),
    expect: ['high reads'],
  },
  {
    name: 'every key, because a deny names a literal star',
    tag: allow('iam:TagUser', OWN),
    parts: { own: [READS, refused({ 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['te*'] } })] },
    expect: ['high reads'],
  },
  {
    name: 'no key that a deny covers, but in other case',
    tag: allow('iam:TagUser', OWN),
    parts: { own: [READS, refused({ 'ForAnyValue:StringLike': { 'aws:TagKeys': ['te*'] } })] },
    expect: ['high reads'],
  },
  {
    name: 'no key at all, because of a deny',
    tag: allow('iam:TagUser', OWN),
    parts: { own: [READS, refused({ 'ForAnyValue:StringLike': { 'aws:TagKeys': ['*'] } })] },
    expect: ['medium tags'],
  },
  {
    name: 'its present value in other case',
    tag: tagValue('StringEqualsIgnoreCase', OWN_VALUE),
    expect: ['high reads'],
  },
  {
    name: 'another key without an operator for sets',
    tag: tagWith({ StringEquals: { 'aws:TagKeys': ['cost'] } }),
    expect: ['critical reads'],
  },
];

test.each(values)('a user that may set its tag to $name', async ({ tag = TAG, parts, expect: expected }) => {
  const earlier = parts ?? { own: [READS] };
  expect(await found(estate(earlier), estate({ ...earlier, own: [...(earlier.own ?? []), tag] }))).toEqual(expected);
});

interface Later {
  readonly name: string;
  readonly before?: Parts;
  readonly after: Parts;
  readonly expect: readonly string[];
}

const MFA = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
const NO_MFA = { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } };
const BOUNDED = { StringEquals: { 'iam:PermissionsBoundary': `arn:aws:iam::${ACCOUNT}:policy/b` } };
const UNBOUNDED = { StringNotEquals: { 'iam:PermissionsBoundary': `arn:aws:iam::${ACCOUNT}:policy/b` } };
const GIVES = ['iam:PutUserPolicy', 'iam:AttachUserPolicy'];
const givers: readonly (Parts & {
  readonly name: string;
  readonly own: readonly Statement[];
  readonly certain: boolean;
})[] = [
  { name: 'everything', own: [allow('*', '*')], certain: true },
  { name: 'everything with MFA', own: [allow('*', '*', { Condition: MFA })], certain: true },
  { name: 'everything, but nothing without MFA', own: [allow('*', '*'), refused(NO_MFA, '*')], certain: true },
  {
    name: 'everything except changes to another user',
    own: [allow('*', '*'), allow('iam:*', `arn:aws:iam::${ACCOUNT}:user/other`, { Effect: 'Deny' })],
    certain: true,
  },
  { name: 'policies for every user', own: [TAG, allow(GIVES, '*')], certain: true },
  {
    name: 'policies for every user under a boundary',
    own: [TAG, allow(GIVES, '*', { Condition: BOUNDED })],
    certain: false,
  },
  {
    name: 'everything of IAM under a boundary',
    own: [TAG, allow('iam:*', '*', { Condition: BOUNDED })],
    certain: false,
  },
  {
    name: 'everything, but no policies without a boundary',
    own: [allow('*', '*'), allow(GIVES, '*', { Effect: 'Deny', Condition: UNBOUNDED })],
    certain: false,
  },
  {
    name: 'policies with MFA, and tags without',
    own: [TAG, allow('iam:*', '*', { Condition: MFA })],
    certain: false,
  },
  {
    name: 'everything, but no policies without MFA',
    own: [allow('*', '*'), allow(GIVES, '*', { Effect: 'Deny', Condition: NO_MFA })],
    certain: false,
  },
  {
    name: 'everything that its tag permits',
    own: [TAG, allow('iam:*', '*', { Condition: byTag('team') })],
    certain: false,
  },
  {
    name: 'everything, and its boundary permits policies under a condition',
    own: [allow('*', '*')],
    boundary: [TAG, allow(GIVES, '*', { Condition: BOUNDED })],
    certain: false,
  },
];

/** An administrator gains nothing from a role that its tag opens. Somebody who gives policies under a condition does. */
const giversOfPolicies = givers.map(({ name, certain, ...parts }): Later => {
  const trust = [principal('root', { Condition: { StringEquals: { 'aws:PrincipalTag/role': 'admin' } } })];
  return {
    name: `a trust, and it may do ${name}`,
    before: { ...parts, trust: [principal('user/other')] },
    after: { ...parts, trust: [principal('user/other'), ...trust] },
    expect: certain ? [] : ['high reads'],
  };
});

const readers: readonly Later[] = [
  { name: 'its own policy', after: { own: [TAG, READS] }, expect: ['high reads'] },
  {
    name: 'a tag that it cannot set',
    before: { own: [tagWith({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['cost'] } })] },
    after: { own: [tagWith({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['cost'] } }), READS] },
    expect: [],
  },
  {
    name: 'a trust',
    after: { own: [TAG], trust: [principal('root', { Condition: byTag('team') })] },
    expect: ['high reads'],
  },
  { name: 'a bucket', after: { own: [TAG], bucket: [{ ...READS, Principal: '*' }] }, expect: ['high reads'] },
  {
    name: 'its group',
    before: { own: [TAG], groups: ['readers'] },
    after: { own: [TAG], groups: ['readers'], readers: [READS] },
    expect: ['high reads'],
  },
  {
    name: 'a group that it joins',
    before: { own: [TAG], readers: [READS] },
    after: { own: [TAG], groups: ['readers'], readers: [READS] },
    expect: ['high reads'],
  },
  {
    name: 'what did already, in another order',
    before: { own: [TAG, READS] },
    after: { own: [READS, TAG, allow('s3:ListBucket', 'arn:aws:s3:::data')] },
    expect: [],
  },
  ...giversOfPolicies,
  {
    name: 'its own policy, and it can give itself any policy',
    before: { own: [allow('iam:*', '*')] },
    after: { own: [allow('iam:*', '*'), READS] },
    expect: [],
  },
];

test.each(readers)(
  'tags of a user that tags itself are newly read: $name',
  async ({ before, after, expect: expected }) => {
    expect(await found(estate(before ?? { own: [TAG] }), estate(after))).toEqual(expected);
  },
);

const ALL = document(allow('*', '*'));
const NAMED = `arn:aws:iam::${ACCOUNT}:policy/p`;

/** Parts that may deny what the other policies permit. They are the same before and after the plan. */
test.each<{ readonly name: string; readonly more?: readonly PolicySpec[]; readonly boundary?: PolicySpec }>([
  { name: 'a boundary', boundary: NAMED },
  { name: 'a part of the boundary', boundary: { kind: 'known', value: ALL, lacks: 'unknown' } },
  { name: 'a denial of the boundary', boundary: { kind: 'known', value: ALL, omits: 'unknown' } },
  { name: 'a policy', more: [NAMED] },
  { name: 'a part of a policy', more: [{ kind: 'known', value: ALL, lacks: 'unknown' }] },
  { name: 'a denial of a policy', more: [{ kind: 'known', value: ALL, omits: 'unknown' }] },
])('an administrator counts only if everything can be read, but not $name', async ({ more = [], boundary }) => {
  const of = (...trust: readonly Statement[]): EstateSpec => ({
    identities: {
      u: { kind: 'user', policies: [[allow('*', '*')], ...more], ...(boundary === undefined ? {} : { boundary }) },
      deploy: { trust: [principal('user/other'), ...trust] },
    },
  });
  expect(await found(of(), of(principal('root', { Condition: byTag('role') })))).toEqual(['high reads']);
});

const ROLE = `arn:aws:iam::${ACCOUNT}:role/app`;

test.each([
  { name: 'itself', tagged: ROLE, expect: ['high reads'] },
  { name: 'roles at its path', tagged: `arn:aws:iam::${ACCOUNT}:role/a*`, expect: ['high reads'] },
  { name: 'another role', tagged: `arn:aws:iam::${ACCOUNT}:role/other`, expect: ['high tags'] },
])('a role that tags $name', async ({ tagged, expect: expected }) => {
  const after = { identities: { app: { policies: [[READS, allow('iam:TagRole', tagged)]] } } };
  expect(await found({ identities: { app: { policies: [[READS]] } } }, after)).toEqual(expected);
});

const USERS_OWN = allow(['iam:TagUser', 'iam:PutUserPolicy'], OWN);
const ROLES_OWN = (...actions: readonly string[]) => allow(['iam:TagRole', ...actions], ROLE);

/** An identity that may give itself policies gains nothing by what its own policies read. */
const giving: readonly (Later & { readonly kind: 'user' | 'role' })[] = [
  ...['iam:PutRolePolicy', 'iam:AttachRolePolicy'].map((action) => ({
    kind: 'role' as const,
    name: `a role that may ${action} on itself`,
    after: { own: [ROLES_OWN(action), READS] },
    expect: [],
  })),
  { kind: 'user', name: 'a user that may put policies on itself', after: { own: [USERS_OWN, READS] }, expect: [] },
  {
    kind: 'role',
    name: 'a role that may detach its policies',
    after: { own: [ROLES_OWN('iam:DetachRolePolicy'), READS] },
    expect: ['high reads'],
  },
  {
    kind: 'role',
    name: 'a role that may attach policies to another role',
    after: { own: [ROLES_OWN(), allow('iam:AttachRolePolicy', `${ROLE}-2`), READS] },
    expect: ['high reads'],
  },
  {
    kind: 'role',
    name: 'a role that may attach some policies to itself',
    after: {
      own: [
        ROLES_OWN(),
        allow('iam:AttachRolePolicy', ROLE, {
          Condition: { ArnEquals: { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/x' } },
        }),
        READS,
      ],
    },
    expect: ['high reads'],
  },
  {
    kind: 'role',
    name: 'a role that may put policies on roles that its tag names',
    after: {
      own: [ROLES_OWN(), allow('iam:PutRolePolicy', `arn:aws:iam::${ACCOUNT}:role/\${aws:PrincipalTag/name}`), READS],
    },
    expect: ['high reads'],
  },
  {
    kind: 'role',
    name: 'a role that may not put some policies on itself',
    after: {
      own: [
        ROLES_OWN('iam:PutRolePolicy'),
        allow('iam:PutRolePolicy', ROLE, { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
        READS,
      ],
    },
    expect: ['high reads'],
  },
  {
    kind: 'role',
    name: 'a statement that reads the tag permits only what another one permits anyway',
    before: { own: [ROLES_OWN(), allow('s3:GetObject', DATA)] },
    after: { own: [ROLES_OWN(), allow('s3:GetObject', DATA), READS] },
    expect: [],
  },
  {
    kind: 'role',
    // Without the new deny, the role may do the same whatever its tags are.
    name: 'a role that may put policies on itself, and a new deny reads the tag',
    after: { own: [ROLES_OWN('iam:PutRolePolicy'), { ...READS, Effect: 'Deny' }] },
    expect: [],
  },
  {
    kind: 'role',
    name: 'a role that may put policies on itself, and a bucket reads the tag',
    after: { own: [ROLES_OWN('iam:PutRolePolicy')], bucket: [{ ...READS, Principal: '*' }] },
    expect: ['high reads'],
  },
  {
    kind: 'role',
    name: 'a role that may put policies on itself, and its boundary reads the tag',
    before: { own: [ROLES_OWN('iam:PutRolePolicy')], boundary: [allow('iam:*', '*')] },
    after: { own: [ROLES_OWN('iam:PutRolePolicy')], boundary: [allow('iam:*', '*'), READS] },
    expect: ['high reads'],
  },
];

test.each(giving)('tags are newly read of $name', async ({ kind, before, after, expect: expected }) => {
  const of = ({ own = [], boundary, bucket }: Parts): EstateSpec => ({
    identities: { [kind === 'user' ? 'u' : 'app']: { kind, policies: [own], ...(boundary && { boundary }) } },
    ...(bucket === undefined ? {} : { resourcePolicies: { 'aws_s3_bucket_policy.data': { statements: bucket } } }),
  });
  const earlier = before ?? { ...after, own: (after.own ?? []).filter((each) => !isReader(each)), bucket: undefined };
  expect(await found(of(earlier as Parts), of(after))).toEqual(expected);
});

function isReader(statement: Statement): boolean {
  return JSON.stringify(statement).includes('PrincipalTag/team');
}

/** The new statement permits only what another one permits anyway, if nothing that cannot be read denied it before. */
test.each<{
  readonly name: string;
  readonly before?: PolicySpec;
  readonly after?: PolicySpec;
  readonly expect: readonly string[];
}>([
  { name: 'no boundary', expect: [] },
  { name: 'the same boundary', before: NAMED, after: NAMED, expect: [] },
  { name: 'a boundary that was unread', before: unknown(), after: [allow('*', '*')], expect: ['high reads'] },
  { name: 'another boundary that was unread', before: NAMED, after: [allow('*', '*')], expect: ['high reads'] },
  {
    name: 'a boundary of which a part was unread',
    before: { kind: 'known', value: ALL, lacks: 'unknown' },
    after: [allow('*', '*')],
    expect: ['high reads'],
  },
])('a role with $name reads its tags newly', async ({ before, after, expect: expected }) => {
  const of = (boundary: PolicySpec | undefined, ...more: readonly Statement[]): EstateSpec => {
    const policies = [[ROLES_OWN(), allow('s3:GetObject', DATA), ...more]];
    return { identities: { app: { policies, ...(boundary === undefined ? {} : { boundary }) } } };
  };
  expect(await found(of(before), of(after, READS))).toEqual(expected);
});

/** A role that may tag every role, with one more policy. */
const roleNamed = (name: string, ...more: readonly Statement[]) => ({
  role: aRole(name),
  policy: { name: 'own', role: name, policy: policy(allow('iam:TagRole', arn('role/*')), ...more) },
});
type Named = ReturnType<typeof roleNamed>;
const sides = (before: Json, after: Json) => ({ before, after, actions: ['delete', 'create'] });
/** The ways to rename a resource: it is replaced, or another resource takes over what belongs to it. */
const WAYS = {
  replaced: (type: string, before: Json, after: Json) => [change(`${type}.x`, sides(before, after))],
  'another resource': (type: string, before: Json, after: Json) => [
    change(`${type}.x`, { before }),
    change(`${type}.y`, { after }),
  ],
} as const;
type Way = (typeof WAYS)[keyof typeof WAYS];
const renames = (way: Way, before: Named, after: Named) => [
  ...way('aws_iam_role', before.role, after.role),
  change('aws_iam_role_policy.x', sides(before.policy, after.policy)),
];
const trustOf = (path: string) => policy(principal(path, { Condition: byTag('team') }));
const ANY_DATA = allow('s3:GetObject', DATA);
const member = (group: string) => ({ name: 'm', group, users: ['u'] });
const group = (name: string) => ({ name, path: '/', arn: arn(`group/${name}`) });
const USER = change('aws_iam_user.u', { same: { name: 'u', path: '/', arn: arn('user/u') } });
const USER_TAGS = change('aws_iam_user_policy.u', { same: { name: 'own', user: 'u', policy: policy(TAG) } });

/** An identity that is renamed is compared with itself under its earlier name. */
const renamed: readonly {
  readonly name: string;
  readonly changes: (way: Way) => readonly Json[];
  readonly expect: readonly string[];
}[] = [
  { name: 'a role', changes: (way) => renames(way, roleNamed('old'), roleNamed('new')), expect: [] },
  {
    name: 'a role that newly reads its tags',
    changes: (way) => renames(way, roleNamed('old'), roleNamed('new', READS)),
    expect: ['high reads'],
  },
  {
    name: 'a role that read its tags before',
    changes: (way) => renames(way, roleNamed('old', READS), roleNamed('new', READS)),
    expect: [],
  },
  {
    name: 'a role that reads its tags for what it may do anyway',
    changes: (way) => renames(way, roleNamed('old', ANY_DATA), roleNamed('new', ANY_DATA, READS)),
    expect: [],
  },
  {
    name: 'a role whose tags a trust reads',
    changes: (way) => [
      ...renames(way, roleNamed('old'), roleNamed('new')),
      change('aws_iam_role.deploy', {
        same: aRole('deploy'),
        before: { assume_role_policy: trustOf('role/old') },
        after: { assume_role_policy: trustOf('role/new') },
      }),
    ],
    expect: [],
  },
  {
    name: 'a role whose tags another trust reads newly',
    changes: (way) => [
      ...renames(way, roleNamed('old'), roleNamed('new')),
      change('aws_iam_role.deploy', {
        same: aRole('deploy'),
        before: { assume_role_policy: policy(principal('role/old')) },
        after: { assume_role_policy: trustOf('role/new') },
      }),
    ],
    expect: ['high reads'],
  },
  {
    name: 'a role whose trust reads the tags of a user',
    changes: (way) => [
      USER,
      USER_TAGS,
      ...way(
        'aws_iam_role',
        aRole('old', { assume_role_policy: trustOf('root') }),
        aRole('new', { assume_role_policy: trustOf('root') }),
      ),
      change('aws_iam_role_policy.x', sides(roleNamed('old').policy, roleNamed('new').policy)),
    ],
    expect: [],
  },
  {
    name: 'a group whose policy reads the tags of a user',
    changes: (way) => [
      USER,
      USER_TAGS,
      ...way('aws_iam_group', group('old'), group('new')),
      change(
        'aws_iam_group_policy.g',
        sides({ name: 'p', group: 'old', policy: policy(READS) }, { name: 'p', group: 'new', policy: policy(READS) }),
      ),
      change('aws_iam_group_membership.m', sides(member('old'), member('new'))),
    ],
    expect: [],
  },
];

const inEachWay = renamed.flatMap(({ changes, ...row }) =>
  Object.entries(WAYS).map(([way, change]) => ({ ...row, way, changes: changes(change) })),
);

test.each(inEachWay)('renamed ($way): $name', async ({ changes, expect: expected }) => {
  const { findings } = await reviewOf(changes);
  expect(
    findings.flatMap(({ severity, message }) => (message.includes('change its own tags') ? [`${severity} reads`] : [])),
  ).toEqual(expected);
});

test('a policy that cannot be read has its own finding', async () => {
  const before = estate({ own: [] });
  const policies = [[TAG], unknown()];
  const after = { identities: { ...before.identities, u: { kind: 'user' as const, policies } } };
  const { findings } = await reviewPlan(aPlan(before, after), { today: '2026-11-22' });
  expect(findings.map(({ id }) => id).toSorted()).toContain('unknown-policy');
});

test('the message names the tag and the policy that reads it', async () => {
  const after = estate({ own: [TAG, READS] });
  const { findings } = await reviewPlan(aPlan(estate({ own: [TAG] }), after), { today: '2026-11-22' });
  expect(findings.find(({ id }) => id === 'privilege-escalation')?.message).toBe(
    'The user u can change its own tags, and thereby its own permissions, because of aws:PrincipalTag/team in aws_iam_user_policy.u-0 (policy).',
  );
});
