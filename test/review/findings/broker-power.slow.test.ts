/** Whoever gains the power of a broker is named, by whatever way it is given; whoever does not is left in peace. */
import {
  brokerFunctionArn,
  brokerName,
  brokerRoleArn,
  consoleFunctionArn,
  consoleFunctionName,
  consoleRoleArn,
  type EnvironmentNames,
  eventsTableName,
  projectionsTableName,
  recordKeyAlias,
  tableArn,
} from '@leasehold/documents';
import type { Statement } from '@leasehold/policy';
import { ACCOUNT, allows, aRole, arn, change, denies, type Json, policy, reviewOf } from '../planned';

const NAMES: EnvironmentNames = {
  project: 'bank',
  name: 'prod',
  partition: 'aws',
  region: 'eu-west-1',
  account: ACCOUNT,
};
const FUNCTION = brokerFunctionArn(NAMES);
const SITE = consoleFunctionArn(NAMES);
const ROLE = brokerRoleArn(NAMES);
const EVENTS = tableArn(eventsTableName(NAMES), NAMES);
const PROJECTIONS = tableArn(projectionsTableName(NAMES), NAMES);
const ALIAS = recordKeyAlias(NAMES);
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;
const APP = arn('role/app');

const trust = (principal: Statement['Principal']): string =>
  policy({ Effect: 'Allow', ...(principal === undefined ? {} : { Principal: principal }), Action: 'sts:AssumeRole' });
const BROKER_TRUST = trust({ Service: 'lambda.amazonaws.com' });
const keyPolicy = (...more: readonly Statement[]) =>
  policy(
    { Effect: 'Allow', Principal: { AWS: ROLE }, Action: 'kms:GenerateMac', Resource: '*' },
    {
      Effect: 'Allow',
      Principal: { AWS: arn('root') },
      Action: ['kms:DescribeKey', 'kms:PutKeyPolicy'],
      Resource: '*',
    },
    ...more,
  );

/** A broker that is there and stays. */
const BROKER: readonly Json[] = [
  change('aws_lambda_function.broker', {
    same: { function_name: brokerName(NAMES), arn: FUNCTION, role: ROLE, environment: [] },
  }),
  change('aws_iam_role.broker', {
    same: { name: brokerName(NAMES), path: '/leasehold-broker/', arn: ROLE, assume_role_policy: BROKER_TRUST },
  }),
  change('aws_dynamodb_table.events', { same: { name: eventsTableName(NAMES), arn: EVENTS } }),
  change('aws_kms_key.records', { same: { arn: KEY, policy: keyPolicy() } }),
  change('aws_kms_alias.records', { same: { name: ALIAS, target_key_arn: KEY } }),
];

/** The function of the broker's console, which is there and stays. */
const CONSOLE: Json = change('aws_lambda_function.console', {
  same: { function_name: consoleFunctionName(NAMES), arn: SITE, role: consoleRoleArn(NAMES), environment: [] },
});

/** A role whose inline policy gains statements. */
const gains = (...statements: readonly Statement[]): readonly Json[] => [
  change('aws_iam_role.app', { same: aRole('app') }),
  change('aws_iam_role_policy.app', {
    same: { role: 'app', name: 'app' },
    before: { policy: policy(allows('s3:GetObject', 'arn:aws:s3:::data/*')) },
    after: { policy: policy(allows('s3:GetObject', 'arn:aws:s3:::data/*'), ...statements) },
  }),
];

const permission = (values: Json): readonly Json[] => [
  change('aws_lambda_permission.more', {
    after: { action: 'lambda:InvokeFunction', function_name: brokerName(NAMES), statement_id: 'more', ...values },
  }),
];

interface Case {
  readonly name: string;
  readonly changes: readonly Json[];
  /** The severity, and what the message has to say; absent where nobody gains anything. */
  readonly says?: readonly [severity: string, ...words: string[]];
  /** The broker is not in the plan. */
  readonly alone?: true;
}

const when = (statement: Statement, Condition: Statement['Condition']): Statement =>
  Condition === undefined ? statement : { ...statement, Condition };

