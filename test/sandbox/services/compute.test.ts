/** What Lambda, Systems Manager and RDS authorise for each request. */
import {
  CreateFunctionCommand,
  GetFunctionCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import {
  AddRoleToDBClusterCommand,
  AddTagsToResourceCommand,
  CreateDBInstanceCommand,
  CreateDBSnapshotCommand,
  DescribeDBInstancesCommand,
  RDSClient,
  StopDBClusterCommand,
} from '@aws-sdk/client-rds';
import {
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  SendCommandCommand,
  SSMClient,
  StartSessionCommand,
} from '@aws-sdk/client-ssm';
import { LAMBDA } from '../../../lib/sandbox/services/lambda';
import { RDS } from '../../../lib/sandbox/services/rds';
import { SSM } from '../../../lib/sandbox/services/ssm';
import { aRequest, capture, type Handmade, queryCall, sender } from './support/requests';
import { type Case, runCases } from './support/rows';

const F = 'arn:aws:lambda:ap-northeast-2:123456789012:function:resize';
const lambda = (method: string, path: string, overrides: Handmade = {}) =>
  aRequest(LAMBDA, { method, path, ...overrides });
const ofLambda = capture();
const compute = sender(LAMBDA, ofLambda, new LambdaClient(ofLambda.config));
const functions = (rest: string) => `/2015-03-31/functions/${rest}`;
const PERMISSIONS = 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html';
const ROLE = 'arn:aws:iam::123456789012:role/run';
const json = (input: object): Handmade => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(input),
});

const FUNCTIONS: readonly Case[] = [
  {
    name: 'invokes a function with a payload of any kind',
    source: PERMISSIONS,
    request: compute(new InvokeCommand({ FunctionName: 'resize', Payload: '{"FunctionName":"other","a":1,"a":2}' })),
    expect: [['lambda:InvokeFunction', F]],
  },
  {
    name: 'invokes a version: the version is the resource',
    source: PERMISSIONS,
    request: compute(new InvokeCommand({ FunctionName: 'resize', Qualifier: 'prod' })),
    expect: [['lambda:InvokeFunction', `${F}:prod`]],
  },
  {
    name: 'invokes a version in the name',
    source: PERMISSIONS,
    request: compute(new InvokeCommand({ FunctionName: 'resize:$LATEST' })),
    expect: [['lambda:InvokeFunction', `${F}:$LATEST`]],
  },
  {
    name: 'invokes a function by its ARN',
    source: PERMISSIONS,
    request: compute(new InvokeCommand({ FunctionName: F })),
    expect: [['lambda:InvokeFunction', F]],
  },
  {
    name: 'invokes a function by account and name',
    source: PERMISSIONS,
    request: compute(new InvokeCommand({ FunctionName: '210987654321:function:resize' })),
    expect: [['lambda:InvokeFunction', F.replace('123456789012', '210987654321')]],
  },
  {
    name: 'lists functions',
    source: PERMISSIONS,
    request: compute(new ListFunctionsCommand({})),
    expect: [['lambda:ListFunctions', '*']],
  },
  {
    name: 'reads a function',
    source: PERMISSIONS,
    request: compute(new GetFunctionCommand({ FunctionName: 'resize' })),
    expect: [['lambda:GetFunction', F]],
  },
  {
    name: 'creates a function, which passes a role and reads the package',
    source: PERMISSIONS,
    request: compute(
      new CreateFunctionCommand({
        FunctionName: 'resize',
        Role: ROLE,
        Code: { S3Bucket: 'code', S3Key: 'a.zip' },
        Tags: { team: 'a' },
      }),
    ),
    expect: [
      ['lambda:CreateFunction', F, { 'aws:TagKeys': ['team'], 'aws:RequestTag/team': 'a' }],
      ['iam:PassRole', ROLE, { 'iam:PassedToService': 'lambda.amazonaws.com' }],
      ['s3:GetObject', 'arn:aws:s3:::code/a.zip'],
    ],
  },
  {
    name: 'refuses two versions',
    request: lambda('POST', functions('resize%3Aa/invocations'), { query: [['Qualifier', 'b']] }),
    expect: /two versions/,
  },
  {
    name: 'refuses a name twice',
    request: lambda('PUT', functions('resize/code'), json({ FunctionName: 'other' })),
    expect: /FunctionName occurs twice/,
  },
  { name: 'refuses an encoded slash', request: lambda('GET', functions('resize%2Fpolicy')), expect: /ambiguous/ },
  {
    name: 'refuses a name that is encoded twice',
    request: lambda('GET', functions('resize%253Aa')),
    expect: /ambiguous/,
  },
  {
    name: 'refuses a name with a wildcard',
    request: compute(new GetFunctionCommand({ FunctionName: 're*' })),
    expect: /not a valid name of a/,
  },
  {
    name: 'refuses a parameter that is not known',
    request: lambda('GET', functions('resize'), { query: [['Action', 'x']] }),
    expect: /does not accept the query parameter/,
  },
  {
    name: 'refuses another version of the API',
    request: lambda('GET', '/2014-11-13/functions/resize'),
    expect: /no operation/,
  },
  {
    name: 'refuses a function in another region',
    request: compute(new GetFunctionCommand({ FunctionName: F.replace('northeast-2', 'northeast-1') })),
    expect: /not an ARN/,
  },
];

