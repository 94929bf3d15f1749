/** Documents that Terraform reads only on apply are read from their data sources, as far as these say what they are. */
import { many, type PolicyDocument } from '@leasehold/policy';
import type { Read } from '../../../lib/review/model';
import {
  ACCOUNT,
  allows,
  aRole,
  arn,
  change,
  configuration,
  denies,
  type Json,
  planned,
  policy,
  reviewOf,
  told,
} from '../planned';

const LATER = 'known only after apply';
const NO_PARTS = {
  not_actions: null,
  not_resources: null,
  principals: [],
  not_principals: [],
  condition: [],
  effect: null,
};

interface Block {
  readonly values: Json;
  readonly unknown?: Json;
  readonly written?: Json;
}

/** A role whose policy is of a data source with these statements, and resources that they refer to. */
function withDocument(
  blocks: readonly Block[],
  more: { readonly source?: Json; readonly beside?: readonly Json[] } = {},
) {
  const { source = {}, beside = [] } = more;
  const changes = [
    change('aws_iam_role.app', { same: aRole('app') }),
    change('aws_iam_role_policy.app', { after: { name: 'own', role: 'app' }, unknown: { policy: true } }),
    change('data.aws_iam_policy_document.own', {
      mode: 'data',
      actions: ['read'],
      after: { statement: blocks.map(({ values }) => ({ ...NO_PARTS, ...values })), ...source },
      unknown: { json: true, statement: blocks.map(({ unknown = {} }) => unknown) },
    }),
    ...beside,
  ];
  const written = configuration({
    'aws_iam_role_policy.app': {
      policy: { references: ['data.aws_iam_policy_document.own.json', 'data.aws_iam_policy_document.own'] },
    },
    'data.aws_iam_policy_document.own': { statement: blocks.map((block) => block.written ?? {}) },
  });
  return { changes, parts: { configuration: written } };
}

function read({ changes, parts }: ReturnType<typeof withDocument>): Read<PolicyDocument> | undefined {
  const { identities } = planned(changes, parts).after;
  return identities.get(`role ${ACCOUNT} app`)?.policies[0]?.document;
}

const bucket = (values: Json, unknown: Json = { arn: true }) =>
  change('aws_s3_bucket.data', { after: values, unknown });
const ofBucket = { resources: { references: ['aws_s3_bucket.data.arn', 'aws_s3_bucket.data'] } };
const reads = { actions: ['s3:GetObject'], resources: [null] };

