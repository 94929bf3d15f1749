/** What the page of a role shows: what it can do, the answer to a question, and the graph. */
import type { RoleView } from '@leasehold/contract';
import fc from 'fast-check';
import { type Answer, decide, keysOf, type Question } from '../../console/app/roles/decision';
import { graphOf, placed } from '../../console/app/roles/role-graph';
import { powersOf } from '../../console/app/roles/role-powers';

const ROLE: RoleView = {
  name: 'shop-deploy',
  arn: 'arn:aws:iam::123456789012:role/hermes-dev-shop-deploy',
  purpose: 'Upload one release of the shop.',
  access: 'write',
  actions: ['s3:GetObject', 's3:ListBucket', 's3:PutObject'],
  policy: {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Upload',
        Effect: 'Allow',
        Action: ['s3:PutObject', 's3:GetObject'],
        Resource: 'arn:aws:s3:::shop/${aws:PrincipalTag/param.release}/*',
      },
      {
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: 'arn:aws:s3:::shop',
        Condition: { StringLike: { 's3:prefix': '${aws:PrincipalTag/param.release}/*' } },
      },
      {
        Sid: 'Keep',
        Effect: 'Deny',
        Action: 's3:*',
        Resource: 'arn:aws:s3:::shop/${aws:PrincipalTag/param.release}/legal/*',
      },
    ],
  },
  parameters: { release: { description: 'Release folder', pattern: '[a-z0-9][a-z0-9.-]{0,62}' } },
  lease: { defaultSeconds: 900, maxSeconds: 1800 },
  humans: 1,
  reviewer: 'off',
};
const QUESTION: Question = {
  action: 's3:PutObject',
  resource: 'arn:aws:s3:::shop/1.4.2/index.html',
  parameters: { release: '1.4.2' },
  context: {},
  absent: [],
};

function expectAnswer(answer: Answer): Extract<Answer, { kind: 'answer' }> {
  if (answer.kind !== 'answer') throw new Error(JSON.stringify(answer.faults));
  return answer;
}

it('lists what the role can do by service and access level, with the resources', async () => {
  const { groups, unknown } = await powersOf(ROLE);
  expect(unknown).toEqual([]);
  expect(groups.map(({ service, access, actions }) => [service, access, actions.map(({ id }) => id)])).toEqual([
    ['s3', 'read', ['s3:GetObject', 's3:ListBucket']],
    ['s3', 'write', ['s3:PutObject']],
  ]);
  expect(groups[0]?.actions.map(({ on }) => on)).toEqual([
    ['arn:aws:s3:::shop/${param.release}/*'],
    ['arn:aws:s3:::shop if s3:prefix'],
  ]);
});

it('tells which actions are sensitive, and which are not known', async () => {
  const statement = {
    Effect: 'Allow',
    Action: ['iam:PassRole', 'secretsmanager:GetSecretValue', 's3:Nothing'],
    Resource: '*',
  };
  const { groups, unknown } = await powersOf({ ...ROLE, policy: { Version: '2012-10-17', Statement: [statement] } });
  expect(unknown).toEqual(['s3:Nothing']);
  expect(groups.flatMap(({ actions }) => actions.map(({ id, notice }) => [id, notice]))).toEqual([
    ['iam:PassRole', 'can give more permissions'],
    ['secretsmanager:GetSecretValue', 'returns sensitive data'],
  ]);
});

it.each<[string, object, string]>([
  ['without conditions', {}, 'Never: s3:DeleteObject on arn:aws:s3:::shop/*'],
  [
    'with conditions',
    { Bool: { 'aws:SecureTransport': 'false' }, StringNotEquals: { 's3:prefix': ['a', 'b'] } },
    'Denied if aws:SecureTransport Bool false and s3:prefix StringNotEquals a or b: s3:DeleteObject on arn:aws:s3:::shop/*',
  ],
])('tells of a denial: %s', async (_, conditions, sentence) => {
  const denial = { Effect: 'Deny', Action: 's3:DeleteObject', Resource: 'arn:aws:s3:::shop/*' };
  const statement = Object.keys(conditions).length === 0 ? denial : { ...denial, Condition: conditions };
  const { denials } = await powersOf({ ...ROLE, policy: { Version: '2012-10-17', Statement: [statement] } });
  expect(denials).toEqual([sentence]);
});

it('asks for the parameters and the context keys that the policy reads', () => {
  expect(keysOf(ROLE)).toEqual({ parameters: ['release'], context: ['s3:prefix'] });
});

type Outcome = Extract<Answer, { kind: 'answer' }>['outcome'];