const ofSsm = capture();
const systems = sender(SSM, ofSsm, new SSMClient(ofSsm.config));
const P = 'arn:aws:ssm:ap-northeast-2:123456789012:parameter/';
const STORE = 'https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html';
const I = 'i-0123456789abcdef0';
const ON_I = `arn:aws:ec2:ap-northeast-2:123456789012:instance/${I}`;
const D = 'arn:aws:ssm:ap-northeast-2:123456789012:document/';

const SYSTEMS: readonly Case[] = [
  {
    name: 'reads a parameter of a path',
    source: STORE,
    request: systems(new GetParameterCommand({ Name: '/hermes/url', WithDecryption: true })),
    expect: [['ssm:GetParameter', `${P}hermes/url`]],
  },
  {
    name: 'reads a parameter without a path, in a version',
    source: STORE,
    request: systems(new GetParameterCommand({ Name: 'url:3' })),
    expect: [['ssm:GetParameter', `${P}url`]],
  },
  {
    name: 'reads parameters: one authorisation each',
    source: STORE,
    request: systems(new GetParametersCommand({ Names: ['/a/b', `${P}c`] })),
    expect: [
      ['ssm:GetParameters', `${P}a/b`],
      ['ssm:GetParameters', `${P}c`],
    ],
  },
  {
    name: 'reads a path',
    source: STORE,
    request: systems(new GetParametersByPathCommand({ Path: '/hermes/', Recursive: true })),
    expect: [['ssm:GetParametersByPath', `${P}hermes`, { 'ssm:Recursive': 'true' }]],
  },
  {
    name: 'writes a parameter over another',
    source: STORE,
    request: systems(new PutParameterCommand({ Name: '/a', Value: 'x', Overwrite: true })),
    expect: [['ssm:PutParameter', `${P}a`, { 'ssm:Overwrite': 'true' }]],
  },
  {
    name: 'runs a command on an instance',
    source: STORE,
    request: systems(new SendCommandCommand({ InstanceIds: [I], DocumentName: 'AWS-RunShellScript' })),
    expect: [
      ['ssm:SendCommand', ON_I],
      ['ssm:SendCommand', `${D}AWS-RunShellScript`],
    ],
  },
  {
    name: 'starts a session',
    source: STORE,
    request: systems(new StartSessionCommand({ Target: I })),
    expect: [
      ['ssm:StartSession', ON_I],
      ['ssm:StartSession', `${D}SSM-SessionManagerRunShell`],
    ],
  },
  {
    name: 'refuses a command by tags',
    request: systems(new SendCommandCommand({ Targets: [{ Key: 'tag:a', Values: ['b'] }], DocumentName: 'x' })),
    expect: /one by one/,
  },
  {
    name: 'refuses a command with a role',
    request: systems(new SendCommandCommand({ InstanceIds: [I], DocumentName: 'x', ServiceRoleArn: ROLE })),
    expect: /ServiceRoleArn/,
  },
  {
    name: 'refuses a parameter with a wildcard',
    request: systems(new GetParameterCommand({ Name: '/hermes/*' })),
    expect: /not a valid name of a/,
  },
  {
    name: 'refuses a parameter with dots between slashes twice',
    request: systems(new GetParameterCommand({ Name: '/a//b' })),
    expect: /not a valid name of a/,
  },
];

