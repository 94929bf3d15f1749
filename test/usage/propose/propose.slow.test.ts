/** Proposals: what is removed, what stays and why, and that they are never wider. */
import { loadDefinitions } from '@leasehold/definitions';
import { permissions } from '@leasehold/documents';
import { insideEnvelope, loadCatalogue } from '@leasehold/policy';
import fc from 'fast-check';
import { aProject, type Call, HEAD, proposalAfter } from '../support/project';

const ORDERS = 'arn:aws:dynamodb:ap-northeast-2:123456789012:table/orders';
const CARTS = 'arn:aws:dynamodb:ap-northeast-2:123456789012:table/carts';
const JOBS = 'arn:aws:sqs:ap-northeast-2:123456789012:jobs';

const ROLE = `${HEAD}# What the shop needs.
allow:
  # Tables.
  - actions: # in this order
      - dynamodb:DescribeTable # to see its size
      - dynamodb:CreateBackup
      # seldom
      - dynamodb:UpdateTimeToLive
    resources:
      - "${ORDERS}"
      - '${CARTS}' # the carts
  # Limits of the account.
  - actions: [dynamodb:DescribeLimits, dynamodb:ListTables]
    resources: ["*"]
`;

const describeOrders: Call = ['dynamodb.DescribeTable', { tableName: 'orders' }];
const update: Call = ['dynamodb.CreateBackup', { tableName: 'orders' }];
const list: Call = ['dynamodb.ListTables'];

it('removes what was not used, and nothing else of the file', async () => {
  const project = aProject(ROLE);
  const { files, removed, refused, warnings, proven } = await proposalAfter(project, [describeOrders, update, list]);
  expect(files.map(({ name, after }) => [name, after])).toEqual([
    [
      'roles/work.yaml',
      `${HEAD}# What the shop needs.
allow:
  # Tables.
  - actions: # in this order
      - dynamodb:DescribeTable # to see its size
      - dynamodb:CreateBackup
      # seldom
    resources:
      - "${ORDERS}"
  # Limits of the account.
  - actions: [dynamodb:ListTables]
    resources: ["*"]
`,
    ],
  ]);
  expect(removed.map(({ text, at, roles }) => [text, at.line, roles])).toEqual([
    ['dynamodb:UpdateTimeToLive', 13, ['dev/work']],
    [CARTS, 16, ['dev/work']],
    ['dynamodb:DescribeLimits', 18, ['dev/work']],
  ]);
  expect([refused, warnings, proven]).toEqual([[], [], ['dev/work']]);
});

it('writes a diff that states each removed line', async () => {
  const { files } = await proposalAfter(aProject(ROLE), [describeOrders, update, list]);
  const lines = (files[0]?.diff ?? '').split('\n');
  expect(lines.slice(0, 2)).toEqual(['--- a/roles/work.yaml', '+++ b/roles/work.yaml']);
  expect(lines.filter((line) => /^[-+](?![-+])/.test(line))).toEqual([
    '-      - dynamodb:UpdateTimeToLive',
    `-      - '${CARTS}' # the carts`,
    '-  - actions: [dynamodb:DescribeLimits, dynamodb:ListTables]',
    '+  - actions: [dynamodb:ListTables]',
  ]);
});

it('removes a statement of which nothing was used, with the comment that describes it', async () => {
  const { files, statements } = await proposalAfter(aProject(ROLE), [
    describeOrders,
    update,
    ['dynamodb.UpdateTimeToLive', { tableName: 'carts' }],
  ]);
  expect(files[0]?.after).toBe(ROLE.slice(0, ROLE.indexOf('  # Limits')));
  expect(statements.map(({ at }) => at.line)).toEqual([18]);
});

it('writes out the used actions of a pattern', async () => {
  const role = (pattern: string) => `${HEAD}allow:
  - actions: ["${pattern}", dynamodb:CreateBackup]
    resources: ["${ORDERS}"]
`;
  const calls: readonly Call[] = [['dynamodb.DescribeTimeToLive', { tableName: 'orders' }], update];
  const { files } = await proposalAfter(aProject(role('dynamodb:*TimeToLive')), calls);
  expect(files[0]?.after).toBe(role('').replace('""', 'dynamodb:DescribeTimeToLive'));
  // A pattern that also covers actions that are not known to be recorded stays.
  const wide = await proposalAfter(aProject(role('dynamodb:Describe*')), calls);
  expect([wide.files, wide.kept.map(({ why }) => why)]).toEqual([
    [],
    expect.arrayContaining([
      expect.stringMatching(/^it was used, and of the other actions that it covers: whether each use of/),
    ]),
  ]);
});