it.each<[string, Partial<Question>, Outcome, string]>([
  ['the release', {}, 'allowed', 'statement "Upload"'],
  ['in lower case', { action: 's3:putobject' }, 'allowed', 'statement "Upload"'],
  ['another release', { parameters: { release: '1.4.3' } }, 'denied', 'no statement allows it'],
  ['what is denied', { resource: 'arn:aws:s3:::shop/1.4.2/legal/terms.html' }, 'denied', 'statement "Keep"'],
  ['another action', { action: 's3:DeleteObject' }, 'denied', 'no statement allows it'],
  [
    'a listing with the prefix',
    { action: 's3:ListBucket', resource: 'arn:aws:s3:::shop', context: { 's3:prefix': '1.4.2/a' } },
    'allowed',
    'statement 2',
  ],
  [
    'a listing with another prefix',
    { action: 's3:ListBucket', resource: 'arn:aws:s3:::shop', context: { 's3:prefix': '1.4.3/a' } },
    'denied',
    'no statement allows it',
  ],
  [
    'a listing without a prefix',
    { action: 's3:ListBucket', resource: 'arn:aws:s3:::shop', absent: ['s3:prefix'] },
    'denied',
    'no statement allows it',
  ],
  [
    'a listing of which nothing is known',
    { action: 's3:ListBucket', resource: 'arn:aws:s3:::shop', context: { 's3:prefix': '' } },
    'depends',
    'It depends on s3:prefix.',
  ],
  ['what needs no permission', { action: 'sts:GetCallerIdentity', resource: '*' }, 'allowed', 'needs no permission'],
  [
    'a resource that the action does not have',
    { resource: 'arn:aws:sqs:us-east-1:123456789012:queue' },
    'unknown',
    'AWS documents no resource of this form for the action s3:PutObject',
  ],
])('answers by the policy: %s', async (_, change, outcome, because) => {
  const answer = expectAnswer(await decide(ROLE, { ...QUESTION, ...change }));
  expect(answer.outcome).toBe(outcome);
  expect(answer.sentence).toContain(because);
  expect(answer.statements).toHaveLength(3);
});

const DENY_REGION = {
  Effect: 'Deny',
  Action: '*',
  Resource: '*',
  Condition: { StringNotEquals: { 'aws:RequestedRegion': 'eu-central-1' } },
};
const allowIf = (Condition: object) => ({ Effect: 'Allow', Action: 's3:PutObject', Resource: '*', Condition });

it.each<[string, readonly object[], Partial<Question>, Outcome]>([
  ['HTTPS', [allowIf({ Bool: { 'aws:SecureTransport': 'true' } })], {}, 'allowed'],
  ['no MFA', [allowIf({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } })], {}, 'denied'],
  ['no MFA, with IfExists', [allowIf({ BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } })], {}, 'denied'],
  ['no age of MFA', [allowIf({ Null: { 'aws:MultiFactorAuthAge': 'true' } })], {}, 'allowed'],
  ['a region that is not known', [allowIf({}), DENY_REGION], {}, 'depends'],
  ['the region', [allowIf({}), DENY_REGION], { context: { 'aws:RequestedRegion': 'eu-central-1' } }, 'allowed'],
  ['another region', [allowIf({}), DENY_REGION], { context: { 'aws:RequestedRegion': 'us-east-1' } }, 'denied'],
  ['no region', [allowIf({}), DENY_REGION], { absent: ['aws:RequestedRegion'] }, 'denied'],
  ['a source identity that is not known', [allowIf({ Null: { 'aws:SourceIdentity': 'true' } })], {}, 'depends'],
  ['a tag that is not known', [allowIf({ StringEquals: { 'aws:PrincipalTag/requester': 'lead' } })], {}, 'depends'],
  ['a key that changes nothing', [allowIf({}), allowIf({ Bool: { 'aws:ViaAWSService': 'true' } })], {}, 'allowed'],
  [
    'a key that cannot help',
    [{ ...allowIf({ Bool: { 'aws:ViaAWSService': 'true' } }), Resource: 'arn:aws:s3:::other/*' }],
    {},
    'denied',
  ],
])('knows what every request has, and guesses no other value: %s', async (_, statements, change, outcome) => {
  const role = { ...ROLE, parameters: {}, policy: { Version: '2012-10-17', Statement: statements } };
  expect(expectAnswer(await decide(role, { ...QUESTION, ...change })).outcome).toBe(outcome);
});

it('says which statements depend on which unknown key, and calls none of these keys absent', async () => {
  const role = { ...ROLE, policy: { Version: '2012-10-17', Statement: [allowIf({}), DENY_REGION] } };
  const { statements } = expectAnswer(await decide(role, QUESTION));
  expect(statements).toEqual([
    { matched: true, sentence: expect.stringContaining('matches') },
    { matched: 'depends', sentence: 'Statement 2 (Deny) depends on aws:RequestedRegion.' },
  ]);
});

it.each<[string, Partial<Question>, readonly object[], readonly string[]]>([
  ['nothing of an ordinary question', {}, [allowIf({})], []],
  ['HTTPS', {}, [allowIf({ Bool: { 'aws:SecureTransport': 'true' } })], ['HTTPS']],
  ['MFA', {}, [allowIf({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } })], ['no MFA']],
  [
    'the account of a bucket',
    {},
    [allowIf({ StringEquals: { 'aws:ResourceAccount': '123456789012' } })],
    ['in the account of the role'],
  ],
])('notes: %s', async (_, change, statements, expected) => {
  const role = { ...ROLE, parameters: {}, policy: { Version: '2012-10-17', Statement: statements } };
  const { notes } = expectAnswer(await decide(role, { ...QUESTION, ...change }));
  expect(notes).toEqual(expected.map((part) => expect.stringContaining(part)));
});

