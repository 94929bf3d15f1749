/** Who a policy may let in: what is unknown is fulfilled in an allow, and not fulfilled in a deny. */
import type { OneOrMany, Statement } from '@leasehold/policy';
import type { LiveIdentity } from '../../lib/doctor/live/authorization';
import { callerOf, generously, grants } from '../../lib/doctor/live/grants';
import { judge } from '../../lib/doctor/roles/judge';

const ACCOUNT = '123456789012';
const USER = `arn:aws:iam::${ACCOUNT}:user/agents/hermes-dev-agent`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/leasehold/hermes-dev/report`;

const identity = (kind: 'user' | 'role', arn: string): LiveIdentity => ({
  kind,
  arn,
  name: arn.replace(/^.*\//, ''),
  id: 'AIDAEXAMPLE',
  inline: new Map(),
  attached: [],
  groups: [],
  boundary: undefined,
  trust: undefined,
  tags: new Map([['team', 'blue']]),
});

const opens = (who: 'user' | 'role', ...Statement: readonly Statement[]) => {
  const caller = callerOf(identity(who, who === 'user' ? USER : ROLE));
  const trust = generously({ Version: '2012-10-17', Statement }, caller);
  return grants({ trust }, 'sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/other`, caller) === 'granted';
};

const allow = (AWS: string, Condition?: Statement['Condition']): Statement => ({
  Effect: 'Allow',
  Principal: { AWS },
  Action: 'sts:AssumeRole',
  ...(Condition && { Condition }),
});
const deny = (Condition?: Statement['Condition']): Statement => ({ ...allow('*', Condition), Effect: 'Deny' });

