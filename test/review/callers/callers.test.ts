/** Whom the conditions of a statement for everybody let in: nobody, the own, others that are named, or strangers. */
import { defined } from '@leasehold/contract/defined';
import type { PolicyDocument, Statement } from '@leasehold/policy';
import { callersOf } from '../../../lib/review/callers/strangers';

const OWN = '123456789012';
const OTHER = '444455556666';

type Who = 'strangers' | 'nobody' | 'named' | 'own' | readonly string[];
interface Row {
  readonly name: string;
  readonly condition?: Statement['Condition'];
  readonly denies?: readonly Statement[];
  readonly who: Who;
}

const like = (operator: string, key: string, ...values: string[]): Statement['Condition'] => ({
  [operator]: { [key]: values },
});
const refuse = (action: string, condition: Statement['Condition'], more: Partial<Statement> = {}): Statement => ({
  Effect: 'Deny',
  Principal: '*',
  Action: action,
  Resource: '*',
  ...defined({ Condition: condition }),
  ...more,
});

const rows: readonly Row[] = [
  { name: 'no condition', who: 'strangers' },
  // Organizations.
  { name: 'one organization', condition: like('StringEquals', 'aws:PrincipalOrgID', 'o-abcdefghij'), who: 'named' },
  { name: 'any organization', condition: like('StringLike', 'aws:PrincipalOrgID', 'o-*'), who: 'strangers' },
  {
    name: 'organizations by their beginning',
    condition: like('StringLike', 'aws:PrincipalOrgID', 'o-ab*'),
    who: 'strangers',
  },
  { name: 'a star that is a letter', condition: like('StringEquals', 'aws:PrincipalOrgID', 'o-*'), who: 'named' },
  {
    name: 'one organization, if any',
    condition: like('StringEqualsIfExists', 'aws:PrincipalOrgID', 'o-a'),
    who: 'strangers',
  },
  {
    name: 'all organizations but one',
    condition: like('StringNotEquals', 'aws:PrincipalOrgID', 'o-a'),
    who: 'strangers',
  },
  {
    name: 'a unit of one organization',
    condition: like('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'o-a/r-b/ou-c/*'),
    who: 'named',
  },
  {
    name: 'a unit of any organization',
    condition: like('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'o-*/r-b/*'),
    who: 'strangers',
  },
  {
    name: 'all units, of which there may be none',
    condition: like('ForAllValues:StringLike', 'aws:PrincipalOrgPaths', 'o-a/*'),
    who: 'strangers',
  },
  {
    name: 'the organization of the resource',
    condition: like('StringEquals', 'aws:ResourceOrgID', '${aws:PrincipalOrgID}'),
    who: 'own',
  },
  {
    name: 'two organizations at once',
    condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a' }, StringLike: { 'aws:PrincipalOrgID': 'o-b' } },
    who: 'nobody',
  },
  // Accounts.
  { name: 'the own account', condition: like('StringEquals', 'aws:PrincipalAccount', OWN), who: 'own' },
  { name: 'another account', condition: like('StringEquals', 'aws:PrincipalAccount', OTHER), who: [OTHER] },
  { name: 'both', condition: like('StringEquals', 'aws:PrincipalAccount', OWN, OTHER), who: [OTHER] },
  {
    name: 'twelve of anything',
    condition: like('StringLike', 'aws:PrincipalAccount', '????????????'),
    who: 'strangers',
  },
  {
    name: 'an account cut short',
    condition: like('StringLike', 'aws:PrincipalAccount', '12345678901?'),
    who: 'strangers',
  },
  {
    name: 'nobody in particular',
    condition: like('StringEquals', 'aws:PrincipalAccount', 'anonymous'),
    who: 'strangers',
  },
  {
    name: 'the account of the resource',
    condition: like('StringEquals', 'aws:PrincipalAccount', '${aws:ResourceAccount}'),
    who: 'own',
  },
  {
    name: 'whoever is who they are',
    condition: like('StringEquals', 'aws:PrincipalAccount', '${aws:PrincipalAccount}'),
    who: 'strangers',
  },
  { name: 'a key of KMS', condition: like('StringEquals', 'kms:CallerAccount', OWN), who: 'own' },
  // Principals.
  { name: 'one role', condition: like('ArnEquals', 'aws:PrincipalArn', `arn:aws:iam::${OWN}:role/ci`), who: 'own' },
  {
    name: 'a role of another account',
    condition: like('ArnLike', 'aws:PrincipalArn', `arn:aws:iam::${OTHER}:role/*`),
    who: [OTHER],
  },
  {
    name: 'a role of any account',
    condition: like('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/ci'),
    who: 'strangers',
  },
  {
    name: 'one role, or any',
    condition: like('StringLike', 'aws:PrincipalArn', `arn:aws:iam::${OWN}:role/ci`, 'arn:*'),
    who: 'strangers',
  },
  { name: 'every ARN', condition: like('ArnLike', 'aws:PrincipalArn', 'arn:*:*:*:*:*'), who: 'strangers' },
  {
    name: 'a role of one account that is of another',
    condition: {
      ...like('StringEquals', 'aws:PrincipalAccount', OTHER),
      ...like('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::777788889999:role/*'),
    },
    who: 'nobody',
  },
  { name: 'sessions of one role', condition: like('StringLike', 'aws:userid', 'AROAABCDEFGHIJKLMNOP:*'), who: 'named' },
  { name: 'sessions of any role', condition: like('StringLike', 'aws:userid', 'AROA*:ci'), who: 'strangers' },
  {
    name: 'a user name, which every account may have',
    condition: like('StringEquals', 'aws:username', 'ci'),
    who: 'strangers',
  },
  {
    name: 'a tag, which every account may give',
    condition: like('StringEquals', 'aws:PrincipalTag/team', 'ops'),
    who: 'strangers',
  },
  // Sources.
  {
    name: 'a topic of the own account',
    condition: like('ArnLike', 'aws:SourceArn', `arn:aws:sns:*:${OWN}:*`),
    who: 'own',
  },
  { name: 'the same, as text', condition: like('StringLike', 'aws:SourceArn', `arn:aws:sns:*:${OWN}:*`), who: 'own' },
  {
    name: 'a star that runs across the account',
    condition: like('StringLike', 'aws:SourceArn', `arn:aws:*:${OWN}:*`),
    who: 'strangers',
  },
  { name: 'a bucket', condition: like('ArnLike', 'aws:SourceArn', 'arn:aws:s3:::photos'), who: 'named' },
  {
    name: 'buckets by their beginning',
    condition: like('ArnLike', 'aws:SourceArn', 'arn:aws:s3:::photos*'),
    who: 'strangers',
  },
  { name: 'calls for another account', condition: like('StringEquals', 'aws:SourceAccount', OTHER), who: [OTHER] },
  // Networks.
  { name: 'one endpoint', condition: like('StringEquals', 'aws:SourceVpce', 'vpce-0a1b2c3d'), who: 'named' },
  { name: 'any endpoint', condition: like('StringLike', 'aws:SourceVpce', 'vpce-*'), who: 'strangers' },
  { name: 'that there is an endpoint', condition: { Null: { 'aws:SourceVpce': 'false' } }, who: 'strangers' },
  { name: 'one network', condition: like('IpAddress', 'aws:SourceIp', '198.51.100.0/24'), who: 'named' },
  {
    name: 'both halves of the Internet',
    condition: like('IpAddress', 'aws:SourceIp', '0.0.0.0/1', '128.0.0.0/1'),
    who: 'strangers',
  },
  {
    name: 'all of IPv4, written as IPv6',
    condition: like('IpAddress', 'aws:SourceIp', '::ffff:0:0/96'),
    who: 'strangers',
  },
  {
    name: 'one network of IPv4, written as IPv6',
    condition: like('IpAddress', 'aws:SourceIp', '::ffff:198.51.100.0/120'),
    who: 'named',
  },
  { name: 'a block as wide as may be', condition: like('IpAddress', 'aws:SourceIp', '9.0.0.0/8'), who: 'named' },
  {
    name: 'many blocks that are wider together',
    condition: like('IpAddress', 'aws:SourceIp', '9.0.0.0/9', '11.0.0.0/9', '12.0.0.0/9'),
    who: 'strangers',
  },
  {
    name: 'blocks inside of each other',
    condition: like('IpAddress', 'aws:SourceIp', '9.0.0.0/8', '9.0.0.0/9', '9.128.0.0/9'),
    who: 'named',
  },
  {
    name: 'private blocks',
    condition: like('IpAddress', 'aws:SourceIp', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'),
    who: 'named',
  },
  { name: 'half of IPv6', condition: like('IpAddress', 'aws:SourceIp', '2000::/3'), who: 'strangers' },
  {
    name: 'everywhere but one address',
    condition: like('NotIpAddress', 'aws:SourceIp', '198.51.100.1/32'),
    who: 'strangers',
  },
  // What says nothing of who calls.
  { name: 'encryption', condition: { Bool: { 'aws:SecureTransport': 'true' } }, who: 'strangers' },
  {
    name: 'the kind of a function URL',
    condition: like('StringEquals', 'lambda:FunctionUrlAuthType', 'AWS_IAM'),
    who: 'strangers',
  },
  { name: 'mail of one domain', condition: like('StringLike', 'sns:Endpoint', '*@example.com'), who: 'named' },
  { name: 'any endpoint of a topic', condition: like('StringLike', 'sns:Endpoint', 'https://*'), who: 'strangers' },
  // Denies limit as well, where they meet all of what is allowed.
  {
    name: 'everybody, but a deny of other organizations',
    denies: [refuse('s3:*', like('StringNotEquals', 'aws:PrincipalOrgID', 'o-a'))],
    who: 'named',
  },
  {
    name: 'a deny of other organizations for another action',
    denies: [refuse('s3:PutObject', like('StringNotEquals', 'aws:PrincipalOrgID', 'o-a'))],
    who: 'strangers',
  },
  {
    name: 'a deny of other organizations for another resource',
    denies: [
      refuse('s3:*', like('StringNotEquals', 'aws:PrincipalOrgID', 'o-a'), { Resource: 'arn:aws:s3:::data/x/*' }),
    ],
    who: 'strangers',
  },
  {
    name: 'the roles of a name in every account, and a deny of one that has a star in its ARN',
    condition: like('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/ci'),
    denies: [refuse('s3:*', like('StringEquals', 'aws:PrincipalArn', 'arn:aws:iam::*:role/ci'))],
    who: 'strangers',
  },
  { name: 'a deny of everybody', denies: [refuse('*', undefined)], who: 'nobody' },
];

function statementOf(condition: Statement['Condition']): Statement {
  return {
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::data/*',
    ...defined({ Condition: condition }),
  };
}

test.each(rows)('$name: $who', ({ condition, denies = [], who }) => {
  const statement = statementOf(condition);
  const document: PolicyDocument = { Version: '2012-10-17', Statement: [statement, ...denies] };
  const callers = callersOf(statement, document, { accounts: new Set([OWN]) });
  const answer: Who =
    callers.kind !== 'named'
      ? callers.kind
      : callers.accounts.length > 0
        ? callers.accounts
        : callers.own
          ? 'own'
          : 'named';
  expect(answer).toEqual(who);
});