it.each<[string, Partial<Question>, object]>([
  ['a wildcard', { action: 's3:*' }, { action: expect.stringContaining('without wildcards') }],
  ['no action', { action: '' }, { action: expect.any(String) }],
  ['an unknown action', { action: 's3:GetObjekt' }, { action: expect.stringContaining('Did you mean s3:GetObject?') }],
  ['an unknown service', { action: 's4:GetObject' }, { action: expect.stringContaining('AWS lists no action') }],
  ['a pattern', { resource: 'arn:aws:s3:::shop/*' }, { resource: expect.stringContaining('one resource') }],
  [
    'a resource as the page shows it',
    { resource: 'arn:aws:s3:::shop/${param.release}/a' },
    { resource: expect.stringContaining('one resource') },
  ],
  ['no ARN', { resource: 'shop/index.html' }, { resource: expect.stringContaining('ARN') }],
  [
    'a resource of an action without',
    { action: 's3:ListAllMyBuckets' },
    { resource: expect.stringContaining('enter *') },
  ],
  [
    'every resource of an action with one',
    { action: 's3:GetBucketTagging', resource: '*' },
    { resource: expect.stringContaining('enter its ARN') },
  ],
  ['no parameter', { parameters: {} }, { parameters: { release: expect.any(String) } }],
  [
    'a parameter against its rule',
    { parameters: { release: '../x' } },
    { parameters: { release: expect.stringContaining('must match') } },
  ],
])('tells what is wrong with a question: %s', async (_, change, faults) => {
  const answer = await decide(ROLE, { ...QUESTION, ...change });
  expect(answer).toMatchObject({ kind: 'faults', faults });
});

it('does not call denied what policies of AWS may allow', async () => {
  const managed = { ...ROLE, managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] };
  const answer = expectAnswer(await decide(managed, { ...QUESTION, action: 's3:DeleteObject' }));
  expect([answer.outcome, answer.notes.length]).toEqual(['unknown', 1]);
  const denied = await decide(managed, { ...QUESTION, resource: 'arn:aws:s3:::shop/1.4.2/legal/terms.html' });
  expect(expectAnswer(denied).outcome).toBe('denied');
});

it('draws you at the broker if the broker does not tell who else reaches the role', () => {
  const { edges } = graphOf(ROLE);
  expect(edges.map(({ from, to, text }) => [from, to, text])).toEqual([
    ['gate broker', 'role shop-deploy', ''],
    ['group you', 'gate broker', 'request'],
    ['role shop-deploy', 'resource arn:aws:s3:::shop/${param.release}/*', '2 actions'],
    ['role shop-deploy', 'resource arn:aws:s3:::shop', 's3:ListBucket'],
  ]);
});

it('draws each way to the role, and connects no agent to the gate of another', () => {
  const reach = { agents: ['worker'], groups: ['ops'], mfaAgents: ['builder'], approvers: ['lead'] };
  expect(
    graphOf({ ...ROLE, reach })
      .edges.slice(0, 7)
      .map(({ from, to }) => `${from} → ${to}`),
  ).toEqual([
    'gate broker → role shop-deploy',
    'agent worker → gate broker',
    'group ops → gate broker',
    'approver lead → gate broker',
    'gate mfa → role shop-deploy',
    'agent builder → gate mfa',
    'approver lead → gate mfa',
  ]);
});

it.each([
  [0, 'off', 'no approval', undefined],
  [0, 'advise', 'approval if asked', 'approves if asked'],
  [0, 'decide', 'approval if asked', 'approves if asked'],
  [2, 'decide', '2 approvals', 'approves'],
] as const)('draws approvers of a role with %i humans and the reviewer %s', (humans, reviewer, line, text) => {
  const reach = { agents: ['worker'], groups: [], mfaAgents: [], approvers: ['lead'] };
  const { nodes, edges } = graphOf({ ...ROLE, humans, reviewer, reach });
  expect(nodes.find(({ id }) => id === 'gate broker')?.lines).toEqual(['broker', line]);
  expect(edges.find(({ from }) => from === 'approver lead')?.text).toBe(text);
});

it('gives every node a place, and no two the same', () => {
  const name = fc.stringMatching(/^[a-z]{1,12}$/);
  const names = fc.uniqueArray(name, { maxLength: 20 });
  fc.assert(
    fc.property(names, names, names, (agents, groups, approvers) => {
      const graph = placed(graphOf({ ...ROLE, reach: { agents, groups, mfaAgents: agents, approvers } }));
      for (const [index, a] of graph.nodes.entries()) {
        expect(a.x >= 0 && a.y >= 0 && a.x + a.width <= graph.width && a.y + a.height <= graph.height).toBe(true);
        for (const b of graph.nodes.slice(index + 1)) {
          const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
          expect([a.id, b.id, apart]).toEqual([a.id, b.id, true]);
        }
      }
    }),
    { numRuns: 25 },
  );
});