it.each<[name: string, user: boolean, role: boolean, statements: readonly Statement[]]>([
  ['names the user', true, false, [allow(USER)]],
  ['names the role', false, true, [allow(ROLE)]],
  [
    'names a session of the role that may have any name',
    false,
    false,
    [allow(`arn:aws:sts::${ACCOUNT}:assumed-role/report/x`)],
  ],
  ['names the account', false, false, [allow(`arn:aws:iam::${ACCOUNT}:root`)]],
  ['names everybody', true, true, [allow('*')]],
  ['names somebody else', false, false, [allow(`arn:aws:iam::${ACCOUNT}:user/alice`)]],
  ['asks for MFA', true, true, [allow('*', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } })]],
  ['asks for an address', true, true, [allow('*', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })]],
  ['asks for an external id', true, true, [allow('*', { StringEquals: { 'sts:ExternalId': 'x' } })]],
  [
    'asks for another caller',
    false,
    false,
    [allow('*', { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/admin/*` } })],
  ],
  [
    'asks for this path',
    true,
    false,
    [allow('*', { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:user/agents/*` } })],
  ],
  [
    'asks for another account',
    false,
    false,
    [allow('*', { StringEquals: { 'aws:PrincipalAccount': '999999999999' } })],
  ],
  [
    'asks for a tag of the caller; a session may set it',
    true,
    true,
    [allow('*', { StringEquals: { 'aws:PrincipalTag/team': 'blue' } })],
  ],
  [
    'asks for a tag that the user does not have',
    false,
    true,
    [allow('*', { StringEquals: { 'aws:PrincipalTag/team': 'red' } })],
  ],
  ['asks for another user id', false, true, [allow('*', { StringEquals: { 'aws:userid': 'AIDAOTHER' } })]],
  ['denies everybody', false, false, [allow('*'), deny()]],
  [
    'denies without MFA, which is not known',
    true,
    true,
    [allow('*'), deny({ BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } })],
  ],
  [
    'denies this path',
    false,
    true,
    [allow('*'), deny({ ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:user/agents/*` } })],
  ],
  [
    'denies this path without MFA',
    true,
    true,
    [
      allow('*'),
      deny({
        ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:user/agents/*` },
        Bool: { 'aws:MultiFactorAuthPresent': 'false' },
      }),
    ],
  ],
  [
    'asks for this path, with a policy variable that is not known',
    true,
    false,
    [allow('*', { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:user/\${aws:SourceIdentity}/*` } })],
  ],
  [
    'asks for a policy variable that is known, and differs',
    false,
    false,
    [allow('*', { StringEquals: { 'aws:PrincipalAccount': '${aws:PrincipalType}' } })],
  ],
  [
    'denies a policy variable that is not known',
    true,
    true,
    [allow('*'), deny({ ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:*/\${aws:SourceIdentity}` } })],
  ],
])('a trust policy that %s', (_, user, role, statements) => {
  expect([opens('user', ...statements), opens('role', ...statements)]).toEqual([user, role]);
});

describe("an agent's own policies with policy variables", () => {
  const UNKNOWN = `arn:aws:iam::${ACCOUNT}:role/\${aws:SourceIdentity}`;
  const KNOWN = `arn:aws:iam::${ACCOUNT}:role/\${aws:username}`;
  const OTHER = `arn:aws:iam::${ACCOUNT}:role/other`;
  const own = (Effect: 'Allow' | 'Deny', rest: object): Statement => ({ Effect, Action: 'sts:AssumeRole', ...rest });
  const everything = own('Allow', { Resource: '*' });

  it.each<[name: string, granted: boolean, statements: readonly Statement[]]>([
    ['allow a resource that is not known', true, [own('Allow', { Resource: UNKNOWN })]],
    ['allow a known resource that is another one', false, [own('Allow', { Resource: KNOWN })]],
    ['allow one of two, of which one is not known', true, [own('Allow', { Resource: [KNOWN, UNKNOWN] })]],
    ['allow all but a resource that is not known', true, [own('Allow', { NotResource: UNKNOWN })]],
    ['allow all but this one, and one that is not known', false, [own('Allow', { NotResource: [OTHER, UNKNOWN] })]],
    ['deny a resource that is not known', true, [everything, own('Deny', { Resource: UNKNOWN })]],
    ['deny this one, and one that is not known', false, [everything, own('Deny', { Resource: [UNKNOWN, OTHER] })]],
    ['deny all but one that is not known', true, [everything, own('Deny', { NotResource: UNKNOWN })]],
    ['deny all but another one', false, [everything, own('Deny', { NotResource: KNOWN })]],
  ])('that %s', (_, granted, statements) => {
    const caller = callerOf(identity('user', USER));
    const policy = generously({ Version: '2012-10-17', Statement: statements }, caller);
    const trust = { Version: '2012-10-17', Statement: [allow(`arn:aws:iam::${ACCOUNT}:root`)] } as const;
    expect(grants({ identity: [policy], trust }, 'sts:AssumeRole', OTHER, caller)).toBe(
      granted ? 'granted' : 'not granted',
    );
  });

  it('have no variables in documents of the version 2008-10-17', () => {
    const caller = callerOf(identity('user', USER));
    const Statement = [own('Allow', { Resource: UNKNOWN })];
    expect(generously({ Version: '2008-10-17', Statement }, caller).Statement).toEqual([
      { ...Statement[0], Resource: [UNKNOWN] },
    ]);
  });
});

describe('documents are compared by what they permit', () => {
  const s3 = (Action: OneOrMany<string>, Resource: OneOrMany<string> = '*'): Statement => ({
    Effect: 'Allow',
    Action,
    Resource,
  });
  const document = (...Statement: readonly Statement[]) => ({ Version: '2012-10-17' as const, Statement });
  const text = (...statements: readonly Statement[]) => JSON.stringify(document(...statements));

  it.each<[name: string, kind: string, deployed: readonly Statement[], live: readonly string[]]>([
    ['the same text', 'equal', [s3('s3:GetObject')], [text(s3('s3:GetObject'))]],
    [
      'another order of keys',
      'equal',
      [s3('s3:GetObject')],
      ['{"Statement":[{"Resource":"*","Action":"s3:GetObject","Effect":"Allow"}],"Version":"2012-10-17"}'],
    ],
    [
      'another spelling',
      'equal',
      [s3(['s3:GetObject', 's3:PutObject'])],
      [text(s3('s3:putobject'), s3(['S3:GetObject']))],
    ],
    [
      'two policies for one',
      'equal',
      [s3(['s3:GetObject', 's3:PutObject'])],
      [text(s3('s3:PutObject')), text(s3('s3:GetObject'))],
    ],
    ['one action more', 'wider', [s3('s3:GetObject')], [text(s3(['s3:GetObject', 's3:DeleteObject']))]],
    ['one action less', 'narrower', [s3(['s3:GetObject', 's3:PutObject'])], [text(s3('s3:GetObject'))]],
    ['more and less', 'wider', [s3('s3:GetObject')], [text(s3('s3:PutObject'))]],
    ['nothing', 'narrower', [s3('s3:GetObject')], []],
    ['no JSON', 'unknown', [s3('s3:GetObject')], ['<policy/>']],
    ['a list', 'unknown', [s3('s3:GetObject')], ['[]']],
    [
      'a key that occurs twice',
      'unknown',
      [s3('s3:GetObject')],
      [
        '{"Version":"2012-10-17","Statement":[],"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}',
      ],
    ],
    ['no policy', 'unknown', [s3('s3:GetObject')], ['{"Statement":[{"Effect":"Maybe"}]}']],
  ])('%s: %s', (_, kind, deployed, live) => {
    expect(judge('identity', [document(...deployed)], live).kind).toBe(kind);
  });

  it.each<[name: string, kind: string, live: string]>([
    ['without its denies', 'wider', text(s3('*'))],
    ['with a deny more', 'narrower', text(s3('*'), { Effect: 'Deny', Action: ['iam:*', 'sts:*'], Resource: '*' })],
    ['empty', 'unknown', ''],
  ])('a boundary %s: %s', (_, kind, live) => {
    const deployed = document(s3('*'), { Effect: 'Deny', Action: 'iam:*', Resource: '*' });
    expect(judge('boundary', [deployed], [live]).kind).toBe(kind);
  });
});