const cases: readonly Case[] = [
  {
    name: 'to call the function',
    changes: gains(allows('lambda:InvokeFunction', FUNCTION)),
    says: ['critical', 'role app', 'broker of bank-prod', 'call its function', 'lambda:InvokeFunction'],
  },
  {
    name: 'to call a version of it',
    changes: gains(allows('lambda:Invoke*', `${FUNCTION}:*`)),
    says: ['critical', 'call its function'],
  },
  {
    name: 'to change the code of whatever begins with the name of the project',
    changes: gains(allows('lambda:Update*', `arn:aws:lambda:*:${ACCOUNT}:function:bank-*`)),
    says: ['critical', 'decide what its function runs', 'lambda:UpdateFunctionCode'],
  },
  {
    name: 'to pass every role',
    changes: gains(allows('iam:PassRole')),
    says: ['critical', 'the role of its function'],
  },
  {
    name: 'to pass every role to Lambda',
    changes: gains(when(allows('iam:PassRole'), { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } })),
    says: ['critical', 'iam:PassRole'],
  },
  { name: 'to pass roles of the application', changes: gains(allows('iam:PassRole', arn('role/app-*'))) },
  { name: 'to write events', changes: gains(allows('dynamodb:PutItem', EVENTS)), says: ['high', 'write or remove'] },
  {
    name: 'to change projections by a wildcard',
    changes: gains(allows('dynamodb:*Item', `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/bank-prod-*`)),
    says: ['high', 'dynamodb:PutItem'],
  },
  {
    name: 'to replace the policy of a table',
    changes: gains(allows('dynamodb:PutResourcePolicy', PROJECTIONS)),
    says: ['high', 'dynamodb:PutResourcePolicy'],
  },
  { name: 'to read events', changes: gains(allows(['dynamodb:GetItem', 'dynamodb:Query'], EVENTS)) },
  {
    name: 'to write another table',
    changes: gains(allows('dynamodb:PutItem', EVENTS.replace('lease-events', 'orders'))),
  },
  { name: 'to make MACs', changes: gains(allows('kms:GenerateMac', KEY)), says: ['high', 'authenticated'] },
  {
    name: 'to make MACs with the key behind its alias',
    changes: gains(
      when(allows('kms:GenerateMac', KEY.replace(/key\/.*/, 'key/*')), {
        'ForAnyValue:StringEquals': { 'kms:ResourceAliases': ALIAS },
      }),
    ),
    says: ['high', 'kms:GenerateMac'],
  },
  {
    name: 'to make MACs with the key behind another alias',
    changes: gains(
      when(allows('kms:GenerateMac'), { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/other' } }),
    ),
  },
  { name: 'to set the policy of every key', changes: gains(allows('kms:Put*')), says: ['high', 'kms:PutKeyPolicy'] },
  {
    name: 'to make grants for services',
    changes: gains(when(allows('kms:CreateGrant'), { Bool: { 'kms:GrantIsForAWSResource': 'true' } })),
  },
  {
    name: 'all of a service but what is denied',
    changes: gains(allows('lambda:*'), denies('lambda:*', [FUNCTION, `${FUNCTION}:*`])),
  },
  {
    name: 'a deny that is gone',
    changes: [
      change('aws_iam_role.app', { same: aRole('app') }),
      change('aws_iam_role_policy.app', {
        same: { role: 'app', name: 'app' },
        before: { policy: policy(allows('lambda:*'), denies('lambda:*', `${FUNCTION}*`)) },
        after: { policy: policy(allows('lambda:*')) },
      }),
    ],
    says: ['critical', 'call its function'],
  },
  {
    name: 'a condition that is gone',
    changes: [
      change('aws_iam_role.app', { same: aRole('app') }),
      change('aws_iam_role_policy.app', {
        same: { role: 'app', name: 'app' },
        before: { policy: policy(when(allows('lambda:Invoke*'), { Bool: { 'aws:MultiFactorAuthPresent': 'true' } })) },
        after: { policy: policy(allows('lambda:Invoke*')) },
      }),
    ],
    says: ['critical', 'call its function'],
  },
  {
    name: 'a policy of AWS by its name',
    changes: [
      change('aws_iam_role.app', { same: aRole('app') }),
      change('aws_iam_role_policy_attachment.app', {
        after: { role: 'app', policy_arn: 'arn:aws:iam::aws:policy/AWSLambda_FullAccess' },
      }),
    ],
    says: ['critical', 'call its function'],
  },
  {
    name: 'a session of the role, by its trust',
    changes: [
      change('aws_iam_role.broker', {
        same: { name: brokerName(NAMES), path: '/leasehold-broker/', arn: ROLE },
        before: { assume_role_policy: BROKER_TRUST },
        after: { assume_role_policy: trust({ Service: 'lambda.amazonaws.com', AWS: APP }) },
      }),
    ],
    says: ['critical', APP, 'Lambda is not the only principal that can assume'],
  },
  {
    name: 'another function with the role',
    changes: [change('aws_lambda_function.worker', { after: { function_name: 'worker', role: ROLE } })],
    says: ['critical', 'aws_lambda_function.worker', 'runs with the role'],
  },
  {
    name: 'an existing function that is given the role',
    changes: [
      change('aws_ecs_task_definition.worker', {
        before: { family: 'worker', task_role_arn: APP },
        after: { family: 'worker', task_role_arn: ROLE },
      }),
    ],
    says: ['critical', 'aws_ecs_task_definition.worker'],
  },
  { name: 'the function, by its own policy', changes: permission({ principal: APP }), says: ['critical', APP] },
  {
    name: 'the function, for whatever bucket',
    changes: permission({ principal: 's3.amazonaws.com' }),
    says: ['critical', 's3.amazonaws.com'],
  },
  {
    name: 'the function, for its API',
    changes: permission({
      principal: 'apigateway.amazonaws.com',
      source_arn: `arn:aws:execute-api:eu-west-1:${ACCOUNT}:a1b2c3d4e5/leasehold-bank-prod/*`,
    }),
  },
  {
    name: 'the key, by its policy',
    changes: [
      change('aws_kms_key.records', {
        same: { arn: KEY },
        before: { policy: keyPolicy() },
        after: {
          policy: keyPolicy({ Effect: 'Allow', Principal: { AWS: APP }, Action: 'kms:*', Resource: '*' }),
        },
      }),
    ],
    says: ['high', APP, 'kms:GenerateMac'],
  },
  {
    name: 'the key, by a grant',
    changes: [
      change('aws_kms_grant.mac', { after: { key_id: KEY, grantee_principal: APP, operations: ['GenerateMac'] } }),
    ],
    says: ['high', APP, 'GenerateMac'],
  },
  {
    name: 'a table, by its policy',
    changes: [
      change('aws_dynamodb_resource_policy.events', {
        same: { resource_arn: EVENTS },
        before: { policy: policy({ ...denies('dynamodb:DeleteItem', EVENTS), Principal: '*' }) },
        after: {
          policy: policy(
            { ...denies('dynamodb:DeleteItem', EVENTS), Principal: '*' },
            { ...allows('dynamodb:PutItem', EVENTS), Principal: { AWS: APP } },
          ),
        },
      }),
    ],
    says: ['high', APP, 'dynamodb:PutItem'],
  },
  {
    name: 'what only a policy names: its role',
    alone: true,
    changes: gains(allows('iam:PassRole', ROLE)),
    says: ['critical', 'broker of bank-prod'],
  },
  {
    name: 'what only a policy names: a table, in whatever region',
    alone: true,
    changes: gains(allows('dynamodb:UpdateItem', `arn:aws:dynamodb:*:*:table/${eventsTableName(NAMES)}`)),
    says: ['high', 'broker of bank-prod'],
  },
  {
    name: 'what only a policy names: a function of such a name',
    alone: true,
    changes: gains(allows('lambda:InvokeFunction', FUNCTION)),
    says: ['high', 'named as brokers of Leasehold are'],
  },
  {
    name: 'the console, whose function alone is in the plan',
    alone: true,
    changes: [CONSOLE, ...gains(allows('lambda:UpdateFunctionCode', SITE))],
    says: ['high', 'broker of bank-prod', 'decide what the page shows', 'lambda:UpdateFunctionCode'],
  },
  {
    name: 'the console, whose function alone is in the plan, by a wildcard',
    alone: true,
    changes: [CONSOLE, ...gains(allows('lambda:*', '*'))],
    says: ['critical', 'broker of bank-prod', 'decide what the page shows'],
  },
  {
    name: 'the console, whose function only a policy names',
    changes: gains(allows('lambda:UpdateFunctionCode', SITE)),
    says: ['high', 'broker of bank-prod', 'decide what the page shows'],
  },
  {
    name: 'the console, by the policy of its function, of which the plan shows only the name',
    changes: permission({ function_name: consoleFunctionName(NAMES), action: 'lambda:*', principal: APP }),
    says: ['high', APP, 'decide what the page shows'],
  },
  {
    name: 'a function with a name like that of a console, without a broker',
    alone: true,
    changes: gains(allows('lambda:UpdateFunctionCode', SITE)),
  },
  {
    name: 'a function of another name, without a broker',
    alone: true,
    changes: gains(allows('lambda:InvokeFunction', `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:broker`)),
  },
  { name: 'everything of Lambda, without a broker', alone: true, changes: gains(allows('lambda:*')) },
];

it.each(cases)('$name', async ({ changes, says, alone }) => {
  const own = new Set(changes.map(({ address }) => address));
  const broker = alone ? [] : BROKER.filter(({ address }) => !own.has(address));
  const { findings } = await reviewOf([...broker, ...changes]);
  const found = findings.filter(({ id }) => id === 'broker-power-gained');
  const [severity, ...words] = says ?? [];
  expect(found.map((each) => each.severity)).toEqual(severity === undefined ? [] : [severity]);
  for (const word of words) expect(found[0]?.message).toContain(word);
});

it('a broker that is deployed for the first time gives nobody its power', async () => {
  const fresh = BROKER.map((each) => {
    const { change: of, ...rest } = each as Json & { readonly change: Json };
    return { ...rest, change: { ...of, actions: ['create'], before: null } };
  });
  const own = change('aws_iam_role_policy.broker', {
    after: {
      role: brokerName(NAMES),
      name: 'things',
      policy: policy(allows('dynamodb:PutItem', [EVENTS, PROJECTIONS]), allows('kms:GenerateMac', KEY)),
    },
  });
  const { findings } = await reviewOf([...fresh, own]);
  expect(findings.filter(({ id }) => id === 'broker-power-gained')).toEqual([]);
});