it('keeps what was denied, and what may have been used', async () => {
  const denied: Call = ['dynamodb.UpdateTimeToLive', { tableName: 'carts' }, { errorCode: 'AccessDenied' }];
  const { kept, removed, files } = await proposalAfter(aProject(ROLE), [describeOrders, update, list, denied]);
  expect(removed.map(({ text }) => text)).toEqual(['dynamodb:DescribeLimits']);
  expect(kept.find(({ text }) => text === 'dynamodb:UpdateTimeToLive')?.why).toContain('AWS denied');
  expect(files[0]?.after).toContain('UpdateTimeToLive');
  const unknown: Call = ['dynamodb.SomethingNew', { tableName: 'orders' }];
  expect((await proposalAfter(aProject(ROLE), [describeOrders, unknown])).files).toEqual([]);
});

it('reports a role of which nothing was used, and does not change it', async () => {
  const { files, idle, removed } = await proposalAfter(aProject(ROLE), [['s3.ListBuckets']]);
  expect([files, idle, removed]).toEqual([[], ['dev/work'], []]);
});

it('removes from `sensitive` what is no longer allowed, and lowers the access', async () => {
  const role = `${HEAD}allow:
  - actions: [lambda:GetFunction, lambda:UpdateFunctionCode, lambda:ListVersionsByFunction]
    resources: ["arn:aws:lambda:ap-northeast-2:123456789012:function:shop"]
# Reads that are intended.
sensitive:
  - action: lambda:GetFunction
    because: The task compares the code that runs with the code that was built.
waivers:
  - { guardrail: no-role-hijack, because: "The function's role can only write logs.", until: 2027-01-31 }
`;
  const { files, warnings } = await proposalAfter(aProject(role), [
    ['lambda.ListVersionsByFunction20150331', { functionName: 'shop' }],
  ]);
  const after = files[0]?.after ?? '';
  expect(after).toContain('actions: [lambda:ListVersionsByFunction]');
  expect(after).toContain('access: read\n');
  expect(after).not.toContain('sensitive');
  expect(after).not.toContain('Reads that are intended');
  // The waiver is idle now. Whether it goes is for a person to decide.
  expect(warnings.map(({ id }) => id)).toEqual(['waiver-unused']);
});

const SECRET = 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:shop-??????';
const readSecret: Call = ['secretsmanager.GetSecretValue', { secretId: 'shop' }];
const justified = (...actions: readonly string[]) =>
  `sensitive:\n${actions.map((action) => `  - { action: ${action}, because: "The task compares both versions." }\n`).join('')}`;

it('never removes a used action because its sensitive read is not justified', async () => {
  const role = `${HEAD.replace('write', 'read')}allow:
  - actions:
      - "secretsmanager:Get*"
      - secretsmanager:DescribeSecret
    resources: ["${SECRET}"]
`;
  const { files, refused } = await proposalAfter(aProject(role), [
    readSecret,
    ['secretsmanager.DescribeSecret', { secretId: 'shop' }],
  ]);
  expect(refused.map(({ text, why }) => [text, why])).toEqual([
    ['secretsmanager:Get*', expect.stringContaining('`secretsmanager:GetSecretValue` is a sensitive read')],
  ]);
  expect(files).toEqual([]);
});