const ofRds = capture();
const databases = sender(RDS, ofRds, new RDSClient(ofRds.config));
const rds = (parameters: Readonly<Record<string, string>>) => queryCall(RDS, { Version: '2014-10-31', ...parameters });
const R = 'arn:aws:rds:ap-northeast-2:123456789012:';
const RDS_AUTH = 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html';

const DATABASES: readonly Case[] = [
  {
    name: 'describes a database, whose name knows no case',
    source: RDS_AUTH,
    request: databases(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'Shop' })),
    expect: [['rds:DescribeDBInstances', `${R}db:shop`]],
  },
  {
    name: 'describes databases',
    source: RDS_AUTH,
    request: databases(new DescribeDBInstancesCommand({})),
    expect: [['rds:DescribeDBInstances', `${R}db:*`]],
  },
  {
    name: 'stops a cluster',
    source: RDS_AUTH,
    request: databases(new StopDBClusterCommand({ DBClusterIdentifier: 'shop' })),
    expect: [['rds:StopDBCluster', `${R}cluster:shop`]],
  },
  {
    name: 'takes a snapshot: both sides',
    source: RDS_AUTH,
    request: databases(new CreateDBSnapshotCommand({ DBInstanceIdentifier: 'shop', DBSnapshotIdentifier: 's1' })),
    expect: [
      ['rds:CreateDBSnapshot', `${R}db:shop`],
      ['rds:CreateDBSnapshot', `${R}snapshot:s1`],
    ],
  },
  {
    name: 'creates a database with what it uses',
    source: RDS_AUTH,
    request: databases(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: 'shop',
        DBInstanceClass: 'db.t3.micro',
        Engine: 'postgres',
        AllocatedStorage: 20,
        DBSubnetGroupName: 'inner',
        MonitoringRoleArn: ROLE,
        Tags: [{ Key: 'team', Value: 'a' }],
      }),
    ),
    expect: [
      [
        'rds:CreateDBInstance',
        `${R}db:shop`,
        {
          'rds:DatabaseClass': 'db.t3.micro',
          'rds:DatabaseEngine': 'postgres',
          'rds:StorageSize': '20',
          'aws:TagKeys': ['team'],
          'aws:RequestTag/team': 'a',
        },
      ],
      ['rds:CreateDBInstance', `${R}pg:default*`],
      ['rds:CreateDBInstance', `${R}og:default*`],
      ['rds:CreateDBInstance', `${R}subgrp:inner`],
      ['iam:PassRole', ROLE, { 'iam:PassedToService': 'monitoring.rds.amazonaws.com' }],
    ],
  },
  {
    name: 'tags a database',
    source: RDS_AUTH,
    request: databases(
      new AddTagsToResourceCommand({ ResourceName: `${R}db:shop`, Tags: [{ Key: 'team', Value: 'a' }] }),
    ),
    expect: [['rds:AddTagsToResource', `${R}db:shop`, { 'aws:TagKeys': ['team'], 'aws:RequestTag/team': 'a' }]],
  },
  {
    name: 'refuses a key of its own',
    request: databases(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: 'a',
        DBInstanceClass: 'db.t3.micro',
        Engine: 'postgres',
        KmsKeyId: 'x',
      }),
    ),
    expect: /KmsKeyId/,
  },
  {
    name: 'refuses a list in two spellings',
    request: rds({
      Action: 'AddTagsToResource',
      ResourceName: `${R}db:shop`,
      'Tags.Tag.1.Key': 'a',
      'Tags.member.1.Key': 'b',
    }),
    expect: /list/,
  },
  {
    name: 'refuses a role for a cluster, which has no row',
    request: databases(new AddRoleToDBClusterCommand({ DBClusterIdentifier: 'shop', RoleArn: ROLE })),
    expect: /no row for/,
  },
];

describe('Lambda', () => runCases(LAMBDA, FUNCTIONS));
describe('Systems Manager', () => runCases(SSM, SYSTEMS));
describe('RDS', () => runCases(RDS, DATABASES));