test('a document that only waits for something is read whole, and nothing is assumed', async () => {
  const plan = withDocument([
    { values: { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::data/&{aws:username}/*'] } },
  ]);
  expect(read(plan)).toEqual({
    kind: 'known',
    value: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::data/${aws:username}/*'] }],
    },
  });
  expect(told(await reviewOf(plan.changes, plan.parts)).filter((each) => each.includes('unknown-policy'))).toEqual([]);
});

test('conditions and denies are read', () => {
  const document = read(
    withDocument([
      {
        values: {
          actions: ['s3:*'],
          resources: ['*'],
          effect: 'Deny',
          condition: [{ test: 'Bool', variable: 'aws:SecureTransport', values: ['false'] }],
        },
      },
    ]),
  );
  expect(document?.kind === 'known' && many(document.value.Statement)).toEqual([
    { Effect: 'Deny', Action: ['s3:*'], Resource: ['*'], Condition: { Bool: { 'aws:SecureTransport': ['false'] } } },
  ]);
});

test.each([
  { name: 'a name that is known', values: { bucket: 'data' }, unknown: { arn: true }, expected: 'arn:aws:s3:::data' },
  {
    name: 'a name that is not known',
    values: {},
    unknown: { arn: true, bucket: true },
    expected: 'arn:aws:s3:::known-after-apply/aws_s3_bucket.data',
  },
])('an ARN of $name is that of the resource that the configuration refers to', ({ values, unknown, expected }) => {
  const document = read(
    withDocument([{ values: reads, unknown: { resources: [true] }, written: ofBucket }], {
      beside: [bucket(values, unknown)],
    }),
  );
  expect(document).toMatchObject({
    kind: 'known',
    assumes: 'aws_s3_bucket.data',
    value: { Statement: [{ Action: ['s3:GetObject'], Resource: [expected, `${expected}/*`] }] },
  });
});

test('what is assumed is a finding, and what is written beside it is judged', async () => {
  const { changes, parts } = withDocument(
    [
      { values: reads, unknown: { resources: [true] }, written: ofBucket },
      { values: { actions: ['iam:*'], resources: ['*'] } },
    ],
    { beside: [bucket({ bucket: 'data' })] },
  );
  const findings = told(await reviewOf(changes, parts));
  expect(findings).toContainEqual(expect.stringMatching(/^critical privilege-escalation: The role app/));
  expect(findings).toContainEqual(
    'medium unknown-policy: The statements of a policy of the role app are known, but some of their values are known only after apply. The review assumes that these values identify aws_s3_bucket.data.',
  );
});

const unreadable: readonly (readonly [string, ReturnType<typeof withDocument>])[] = [
  [
    'a resource behind a local value',
    withDocument(
      [{ values: reads, unknown: { resources: [true] }, written: { resources: { references: ['local.arn'] } } }],
      { beside: [bucket({ bucket: 'data' })] },
    ),
  ],
  [
    'a resource of a type whose ARN cannot be told',
    withDocument([
      { values: reads, unknown: { resources: [true] }, written: { resources: { references: ['random_id.x.hex'] } } },
    ]),
  ],
  [
    'actions that are unknown',
    withDocument([{ values: { actions: null, resources: ['*'] }, unknown: { actions: true } }]),
  ],
  [
    'resources that are excluded',
    withDocument(
      [
        {
          values: { actions: ['s3:*'], not_resources: [null] },
          unknown: { not_resources: [true] },
          written: { not_resources: ofBucket.resources },
        },
      ],
      { beside: [bucket({ bucket: 'data' })] },
    ),
  ],
  [
    'a document that replaces all it has',
    withDocument([{ values: { sid: 'Own', actions: ['s3:*'], resources: ['*'] } }], {
      source: { override_policy_documents: ['{}'] },
    }),
  ],
  ['no statement', withDocument([])],
];

test.each(unreadable)('%s: the document stays unread', (_, plan) => {
  expect(read(plan)).toMatchObject({ kind: 'unknown', why: LATER });
});

/** One statement that nothing explains, beside one that is plain. */
const partly: readonly (readonly [name: string, block: Block, kept: object | undefined, lacks: string])[] = [
  ['a resource', { values: reads, unknown: { resources: [true] } }, undefined, 'statement[1].resources'],
  [
    'a resource beside one that is known',
    { values: { ...reads, resources: ['arn:aws:s3:::b', null] }, unknown: { resources: [false, true] } },
    { Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::b'] },
    'statement[1].resources',
  ],
  [
    'the actions',
    { values: { actions: null, resources: ['*'] }, unknown: { actions: true } },
    undefined,
    'statement[1].actions',
  ],
  [
    'the value of a condition',
    {
      values: {
        ...reads,
        resources: ['*'],
        condition: [{ test: 'Bool', variable: 'aws:SecureTransport', values: [null] }],
      },
      unknown: { condition: [{ values: [true] }] },
    },
    undefined,
    'statement[1].condition',
  ],
  ['the effect', { values: reads, unknown: { effect: true } }, undefined, 'statement[1]'],
];

test.each(partly)('%s that nothing explains leaves the rest readable, and is told', async (_, block, kept, lacks) => {
  const plan = withDocument([{ values: { actions: ['iam:*'], resources: ['*'] } }, block]);
  expect(read(plan)).toEqual({
    kind: 'known',
    value: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['iam:*'], Resource: ['*'] }, ...(kept === undefined ? [] : [kept])],
    },
    lacks: `${lacks} of data.aws_iam_policy_document.own is ${LATER}`,
  });
  const findings = told(await reviewOf(plan.changes, plan.parts));
  expect(findings).toContainEqual(expect.stringMatching(/^critical privilege-escalation: The role app/));
  expect(findings).toContainEqual(
    expect.stringMatching(/^high unknown-policy: A policy of the role app, own, cannot be read in part: statement/),
  );
});

test.each([
  [['logs:CreateLogStream', 'logs:PutLogEvents'], []],
  [['logs:PutLogEvents', 'logs:DeleteLogGroup'], [expect.stringMatching(/^high unknown-policy: /)]],
])('%j on resources that nothing explains', async (actions, expected) => {
  const plan = withDocument([{ values: { actions, resources: [null] }, unknown: { resources: [true] } }]);
  const findings = told(await reviewOf(plan.changes, plan.parts));
  expect(findings.filter((each) => each.startsWith('high'))).toEqual(expected);
});

describe('what denies and cannot be read in full', () => {
  const deny: Block = {
    values: { ...reads, effect: 'Deny', sid: 'Guard', resources: ['arn:aws:s3:::b', null] },
    unknown: { resources: [false, true] },
  };
  const open: Block = { values: { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::c/*'] } };

  test('counts as absent, and what is left is known', async () => {
    const plan = withDocument([open, deny]);
    expect(read(plan)).toEqual({
      kind: 'known',
      value: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::c/*'] }],
      },
      omits: `statement[1].resources of data.aws_iam_policy_document.own is ${LATER}`,
    });
    const found = told(await reviewOf(plan.changes, plan.parts)).filter((each) => each.includes('unknown-policy'));
    expect(found).toEqual([
      `low unknown-policy: A policy of the role app contains a deny that cannot be read. The review therefore ignores this deny: statement[1].resources of data.aws_iam_policy_document.own is ${LATER}.`,
    ]);
  });

  test('may be all that a document has', async () => {
    const plan = withDocument([deny]);
    expect(read(plan)).toMatchObject({ kind: 'known', value: { Statement: [] } });
    expect(told(await reviewOf(plan.changes, plan.parts)).filter((each) => /^(high|critical)/.test(each))).toEqual([]);
  });

  test('is lost where it was known before', async () => {
    const before = { Effect: 'Deny', Action: 's3:GetObject', Resource: ['arn:aws:s3:::b', 'arn:aws:s3:::d'] } as const;
    const { changes, parts } = withDocument([open, deny]);
    const [role, , ...rest] = changes;
    const policied = change('aws_iam_role_policy.app', {
      before: { name: 'own', role: 'app', policy: policy(allows('s3:GetObject', 'arn:aws:s3:::c/*'), before) },
      after: { name: 'own', role: 'app' },
      unknown: { policy: true },
    });
    const found = told(await reviewOf([role ?? {}, policied, ...rest], parts));
    expect(found).toContainEqual(expect.stringMatching(/^high access-widened: The role app is no longer denied/));
  });

  test.each([
    ['a source of the same name', { source_policy_documents: [policy(denies('*'))] }],
    ['an override', { override_policy_documents: [policy(allows('iam:*'))] }],
  ])('is unknown beside %s, which it may replace', (_, source) => {
    expect(read(withDocument([open, deny], { source }))).toMatchObject({
      lacks: expect.stringContaining('statement[1].resources'),
    });
  });
});

test('documents that it is made from are read, what comes later replacing statements by their names', () => {
  const text = (...Statement: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
  const plan = withDocument([{ values: { sid: 'Own', actions: ['s3:GetObject'], resources: ['*'] } }], {
    source: {
      source_policy_documents: [text({ Sid: 'Own', Effect: 'Allow', Action: 's3:*', Resource: '*' })],
      override_policy_documents: [text({ Sid: 'More', Effect: 'Allow', Action: 'iam:*', Resource: '*' })],
    },
  });
  expect(read(plan)).toMatchObject({
    kind: 'known',
    value: {
      Statement: [
        { Sid: 'Own', Action: ['s3:GetObject'] },
        { Sid: 'More', Action: 'iam:*' },
      ],
    },
  });
});

test('what an override that cannot be read may replace is not taken for granted', () => {
  const named = { values: { sid: 'Own', actions: ['s3:GetObject'], resources: ['*'] } };
  const unnamed = { values: { actions: ['s3:PutObject'], resources: ['*'] } };
  const plan = withDocument([named, unnamed], { source: { override_policy_documents: ['{}'] } });
  expect(read(plan)).toMatchObject({
    kind: 'known',
    value: { Statement: [{ Action: ['s3:PutObject'] }] },
    lacks: expect.stringContaining('override_policy_documents'),
  });
});

test('a trust that waits for a role of the plan names that role', () => {
  const changes = [
    change('aws_iam_role.ci', { after: { name: 'ci', path: '/' }, unknown: { arn: true } }),
    change('aws_iam_role.app', { after: { name: 'app', path: '/' }, unknown: { assume_role_policy: true, arn: true } }),
    change('data.aws_iam_policy_document.trust', {
      mode: 'data',
      actions: ['read'],
      after: {
        statement: [
          {
            ...NO_PARTS,
            actions: ['sts:AssumeRole'],
            resources: null,
            principals: [{ type: 'AWS', identifiers: [null] }],
          },
        ],
      },
      unknown: { json: true, statement: [{ principals: [{ identifiers: [true] }] }] },
    }),
  ];
  const parts = {
    configuration: configuration({
      'aws_iam_role.app': {
        assume_role_policy: {
          references: ['data.aws_iam_policy_document.trust.json', 'data.aws_iam_policy_document.trust'],
        },
      },
      'data.aws_iam_policy_document.trust': {
        statement: [{ principals: [{ identifiers: { references: ['aws_iam_role.ci.arn', 'aws_iam_role.ci'] } }] }],
      },
    }),
  };
  const trust = planned(changes, parts).after.identities.get(`role ${ACCOUNT} app`)?.trust?.document;
  expect(trust).toMatchObject({
    kind: 'known',
    assumes: 'aws_iam_role.ci',
    value: { Statement: [{ Principal: { AWS: [arn('role/ci')] } }] },
  });
});