describe('several environments', () => {
  const project = `kind: Project
name: hermes
environments:
  dev: { account: "123456789012", region: ap-northeast-2 }
  prod: { account: "210987654321", region: ap-northeast-2 }
agents:
  agent: { identity: { type: iam-user } }
approvers: [oncall, lead]
`;
  const role = `${HEAD}allow:
  - actions: [dynamodb:DescribeTable, dynamodb:CreateBackup, dynamodb:UpdateTimeToLive]
    resources: ["arn:aws:dynamodb:ap-northeast-2:\${env.account}:table/orders"]
`;

  it('removes only what no environment used', async () => {
    const both = await proposalAfter(aProject(role, project), [describeOrders, update]);
    expect(both.files[0]?.after).toContain('[dynamodb:DescribeTable, dynamodb:CreateBackup]');
    expect(both.proven).toEqual(['dev/work', 'prod/work']);
  });

  it('removes nothing that an environment shares of which no events were read', async () => {
    const { files, kept } = await proposalAfter(aProject(role, project), [describeOrders], { environments: ['dev'] });
    expect(files).toEqual([]);
    expect(new Set(kept.map(({ why }) => why))).toEqual(
      new Set(['it is also in prod/work, of which no events were read']),
    );
  });

  const function_ = 'arn:aws:lambda:ap-northeast-2:${env.account}:function:shop';
  const reads = `${HEAD.replace('write', 'read')}allow:
  - actions: [lambda:GetFunction, lambda:ListVersionsByFunction, lambda:GetFunctionConfiguration]
    resources: ["${function_}"]
${justified('lambda:GetFunction', 'lambda:GetFunctionConfiguration')}`;
  const compared: readonly Call[] = [
    ['lambda.ListVersionsByFunction20150331', { functionName: 'shop' }],
    ['lambda.GetFunctionConfiguration20150331v2', { functionName: 'shop' }],
  ];

  it('removes from `sensitive` only the entry that no environment needs', async () => {
    const { files, warnings } = await proposalAfter(aProject(reads, project), compared);
    expect(files[0]?.after).toContain(justified('lambda:GetFunctionConfiguration'));
    expect(files[0]?.after).not.toMatch(/GetFunction\b/);
    expect(warnings).toEqual([]);
  });

  it('changes `sensitive` and `access` only of roles that become narrower', async () => {
    const own = `${reads}environments:
  prod:
    allow:
      - actions: [lambda:ListVersionsByFunction, lambda:GetFunctionConfiguration]
        resources: ["${function_}"]
`;
    const { files, proven, warnings } = await proposalAfter(aProject(own, project), compared);
    expect(proven).toEqual(['dev/work']);
    expect(files[0]?.after).toContain(justified('lambda:GetFunction', 'lambda:GetFunctionConfiguration'));
    expect(warnings.map(({ id }) => id)).toEqual(['no-sensitive-read']);
  });

  it('narrows the statements of one environment', async () => {
    const own = `${role}environments:
  prod:
    allow:
      - actions: [dynamodb:DescribeTable, dynamodb:CreateBackup]
        resources: ["arn:aws:dynamodb:ap-northeast-2:210987654321:table/orders"]
`;
    const { files, proven } = await proposalAfter(aProject(own, project), [describeOrders], { environments: ['prod'] });
    expect(proven).toEqual(['prod/work']);
    expect(files[0]?.after).toContain('      - actions: [dynamodb:DescribeTable]\n');
    expect(files[0]?.after).toContain('UpdateTimeToLive');
  });
});

it('is never wider, whatever was called', async () => {
  const names = [
    'DescribeTable',
    'CreateBackup',
    'UpdateTimeToLive',
    'DescribeLimits',
    'ListTables',
    'GetItem',
    'TagResource',
  ];
  const tables = ['orders', 'carts', 'other', '*', '${x}'];
  const project = aProject(
    ROLE.replace('dynamodb:UpdateTimeToLive', '"dynamodb:Update*"').replace(
      `"${ORDERS}"`,
      `"${ORDERS}"\n      - ${JOBS.replace('sqs', 'dynamodb').replace('jobs', 'table/*')}`,
    ),
  );
  const catalogue = await loadCatalogue(['dynamodb']);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...tables)), { maxLength: 5 }),
      async (calls) => {
        const { files } = await proposalAfter(
          project,
          calls.map(([name, tableName]): Call => [`dynamodb.${name}`, { tableName }]),
        );
        const texts = project.files.map(({ name, text }) => ({
          name,
          text: files.find((each) => each.name === name)?.after ?? text,
        }));
        const { definitions } = loadDefinitions([], { texts });
        const [before, after] = [project.definitions, definitions].map((each) => each?.environments[0]?.roles[0]);
        if (before === undefined || after === undefined) throw new Error('no role');
        expect(insideEnvelope(permissions(after), permissions(before), { catalogue }).kind).toBe('inside');
        // What was used on a table of the role is still permitted.
        for (const [name, table] of calls) {
          const action = `dynamodb:${name}`;
          if (name === 'CreateBackup' && table === 'orders') {
            expect(
              after.allow.some(({ actions }) => actions.some((each) => each === action || each.includes('*'))),
            ).toBe(true);
          }
        }
      },
    ),
    { numRuns: 30 },
  );
});
